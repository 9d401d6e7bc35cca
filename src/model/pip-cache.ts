import { hasFlag, type Command } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { isBelow } from './effects.ts';
import { homeAt } from './home.ts';
import { clears, isMountedAway, mountedAway } from './leftovers.ts';
import { cachePath, readInvocation, type Invocation } from './packages.ts';
import type { Stage } from './stages.ts';
import { instructionsBefore } from './users.ts';
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

/** True when a step in front of the command writes pip's settings, and not certainly others. */
function isOffBySettings(file: Dockerfile, instruction: Instruction): boolean {
  const stage = file.stageOf(instruction);
  const earlier = stage === undefined ? [] : [...instructionsBefore(stage, instruction)];
  return [...earlier, instruction].some((each) => {
    const text = textAt(file.source, each.span);
    if (!/pip\.conf|pip3? config|PIP_CONFIG_FILE/.test(text)) return false;
    return each.keyword === 'ENV' || (each.keyword !== 'RUN' && each.heredocs.length === 0) || /no[-_]cache/.test(text);
  });
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
const hasOldPip = (stage: Stage | undefined): boolean =>
  /^(?:wheezy|jessie|1[0-4]\.\d\d)$/.test(stage?.facts?.release ?? '') && stage?.facts?.programs.includes('pip') === false;

const keepsNothing = (command: Command): boolean =>
  hasFlag(command.words, '--no-cache-dir', '--no-cache', '--cache-dir', '--no-index', '--dry-run', '--no-cach');

/** The installs of a RUN that leave pip's cache in the layer. */
export function leftPipCaches(file: Dockerfile, instruction: Instruction): LeftCache[] {
  if (hasOldPip(file.stageOf(instruction))) return [];
  return file.scripts(instruction).flatMap(({ commands }) => commands.flatMap((command, index): LeftCache[] => {
    const invocation = readInvocation(command);
    if (invocation?.manager.name !== 'pip' || invocation.subcommandKey !== 'install' || invocation.action === 'query') return [];
    if (invocation.packages.length + invocation.manifestFlags.length === 0 || keepsNothing(command)) return [];
    if (isOffByVariable(file, command) || isOffBySettings(file, command.instruction)) return [];
    const folder = cacheFolder(file, command, invocation);
    const mounted = mountedAway(file, instruction).find(looksLikePipCache);
    if (folder === undefined ? mounted !== undefined : isMountedAway(file, instruction, folder)) return [];
    const cleared = commands.slice(index + 1).some((later) => {
      const other = readInvocation(later);
      return other?.manager.name === 'pip' ? other.action === 'clean' : other === undefined && clears(file, later, folder ?? '/root/.cache/pip');
    });
    return cleared ? [] : [{ invocation, folder, wrongMount: mounted }];
  }));
}
