import { flag, type Instruction } from '../dockerfile/instruction.ts';
import { destination } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { isBelow } from './effects.ts';
import { findStage, type Stage } from './stages.ts';
import { joinPath } from './state.ts';

/** A stage and those it is built on. */
export function lineage(stage: Stage | undefined): Stage[] {
  const stages: Stage[] = [];
  for (let at = stage; at !== undefined; at = at.parent) stages.push(at);
  return stages;
}

/** The folder in front of the first part that holds a glob; the whole text where there is none. Undefined where a variable decides. */
export function beforeGlob(text: string): string | undefined {
  const at = text.search(/[*?[]|(?<!\$)\{/);
  const head = at === -1 ? text : text.slice(0, at);
  if (head.includes('$')) return undefined;
  return at === -1 ? text : text.slice(0, text.lastIndexOf('/', at) + 1);
}

/** The instructions of a stage and those it is built on, in order, up to `before`. */
export const instructionsUpTo = (stage: Stage | undefined, before: Instruction): Instruction[] =>
  lineage(stage).toReversed().flatMap(({ instructions }) => instructions.filter(({ index }) => index < before.index));

/** What one COPY takes of another stage. */
interface Taken {
  readonly from: Stage;
  readonly path: string;
  /** Where it puts it; undefined where nobody can tell. */
  readonly to: string | undefined;
}

/** What a stage copies of other stages; a glob is cut at its folder, sources that a variable decides are left out. */
function takenBy(file: Dockerfile, stage: Stage): Taken[] {
  return stage.instructions.flatMap((instruction) => {
    const name = instruction.keyword === 'COPY' ? flag(instruction, 'from')?.value : undefined;
    const from = name === undefined ? undefined : findStage(file.stages, name, stage.index);
    if (from === undefined) return [];
    const to = destination(file, instruction)?.path;
    return instruction.words.slice(0, -1).flatMap((word) => {
      const text = beforeGlob(file.expand(word.raw, instruction) ?? '$');
      const path = text === undefined ? undefined : joinPath('/', text);
      return path === undefined ? [] : [{ from, path, to }];
    });
  });
}

/** True when one of two places holds the other, or both are the same. */
export const touches = (one: string, other: string): boolean => isBelow(one, other) || isBelow(other, one);

/**
 * The paths of each stage that end up in the image that is built, because a stage of the image copies them from it, or
 * from one that is built on it, or from one that copied them.
 */
export function pathsIntoImage(file: Dockerfile): ReadonlyMap<Stage, readonly string[]> {
  const paths = new Map<Stage, string[]>();
  const add = (stage: Stage, path: string): void => {
    for (const each of lineage(stage)) paths.set(each, [...(paths.get(each) ?? []), path]);
  };
  for (const to of file.stages.toReversed()) {
    const onward = paths.get(to) ?? [];
    for (const { from, path, to: place } of takenBy(file, to)) {
      if (file.shippedStages.has(to) || onward.some((each) => place === undefined || touches(place, each))) add(from, path);
    }
  }
  return paths;
}
