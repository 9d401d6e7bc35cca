import type { Command, ShellWord } from '../dockerfile/command.ts';
import { factOf } from '../fact.ts';
import { span } from '../span.ts';
import { compiledManagers } from './managers/compiled.ts';
import { nodeManagers } from './managers/node.ts';
import { otherManagers } from './managers/others.ts';
import { pythonManagers } from './managers/python.ts';
import { systemManagers } from './managers/system.ts';
import type { Action, CacheFolder, Invocation, PackageManager } from './managers/manager.ts';

export type { Action, CacheFolder, CacheMover, Invocation, PackageManager } from './managers/manager.ts';

/** Every package manager there are facts about. */
export const managers: readonly PackageManager[] = [
  ...systemManagers, ...pythonManagers, ...nodeManagers, ...otherManagers, ...compiledManagers,
];

const byProgram = new Map<string, PackageManager>();
for (const manager of managers.toReversed()) for (const program of manager.programs) byProgram.set(program, manager);

/** The manager a program's base name belongs to: `pip3.12` is `pip`. */
export function managerOf(program: string): PackageManager | undefined {
  const exact = byProgram.get(program);
  if (exact !== undefined || !/[\d.]$/.test(program)) return exact;
  const bare = byProgram.get(program.replace(/[\d.]+$/, ''));
  return bare?.versioned === true ? bare : undefined;
}

type FlagClass = 'value' | 'requirement' | 'file' | 'package' | 'directory';

interface Scan {
  readonly operands: ShellWord[];
  readonly values: Readonly<Record<FlagClass, ShellWord[]>>;
}

function classOf(flag: string, manager: PackageManager): FlagClass | undefined {
  if (manager.requirementFlags?.includes(flag)) return 'requirement';
  if (manager.fileFlags?.includes(flag)) return 'file';
  if (manager.packageFlags?.includes(flag)) return 'package';
  if (manager.directoryFlags?.includes(flag)) return 'directory';
  return manager.valueFlags.includes(flag) ? 'value' : undefined;
}

/** The end of a word from `from` on, as a word of its own; its span is exact where nothing is quoted. */
function tail(word: ShellWord, from: number): ShellWord {
  const text = word.text.slice(from);
  const exact = word.span.end - word.span.start === word.text.length;
  const where = exact ? span(word.span.start + from, word.span.end) : word.span;
  return { ...word, text, value: word.value === undefined ? undefined : text, span: where };
}

interface FlagValue {
  readonly flagClass: FlagClass;
  /** Undefined: the next word. */
  readonly value: ShellWord | undefined;
}

/** What a word that begins with a dash says about a value: its own (`--file=x`, `-rx`) or the next word's. */
function readFlag(word: ShellWord, manager: PackageManager): FlagValue | undefined {
  const { text } = word;
  const whole = classOf(text, manager);
  if (whole !== undefined) return { flagClass: whole, value: undefined };
  const equals = text.indexOf('=');
  if (equals !== -1) {
    const flagClass = classOf(text.slice(0, equals), manager);
    if (flagClass !== undefined) return { flagClass, value: tail(word, equals + 1) };
  }
  if (text.startsWith('--') || manager.singleDash === true) return undefined;
  for (let index = 1; index < text.length; index += 1) {
    const flagClass = classOf(`-${text[index] ?? ''}`, manager);
    if (flagClass === undefined) {
      if (!/[a-zA-Z\d]/.test(text[index] ?? '')) return undefined;
      continue;
    }
    return { flagClass, value: index + 1 < text.length ? tail(word, index + 1) : undefined };
  }
  return undefined;
}

/** Parts the words of a command: operands on one side, the values of flags on the other. */
function scan(words: readonly ShellWord[], manager: PackageManager): Scan {
  const values: Record<FlagClass, ShellWord[]> = { value: [], requirement: [], file: [], package: [], directory: [] };
  const operands: ShellWord[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) continue;
    if (word.text === '--') {
      if (manager.dashesEnd !== true) operands.push(...words.slice(index + 1));
      break;
    }
    if (!word.text.startsWith('-') || word.text === '-') {
      // `--strict-ssl false`: the value of a flag that may have one.
      const switched = (word.value === 'true' || word.value === 'false') && words[index - 1]?.text.startsWith('--') === true;
      if (!switched) operands.push(word);
      continue;
    }
    const flag = readFlag(word, manager);
    if (flag === undefined) continue;
    const value = flag.value ?? words[index + 1];
    if (flag.value === undefined) index += 1;
    if (value !== undefined) values[flag.flagClass].push(value);
  }
  return { operands, values };
}

interface Found {
  readonly key: string;
  readonly action: Action;
  readonly word: ShellWord | undefined;
  /** The operands behind the subcommand. */
  readonly rest: readonly ShellWord[];
}

const asksOnly = new Set(['--version', '--help', '-v', '-V', '-h', '--info', '-version', '-help']);

function findSubcommand(operands: readonly ShellWord[], words: readonly ShellWord[], manager: PackageManager): Found | undefined {
  const first = operands[0];
  if (first === undefined) {
    if (words.some(({ text }) => asksOnly.has(text))) return { key: '', action: 'query', word: undefined, rest: [] };
    const action = actionOf(manager, '');
    return action === undefined ? undefined : { key: '', action, word: undefined, rest: [] };
  }
  for (let length = Math.min(3, operands.length); length > 0; length -= 1) {
    const part = operands.slice(0, length);
    if (part.some(({ value }) => value === undefined)) continue;
    const key = part.map(({ text }) => text).join(' ');
    const action = actionOf(manager, key) ?? (length === 1 ? scriptAction(manager, key) : undefined);
    if (action !== undefined) return { key, action, word: part.at(-1), rest: operands.slice(length) };
  }
  return undefined;
}

const actionOf = (manager: PackageManager, key: string): Action | undefined =>
  Object.hasOwn(manager.actions, key) ? manager.actions[key] : undefined;

/** `yarn build:client` is a script like `yarn build`. */
function scriptAction(manager: PackageManager, key: string): Action | undefined {
  const colon = key.indexOf(':');
  const action = colon === -1 ? undefined : actionOf(manager, key.slice(0, colon));
  return action === 'build' ? action : undefined;
}

/** The stronger a goal, the more it says about the whole command. */
const strength: readonly Action[] = ['query', 'clean', 'remove', 'install-named', 'install-manifest', 'edit', 'build'];

/** `app:bootJar` is `bootJar`; `org.apache.maven.plugins:maven-dependency-plugin:3.6.0:go-offline` is `dependency:go-offline`. */
function goalKey(text: string, manager: PackageManager): string {
  if (manager.style === 'tasks') return text.slice(text.lastIndexOf(':') + 1);
  const parts = text.split(':');
  if (parts.length < 3) return text;
  const plugin = (parts[1] ?? '').replace(/^maven-|-maven-plugin$|-plugin$/g, '');
  return `${plugin}:${parts.at(-1) ?? ''}`;
}

/** `mvn clean package`: every operand is a goal, and one that is unknown makes the whole unknown. */
function findGoals(operands: readonly ShellWord[], words: readonly ShellWord[], manager: PackageManager): Found | undefined {
  if (operands.length === 0) return findSubcommand(operands, words, manager);
  let found: Found | undefined;
  for (const word of operands) {
    const key = word.value === undefined ? undefined : goalKey(word.value, manager);
    const action = key === undefined ? undefined : actionOf(manager, key);
    if (key === undefined || action === undefined) return undefined;
    if (found === undefined || strength.indexOf(action) > strength.indexOf(found.action)) found = { key, action, word, rest: [] };
  }
  return found;
}

/** `pacman -Syu curl`: the operation and what changes it are letters of the first flag. */
function findLetters(operands: readonly ShellWord[], words: readonly ShellWord[], manager: PackageManager): Found | undefined {
  const word = words.find(({ value }) => value !== undefined && /^-[A-Zh]/.test(value));
  const letters = word?.text.slice(1) ?? '';
  const operation = letters[0] ?? '';
  const changed = [...letters.slice(1)].map((letter) => `${operation}${letter}`).filter((key) => actionOf(manager, key) !== undefined);
  // With packages behind it `-Syu` installs them; `-Sc` and `-Ss` do not.
  const order = ['Sc', 'Ss', 'Si', 'Sl', 'Sg', 'Sp', 'Fy', ...(operands.length > 0 ? ['S'] : ['Su', 'Sy'])];
  const key = order.find((candidate) => changed.includes(candidate) || candidate === operation) ?? operation;
  const action = actionOf(manager, key);
  return action === undefined ? undefined : { key, action, word, rest: operands };
}

const takesNoPackages = new Set<Action>(['refresh', 'build', 'clean', 'query', 'configure']);

/** An archive is installed as it is; a folder is built from the sources in it. */
const archive = /(?:\.(?:whl|zip|tar|tar\.\w+|t[gbx]z2?|tgz|gem|deb|rpm|apk|jar|nupkg)(?:\[[^\]]{0,200}\])?|\*)$/;

function decide(found: Found, packages: readonly ShellWord[], fromFile: boolean, words: readonly ShellWord[], manager: PackageManager): Action {
  const { action, key } = found;
  const refined = manager.refine?.({ subcommand: key, action, packages, words });
  if (refined !== undefined) return refined;
  if (action === 'install-project') {
    const flags = manager.dependenciesOnlyFlags ?? [];
    return words.some(({ text }) => flags.some((flag) => text === flag || text.startsWith(`${flag}=`))) ? 'install-manifest' : action;
  }
  if (action !== 'install-manifest' && action !== 'install-named') return action;
  const { localPackage } = manager;
  if (localPackage !== undefined && packages.some(({ text }) => localPackage.test(text) && !archive.test(text))) return 'install-project';
  if (fromFile) return 'install-manifest';
  return packages.length > 0 ? 'install-named' : action;
}

const isOpen = (word: ShellWord): boolean => word.value === undefined && !word.quoted && /^(?:\$\{?\w+\}?)+$/.test(word.text);

const finders = { subcommand: findSubcommand, goals: findGoals, tasks: findGoals, letters: findLetters };

/**
 * Reads a command of a package manager; once, for many rules ask.
 * @returns undefined for any other program, and for a subcommand that the table does not know: nothing can be said of it
 */
export const readInvocation = factOf((command: Command): Invocation | undefined => {
  const manager = managerOf(command.name);
  return manager && invocationOf(command, manager);
});

function invocationOf(command: Command, manager: PackageManager): Invocation | undefined {
  const { words } = command;
  const { operands, values } = scan(words, manager);
  if (manager.selector !== undefined && manager.selector.test(operands[0]?.text ?? '')) operands.shift();
  const found = finders[manager.style ?? 'subcommand'](operands, words, manager);
  if (found === undefined) return undefined;
  const files = manager.fileOperands?.includes(found.key) === true ? found.rest : [];
  const plain = files.length > 0 || manager.noOperands?.includes(found.key) === true;
  const named = plain ? [] : [...found.rest, ...values.package].sort((a, b) => a.span.start - b.span.start);
  const asks = words.some(({ text }) => text === '--help');
  const action = asks ? 'query' : decide(found, named, values.requirement.length > 0, words, manager);
  return {
    command,
    manager,
    action,
    subcommand: found.word,
    subcommandKey: found.key,
    packages: takesNoPackages.has(action) ? [] : named,
    manifestFlags: action === 'clean' || action === 'query' ? [] : [...values.requirement, ...values.file, ...files],
    directory: values.directory.at(-1),
    unknown: operands.filter(isOpen),
  };
}

const joined = (folder: string, below: string): string => `${folder.replace(/\/+$/, '')}/${below}`;

/**
 * Where a cache folder lies.
 * @param home the user's home folder, absolute
 * @param environment the variables in force
 * @param image the base image's name (`golang`), as far as it is known
 * @returns an absolute path
 */
export function cachePath(folder: CacheFolder, home: string, environment: Readonly<Record<string, string>> = {}, image = ''): string {
  const set = (name: string): string | undefined => (Object.hasOwn(environment, name) ? environment[name] || undefined : undefined);
  const own = folder.variable === undefined ? undefined : set(folder.variable);
  if (own !== undefined) return own;
  for (const { variable, below } of folder.movedBy ?? []) {
    const value = set(variable);
    if (value !== undefined) return joined(value, below);
  }
  const inImage = folder.inImage !== undefined && Object.hasOwn(folder.inImage, image) ? folder.inImage[image] : undefined;
  if (inImage !== undefined) return inImage;
  const xdg = set('XDG_CACHE_HOME');
  if (xdg !== undefined && folder.path.startsWith('~/.cache/')) return joined(xdg, folder.path.slice('~/.cache/'.length));
  return folder.path.startsWith('~/') ? joined(home, folder.path.slice(2)) : folder.path;
}
