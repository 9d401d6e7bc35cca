import { readIgnoreFile } from '../context/dockerignore.ts';
import type { BuildContext } from '../context/context.ts';
import { flag, flagValues, type Instruction } from '../dockerfile/instruction.ts';
import { factOf } from '../fact.ts';
import { copySources, destination, placeInImage } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { effectsOf, independent, isBelow, meet, type Effects } from '../model/effects.ts';
import { readInvocation, type Invocation } from '../model/packages.ts';
import type { Stage } from '../model/stages.ts';
import { textAt } from '../span.ts';
import { folderTest, isBroadCopy } from './broad.ts';
import { landingRefusals } from './landing.ts';
import { disagreeOnOwner, hasLostFolder, isPresent, keepsOtherOwner, needsFolderOf, renumbersOwner } from './present.ts';
import { readRun, type Reading } from './sink-reading.ts';
import type { Split } from './split.ts';

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
  /** Where the RUN is cut in two, because it goes on to read the sources. */
  readonly split: Split | undefined;
  readonly copies: readonly [SunkCopy, ...SunkCopy[]];
  /** Why the move can't be made as it stands, a sentence each. */
  readonly refusals: readonly string[];
  /** Why it is only likely to change nothing. */
  readonly doubts: readonly string[];
}

const written = (file: Dockerfile, copy: Instruction): Effects => effectsOf(file, copy);

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
  if (instruction.keyword === 'RUN' && (needsFolderOf(file, copy, effects) || renumbersOwner(copy, file.commandsOf(instruction)))) return false;
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
  const { file, context, inputs } = reading;
  return [...inputs].flatMap((path) => {
    const name = path.replace(/\*$/, '');
    const place = placeInImage(file, copy, name, folderTest(context));
    return place === undefined || isPresent(reading, name, place) ? [] : [{ path, place }];
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
  const reading: Reading = { file, stage, run, context, sunk, refusals: [], doubts: [], inputs: new Set(), install: undefined, split: undefined };
  if (!readRun(reading) || reading.install === undefined) return undefined;
  const { install } = reading;
  const copies = sunk.map((copy) => ({ copy, needed: neededOf(reading, copy) }));
  if (hasLostFolder(reading, copies.flatMap(({ needed }) => needed.map(({ place }) => place)))) return undefined;
  const stays = ({ copy, needed }: SunkCopy): boolean => needed.length === 0 && landingRefusals(file, copy, [], install, context).length > 0;
  const [first, ...rest] = copies.slice(copies.findIndex((each) => !stays(each)));
  if (first === undefined || copies.every(stays) || dependenciesCameFirst(file, stage, install, first.copy)) return undefined;
  reading.refusals.push(...[first, ...rest].flatMap((each) => [
    ...formRefusals(file, each, reading.inputs.size > 0 ? context : undefined), ...landingRefusals(file, each.copy, each.needed.map(({ path }) => path), install, context),
  ]));
  reading.doubts.push(...folderDoubts(reading, [first, ...rest].map(({ copy }) => copy)));
  for (const each of [first, ...rest]) if (each.needed.length === 0) reading.doubts.push(...ownerDoubts(file, stage, each.copy, run));
  return { stage, run, install, split: reading.split, copies: [first, ...rest], refusals: [...new Set(reading.refusals)], doubts: [...new Set(reading.doubts)] };
}

/** Folders may come to belong to somebody else. */
function folderDoubts(reading: Reading, moved: readonly Instruction[]): string[] {
  const { file, stage, run } = reading;
  const copies = stage.instructions.filter((each) => isFilesCopy(each) && each.index >= (moved[0]?.index ?? 0) && each.index < run.index);
  const linked = moved.some((copy) => flag(copy, 'link') !== undefined && flag(copy, 'chown') !== undefined);
  return [
    ...(disagreeOnOwner(file, copies) ? ['A folder would be made by another COPY first, and belong to another user.'] : []),
    ...(linked ? ['The layer of a `COPY --link` brings its folders with their owner, which lie over those that are there.'] : []),
    ...(moved.some((copy) => keepsOtherOwner(reading, copy)) ? ['The folder of the manifests is there already, and would keep its owner until the sources are copied.'] : []),
  ];
}

/** Where nothing of a COPY stays, a WORKDIR that followed it makes the folder, owned by the user at that point. */
function ownerDoubts(file: Dockerfile, stage: Stage, copy: Instruction, run: Instruction): string[] {
  const maker = stage.instructions.find((each) =>
    each.keyword === 'WORKDIR' && each.index > copy.index && each.index < run.index && !independent(written(file, copy), effectsOf(file, each)));
  const user = maker === undefined ? 'root' : file.stateAt(maker).user;
  const isRoots = /^(?:root|0)(?::(?:root|0))?$/.test(flag(copy, 'chown')?.value ?? 'root');
  return maker === undefined || (isRoots && (user === 'root' || user === '0')) ? [] : ['The folder would be made by WORKDIR first, and belong to another user.'];
}

const isFilesCopy = ({ keyword }: Instruction): boolean => keyword === 'COPY' || keyword === 'ADD';

/** Forms of COPY that we don't write anew. */
function formRefusals(file: Dockerfile, { copy, needed }: SunkCopy, context: BuildContext | undefined): string[] {
  const text = `\`${textAt(file.source, copy.span).split('\n')[0] ?? ''}\``;
  if (flag(copy, 'parents') !== undefined) return [`${text} keeps parent folders, which a split would have to repeat.`];
  if (copy.words.some((word) => word.raw.includes('$'))) return [`${text} names its files by variables.`];
  const flattens = copySources(file, copy).some(({ glob, path }) => glob && path !== undefined && !path.includes('/')) && context?.sentBelow('').some((path) => path.includes('/')) === true;
  if (flattens) return [`${text} takes what its folders hold apart, so files of the same name lie on each other.`];
  const excluded = readIgnoreFile(flagValues(copy, 'exclude').join('\n'));
  const left = needed.find(({ path }) => copySources(file, copy).some((source) => source.path !== undefined && excluded.ignores(path.slice(source.path === '' ? 0 : source.path.length + 1))));
  return left === undefined ? [] : [`${text} leaves \`${left.path}\` out.`];
}

function findPlans(file: Dockerfile, stage: Stage, context: BuildContext | undefined): SinkPlan[] {
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

/** Several rules ask for the plans of a stage. */
const plansOf = factOf((_stage: Stage) => new Map<BuildContext | undefined, readonly SinkPlan[]>());

/**
 * Finds installs that stand below a COPY of sources they do not need: one plan for each RUN, each COPY
 * in the first plan that can take it.
 */
export function sinkPlans(file: Dockerfile, stage: Stage, context: BuildContext | undefined): readonly SinkPlan[] {
  const known = plansOf(stage);
  const plans = known.get(context) ?? findPlans(file, stage, context);
  known.set(context, plans);
  return plans;
}
