import { expandWhole, expandWords, parseScript, type Item, type Node } from './shell.ts';
import { Failure, nameOf, normal, parentOf, type Actor, type Tree } from './tree.ts';

/** A command that runs in a build. */
export interface Process {
  readonly tree: Tree;
  readonly actor: Actor;
  readonly environment: Map<string, string>;
  folder: string;
  /** `set -e` */
  stopsOnErrors: boolean;
}

/** What a program does; it may give a text, which goes where the output goes. @throws Failure where it would fail */
export type Program = (process: Process, words: readonly string[]) => string | void;

/** The program a command's first word names. */
export type FindProgram = (process: Process, name: string) => Program;

/** The shell ends here, with success or without. */
class Exit extends Error {
  constructor(readonly failed: boolean) {
    super('exit');
  }
}

const patternOf = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.+^${}()|\\]/g, '\\$&').replace(/\*/g, '[^/]*').replace(/\?/g, '[^/]')}$`);

/** Paths that a pattern of the shell finds, as it would write them; the pattern itself where there are none. */
function globbed({ tree, folder }: Process, text: string): string[] {
  const absolute = normal(folder, text);
  const base = tree.real(parentOf(absolute).replace(/\/[^/]*[*?].*$/, '') || '/');
  const pattern = patternOf(absolute);
  const found = tree.below(base).filter((path) => pattern.test(path) && (!nameOf(path).startsWith('.') || nameOf(text).startsWith('.')));
  return found.length === 0 ? [text] : found;
}

const lookUp = (process: Process) => (name: string): string | undefined => process.environment.get(name);

const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/;

function runSimple(process: Process, node: Node & { kind: 'simple' }, find: FindProgram): void {
  const values = lookUp(process);
  const first = node.words.findIndex((word) => !assignment.test(word));
  const assigned = node.words.slice(0, first === -1 ? node.words.length : first).map((word) => {
    const [, name = '', value = ''] = assignment.exec(word) ?? [];
    return [name, expandWhole(value, values)] as const;
  });
  const words = first === -1 ? [] : node.words.slice(first).flatMap((word) =>
    expandWords(word, values).flatMap(({ text, pattern }) => (pattern ? globbed(process, text) : [text])));
  const [name, ...rest] = words;
  // Output goes nowhere but into files; those are opened first.
  const targets = node.redirects.map(({ operator, target }) => ({ operator, path: normal(process.folder, expandWhole(target, values)) }));
  for (const { operator, path } of targets) {
    if (path.startsWith('/dev/')) continue;
    if (operator === '<') process.tree.read(path, process.actor);
    else process.tree.write(path, operator === '>>' ? process.tree.get(path)?.text ?? '' : '', process.actor);
  }
  if (name === undefined) {
    for (const [key, value] of assigned) process.environment.set(key, value);
    return;
  }
  const kept = assigned.map(([key]) => [key, process.environment.get(key)] as const);
  for (const [key, value] of assigned) process.environment.set(key, value);
  let output = '';
  try {
    output = runNamed(process, name, rest, find);
  } finally {
    for (const [key, value] of kept) {
      if (value === undefined) process.environment.delete(key);
      else process.environment.set(key, value);
    }
  }
  const last = targets.findLast(({ operator }) => operator !== '<')?.path;
  if (last !== undefined && !last.startsWith('/dev/') && output !== '') {
    process.tree.write(last, (process.tree.get(last)?.text ?? '') + output, process.actor);
  }
}

/** What belongs to the shell itself. */
const builtins: Readonly<Record<string, Program>> = {
  cd: (process, [to = process.environment.get('HOME') ?? '/']) => {
    const folder = normal(process.folder, to);
    if (!process.tree.isFolder(folder)) throw new Failure(`cd: ${to}: no such folder`);
    process.folder = process.tree.real(folder);
  },
  export: (process, words) => {
    for (const word of words) {
      const [, name, value = ''] = assignment.exec(word) ?? [];
      if (name !== undefined) process.environment.set(name, value);
    }
  },
  unset: (process, words) => {
    for (const word of words) process.environment.delete(word);
  },
  set: (process, words) => {
    if (words.some((word) => /^-[a-z]*e/.test(word))) process.stopsOnErrors = true;
  },
  exit: (_process, [code = '0']) => {
    throw new Exit(code !== '0');
  },
  ':': () => undefined, true: () => undefined,
  false: () => {
    throw new Failure('false');
  },
};

const runNamed = (process: Process, name: string, words: readonly string[], find: FindProgram): string =>
  ((Object.hasOwn(builtins, name) ? builtins[name] : undefined) ?? find(process, name))(process, words) ?? '';

function runNode(process: Process, node: Node, find: FindProgram): void {
  if (node.kind === 'simple') return runSimple(process, node, find);
  const inner = node.kind === 'subshell' ? { ...process, environment: new Map(process.environment) } : process;
  runList(inner, node.list, find);
}

/** Runs a list; the last command that ran tells whether it failed. */
function runList(process: Process, list: readonly Item[], find: FindProgram): void {
  let failure: Failure | undefined;
  for (const [index, { operator, node }] of list.entries()) {
    if ((operator === '&&' && failure !== undefined) || (operator === '||' && failure === undefined)) continue;
    failure = undefined;
    try {
      runNode(process, node, find);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = error;
      const next = list[index + 1]?.operator;
      if (process.stopsOnErrors && next !== '&&' && next !== '||') throw new Exit(true);
    }
  }
  if (failure !== undefined) throw failure;
}

/**
 * Runs a script of a shell.
 * @throws Failure when it ends without success
 */
export function runScript(process: Process, text: string, find: FindProgram): void {
  try {
    runList(process, parseScript(text), find);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    if (error.failed) throw new Failure('the script ended without success');
  }
}

/** Runs one program, without a shell. */
export function runWords(process: Process, [name = '', ...words]: readonly string[], find: FindProgram): void {
  find(process, name)(process, words);
}
