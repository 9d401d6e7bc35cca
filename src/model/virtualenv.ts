import { operands, type Command, type ShellWord } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt, type Span } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { commandFolder } from './effects.ts';
import { readInvocation } from './packages.ts';
import { joinPath } from './state.ts';

/** A command that makes a virtual environment of Python. */
export interface VirtualEnvironment {
  readonly command: Command;
  /** The folder as the command names it. */
  readonly word: ShellWord;
  /** The same, absolute. */
  readonly path: string;
}

const valueFlags = ['--prompt', '-p', '--python', '--app-data', '--seeder', '--pip', '--setuptools', '--wheel', '--extra-search-dir', '--creator', '--activators'];

/** `python -m venv`, with the module seen through as a wrapper; `virtualenv`. */
const makes = ({ name, wrappers }: Command): boolean => name === 'virtualenv' || (name === 'venv' && wrappers.at(-1)?.text === '-m');

/** The virtual environments a file makes with `venv` or `virtualenv` in a known folder; uv finds its own by itself. */
export function virtualEnvironments(file: Dockerfile): VirtualEnvironment[] {
  return file.commands.flatMap((command) => {
    const word = makes(command) ? operands(command.words, valueFlags)[0] : undefined;
    const text = word === undefined ? undefined : (word.value ?? file.expand(textAt(file.source, word.span), command.instruction));
    const path = text === undefined || text === '' ? undefined : joinPath(commandFolder(file, command), text);
    return word === undefined || path === undefined ? [] : [{ command, word, path }];
  });
}

const isActivation = (command: Command): boolean =>
  (command.name === '.' || command.name === 'source') && (command.words[0]?.text.endsWith('/activate') ?? false);

/** An activation ends with its RUN: one that nothing follows has no effect. */
const isLostActivation = (file: Dockerfile, command: Command): boolean =>
  isActivation(command) && command.instruction.keyword === 'RUN' &&
  file.scripts(command.instruction).some((script) => script.commands.at(-1) === command);

function mentions(text: string, { path, word }: VirtualEnvironment): boolean {
  const folder = path.slice(path.lastIndexOf('/') + 1);
  return text.includes(path) || text.includes(`${folder}/bin`) || word.variables.some(({ name }) => text.includes(`$${name}`) || text.includes(`\${${name}`));
}

/** The text of an instruction without the parts that use nothing. */
function without(source: string, instruction: Instruction, spans: readonly Span[]): string {
  let text = textAt(source, instruction.span);
  for (const { start, end } of spans) {
    const from = start - instruction.span.start;
    if (from >= 0) text = text.slice(0, from) + ' '.repeat(end - start) + text.slice(end - instruction.span.start);
  }
  return text;
}

/** What carries an environment along, or only names it: a COPY of the whole folder, the ENV that holds its path. */
function idleParts(file: Dockerfile, instruction: Instruction, environment: VirtualEnvironment): readonly Span[] {
  const { path, word, command } = environment;
  const isFolder = (text: string): boolean => text.replace(/\/+$/, '') === path;
  if (instruction.keyword === 'COPY') return instruction.words.filter(({ text }) => isFolder(text)).map(({ span }) => span);
  if (instruction.keyword === 'ENV') {
    const holders = instruction.pairs.filter(({ name, value }) => isFolder(value ?? '') && word.variables.some((variable) => variable.name === name));
    return holders.map(({ span }) => span);
  }
  const idle = file.commandsOf(instruction).filter((each) => each === command || isLostActivation(file, each)).map(({ span }) => span);
  return [...idle, ...instruction.comments];
}

/** True when anything beyond making and carrying it names the environment. */
export const isUsed = (file: Dockerfile, environment: VirtualEnvironment): boolean =>
  file.instructions.some((instruction) => mentions(without(file.source, instruction, idleParts(file, instruction, environment)), environment));

/** `pip` of the PATH, told no other place to install to. */
function isPlainInstall(command: Command): boolean {
  const invocation = readInvocation(command);
  if (invocation?.manager.name !== 'pip' || invocation.subcommandKey !== 'install') return false;
  const elsewhere = command.words.some(({ text }) => /^(?:-t|--target|--prefix|--root|--python|--user)(?:=|$)/.test(text));
  return !elsewhere && ![...command.wrappers, command.program].some(({ text }) => /[/$]/.test(text));
}

/** The first install behind it, of the same stage or one built on it, that goes to the system's Python. */
export function installBeside(file: Dockerfile, { command: maker }: VirtualEnvironment): Command | undefined {
  const stage = file.stageOf(maker.instruction);
  return file.commands.slice(file.commands.indexOf(maker) + 1).find((command) => {
    const own = file.stageOf(command.instruction);
    for (let at = own; at !== undefined; at = at.parent) if (at === stage) return isPlainInstall(command);
    return own === stage && isPlainInstall(command);
  });
}
