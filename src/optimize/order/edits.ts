import type { Instruction } from '../../dockerfile/instruction.ts';
import { newlineOf } from '../../edits.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Edit } from '../../rule.ts';
import { span, textAt, type Span } from '../../span.ts';
import { blockRemovals, withComments } from '../lines.ts';
import type { OrderPlan } from './plan.ts';

/** False for instructions in several pieces, which are not carried elsewhere. */
const isCarried = ({ heredocs, comments, unfinished }: Instruction): boolean => heredocs.length === 0 && comments.length === 0 && !unfinished;

const blankBelow = /^[ \t]*\r?\n[ \t]*\r?\n/;
const blankAbove = /\n[ \t]*\r?\n[ \t]*$/;

/** True when a comment names something of an instruction's own text. */
function isAbout(comment: string, text: string): boolean {
  const words = new Set(text.toLowerCase().split(/[^a-z0-9]+/));
  return comment.toLowerCase().split(/[^a-z0-9]+/).some((word) => word.length > 2 && words.has(word));
}

/** Comments for linters belong to the instruction they stand on. */
const isForLinters = (comment: string): boolean => /\b(?:hadolint|shipshape|ignore|disable|nosemgrep)\b|check\s*=/i.test(comment);

/**
 * How much text moves with a step. Where that is alike, a COPY rather moves down than an install up; what is no step, or can't be
 * carried, stays.
 */
export function linesToMove(file: Dockerfile, step: Instruction): number {
  if (!/^(?:RUN|COPY|ADD)$/.test(step.keyword) || !isCarried(step)) return 1_000_000;
  const whole = withComments(file, step);
  const comment = file.source.slice(whole.start, step.span.start);
  const at = isAbout(comment, textAt(file.source, step.span)) ? whole : step.span;
  return textAt(file.source, at).split('\n').length + (step.keyword === 'RUN' ? 0.5 : 0);
}

/** The lines of a moved step. A comment stays where what stands on the next line stays, and it may speak of that. */
function linesOf(file: Dockerfile, instruction: Instruction, moved: ReadonlySet<Instruction>): Span {
  const next = file.instructions[instruction.index + 1];
  const whole = withComments(file, instruction);
  const comment = file.source.slice(whole.start, instruction.span.start);
  const stays = next !== undefined && !moved.has(next) && /^[ \t]*\r?\n[ \t]*$/.test(file.source.slice(instruction.span.end, next.span.start));
  const isCopy = next?.keyword === 'COPY' || next?.keyword === 'ADD';
  return stays && !isForLinters(comment) && (isCopy || !isAbout(comment, textAt(file.source, instruction.span))) ? instruction.span : whole;
}

/** Steps that come to stand together below one that stays. */
interface Block {
  readonly below: Instruction;
  readonly steps: Instruction[];
}

function blocksOf({ stage, order, moved }: OrderPlan): Block[] {
  const blocks: Block[] = [];
  let below = stage.from;
  const isMoved = new Set(moved);
  for (const instruction of order) {
    if (!isMoved.has(instruction)) below = instruction;
    else if (blocks.at(-1)?.below === below) blocks.at(-1)?.steps.push(instruction);
    else blocks.push({ below, steps: [instruction] });
  }
  return blocks;
}

/** The text of a block: steps that stood together keep what stands between them. */
function textOf(file: Dockerfile, steps: readonly Instruction[], places: ReadonlyMap<Instruction, Span>, newline: string): string {
  let text = '';
  let last: Span | undefined;
  for (const step of steps) {
    const at = places.get(step) ?? step.span;
    const between = last === undefined || last.end > at.start ? undefined : file.source.slice(last.end, at.start);
    text += last === undefined ? '' : between?.trim() === '' ? between : newline;
    text += textAt(file.source, at);
    last = at;
  }
  return text;
}

/** The edits that carry a plan out; undefined where a text can't be carried for sure. */
export function orderEdits(file: Dockerfile, plan: OrderPlan): Edit[] | undefined {
  const moved = new Set(plan.moved);
  const blocks = blocksOf(plan);
  if (!plan.moved.every(isCarried) || blocks.some(({ below }) => below.unfinished || below.heredocs.length > 0)) return undefined;
  const newline = newlineOf(file.source);
  const places = new Map(plan.moved.map((each) => [each, linesOf(file, each, moved)]));
  const inserts = blocks.map(({ below, steps }): Edit => {
    const text = textOf(file, steps, places, newline);
    const first = steps[0];
    const start = first === undefined ? 0 : places.get(first)?.start ?? 0;
    const behind = file.source.slice(below.span.end);
    const end = places.get(steps.at(-1) ?? below)?.end ?? start;
    const isApart = blankAbove.test(file.source.slice(0, start)) || blankBelow.test(file.source.slice(end));
    const hasGap = blankBelow.test(behind) || behind.trim() === '';
    const lead = isApart && (hasGap || text.startsWith('#')) ? newline + newline : newline;
    const trail = lead !== newline && !hasGap ? newline : '';
    return { span: span(below.span.end, below.span.end), text: lead + text + trail };
  });
  const inOrder = [...places.values()].sort((a, b) => a.start - b.start);
  return [...inserts, ...blockRemovals(file, inOrder).map((edit) => withoutLastBlank(file, edit))];
}

/** No blank line is left at the end of the file. */
function withoutLastBlank({ source }: Dockerfile, { span: at, text }: Edit): Edit {
  const blank = at.end === source.length ? /(?<=\n)(?:[ \t]*\r?\n)+$/.exec(source.slice(0, at.start)) : null;
  return { span: span(at.start - (blank?.[0].length ?? 0), at.end), text };
}
