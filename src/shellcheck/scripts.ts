import { baseName } from '../dockerfile/command.ts';
import type { Heredoc } from '../dockerfile/heredoc.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { isChanged } from '../model/run-shell.ts';
import type { Stage } from '../model/stages.ts';
import { definitions, proxyArguments } from '../model/variables.ts';
import { span, type Span } from '../span.ts';

/** A shell as ShellCheck knows it. */
export type Dialect = 'sh' | 'bash' | 'dash' | 'ksh' | 'busybox';

/** Where a finding lies in a script: lines and columns from 1, in characters, a tab being one; the end behind the last one. */
export interface ScriptPlace {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The shell text of a RUN, as ShellCheck is to read it. */
export interface ShellScript {
  /** Of the instruction. */
  readonly at: Span;
  readonly dialect: Dialect;
  /** `/bin/sh` of an image that nobody knows: it may be a shell that understands more than `sh` promises. */
  readonly isAnyShell: boolean;
  /** Declarations, and what the shell gets. */
  readonly text: string;
  /** The place in the Dockerfile; undefined for one in the declarations. */
  readonly spanOf: (place: ScriptPlace) => Span | undefined;
}

/** Nobody writes longer ones by hand, and the time to check one grows faster than its length. */
const longestScript = 100_000;

/** Names that are declared whether they occur or not: of more only those that do. */
const mostNames = 200;

const dialects: ReadonlyMap<string, Dialect> = new Map([['sh', 'sh'], ['bash', 'bash'], ['dash', 'dash'], ['ksh', 'ksh'], ['ash', 'busybox'], ['busybox', 'busybox']]);

/** What `/bin/sh` is, by the base image. */
const shells: ReadonlyMap<string | undefined, Dialect> = new Map([['dash', 'dash'], ['bash', 'bash'], ['ash', 'busybox']]);

const optionPattern = /^-[a-zA-Z]*e/;

/** A shell's name and options, also behind `env`; `command` as in `SHELL`, or the words of a shebang. */
function readShell(command: readonly string[]): { readonly name: string; readonly exits: boolean } {
  const words = baseName(command[0] ?? '') === 'env' ? command.slice(1) : command;
  return { name: baseName(words[0] ?? '').replace(/\.exe$/i, ''), exits: words.slice(1).some((word) => optionPattern.test(word)) };
}

const isName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

/** Names that ARG and ENV give a value. Those of an image's triggers are read in another build, which knows what they define before. */
function namesAt(file: Dockerfile, instruction: Instruction, stage: Stage): string[] {
  const names = new Set<string>();
  for (const { name } of definitions(file.stateAt(instruction).definitions)) names.add(name);
  if (instruction.keyword === 'ONBUILD') {
    const before = stage.instructions.filter(({ index }) => index < instruction.index);
    for (const { name } of before.flatMap(({ inner }) => inner?.pairs ?? [])) names.add(name);
  }
  return [...names].filter(isName).sort();
}

/** Names to declare for a text: a name that is almost one of them may be meant to be it. Each costs time, so only where they can matter. */
function namesFor(text: string, names: readonly string[]): readonly string[] {
  const isAny = text.includes('$') && names.length <= mostNames;
  const words = new Set(isAny || names.length === 0 ? [] : text.match(/\w+/g));
  const chosen = isAny ? names : names.filter((name) => words.has(name));
  return text.includes('$') && /proxy/i.test(text) ? [...chosen, ...proxyArguments] : chosen;
}

/** A text with the way back to the file. */
interface Source {
  readonly text: string;
  /** The index of a character as an offset of the file. */
  readonly offset: (index: number) => number;
}

/** A piece of the file without carriage returns at the ends of lines. */
function withoutReturns(source: string, at: Span): Source {
  const raw = source.slice(at.start, at.end);
  if (!raw.includes('\r\n')) return { text: raw, offset: (index) => at.start + index };
  const ends: number[] = [];
  const text = raw.replace(/\r\n/g, (_match, index: number) => {
    ends.push(index - ends.length);
    return '\n';
  });
  const returnsBefore = (index: number): number => {
    const found = ends.findIndex((end) => end >= index);
    return found === -1 ? ends.length : found;
  };
  return { text, offset: (index) => at.start + index + returnsBefore(index) };
}

/** What the shell gets: lines joined as BuildKit joins them; behind them, where there are any, its here-documents. */
function commandSource(file: Dockerfile, instruction: Instruction): Source {
  const { logical, bodyIndex, heredocs: [first], span: whole } = instruction;
  const line = logical.text.slice(bodyIndex);
  const ofLine = (index: number): number => logical.offset(bodyIndex + index);
  if (first === undefined) return { text: line, offset: ofLine };
  const rest = withoutReturns(file.source, span(first.body.start, Math.max(whole.end, first.body.start)));
  return {
    text: `${line}\n${rest.text}`,
    offset: (index) => (index < line.length ? ofLine(index) : index === line.length ? logical.offset(logical.text.length) : rest.offset(index - line.length - 1)),
  };
}

/** `RUN <<EOF` and nothing else: the body is the script. */
function wholeHeredoc({ heredocs: [only, another], body }: Instruction): Heredoc | undefined {
  return only !== undefined && another === undefined && only.word.start === body.start && only.word.end === body.end ? only : undefined;
}

/** The end of comment and blank lines at the beginning: what a script says there to ShellCheck must stay in front of all commands. */
const headLength = (text: string): number => /^(?:[ \t]*(?:#[^\n]*)?\n)*/.exec(text)?.[0].length ?? 0;

/** The index in a text of a column that counts characters. */
function indexIn(line: string, column: number): number {
  let index = 0;
  for (let left = column - 1; left > 0 && index < line.length; left -= 1) index += (line.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return index;
}

/** Places of the script with declarations behind its first `headLines` lines, as places of the file. */
function placesOf({ text, offset }: Source, headLines: number): ShellScript['spanOf'] {
  const lines = text.split('\n');
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  const indexOf = (line: number, column: number): number | undefined => {
    const number = line <= headLines ? line : line - 1;
    const start = starts[number - 1];
    return line === headLines + 1 || start === undefined ? undefined : start + indexIn(lines[number - 1] ?? '', column);
  };
  return ({ line, column, endLine, endColumn }) => {
    const start = indexOf(line, column);
    if (start === undefined) return undefined;
    // What points between two characters means the one behind.
    const next = start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
    const end = Math.max(indexOf(endLine, endColumn) ?? start, start < text.length && text[start] !== '\n' ? next : start);
    return end > start ? span(offset(start), offset(end - 1) + 1) : span(offset(start), offset(start));
  };
}

/** What is to be known of the place where a script runs. */
interface Surroundings {
  readonly at: Span;
  readonly names: readonly string[];
  readonly command: readonly string[];
  readonly baseShell: string | undefined;
}

/** The script of a text; undefined where ShellCheck does not know the shell, or none can be told. */
function scriptOf(source: Source, { at, names, command, baseShell }: Surroundings): ShellScript | undefined {
  const { name, exits } = readShell(command);
  const known = dialects.get(name);
  const usual = shells.get(baseShell);
  if (known === undefined || source.text.length > longestScript || source.text.trim() === '') return undefined;
  const head = headLength(source.text);
  const declared = namesFor(source.text, names);
  const declarations = `${declared.length === 0 ? ':' : `export ${declared.join(' ')}`}${exits ? '; set -e' : ''}\n`;
  return {
    at,
    dialect: known === 'sh' ? usual ?? 'sh' : known,
    isAnyShell: known === 'sh' && usual === undefined,
    text: source.text.slice(0, head) + declarations + source.text.slice(head),
    spanOf: placesOf(source, source.text.slice(0, head).split('\n').length - 1),
  };
}

/** The script of a here-document that is one, by its first line where that names a shell. */
function heredocScript(file: Dockerfile, { body }: Heredoc, surroundings: Surroundings): ShellScript | undefined {
  const source = withoutReturns(file.source, body);
  const shebang = /^#!([^\n]*)/.exec(source.text)?.[1];
  if (shebang === undefined) return scriptOf(source, surroundings);
  // It does not stand in the first line any more, where alone ShellCheck would let it pass.
  return scriptOf({ ...source, text: `# ${source.text.slice(2)}` }, { ...surroundings, command: shebang.trim().split(/\s+/) });
}

/** The scripts of a Dockerfile that ShellCheck can read: those of RUN, also behind ONBUILD, in shell form and of here-documents. */
export function shellScripts(file: Dockerfile): ShellScript[] {
  return file.instructions.flatMap((instruction) => {
    const run = instruction.keyword === 'ONBUILD' ? instruction.inner : instruction;
    const stage = run?.keyword === 'RUN' && run.json === undefined ? file.stageOf(instruction) : undefined;
    if (run === undefined || stage === undefined) return [];
    const baseShell = isChanged(file, instruction) ? undefined : stage.facts?.shell;
    const surroundings = { at: instruction.span, command: file.stateAt(instruction).shell, names: namesAt(file, instruction, stage), baseShell };
    const heredoc = wholeHeredoc(run);
    const script = heredoc === undefined ? scriptOf(commandSource(file, run), surroundings) : heredocScript(file, heredoc, surroundings);
    return script === undefined ? [] : [script];
  });
}
