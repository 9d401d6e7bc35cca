import { ConfigError, ending, quote } from '../config/error.ts';
import { knownNames } from '../config/names.ts';
import type { AnyRule } from '../rule.ts';
import { askingOption, type OptionAbout, type OptionGroups } from './table.ts';

// The program says which shell asks by `SHELL`, because that of the user's login may be another. `shipshape` alone is run,
// never what was typed: a file of that name in the folder is nobody's choice. bash 3.2 has no mapfile and no compopt.
const scripts = {
  bash: `# Completion of shipshape for bash: shipshape completion bash >>~/.bashrc
_shipshape() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(SHELL=bash command shipshape ${askingOption} "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
  if [[ \${COMPREPLY[0]-} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o bashdefault -o default -F _shipshape shipshape
`,
  zsh: `#compdef shipshape
# Completion of shipshape for zsh: shipshape completion zsh >>~/.zshrc, below compinit
_shipshape() {
  local -a answers
  answers=("\${(@f)$(SHELL=zsh command shipshape ${askingOption} "\${(@)words[1,CURRENT]}" 2>/dev/null)}")
  if [[ -n \${answers[1]} ]]; then _describe shipshape answers; else _files; fi
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then _shipshape "$@"; else compdef _shipshape shipshape; fi
`,
} as const;

const shells: readonly string[] = Object.keys(scripts);

const isShell = (name: string): name is keyof typeof scripts => Object.hasOwn(scripts, name);

/**
 * The script that makes a shell ask us.
 *
 * @param given the shell; without one that of the user's login, or bash
 * @throws {ConfigError} for a shell that we have no script for
 */
export function completionScript(given: string | undefined, login = ''): string {
  const name = given ?? (login.endsWith('zsh') ? 'zsh' : 'bash');
  if (!isShell(name)) throw new ConfigError(`There is no completion for ${quote(name)}${ending(name, shells, `; there is one for ${shells.join(' and ')}`)}`);
  return scripts[name];
}

/** What is to be known of a command. */
interface CommandAbout {
  readonly about: string;
  readonly groups: OptionGroups;
}

type Commands = Readonly<Record<string, CommandAbout>>;
type Rules = ReadonlyMap<string, AnyRule>;

/** Loads the rules: most questions do without them. */
const loadRules = async (): Promise<Rules> => (await import('../../rules/index.ts')).rules;

const categoriesOf = (rules: Rules): string[] => [...new Set([...rules.keys()].map((id) => id.slice(0, id.indexOf('/'))))];

/** The rules by their ids, or, where none begins so, by their other names: those without a category, and the codes of other tools. */
function ruleNames(rules: Rules, current: string): readonly string[] {
  const ids = [...rules.keys()];
  return ids.some((id) => id.startsWith(current)) ? ids : [...knownNames(rules).keys()].filter((name) => !name.endsWith('*'));
}

/** What may stand behind an option; nothing for what only the user can know, such as files, which are for the shell. */
async function valuesOf({ value = '', choices }: OptionAbout, current: string): Promise<readonly string[]> {
  if (choices !== undefined) return choices;
  if (value === 'RULE=LEVEL') {
    const equals = current.indexOf('=');
    if (equals !== -1) return ['error', 'warning', 'info', 'off'].map((level) => `${current.slice(0, equals)}=${level}`);
    return ruleNames(await loadRules(), current).map((name) => `${name}=`);
  }
  if (!value.startsWith('RULE')) return [];
  const head = current.slice(0, current.lastIndexOf(',') + 1);
  return ruleNames(await loadRules(), current.slice(head.length)).map((name) => `${head}${name}`);
}

/** What may stand behind a command, by the command. */
const wordsOf: Readonly<Record<string, (current: string, commands: readonly string[]) => readonly string[] | Promise<readonly string[]>>> = {
  explain: async (current) => ruleNames(await loadRules(), current),
  rules: async () => categoriesOf(await loadRules()),
  completion: () => shells,
  help: (_current, commands) => commands,
};

/** A question of a shell. */
interface Question {
  /** The words up to the cursor, without the program; an option's value is a word of its own. */
  readonly words: readonly string[];
  /** An answer as the shell wants it. */
  readonly shown: (answer: string) => string;
}

/** Puts together what bash split at `=`, of which it then wants only the last part, and parts an option from its value. */
function readQuestion(asked: readonly string[]): Question {
  const typed = asked.join('\0').replace(/\0=(?:\0|$)/g, '=').split('\0');
  const words = typed.slice(1).flatMap((word) => /^(--[^=]+)=(.*)$/s.exec(word)?.slice(1) ?? [word]);
  const last = typed.at(-1) ?? '';
  const head = last.slice(0, last.length - (words.at(-1) ?? '').length);
  const had = typed.length < asked.length ? last.lastIndexOf('=') + 1 : 0;
  return { words, shown: (answer) => `${head}${answer}`.slice(had) };
}

/** The options of a command by name, and what denies them. */
function optionsOf({ groups }: CommandAbout): ReadonlyMap<string, OptionAbout> {
  const options = new Map(Object.values(groups).flatMap((table) => Object.entries(table)));
  for (const [name, { deniable }] of [...options]) if (deniable === true) options.set(`no-${name}`, { about: `No ${name}` });
  return options;
}

/** An option with a value, and the values it may have. */
type Choice = readonly [name: string, values: readonly string[]];

/** The option whose value the last word is. */
async function choiceOf(words: readonly string[], options: ReadonlyMap<string, OptionAbout>): Promise<Choice | undefined> {
  const before = words.at(-2) ?? '';
  const [name, option] = [...options].find(([each, { value, letter }]) => value !== undefined && [`--${each}`, `-${letter}`].includes(before)) ?? [];
  return name === undefined || option === undefined ? undefined : [name, await valuesOf(option, words.at(-1) ?? '')];
}

/** Has yargs answer: options by their names and their choices, and commands. */
async function ask(words: readonly string[], options: ReadonlyMap<string, OptionAbout>, commands: Commands, choice: Choice | undefined): Promise<readonly string[]> {
  const { default: yargs } = await import('yargs');
  const parser = yargs().locale('en').help(false).version(false);
  for (const [name, { about, value }] of options) {
    parser.option(name, { type: value === undefined ? 'boolean' : 'string', describe: about, ...(name === choice?.[0] ? { choices: choice[1] } : {}) });
  }
  for (const [name, { about }] of Object.entries(commands)) parser.command(name, about.replace(/\. .*/s, ''));
  return await parser.getCompletion(['shipshape', ...(choice === undefined ? words : [`--${choice[0]}`, words.at(-1) ?? ''])]);
}

/**
 * Answers a shell.
 *
 * @param asked the words of the command line up to the cursor, the program first
 * @param lint what is run without a command
 * @returns the answers, for zsh with what they are about; none where the shell should complete files
 */
export async function completions(asked: readonly string[], lint: CommandAbout, commands: Commands): Promise<readonly string[]> {
  const { words, shown } = readQuestion(asked);
  const [first = ''] = words;
  const current = words.at(-1) ?? '';
  const command = words.length > 1 && Object.hasOwn(commands, first) ? first : undefined;
  const options = optionsOf((command === undefined ? undefined : commands[command]) ?? lint);
  const choice = await choiceOf(words, options);
  let answers: readonly string[];
  if (choice?.[1].length === 0 || words.slice(0, -1).includes('--')) answers = [];
  else if (choice !== undefined || current.startsWith('-')) answers = await ask(words, options, {}, choice);
  else if (words.length === 1) answers = await ask(words, new Map(), commands, undefined);
  else answers = command === undefined ? [] : await wordsOf[command]?.(current, Object.keys(commands)) ?? [];
  return answers.filter((answer) => answer.startsWith(current)).map(shown);
}
