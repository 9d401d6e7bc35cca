import type { BuildContext } from '../context/context.ts';
import { hasFlag } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { homeAt } from './home.ts';
import { cachePath, readInvocation, type CacheFolder, type Invocation } from './packages.ts';
import { mounts, type Stage } from './stages.ts';

/** A folder that a manager keeps its downloads in, and where it lies in a RUN. */
export interface PlacedCache {
  readonly folder: CacheFolder;
  readonly path: string;
}

const rootOf = (stage: Stage | undefined): Stage | undefined => (stage?.parent === undefined ? stage : rootOf(stage.parent));

/** The command runs as someone else than the RUN, or with another home. */
const runsElsewhere = ({ command }: Invocation): boolean =>
  command.wrappers.some(({ text }) => /^(?:gosu|su-exec|-[A-Za-z]*u|--user|HOME=)/.test(text)) || command.assignments.some(({ name }) => name === 'HOME');

/** Where the manager keeps its downloads in this RUN; empty where another user than root, or a variable, decides. */
export function cachesOf(file: Dockerfile, run: Instruction, invocation: Invocation, context: BuildContext | undefined): PlacedCache[] {
  const home = homeAt(file, run);
  if (home !== '/root' || runsElsewhere(invocation)) return [];
  const classic = context !== undefined && !context.has('.yarnrc.yml');
  const { lookup } = file.stateAt(run);
  const environment: Record<string, string> = {};
  for (const folder of invocation.manager.caches) {
    for (const name of [folder.variable, ...(folder.movedBy ?? []).map(({ variable }) => variable), 'XDG_CACHE_HOME']) {
      const value = name === undefined ? undefined : lookup(name);
      if (name !== undefined && typeof value === 'string') environment[name] = value;
    }
  }
  const image = rootOf(file.stageOf(run))?.image?.name ?? '';
  return invocation.manager.caches
    .filter(({ user, edition }) => user !== 'other' && (edition === undefined || (edition === 'classic' && classic)))
    .map((folder) => ({ folder, path: cachePath(folder, home, environment, image) }));
}

const lineage = (stage: Stage): Stage[] => (stage.parent === undefined ? [stage] : [stage, ...lineage(stage.parent)]);

/** The stage, those it is built on and those built on it. */
const relatives = (file: Dockerfile, stage: Stage): Stage[] =>
  file.stages.filter((each) => lineage(stage).includes(each) || lineage(each).includes(stage));

const carries = ({ command, manager }: Invocation): boolean =>
  command.words.some(({ text }) => text === manager.noCacheFlag || manager.noCacheAliases?.includes(text) === true);

/** The author keeps the cache out of the layer: by a flag, here or on another install, by a variable, by cleaning up. */
export function isKeptOut(file: Dockerfile, run: Instruction, { manager }: Invocation): boolean {
  const stage = file.stageOf(run);
  const own = stage === undefined ? [] : relatives(file, stage).flatMap(({ instructions }) => instructions).flatMap((each) => file.commandsOf(each)).map(readInvocation);
  if (own.some((each) => each?.manager === manager && carries(each))) return true;
  const { noCacheVariable } = manager;
  if (noCacheVariable !== undefined && (typeof file.stateAt(run).lookup(noCacheVariable) === 'string' || textAt(file.source, run.span).includes(noCacheVariable))) return true;
  return file.commandsOf(run).some((other) => readInvocation(other)?.action === 'clean' || (other.name === 'rm' && /cache|\.npm|\.m2|\.gradle/.test(textAt(file.source, other.span))));
}

const lastPart = (path: string): string => path.replace(/\/+$/, '').replace(/^.*\//, '');

/** A mount of the RUN, or a setting in it, says that the author put the cache somewhere else. */
export function isPutElsewhere(file: Dockerfile, run: Instruction, { manager, command }: Invocation): boolean {
  const targets = mounts(run).filter(({ type }) => type === 'cache').map(({ target }) => target ?? '');
  const names = manager.caches.map(({ path }) => lastPart(path));
  if (targets.some((target) => target.includes(manager.name) || names.includes(lastPart(target)))) return true;
  if (hasFlag(command.words, '--cache-dir', '--cache', '--cache-folder', '--store-dir', '--packages')) return true;
  return file.commandsOf(run).map(readInvocation).some((each) => each?.manager.name === manager.name && each.action === 'configure' && each.command.words.some(({ text }) => /cache|store/.test(text)));
}

const localArchive = /^(?!https?:|git\+).*\.(?:whl|tgz|tar\.gz|zip)$/;

/** The command takes nothing from the network: told so, or given archives and no dependencies. */
export const fetchesNothing = ({ command, packages, manifestFlags, subcommandKey }: Invocation): boolean =>
  subcommandKey === 'chef prepare' || hasFlag(command.words, '--no-index', '--offline') ||
  (hasFlag(command.words, '--no-deps') && manifestFlags.length === 0 && packages.length > 0 && packages.every(({ text }) => localArchive.test(text)));

/** True when `npx` or the like may have put a program into npm's cache that is run from there. */
export const runsFromCache = (file: Dockerfile, run: Instruction): boolean =>
  file.commandsOf(run).some(({ name, words }) => name === 'npx' || (name === 'npm' && /^(?:exec|x|init|create)$/.test(words[0]?.text ?? '')));

/** Another step of this stage, of one it is built on or that is built on it, uses the manager: it reads or fills the same folder. */
export function isShared(file: Dockerfile, stage: Stage, run: Instruction, manager: string): boolean {
  return relatives(file, stage).flatMap(({ instructions }) => instructions).some((each) => each.index !== run.index && each.keyword === 'RUN' &&
    file.commandsOf(each).some((command) => readInvocation(command)?.manager.name === manager));
}
