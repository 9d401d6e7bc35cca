import type { Span } from '../span.ts';
import type { Instruction } from './instruction.ts';

/** Pieces of syntax that bash has and POSIX has not. */
export type BashKind =
  | 'test' // [[ … ]]
  | 'function' // function name { … }
  | 'array' // a=(…), a[0]=x
  | 'element' // ${a[@]}
  | 'append' // a+=x
  | 'process' // <(…), >(…)
  | 'redirect-both' // &>, >& with a file
  | 'here-string' // <<<
  | 'pipe-both' // |&
  | 'fall-through' // ;& and ;;&
  | 'braces' // {a,b} in an argument
  | 'loop-braces' // {a,b} in the list of a `for`
  | 'replace' // ${a/b/c}
  | 'slice' // ${a:0:1}
  | 'case-change' // ${a^^}
  | 'indirect' // ${!a}
  | 'arithmetic' // (( … )), for (( … ))
  | 'select'; // select, coproc

/** A variable that a shell text expands. */
export interface ShellVariable {
  readonly name: string;
  readonly span: Span;
  /** `:-`, `-`, `:?` …; empty for a plain expansion. */
  readonly operator: string;
  readonly quoted: boolean;
}

/** A word of a shell command. */
export interface ShellWord {
  readonly span: Span;
  /** Without quotes; expansions stand as they are written. */
  readonly text: string;
  /** The text where no expansion or glob takes part. */
  readonly value: string | undefined;
  /** Any part of it stands in quotes. */
  readonly quoted: boolean;
  readonly variables: readonly ShellVariable[];
}

export interface Redirect {
  readonly operator: string;
  readonly span: Span;
  readonly target: ShellWord | undefined;
  readonly descriptor: number | undefined;
}

export interface Assignment {
  readonly name: string;
  readonly value: ShellWord | undefined;
  readonly span: Span;
}

/** A simple command: one program and its arguments. */
export interface Command {
  readonly instruction: Instruction;
  readonly span: Span;
  /** The program, wrappers such as `sudo`, `env` and `python -m` seen through. */
  readonly program: ShellWord;
  /** Its base name (`/usr/bin/pip3` is `pip3`); empty where it is not literal. */
  readonly name: string;
  /** What stands in front of the program: `sudo -E`, `env A=b`, `python -m`. */
  readonly wrappers: readonly ShellWord[];
  /** Everything behind the program. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly Assignment[];
  readonly redirects: readonly Redirect[];
  /** The step of the script it stands in. */
  readonly step: Step;
  /** The step is this command, a pipeline it is a member of, or something larger. */
  readonly place: 'alone' | 'pipeline' | 'nested';
  /** Behind `||`, in a branch, a loop, a function: it may not run, or its failure may not count. */
  readonly conditional: boolean;
  /** The directory that earlier `cd` steps of the script lead to: literal, or undefined where unknown; '' at the start. */
  readonly directory: string | undefined;
}

/** One link of a script's outermost chain of `&&`, `||`, `;` and newlines. */
export interface Step {
  readonly span: Span;
  /** What joins it to the step before; empty for the first. */
  readonly operator: '' | '&&' | '||' | ';' | '&' | '\n';
  /** The operator with the blanks around it, up to this step; empty for the first. */
  readonly joint: Span;
  readonly kind: 'command' | 'pipeline' | 'compound';
  readonly negated: boolean;
  readonly background: boolean;
  /** All simple commands inside, in source order. */
  readonly commands: readonly Command[];
}

/** Commands joined by `|`, wherever in the script. */
export interface Pipe {
  readonly span: Span;
  /** Its commands in order; undefined for a member that is larger: a loop, a group. */
  readonly members: readonly (Command | undefined)[];
  /** Where the first `|` stands. */
  readonly bar: Span;
}

/** A piece of syntax that bash has and POSIX has not. */
export interface BashConstruct {
  readonly kind: BashKind;
  readonly span: Span;
}

/** The shell text of a RUN, CMD, ENTRYPOINT or HEALTHCHECK, read. */
export interface Script {
  readonly instruction: Instruction;
  readonly span: Span;
  /** The text is a here-document, not the instruction's own line. */
  readonly heredoc: boolean;
  /** The text is the JSON form: one command, no shell. */
  readonly exec: boolean;
  readonly steps: readonly Step[];
  readonly commands: readonly Command[];
  readonly variables: readonly ShellVariable[];
  readonly pipes: readonly Pipe[];
  readonly constructs: readonly BashConstruct[];
  /** Names the script sets: assignments, `read`, `export`, loops. */
  readonly assigned: ReadonlySet<string>;
  /** The text is not POSIX shell, or could not be read as such: nothing can be said of it. */
  readonly unreadable: boolean;
}

/** Flags of wrapper programs that take a value of their own. */
const wrapperValues: Readonly<Record<string, readonly string[]>> = {
  sudo: ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '--user', '--group'],
  env: ['-u', '-C', '--unset', '--chdir'],
  nice: ['-n'],
  timeout: ['-s', '-k', '--signal', '--kill-after'],
  time: ['-f', '-o'],
  exec: ['-a'],
  gosu: [],
  'su-exec': [],
  nohup: [],
  command: [],
  busybox: [],
  ionice: ['-c', '-n', '-p'],
  stdbuf: ['-i', '-o', '-e'],
};

/** Wrappers whose first plain argument is not the program yet: a duration, a user. */
const wrapperArguments: Readonly<Record<string, number>> = { timeout: 1, gosu: 1, 'su-exec': 1 };

export const baseName = (text: string): string => text.slice(text.lastIndexOf('/') + 1);

const isPython = (name: string): boolean => /^(?:python|pypy)[\d.]*$/.test(name);

/** How many words in front of the program a wrapper takes, itself included; 0 for none. */
function wrapperLength(words: readonly ShellWord[], at: number): number {
  const first = words[at]?.value;
  if (first === undefined) return 0;
  const name = baseName(first);
  if (isPython(name)) {
    const module = words.findIndex((word, index) => index > at && !/^-[a-zA-Z]+$/.test(word.value ?? '') || word.value === '-m');
    return words[module]?.value === '-m' && words[module + 1]?.value !== undefined ? module - at + 1 : 0;
  }
  const values = wrapperValues[name];
  if (values === undefined) return 0;
  let index = at + 1;
  let plain = wrapperArguments[name] ?? 0;
  while (index < words.length) {
    const text = words[index]?.text ?? '';
    if (text === '--') return index - at + 1;
    if (values.includes(text)) index += 2;
    else if (text.startsWith('-') || (/^\w+=/.test(text) && name !== 'nohup')) index += 1;
    else if (plain > 0) {
      plain -= 1;
      index += 1;
    } else break;
  }
  return index < words.length ? index - at : 0;
}

/** Where the real program stands in a command's words. */
export function programIndex(words: readonly ShellWord[]): number {
  let at = 0;
  for (let length = wrapperLength(words, at); length > 0; length = wrapperLength(words, at)) at += length;
  return at;
}

/** The words of a command that are no flags, values of the named flags left out. */
export function operands(words: readonly ShellWord[], valueFlags: readonly string[] = []): ShellWord[] {
  const result: ShellWord[] = [];
  let flagsOver = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) continue;
    if (flagsOver || !word.text.startsWith('-') || word.text === '-') result.push(word);
    else if (word.text === '--') flagsOver = true;
    else if (valueFlags.includes(word.text)) index += 1;
  }
  return result;
}

/** True when a command carries one of the flags: `--name`, `--name=value`, or `-x` alone or in a cluster. */
export function hasFlag(words: readonly ShellWord[], ...names: readonly string[]): boolean {
  return words.some(({ text }) => text.startsWith('-') && names.some((name) => isFlag(text, name)));
}

const isFlag = (text: string, name: string): boolean =>
  text === name || text.startsWith(`${name}=`) || (name.length === 2 && text.includes(name.slice(1)) && /^-[a-zA-Z]+$/.test(text) && /[a-zA-Z]$/.test(name));

/** The value of a flag, given as `--flag value`, `--flag=value` or (for one letter) `-fvalue`. */
export function flagValue(words: readonly ShellWord[], ...names: readonly string[]): ShellWord | undefined {
  for (const [index, word] of words.entries()) {
    for (const name of names) {
      if (word.text === name) return words[index + 1];
      const glued = name.startsWith('--') ? `${name}=` : name;
      if (word.text.startsWith(glued) && word.text.length > glued.length) {
        const cut = word.text.slice(glued.length);
        return { ...word, text: cut, value: word.value === undefined ? undefined : cut };
      }
    }
  }
  return undefined;
}
