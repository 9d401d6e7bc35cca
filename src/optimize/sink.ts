import { readIgnoreFile } from '../context/dockerignore.ts';
import { readInstallInputs, type InstallInputs } from '../context/manifests.ts';
import { workspaceRoot } from '../context/manifests/sentences.ts';
import type { BuildContext } from '../context/context.ts';
import type { Command } from '../dockerfile/command.ts';
import { flag, flagValues, type Instruction } from '../dockerfile/instruction.ts';
import { copySources, destination, placeInImage, readsContext } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { commandFolder, effectsOf, independent, isBelow, meet, type Effects } from '../model/effects.ts';
import { readInvocation, type Invocation } from '../model/packages.ts';
import { commandEffects } from '../model/programs.ts';
import { mounts, type Stage } from '../model/stages.ts';
import { definitions } from '../model/variables.ts';
import { textAt } from '../span.ts';
import { folderTest, isBroadCopy } from './broad.ts';
import { conventionalManifests } from './conventional.ts';
import { landingRefusals } from './landing.ts';

/** A file that an install reads, and where in the image it must lie. */
export interface NeededFile {
  readonly path: string;
  readonly place: string;
}

/** A COPY of sources that stands above an install, and what of it the install reads. */
export interface SunkCopy {
  readonly copy: Instruction;
  /** Copied in its old place; the rest moves below the install. */
  readonly needed: readonly NeededFile[];
}

/** COPYs that may move below an install. */
export interface SinkPlan {
  readonly stage: Stage;
  readonly run: Instruction;
  /** The command that installs. */
  readonly install: Invocation;
  readonly copies: readonly [SunkCopy, ...SunkCopy[]];
  /** Why the move can't be made as it stands, a sentence each. */
  readonly refusals: readonly string[];
  /** Why it is only likely to change nothing. */
  readonly doubts: readonly string[];
}

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

/** COPYs that bring files of another context folder to where the install runs: what it reads then comes from both. */
function layeredRefusals(file: Dockerfile, copies: Iterable<Instruction>, folder: string, found: ContextPlace, context: BuildContext | undefined): string[] {
  return [...copies].flatMap((copy) => copySources(file, copy).flatMap(({ path, glob }) => {
    const to = destination(file, copy);
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
function copiesAbove(stage: Stage, run: Instruction): Instruction[] {
  const own = stage.instructions.filter((each) => each.index < run.index && readsContext(each)).toReversed();
  return stage.parent === undefined ? own : [...own, ...copiesAbove(stage.parent, stage.from)];
}

interface Reading {
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
  /** A command behind the install may read the sources. */
  built: boolean;
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

const written = (file: Dockerfile, copy: Instruction): Effects => effectsOf(file, copy);

/** Reads the commands of the RUN in order; false when something in front of the install needs the sources. */
function readRun(reading: Reading): boolean {
  const { file, run, sunk } = reading;
  for (const command of file.commandsOf(run)) {
    const invocation = readInvocation(command);
    const manifest = invocation?.action === 'install-manifest' || invocation?.action === 'install-project';
    if (invocation !== undefined && manifest) {
      if (command.conditional || !readManifestInstall(reading, invocation)) return false;
      reading.install ??= invocation;
      continue;
    }
    const effects = commandEffects(command, commandFolder(file, command), file.stateAt(command.instruction).lookup);
    const free = isHarmlessCd(command) || sunk.every((copy) => independent(effects, written(file, copy)));
    if (!free && reading.install === undefined) return false;
    if (!free && !reading.built) reading.refusals.push(`\`${textAt(file.source, command.span).split('\n')[0]?.trim() ?? ''}\` in the same RUN may read the sources; a RUN of its own below them would not hold the install up.`);
    reading.built ||= !free;
    if (free && invocation !== undefined && isInstall(invocation)) reading.install ??= invocation;
  }
  return reading.install !== undefined && file.scripts(run).every((script) => !script.unreadable);
}

/** Names that a COPY's words use must have the same values below. */
function usesRedefined(file: Dockerfile, copy: Instruction, between: readonly Instruction[]): boolean {
  if (!textAt(file.source, copy.span).includes('$')) return false;
  return between.some(({ keyword }) => keyword === 'ENV' || keyword === 'ARG');
}

/** True when `copy` may move down past `instruction`. */
function passes(file: Dockerfile, copy: Instruction, instruction: Instruction): boolean {
  if (instruction.keyword === 'ONBUILD') return false;
  const own = written(file, copy);
  if (instruction.keyword === 'VOLUME') return !meet(own.writes, instruction.words.map((word) => word.text));
  const effects = effectsOf(file, instruction);
  if (instruction.keyword === 'WORKDIR') return isBelowDestination(file, copy, effects) || independent(own, effects);
  return independent(own, effects);
}

/** WORKDIR only makes the folder, which the COPY of the manifests, or the COPY below, makes too. */
function isBelowDestination(file: Dockerfile, copy: Instruction, effects: Effects): boolean {
  const to = destination(file, copy);
  return to !== undefined && effects.writes !== 'everything' && effects.writes.every((path) => isBelow(path, to.path) || isBelow(to.path, path));
}

/** The broad COPYs above a RUN that could come below it, as far as the lines between are concerned. */
function sinkable(file: Dockerfile, stage: Stage, run: Instruction, context: BuildContext | undefined): Instruction[] {
  const found: Instruction[] = [];
  const own = stage.instructions.filter(({ index }) => index < run.index);
  for (let at = own.length - 1; at >= 0; at -= 1) {
    const copy = own[at];
    if (copy === undefined || !isBroadCopy(file, copy, context) || copy.heredocs.length > 0) continue;
    const between = own.slice(at + 1).filter((each) => !found.includes(each));
    if (between.every((each) => passes(file, copy, each)) && !usesRedefined(file, copy, between)) found.unshift(copy);
  }
  return found;
}

/** Which of the inputs only the sunk COPYs bring, with their places. */
function neededOf(reading: Reading, copy: Instruction): NeededFile[] {
  const { file, run, stage, context, sunk, inputs } = reading;
  const others = copiesAbove(stage, run).filter((each) => !sunk.includes(each));
  const bound = new Set(mounts(run).filter((mount) => mount.type === 'bind' && mount.from === undefined).map((mount) => mount.source ?? ''));
  return [...inputs].flatMap((path) => {
    const name = path.replace(/\*$/, '');
    const place = placeInImage(file, copy, name, folderTest(context));
    const elsewhere = bound.has(name) || bound.has('') || bound.has('.') || others.some((other) => placeInImage(file, other, name, folderTest(context)) === place);
    return place === undefined || elsewhere ? [] : [{ path, place }];
  });
}

/** The dependencies came first, from manifests alone; what is left for the RUN is the project itself. */
export const dependenciesCameFirst = (file: Dockerfile, stage: Stage, install: Invocation, before: Instruction): boolean =>
  install.action === 'install-project' && stage.instructions.some((each) => each.keyword === 'RUN' && each.index < before.index &&
    file.commandsOf(each).some((command) => {
      const earlier = readInvocation(command);
      return earlier?.manager.name === install.manager.name && (earlier.action === 'install-manifest' || earlier.action === 'install-project');
    }));

function planFor(file: Dockerfile, stage: Stage, run: Instruction, context: BuildContext | undefined): SinkPlan | undefined {
  const sunk = sinkable(file, stage, run, context);
  // Behind a RUN that ends in a continuation, a COPY would be part of it.
  if (sunk.length === 0 || run.unfinished) return undefined;
  const reading: Reading = { file, stage, run, context, sunk, refusals: [], doubts: [], inputs: new Set(), install: undefined, built: false };
  if (!readRun(reading) || reading.install === undefined) return undefined;
  const { install } = reading;
  const copies = sunk.map((copy) => ({ copy, needed: neededOf(reading, copy) }));
  const stays = ({ copy, needed }: SunkCopy): boolean => needed.length === 0 && landingRefusals(file, copy, [], install, context).length > 0;
  const [first, ...rest] = copies.slice(copies.findIndex((each) => !stays(each)));
  if (first === undefined || copies.every(stays) || dependenciesCameFirst(file, stage, install, first.copy)) return undefined;
  reading.refusals.push(...[first, ...rest].flatMap((each) => [
    ...formRefusals(file, each), ...landingRefusals(file, each.copy, each.needed.map(({ path }) => path), install, context),
  ]));
  for (const each of [first, ...rest]) if (each.needed.length === 0) reading.doubts.push(...ownerDoubts(file, stage, each.copy, run));
  return { stage, run, install, copies: [first, ...rest], refusals: [...new Set(reading.refusals)], doubts: [...new Set(reading.doubts)] };
}

/** Where nothing of a COPY stays, a WORKDIR that followed it makes the folder, owned by the user at that point. */
function ownerDoubts(file: Dockerfile, stage: Stage, copy: Instruction, run: Instruction): string[] {
  const maker = stage.instructions.find((each) =>
    each.keyword === 'WORKDIR' && each.index > copy.index && each.index < run.index && !independent(written(file, copy), effectsOf(file, each)));
  const user = maker === undefined ? 'root' : file.stateAt(maker).user;
  return user === 'root' || user === '0' ? [] : ['The folder would be made by WORKDIR first, and belong to another user.'];
}

/** Forms of COPY that we don't write anew. */
function formRefusals(file: Dockerfile, { copy, needed }: SunkCopy): string[] {
  const text = `\`${textAt(file.source, copy.span).split('\n')[0] ?? ''}\``;
  if (flag(copy, 'parents') !== undefined) return [`${text} keeps parent folders, which a split would have to repeat.`];
  if (copy.words.some((word) => word.raw.includes('$'))) return [`${text} names its files by variables.`];
  const excluded = readIgnoreFile(flagValues(copy, 'exclude').join('\n'));
  const left = needed.find(({ path }) => copySources(file, copy).some((source) => source.path !== undefined && excluded.ignores(path.slice(source.path === '' ? 0 : source.path.length + 1))));
  return left === undefined ? [] : [`${text} leaves \`${left.path}\` out.`];
}

/**
 * Finds installs that stand below a COPY of sources they do not need: one plan for each RUN, each COPY
 * in the first plan that can take it.
 */
export function sinkPlans(file: Dockerfile, stage: Stage, context: BuildContext | undefined): SinkPlan[] {
  const plans: SinkPlan[] = [];
  const planned = new Set<Instruction>();
  for (const run of stage.instructions) {
    if (run.keyword !== 'RUN') continue;
    const plan = planFor(file, stage, run, context);
    if (plan === undefined || plan.copies.some(({ copy }) => planned.has(copy))) continue;
    for (const { copy } of plan.copies) planned.add(copy);
    plans.push(plan);
  }
  return plans;
}
