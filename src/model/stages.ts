import { expand, type Lookup } from '../dockerfile/expand.ts';
import { readImage, type ImageReference } from '../dockerfile/image.ts';
import { flag, type Instruction } from '../dockerfile/instruction.ts';
import type { Word } from '../dockerfile/words.ts';
import { span, type Span } from '../span.ts';
import { imageFacts, type ImageFacts } from './bases.ts';

/** A build stage: a FROM and what follows it. */
export interface Stage {
  readonly index: number;
  /** In lower case, as BuildKit compares names. */
  readonly name: string | undefined;
  readonly nameWord: Word | undefined;
  readonly from: Instruction;
  /** The FROM's image as it is written; undefined for a FROM without one. */
  readonly imageWord: Word | undefined;
  /** The stage of this file it is built on. */
  readonly parent: Stage | undefined;
  /** The image it is built on, global arguments put in; undefined for a stage, `scratch` or an unknown value. */
  readonly image: ImageReference | undefined;
  /** What is known of the image this stage and its parents start from. */
  readonly facts: ImageFacts | undefined;
  readonly fromScratch: boolean;
  /** Without the FROM. */
  readonly instructions: readonly Instruction[];
  readonly span: Span;
}

/** A place where one stage takes files of another stage or image. */
export interface StageUse {
  readonly instruction: Instruction;
  /** The value of `--from` or of a mount's `from`. */
  readonly text: string;
  readonly stage: Stage | undefined;
}

function splitStages(instructions: readonly Instruction[]): Instruction[][] {
  const groups: Instruction[][] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') groups.push([instruction]);
    else groups.at(-1)?.push(instruction);
  }
  return groups;
}

/** The stage a name or a number stands for, among those before `before`. */
export function findStage(stages: readonly Stage[], text: string, before: number): Stage | undefined {
  const name = text.toLowerCase();
  for (let index = Math.min(before, stages.length) - 1; index >= 0; index -= 1) {
    if (stages[index]?.name === name) return stages[index];
  }
  return /^\d+$/.test(text) && Number(text) < before ? stages[Number(text)] : undefined;
}

/** Reads the stages; `lookup` gives the values of global arguments. */
export function readStages(instructions: readonly Instruction[], lookup: Lookup, escape: string): Stage[] {
  const stages: Stage[] = [];
  for (const [from, ...rest] of splitStages(instructions)) {
    if (from === undefined) continue;
    const [imageWord, as, nameWord] = from.words;
    const named = as?.text.toLowerCase() === 'as' ? nameWord : undefined;
    const text = imageWord === undefined ? undefined : expand(imageWord.raw, lookup, escape);
    const parent = text === undefined ? undefined : findNamed(stages, text);
    const fromScratch = parent?.fromScratch ?? text?.toLowerCase() === 'scratch';
    const image = text === undefined || text === '' || parent !== undefined || fromScratch ? undefined : readImage(text);
    stages.push({
      index: stages.length,
      name: named?.text.toLowerCase(),
      nameWord: named,
      from, imageWord, parent, image, fromScratch,
      facts: parent === undefined ? image && imageFacts(image) : parent.facts,
      instructions: rest,
      span: span(from.span.start, rest.at(-1)?.span.end ?? from.span.end),
    });
  }
  return stages;
}

/** FROM takes a stage's name, never its number. */
function findNamed(stages: readonly Stage[], text: string): Stage | undefined {
  const name = text.toLowerCase();
  return stages.findLast((stage) => stage.name === name);
}

/** The options of one `--mount` flag. */
export interface Mount {
  readonly type: string;
  readonly options: ReadonlyMap<string, string>;
  readonly target: string | undefined;
  readonly source: string | undefined;
  readonly from: string | undefined;
  readonly flagSpan: Span;
}

/** The mounts of a RUN. */
export function mounts(instruction: Instruction): Mount[] {
  return instruction.flags.flatMap((each) => {
    if (each.name !== 'mount' || each.value === undefined) return [];
    const options = new Map<string, string>();
    for (const part of each.value.split(',')) {
      const equals = part.indexOf('=');
      const key = (equals === -1 ? part : part.slice(0, equals)).trim().toLowerCase();
      options.set(key, equals === -1 ? 'true' : part.slice(equals + 1));
    }
    const either = (...keys: string[]): string | undefined => keys.map((key) => options.get(key)).find((value) => value !== undefined);
    return [{
      type: options.get('type') ?? 'bind', options,
      target: either('target', 'dst', 'destination'), source: either('source', 'src'), from: options.get('from'),
      flagSpan: each.span,
    }];
  });
}

/** Where `stage` takes files of other stages or images: COPY and ADD `--from`, mounts' `from`. */
export function stageUses(stage: Stage, stages: readonly Stage[]): StageUse[] {
  return stage.instructions.flatMap((instruction) => {
    const texts = instruction.keyword === 'RUN'
      ? mounts(instruction).flatMap((mount) => (mount.from === undefined ? [] : [mount.from]))
      : [flag(instruction, 'from')?.value].filter((value) => value !== undefined);
    return texts.map((text) => ({ instruction, text, stage: findStage(stages, text, stage.index) }));
  });
}

/**
 * The stages a build of `target` runs: those it is built on or copies from.
 * @param target the stage that is built; the last one when undefined
 */
export function neededStages(stages: readonly Stage[], target: Stage | undefined): Set<Stage> {
  const needed = new Set<Stage>();
  const visit = (stage: Stage | undefined): void => {
    if (stage === undefined || needed.has(stage)) return;
    needed.add(stage);
    visit(stage.parent);
    for (const use of stageUses(stage, stages)) visit(use.stage);
  };
  visit(target ?? stages.at(-1));
  return needed;
}
