import { readInstallInputs, type InstallInputs } from '../context/manifests.ts';
import { isSent } from '../context/manifests/reading.ts';
import { workspaceRoot } from '../context/manifests/sentences.ts';
import type { BuildContext } from '../context/context.ts';
import type { Command } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { copySources, destination, readsContext } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { commandFolder, effectsOf, effectsOfCommand, independent, isBelow, meet, type Effects } from '../model/effects.ts';
import { readInvocation, type Invocation } from '../model/packages.ts';
import type { Stage } from '../model/stages.ts';
import { definitions } from '../model/variables.ts';
import { textAt } from '../span.ts';
import { folderTest } from './broad.ts';
import { conventionalManifests } from './conventional.ts';
import { needsFolderOf, renumbersOwner } from './present.ts';
import { splitBefore, type Split } from './split.ts';

const isInstall = ({ action, manager }: Invocation): boolean =>
  action === 'refresh' || action.startsWith('install') || (action === 'download' && manager.kind === 'model');

/** A folder of the context, and the one that was copied with it. */
interface ContextPlace {
  readonly folder: string;
  readonly root: string;
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('/');

/** The context folder that lies at `folder` in the image once `source` was copied to `to`. */
const sourceFolder = (source: string, to: string, folder: string): string => joined(source, folder.slice(to === '/' ? 1 : to.length + 1));

/** The context folder that lies at `folder` in the image when the RUN begins; undefined when no COPY says. */
function contextPlace(file: Dockerfile, copies: readonly Instruction[], folder: string, context: BuildContext | undefined): ContextPlace | undefined {
  let byFile: ContextPlace | undefined;
  for (const copy of copies) {
    const to = destination(file, copy);
    for (const { path, glob } of copySources(file, copy)) {
      if (to === undefined || path === undefined || !isBelow(folder, to.path)) continue;
      if (!glob && (path === '' || folderTest(context)(path))) {
        return { folder: sourceFolder(path, to.path, folder), root: path };
      }
      // A single file, such as the manifest itself, tells too where its folder lies.
      if (to.folder && to.path === folder) byFile ??= { folder: path.slice(0, Math.max(path.lastIndexOf('/'), 0)), root: '' };
    }
  }
  return byFile;
}

/** Two files of one name that a COPY brings to one folder: the last one stays, and which it is here can't be told of each that is read. */
const overwritesItself = (file: Dockerfile, copy: Instruction): boolean => {
  const names = copySources(file, copy).map(({ path }) => path?.slice(path.lastIndexOf('/') + 1));
  return names.some((name, index) => name !== undefined && name !== '' && names.indexOf(name) !== index);
};

/** COPYs that bring files of another context folder to where the install runs: what it reads then comes from both. */
function layeredRefusals(file: Dockerfile, copies: Iterable<Instruction>, folder: string, found: ContextPlace, context: BuildContext | undefined): string[] {
  return [...copies].flatMap((copy) => copySources(file, copy).flatMap(({ path, glob }) => {
    const to = destination(file, copy);
    if (to?.path === folder && overwritesItself(file, copy)) return [`\`${textAt(file.source, copy.span).split('\n')[0] ?? ''}\` brings two files of one name to where the install runs.`];
    if (to === undefined || path === undefined || glob || !isBelow(folder, to.path) || !(path === '' || folderTest(context)(path))) return [];
    const other = sourceFolder(path, to.path, folder);
    if (other === found.folder || context?.sentBelow(other).length === 0) return [];
    return [`\`${textAt(file.source, copy.span).split('\n')[0] ?? ''}\` brings files to where the install runs as well, so which of them it reads can't be told.`];
  }));
}

/** The variables a command runs with, as far as their values are known. */
function environmentOf(file: Dockerfile, command: Command): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { name, value } of definitions(file.stateAt(command.instruction).definitions)) {
    if (!Object.hasOwn(environment, name) && typeof value === 'string') environment[name] = value;
  }
  for (const { name, value } of command.assignments) if (value?.value !== undefined) environment[name] = value.value;
  return environment;
}

/** Every COPY of the context in front of `run`, in its stage and those it is built on, nearest first. */
export function copiesAbove(stage: Stage, run: Instruction): Instruction[] {
  const own = stage.instructions.filter((each) => each.index < run.index && readsContext(each)).toReversed();
  return stage.parent === undefined ? own : [...own, ...copiesAbove(stage.parent, stage.from)];
}

/** A RUN that installs, read against the COPYs that would move below it. */
export interface Reading {
  readonly file: Dockerfile;
  readonly stage: Stage;
  readonly run: Instruction;
  readonly context: BuildContext | undefined;
  readonly sunk: readonly Instruction[];
  readonly refusals: string[];
  readonly doubts: string[];
  /** Context paths that installs of the RUN read. */
  readonly inputs: Set<string>;
  install: Invocation | undefined;
  /** Where the RUN is cut in two: behind it the sources may be read. */
  split: Split | undefined;
}

/** What the install reads, by the context where there is one, else by its manager's usual files. */
function inputsOf(file: Dockerfile, invocation: Invocation, { folder, root }: ContextPlace, directory: string, context: BuildContext | undefined): InstallInputs {
  if (context !== undefined) return readInstallInputs(invocation, folder, context, { root, directory, environment: environmentOf(file, invocation.command) });
  const files = conventionalManifests(invocation, folder);
  if (files === undefined) return { files: [], refusals: [`What \`${invocation.manager.name}\` reads here can't be told without the build context.`], doubts: [] };
  return { files, refusals: [], doubts: ['The build context is not known, so the names of the manifests are the usual ones.'] };
}

const nodeManagers = new Set(['npm', 'yarn', 'pnpm', 'bun']);

/** Without a context: a COPY that names the root file of a workspace tells that there is one. */
function workspaceRefusals(file: Dockerfile, copies: Iterable<Instruction>, { manager }: Invocation): string[] {
  if (!nodeManagers.has(manager.name)) return [];
  const paths = [...copies].flatMap((copy) => copySources(file, copy).flatMap(({ path }) => path ?? []));
  return paths.filter((path) => /(?:^|\/)(?:pnpm-workspace\.yaml|lerna\.json|turbo\.json|nx\.json|rush\.json)$/.test(path)).map(workspaceRoot);
}

/** Reads an install that takes files of the project; false when it can't be placed in the context. */
function readManifestInstall(reading: Reading, invocation: Invocation): boolean {
  const { file, stage, run, context } = reading;
  const folder = commandFolder(file, invocation.command);
  const above = copiesAbove(stage, run);
  const found = folder === undefined ? undefined : contextPlace(file, [...reading.sunk, ...above], folder, context);
  if (folder === undefined || found === undefined) return false;
  const { files, refusals, doubts } = inputsOf(file, invocation, found, folder, context);
  for (const path of files) reading.inputs.add(path);
  const copies = new Set([...reading.sunk, ...above]);
  reading.refusals.push(...refusals, ...layeredRefusals(file, copies, folder, found, context), ...(context === undefined ? workspaceRefusals(file, copies, invocation) : []));
  reading.doubts.push(...doubts);
  return true;
}

/** True when `cd` goes where the files of the install will lie all the same. */
const isHarmlessCd = (command: Command): boolean => command.name === 'cd' && command.place === 'alone';

/** True when nothing that a COPY brings lies where a command looks or writes, as the context tells: `rm -rf node_modules`. */
function findsNothing({ file, context }: Reading, { name }: Command, { reads, writes }: Effects, copy: Instruction): boolean {
  const to = destination(file, copy);
  if (context === undefined || to === undefined || reads === 'everything' || writes === 'everything' || (name !== 'rm' && meet(writes, [to.path]))) return false;
  const { writes: written } = effectsOf(file, copy);
  // Where the COPY follows a link, it brings something elsewhere.
  if (written === 'everything' || written.some((path) => path !== to.path && meet([...reads, ...writes], [path]))) return false;
  return [...reads, ...writes].filter((path) => meet([path], [to.path])).every((path) =>
    path !== to.path && isBelow(path, to.path) && copySources(file, copy).every((source) => {
      if (source.path === undefined || source.glob || !(source.path === '' || context.isFolder(source.path))) return false;
      const parts = sourceFolder(source.path, to.path, path).split('/');
      const above = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
      return !isSent(context, parts.join('/')) && !above.some((each) => context.isLink(each));
    }));
}

/** The command may come before the COPYs: neither sees what the other one did. */
function isFree(reading: Reading, command: Command): boolean {
  const { file, sunk } = reading;
  const effects = effectsOfCommand(file, command);
  return isHarmlessCd(command) || sunk.every((copy) => !needsFolderOf(file, copy, effects) && !renumbersOwner(copy, [command]) && (independent(effects, effectsOf(file, copy)) || findsNothing(reading, command, effects, copy)));
}

/**
 * Reads the commands of the RUN in order, up to one behind the install that may read the sources; false when something in front of the
 * install needs them.
 */
export function readRun(reading: Reading): boolean {
  const { file, run } = reading;
  for (const command of file.commandsOf(run)) {
    const invocation = readInvocation(command);
    const manifest = invocation?.action === 'install-manifest' || invocation?.action === 'install-project';
    if (invocation !== undefined && manifest) {
      if (command.conditional || !readManifestInstall(reading, invocation)) return false;
      reading.install ??= invocation;
      continue;
    }
    if (!isFree(reading, command)) {
      if (reading.install === undefined) return false;
      reading.split = splitBefore(file, run, command.step);
      if (reading.split === undefined) reading.refusals.push(`\`${textAt(file.source, command.span).split('\n')[0]?.trim() ?? ''}\` in the same RUN may read the sources; a RUN of its own below them would not hold the install up.`);
      break;
    }
    if (invocation !== undefined && isInstall(invocation)) reading.install ??= invocation;
  }
  return reading.install !== undefined && file.scripts(run).every((script) => !script.unreadable);
}
