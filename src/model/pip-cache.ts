import { hasFlag, type Command } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { isBelow } from './effects.ts';
import { homeAt } from './home.ts';
import { clears, isMountedAway, mountedAway } from './leftovers.ts';
import { cachePath, readInvocation, type Invocation } from './packages.ts';
import { lineage } from './shipped.ts';
import type { Stage } from './stages.ts';
import { findDefinition } from './variables.ts';

const variable = 'PIP_NO_CACHE_DIR';

/**
 * True when the environment turns the cache off, or may do so. Any value does: for the sake of old versions pip
 * takes `off` and `0` like `1` (its cmdoptions.py, `_handle_no_cache_dir`); only an empty one is passed over.
 */
function isOffByVariable(file: Dockerfile, command: Command): boolean {
  const definition = findDefinition(file.stateAt(command.instruction).definitions, variable);
  if (definition !== undefined && definition.value !== null && definition.value !== '') return true;
  if (command.assignments.some(({ name }) => name === variable) || command.wrappers.some(({ text }) => text.startsWith(`${variable}=`))) return true;
  return file.scripts(command.instruction).some(({ assigned }) => assigned.has(variable));
}

/** True when an instruction writes pip's settings so that the cache is off, or brings settings nobody can read here. */
function setsCacheOff(file: Dockerfile, { keyword, heredocs, span }: Instruction): boolean {
  const text = textAt(file.source, span);
  if (!/pip\.conf|pip3? config|PIP_CONFIG_FILE/.test(text)) return false;
  return keyword === 'ENV' || (keyword !== 'RUN' && heredocs.length === 0) || /no[-_]cache/.test(text);
}

/** Where pip keeps its cache; undefined where the user or a variable decides. */
function cacheFolder(file: Dockerfile, command: Command, invocation: Invocation): string | undefined {
  const [folder] = invocation.manager.caches;
  const home = command.wrappers.some(({ text }) => /^(?:sudo|gosu|su-exec|env)$/.test(text)) ? undefined : homeAt(file, command.instruction);
  if (folder === undefined || home === undefined) return undefined;
  const { lookup } = file.stateAt(command.instruction);
  const environment: Record<string, string> = {};
  for (const name of ['PIP_CACHE_DIR', 'XDG_CACHE_HOME']) {
    const value = lookup(name);
    if (typeof value === 'string') environment[name] = value;
  }
  return cachePath(folder, home, environment);
}

/** A mount whose folder is one of pip's by its name, whoever's. */
const looksLikePipCache = (target: string): boolean => /pip|(?:^|\/)\.cache\/?$/.test(target) || isBelow('/root/.cache/pip', target);

/** What an install of pip leaves in its layer. */
export interface LeftCache {
  readonly invocation: Invocation;
  /** Absolute; undefined where nobody can tell. */
  readonly folder: string | undefined;
  /** A cache mount of the RUN that is meant for pip, but lies elsewhere. */
  readonly wrongMount: string | undefined;
}

/** pip learnt both the cache and `--no-cache-dir` with version 6; the packages of these releases are older. */
const hasOldPip = ({ facts }: Stage): boolean => /^(?:wheezy|jessie|1[0-4]\.\d\d)$/.test(facts?.release ?? '') && facts?.programs.includes('pip') === false;

const keepsNothing = ({ words }: Command): boolean =>
  // pip takes the beginning of a flag for the flag.
  hasFlag(words, '--no-cache-dir', '--no-cache', '--cache-dir', '--no-index', '--dry-run');

/** The install a command is, where nothing tells pip to keep no cache. */
function cachingInstall(file: Dockerfile, command: Command): Invocation | undefined {
  const invocation = readInvocation(command);
  if (invocation?.manager.name !== 'pip' || invocation.subcommandKey !== 'install' || invocation.action === 'query') return undefined;
  if (invocation.packages.length + invocation.manifestFlags.length === 0 || keepsNothing(command)) return undefined;
  return isOffByVariable(file, command) ? undefined : invocation;
}

const cleans = (file: Dockerfile, command: Command, folder: string): boolean => {
  const invocation = readInvocation(command);
  return invocation === undefined ? clears(file, command, folder) : invocation.manager.name === 'pip' && invocation.action === 'clean';
};

function leftInRun(file: Dockerfile, instruction: Instruction): LeftCache[] {
  return file.scripts(instruction).flatMap(({ commands }) => {
    const found = commands.map((command) => cachingInstall(file, command));
    const first = found.find((each) => each !== undefined);
    const folder = first === undefined ? undefined : cacheFolder(file, first.command, first);
    const wrongMount = mountedAway(file, instruction).find(looksLikePipCache);
    if (first === undefined || (folder === undefined ? wrongMount !== undefined : isMountedAway(file, instruction, folder))) return [];
    const cleaned = commands.findLastIndex((command) => cleans(file, command, folder ?? '/root/.cache/pip'));
    return found.slice(cleaned + 1).flatMap((invocation) => (invocation === undefined ? [] : [{ invocation, folder, wrongMount }]));
  });
}

/** The installs of each RUN of a stage that leave pip's cache in its layer; RUNs that leave none are left out. */
export function leftPipCaches(file: Dockerfile, stage: Stage): (readonly [LeftCache, ...LeftCache[]])[] {
  if (hasOldPip(stage)) return [];
  const below = lineage(stage).slice(1).some(({ instructions }) => instructions.some((each) => setsCacheOff(file, each)));
  const off = below ? 0 : stage.instructions.findIndex((each) => setsCacheOff(file, each));
  return stage.instructions.slice(0, off === -1 ? undefined : off).flatMap((instruction) => {
    const [first, ...others] = instruction.keyword === 'RUN' || instruction.inner?.keyword === 'RUN' ? leftInRun(file, instruction) : [];
    return first === undefined ? [] : [[first, ...others] as const];
  });
}
