import { expand, type Lookup } from '../dockerfile/expand.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Stage } from './stages.ts';
import { define, findDefinition, platformArguments, proxyArguments, type Definition } from './variables.ts';

/** What holds in front of an instruction. */
export interface State {
  /** As USER gives it, variables put in; `root` where nothing says otherwise and the image is known; undefined: unknown. */
  readonly user: string | undefined;
  /** The USER instruction that set it, in this stage or one it is built on. */
  readonly userSetBy: Instruction | undefined;
  /** Absolute; undefined where the base image or a variable decides. */
  readonly workdir: string | undefined;
  readonly workdirSetBy: Instruction | undefined;
  /** The words of SHELL. */
  readonly shell: readonly string[];
  readonly shellSetBy: Instruction | undefined;
  /** ARG and ENV in force, newest first. */
  readonly definitions: Definition | undefined;
  readonly lookup: Lookup;
}

const posixShell = ['/bin/sh', '-c'];
const windowsShell = ['cmd', '/S', '/C'];

/** Resolves `to` against `from`; undefined where `from` is needed and unknown. */
export function joinPath(from: string | undefined, to: string): string | undefined {
  if (!to.startsWith('/') && from === undefined) return undefined;
  const parts: string[] = [];
  for (const part of (to.startsWith('/') ? to : `${from ?? ''}/${to}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** From the root, by a drive of Windows, or a network share. */
export const isAbsolutePath = (path: string): boolean => /^(?:[\\/]|[a-zA-Z]:)/.test(path);

/** A name's value, seen from a chain of definitions; `unset` is the answer for a name that nothing defines. */
const lookupIn = (chain: Definition | undefined, unset: null | undefined): Lookup => (name) => {
  const definition = findDefinition(chain, name);
  if (definition !== undefined) return definition.value;
  return name === 'PATH' || proxyArguments.has(name) || platformArguments.has(name) ? undefined : unset;
};

const given = (buildArguments: Readonly<Record<string, string>>, name: string): string | undefined =>
  (Object.hasOwn(buildArguments, name) ? buildArguments[name] : undefined);

/** What FROM lines see. */
export function globalState(globals: readonly Instruction[], buildArguments: Readonly<Record<string, string>>): State {
  let chain: Definition | undefined;
  for (const instruction of globals) {
    chain = define(instruction, chain, lookupIn(chain, null), (pair) => given(buildArguments, pair.name) ?? (pair.value === undefined ? null : undefined));
  }
  return {
    user: undefined, userSetBy: undefined, workdir: undefined, workdirSetBy: undefined, shell: posixShell, shellSetBy: undefined,
    definitions: chain, lookup: lookupIn(chain, null),
  };
}

/** The state behind a FROM. */
export function startOfStage(stage: Stage, parent: State | undefined): State {
  if (parent !== undefined) return parent;
  const { facts, fromScratch } = stage;
  return {
    user: fromScratch ? 'root' : facts?.user,
    userSetBy: undefined,
    workdir: fromScratch ? '/' : facts?.workdir,
    workdirSetBy: undefined,
    shell: facts?.shellCommand ?? (facts?.shell === 'windows' ? windowsShell : posixShell),
    shellSetBy: undefined,
    definitions: undefined,
    lookup: lookupIn(undefined, fromScratch ? null : undefined),
  };
}

type Change = (state: State, instruction: Instruction, context: { buildArguments: Readonly<Record<string, string>>; global: State }) => Partial<State>;

const defineIn: Change = (state, instruction, { buildArguments, global }) => {
  const values = (name: string, hasDefault: boolean): string | null | undefined =>
    given(buildArguments, name) ?? (hasDefault || platformArguments.has(name) ? undefined : inherited(global, name));
  const definitions = define(instruction, state.definitions, state.lookup, (pair) => values(pair.name, pair.value !== undefined));
  // A name that only the base image may set stays unknown; the first state's answer is kept for it.
  const unset = state.lookup('\0');
  return { definitions, lookup: lookupIn(definitions, unset === null ? null : undefined) };
};

function inherited(global: State, name: string): string | null | undefined {
  const definition = findDefinition(global.definitions, name);
  return definition === undefined ? null : definition.value;
}

/** What an instruction changes of the state. */
const changes: Readonly<Record<string, Change>> = {
  USER: (state, instruction) => ({
    user: expand(instruction.words[0]?.raw ?? '', state.lookup),
    userSetBy: instruction,
  }),
  WORKDIR: (state, instruction) => {
    const path = expand(instruction.words[0]?.raw ?? '', state.lookup);
    return { workdir: path === undefined ? undefined : joinPath(state.workdir, path), workdirSetBy: instruction };
  },
  SHELL: (_state, instruction) => ({ shell: instruction.words.map((word) => word.text), shellSetBy: instruction }),
  ENV: defineIn,
  ARG: defineIn,
};

/** The state behind an instruction. */
export function stateAfter(state: State, instruction: Instruction, buildArguments: Readonly<Record<string, string>>, global: State): State {
  const change = changes[instruction.keyword]?.(state, instruction, { buildArguments, global });
  return change === undefined ? state : { ...state, ...change };
}
