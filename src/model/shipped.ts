import { flag } from '../dockerfile/instruction.ts';
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

/**
 * The paths that stages of the image copy from a stage, or from one that is built on it; a glob is cut at its folder.
 * Sources that a variable decides are left out.
 */
export function pathsCopiedFrom(file: Dockerfile, stage: Stage): string[] {
  return [...file.shippedStages].flatMap((to) => to.instructions.flatMap((instruction) => {
    const from = flag(instruction, 'from')?.value;
    if (instruction.keyword !== 'COPY' || from === undefined) return [];
    if (!lineage(findStage(file.stages, from, to.index)).includes(stage)) return [];
    return instruction.words.slice(0, -1).flatMap((word) => {
      const text = file.expand(word.raw, instruction);
      const path = text === undefined ? undefined : joinPath('/', text.replace(/[^/]*[*?[].*$/, ''));
      return path === undefined ? [] : [path];
    });
  }));
}

/** True when what a stage leaves at one of these places is in the image that is built. */
export const shipsPath = (file: Dockerfile, stage: Stage, places: readonly string[]): boolean =>
  file.shippedStages.has(stage) || pathsCopiedFrom(file, stage).some((copied) => places.some((place) => isBelow(place, copied)));
