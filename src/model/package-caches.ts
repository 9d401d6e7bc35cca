import { hasFlag, type Command, type Script } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { BuildContext } from '../context/context.ts';
import { textAt } from '../span.ts';
import { cachesOf, fetchesNothing, isPutElsewhere, runsFromCache } from './cache-mounts.ts';
import type { Dockerfile } from './dockerfile.ts';
import { clears, isMountedAway, mountedAway } from './leftovers.ts';
import { readInvocation, type Invocation } from './packages.ts';

/** How the cache of a manager is emptied. */
interface CacheHabit {
  /** Subcommands that fill it. */
  readonly fills: RegExp;
  readonly clean: string;
  /** Where its place is known, a cache mount is proposed, and nothing is left to say. */
  readonly mounted?: true;
  /** It holds nothing but copies: emptied, all that was installed works as before. */
  readonly onlyCopies: boolean;
  /** A cache folder by its name, whoever's. */
  readonly folder: RegExp;
}

/**
 * By the manager's name. pnpm, Bun and uv link what they install to their store, so it takes no room of its own in the
 * layer. Poetry may keep its environments beside the cache. pip and conda have rules for themselves.
 */
const habits: Readonly<Record<string, CacheHabit>> = {
  // Later Yarns may run programs from the cache (Plug'n'Play).
  yarn: { fills: /^(?:|install|add|global add)$/, clean: 'yarn cache clean', onlyCopies: false, folder: /\.cache\/yarn|yarn/ },
  npm: { fills: /^(?:i|install|ci|clean-install|add)$/, clean: 'npm cache clean --force', mounted: true, onlyCopies: true, folder: /\.npm/ },
  composer: { fills: /^(?:install|i|require|global require|create-project)$/, clean: 'composer clear-cache', mounted: true, onlyCopies: true, folder: /composer/ },
};

/** What an install leaves in its layer. */
export interface LeftPackages {
  readonly invocation: Invocation;
  readonly script: Script;
  /** Absolute; undefined where nobody can tell. */
  readonly folder: string | undefined;
  readonly clean: string;
  readonly onlyCopies: boolean;
}

/** The settings of the manager say where the cache is, or that there is none. */
function isTurnedOff(file: Dockerfile, { command, manager }: Invocation): boolean {
  const { words, assignments, instruction } = command;
  if ([manager.noCacheFlag, ...manager.noCacheAliases ?? [], '--dry-run', '--offline'].some((flag) => flag !== undefined && hasFlag(words, flag))) return true;
  const { lookup } = file.stateAt(instruction);
  const names = manager.caches.flatMap(({ variable }) => variable ?? []);
  return assignments.some(({ name }) => names.includes(name)) || names.some((name) => lookup(name) === '/dev/null');
}

const isOfManager = (command: Command, name: string): boolean => readInvocation(command)?.manager.name === name;

function isCleaned(file: Dockerfile, commands: readonly Command[], name: string, folder: string | undefined, { folder: named }: CacheHabit): boolean {
  return commands.some((command) => {
    const action = readInvocation(command)?.action;
    if (isOfManager(command, name) && action === 'clean') return true;
    if (folder !== undefined && clears(file, command, folder)) return true;
    return /^(?:rm|find)$/.test(command.name) && named.test(textAt(file.source, command.span));
  });
}

/** The last install of a script that leaves its manager's cache in the layer; nothing where a mount holds it, or where it is emptied. */
function leftIn(file: Dockerfile, run: Instruction, script: Script, context: BuildContext | undefined): LeftPackages[] {
  return Object.entries(habits).flatMap(([name, habit]) => {
    const at = script.commands.findLastIndex((command) => {
      const each = readInvocation(command);
      return each?.manager.name === name && habit.fills.test(each.subcommandKey) && each.action !== 'query';
    });
    const command = script.commands[at];
    const invocation = command && readInvocation(command);
    if (invocation === undefined || isTurnedOff(file, invocation) || fetchesNothing(invocation) || isPutElsewhere(file, run, invocation)) return [];
    const folder = cachesOf(file, run, invocation, context)[0]?.path;
    if (folder !== undefined && habit.mounted === true) return [];
    const mounted = folder === undefined ? mountedAway(file, run).some((target) => target === '/' || habit.folder.test(target)) : isMountedAway(file, run, folder);
    if (mounted || isCleaned(file, script.commands.slice(at + 1), name, folder, habit)) return [];
    return [{ invocation, script, folder, clean: habit.clean, onlyCopies: habit.onlyCopies && !runsFromCache(file, run) }];
  });
}

/** The caches of package managers that a RUN leaves in its layer. */
export const leftPackageCaches = (file: Dockerfile, run: Instruction, context: BuildContext | undefined): LeftPackages[] =>
  file.scripts(run).flatMap((script) => (script.unreadable ? [] : leftIn(file, run, script, context)));
