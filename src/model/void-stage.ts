import { flag, type Instruction } from '../dockerfile/instruction.ts';
import { destination } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { lineage } from './shipped.ts';
import { findStage, type Stage } from './stages.ts';
import { joinPath } from './state.ts';

/** A stage that is built on another one and copies from it what it has already: the other was to be left behind. */
export interface VoidStage {
  readonly stage: Stage;
  readonly from: Stage;
}

const runsSomething = (stage: Stage): boolean => lineage(stage).some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'RUN'));

function copiesSamePlace(file: Dockerfile, copy: Instruction): boolean {
  const to = destination(file, copy)?.path;
  return to !== undefined && copy.words.slice(0, -1).some((source) => {
    const text = file.expand(source.raw, copy);
    return text !== undefined && joinPath('/', text) === to;
  });
}

/** The first stage of the image that copies from a stage it is built on. */
export function voidStage(file: Dockerfile): VoidStage | undefined {
  for (const stage of lineage(file.targetStage).toReversed()) {
    const below = lineage(stage.parent);
    for (const copy of stage.instructions) {
      const from = copy.keyword === 'COPY' ? flag(copy, 'from')?.value : undefined;
      const source = from === undefined ? undefined : findStage(file.stages, from, stage.index);
      if (source !== undefined && below.includes(source) && runsSomething(source) && copiesSamePlace(file, copy)) return { stage, from: source };
    }
  }
  return undefined;
}
