import { expand, references, type Lookup } from '../../dockerfile/expand.ts';
import type { Instruction } from '../../dockerfile/instruction.ts';
import { joinPath } from '../state.ts';
import { proxyArguments } from '../variables.ts';
import { digest } from './digest.ts';

/** What is known of an image that a stage starts from. What is left out is the image's own, the same for the same image. */
export interface BaseImage {
  /** Stands for the image's digest: another text is another image. Where it is left out, the image's name is its digest. */
  readonly digest?: string;
  /** All its variables. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workdir?: string;
  readonly shell?: readonly string[];
}

/** What an instruction stands in: what RUN hands to its command, and what paths and words are read with. */
export interface Surroundings {
  /** Variables of ENV and ARG, the one that was set last comes last, as in the list BuildKit hands to a command. */
  readonly environment: ReadonlyMap<string, string>;
  /** As USER gives it; empty where the base image decides. */
  readonly user: string;
  /** Absolute; a base image's own, where unknown, is a name that no path has. An absolute one is kept as it is written, `/app/` too. */
  readonly workdir: string;
  readonly shell: readonly string[];
  /** A variable that no instruction set. */
  readonly base: Lookup;
}

/** What the whole build is called with. */
export interface Scope {
  readonly buildArguments: Readonly<Record<string, string>>;
  /** Global arguments with their values. */
  readonly globals: ReadonlyMap<string, string>;
  readonly escape: string;
}

/** In place of the value of a variable that only the base image or the platform knows. No Dockerfile can write it. */
export const unknownValue = (name: string): string => `\u0001${name}\u0002`;

/** The working directory of an image that nobody told. */
export const unknownFolder = '/\u0001';

/** A value may grow by doubling (`ENV A=$A$A`); longer ones are kept as their digest. */
const longestValue = 10_000;

/**
 * A word with quotes taken off and variables put in. Where a value nobody can tell takes part, a text that is the same
 * only if the word and the values it names are.
 */
export function expandWord(raw: string, lookup: Lookup, escape: string): string {
  const seen: string[] = [];
  let isOpen = false;
  const value = expand(raw, (name) => {
    const found = lookup(name);
    if (typeof found === 'string' && found.includes('\u0001')) isOpen = true;
    seen.push(`${name}=${found ?? ''}`);
    return found;
  }, escape);
  if (value === undefined) return `\u0003${raw}\u0003${seen.join('\u0003')}`;
  // `${X:-y}` of an unknown X may be either.
  const isUnsure = isOpen && references(raw, escape).some(({ operator }) => operator !== '');
  const text = isUnsure ? `\u0003${raw}\u0003${seen.join('\u0003')}` : value;
  return text.length > longestValue ? `\u0004${digest(text)}` : text;
}

/** Variables as they are seen by words of an instruction. */
export const lookupOf = ({ environment, base }: Surroundings): Lookup => (name) => environment.get(name) ?? base(name);

/** A word of an instruction, variables put in. */
export const wordIn = (raw: string, at: Surroundings, scope: Scope): string => expandWord(raw, lookupOf(at), scope.escape);

/** What the project knows of a public image; `ImageFacts` fits. */
export interface KnownOfImage {
  readonly workdir: string | undefined;
  /** Names its ENV may set besides PATH; undefined where that is not known. */
  readonly environment: readonly string[] | undefined;
}

const ofScratch: KnownOfImage = { workdir: '/', environment: [] };

/** PATH of a build for anything but Windows, where the image sets none [util/system, `DefaultPathEnvUnix`]. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** All variables of an image, PATH among them, in the image's order. */
function variablesOf(environment: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const variables = new Map(Object.entries(environment));
  return variables.has('PATH') ? variables : variables.set('PATH', defaultPath);
}

/**
 * What a stage that no other stage of the file is below begins with.
 * @param image what the caller tells of the image
 * @param facts what is known of it else; undefined for an unknown image
 */
export function startOn(image: BaseImage, facts: KnownOfImage | 'scratch' | undefined, shell: readonly string[]): Surroundings {
  const { workdir, environment } = (facts === 'scratch' ? ofScratch : facts) ?? { workdir: undefined, environment: undefined };
  const own = image.workdir ?? workdir;
  const told = image.environment ?? (facts === 'scratch' ? {} : undefined);
  const mayBeSet = (name: string): boolean => name === 'PATH' || environment?.includes(name) !== false;
  return {
    environment: told === undefined ? new Map() : variablesOf(told),
    user: image.user ?? '',
    workdir: own === undefined ? unknownFolder : joinPath('/', own) ?? '/',
    shell: image.shell ?? shell,
    base: (name) => (told === undefined && mayBeSet(name) ? unknownValue(name) : null),
  };
}

/** The last definition goes to the end, as in BuildKit's list [client/llb, `AddOrReplace`; order checked with an engine]. */
function withVariable(environment: ReadonlyMap<string, string>, name: string, value: string): ReadonlyMap<string, string> {
  const result = new Map(environment);
  result.delete(name);
  return result.set(name, value);
}

type Change = (at: Surroundings, instruction: Instruction, scope: Scope) => Partial<Surroundings>;

const defineVariables: Change = (at, instruction, scope) => {
  let { environment } = at;
  for (const pair of instruction.pairs) {
    const name = pair.name.includes('$') ? wordIn(pair.name, at, scope) : pair.name;
    environment = withVariable(environment, name, wordIn(pair.raw ?? '', at, scope));
  }
  return { environment };
};

/** The value of an ARG: what the build was called with, else its default, else the global argument's; undefined for none. */
function argumentValue(name: string, raw: string | undefined, at: Surroundings, scope: Scope): string | undefined {
  if (Object.hasOwn(scope.buildArguments, name)) return scope.buildArguments[name];
  return raw === undefined ? scope.globals.get(name) : wordIn(raw, at, scope);
}

/** Arguments to the engine, which no command gets. */
const engineArguments = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

/** Later arguments of one ARG see the former ones [`dispatchArg` changes the state one by one]. */
const defineArguments: Change = (at, instruction, scope) => {
  let { environment } = at;
  for (const pair of instruction.pairs) {
    const value = argumentValue(pair.name, pair.raw, { ...at, environment }, scope);
    if (value !== undefined && !engineArguments.has(pair.name)) environment = withVariable(environment, pair.name, value);
  }
  return { environment };
};

const changes: Readonly<Record<string, Change>> = {
  ENV: defineVariables,
  ARG: defineArguments,
  USER: (at, instruction, scope) => ({ user: wordIn(instruction.words[0]?.raw ?? '', at, scope) }),
  WORKDIR: (at, instruction, scope) => {
    const path = wordIn(instruction.words[0]?.raw ?? '', at, scope);
    return { workdir: path.startsWith('/') ? path : joinPath(at.workdir, path) ?? at.workdir };
  },
  SHELL: (_at, instruction) => ({ shell: instruction.words.map((word) => word.text) }),
};

/** What holds behind an instruction. */
export function behind(at: Surroundings, instruction: Instruction, scope: Scope): Surroundings {
  const change = Object.hasOwn(changes, instruction.keyword) ? changes[instruction.keyword] : undefined;
  return change === undefined ? at : { ...at, ...change(at, instruction, scope) };
}

/** Arguments every build has, in FROM lines always and in a stage once declared; their values are the platform's. */
export function readGlobals(instructions: readonly Instruction[], platform: Iterable<string>, scope: Omit<Scope, 'globals'>): Map<string, string> {
  const globals = new Map<string, string>();
  for (const name of platform) globals.set(name, unknownValue(name));
  const lookup: Lookup = (name) => globals.get(name) ?? (proxyArguments.has(name) ? undefined : null);
  for (const { pairs } of instructions) {
    for (const { name, raw } of pairs) {
      const given = Object.hasOwn(scope.buildArguments, name) ? scope.buildArguments[name] : undefined;
      const value = given ?? (raw === undefined ? undefined : expandWord(raw, lookup, scope.escape));
      if (value !== undefined) globals.set(name, value);
    }
  }
  return globals;
}
