import type { BuildContext } from '../../context/context.ts';
import { nameOf } from '../../model/bases/name.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { isBelow } from '../../model/effects.ts';
import { mounts } from '../../model/stages.ts';
import type { Edit } from '../../rule.ts';
import { refuseCommon } from './common.ts';
import { dotnetShape } from './dotnet.ts';
import { Draft, type Images, type Refusal, type Shape } from './draft.ts';
import { goShape } from './go.ts';
import { javaShape } from './java.ts';
import { serveNode } from './node.ts';
import { pythonShape } from './python.ts';
import { rustShape } from './rust.ts';
import { siteShape } from './site.ts';
import { stageEdits } from './write.ts';

/** What lies in a cache of the builder is in no layer that could be copied. */
function refuseCached(draft: Draft): void {
  for (const { flagSpan, type, target } of draft.runs.flatMap(mounts)) {
    const hidden = type !== 'bind' && target !== undefined ? draft.copies.find(({ from }) => isBelow(from, target)) : undefined;
    if (hidden !== undefined) draft.refuse(flagSpan, `\`${hidden.from}\` lies in a mount, so it is in no stage that could be copied from.`);
  }
}

/** A site of files, or else a server. */
function nodeShape(draft: Draft): void {
  if (!siteShape(draft)) serveNode(draft);
}

/** The kinds of projects two stages can be made for, by the image they are built on. */
const shapes: Readonly<Record<string, Shape>> = {
  golang: goShape, rust: rustShape, node: nodeShape, python: pythonShape,
  maven: javaShape, gradle: javaShape, openjdk: javaShape, 'eclipse-temurin': javaShape, 'mcr.microsoft.com/dotnet/sdk': dotnetShape,
};

/** Two stages, or the reasons why the file stays as it is. */
export interface Stages {
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly notes: readonly string[];
  readonly refusals: readonly Refusal[];
}

const refused = (at: Refusal['at'], reason: string): Stages => ({ title: '', edits: [], notes: [], refusals: [{ at, reason }] });

/**
 * Makes two stages of a file with one: one that builds, and one that ships what it made.
 * @returns the edits, or why there are none; undefined for a file that is not read
 */
export function planStages(file: Dockerfile, context: BuildContext | undefined, images: Images): Stages | undefined {
  const [stage, another] = file.stages;
  if (stage === undefined || file.problems.length > 0) return undefined;
  if (another !== undefined) return refused(another.from.span, 'The file has several stages already, and which of them is to be left behind can\'t be told.');
  const name = stage.image === undefined ? '' : nameOf(stage.image);
  const shape = Object.hasOwn(shapes, name) && stage.facts?.distribution !== 'windows' ? shapes[name] : undefined;
  if (shape === undefined) return refused((stage.imageWord ?? stage.from).span, 'What the program needs of this image when it runs can\'t be told.');
  const draft = new Draft(file, stage, context, images);
  refuseCommon(draft);
  shape(draft);
  refuseCached(draft);
  const { refusals, notes, title } = draft;
  return { title, notes, refusals, edits: refusals.length > 0 ? [] : stageEdits(draft) };
}
