import type { Commit } from '../context/history.ts';
import { costClass, type CostClass } from '../model/cost.ts';
import type { Plan } from '../optimize/plan.ts';
import type { Replayed, ReplayedStep, StepCost } from '../optimize/replay.ts';
import { textAt } from '../span.ts';

/** Where the commits come from that were replayed. */
export type HistorySource = 'git' | 'assumed' | 'none';

/** What became of one Dockerfile. */
export interface OrderResult {
  readonly path: string;
  readonly text: string;
  readonly plan: Plan;
  readonly costOf: StepCost;
  /** What costs are counted in. */
  readonly unit: 'seconds' | 'class units';
  readonly source: HistorySource;
  /** The newest first. */
  readonly commits: readonly Commit[];
  /** What a reader must know to judge the numbers, a sentence each. */
  readonly notes: readonly string[];
  readonly isWritten: boolean;
}

/** A file that could not be looked at, and why: a sentence. */
export interface OrderFailure {
  readonly path: string;
  readonly error: string;
}

export interface OrderOptions {
  readonly color: boolean;
  readonly columns: number;
  readonly unsafe: boolean;
}

export type OrderReporter = (results: readonly OrderResult[], failures: readonly OrderFailure[], options: OrderOptions) => string;

/** How often a step is run again, and what that costs a commit on average. */
export interface Share {
  /** Of the commits, from 0 to 1. */
  readonly share: number;
  readonly cost: number;
  /** 1 for a commit that runs it, the newest first. */
  readonly runs: Uint8Array;
}

/** A step of the file before or after the moves. */
export interface OrderRow {
  readonly stage: string;
  /** On one line. */
  readonly step: string;
  readonly class: CostClass | 'base image';
  /** Undefined for a step that was not there. */
  readonly before: Share | undefined;
  readonly after: Share | undefined;
  /** It stands elsewhere than before. */
  readonly moved: boolean;
}

/** A text on one line, blanks joined. */
export const oneLine = (text: string): string => text.replace(/\s*\\\r?\n\s*/g, ' ').replace(/\s+/g, ' ').trim();

/** A step of one text. */
export interface OrderStep {
  readonly stage: string;
  readonly text: string;
  readonly class: OrderRow['class'];
  readonly share: Share;
  /** What it costs when it is run. */
  readonly cost: number;
}

const classOf = ({ file }: Replayed, { layer }: ReplayedStep): OrderRow['class'] =>
  (layer.kind === 'from' ? 'base image' : costClass(file, layer.instruction.inner ?? layer.instruction));

const stageName = ({ layer: { stage } }: ReplayedStep): string => stage.name ?? `stage ${stage.index}`;

const stepText = ({ file }: Replayed, { layer }: ReplayedStep): string => oneLine(textAt(file.source, layer.instruction.span));

/** The steps of a text in its order. */
export function orderSteps(replayed: Replayed, costOf: StepCost): OrderStep[] {
  const { file, steps, commits } = replayed;
  return steps.map((step) => {
    const share = commits === 0 ? 0 : step.count / commits;
    const cost = costOf(file, step.layer);
    return { stage: stageName(step), text: stepText(replayed, step), class: classOf(replayed, step), share: { share, cost: share * cost, runs: step.runs }, cost };
  });
}

/** Which of the old steps each new one is: the same text in the same stage, in order; undefined for one that is new. */
function partners(before: readonly OrderStep[], after: readonly OrderStep[]): (number | undefined)[] {
  const free = new Set(before.keys());
  return after.map((step) => {
    const found = [...free].find((index) => before[index]?.stage === step.stage && before[index].text === step.text);
    if (found !== undefined) free.delete(found);
    return found;
  });
}

const longest = (runs: readonly (readonly number[])[]): readonly number[] => runs.reduce((a, b) => (b.length > a.length ? b : a), []);

/** The longest run of steps that keep their order: the others moved. */
function inOrder(places: readonly (number | undefined)[]): ReadonlySet<number> {
  const runs: (readonly number[])[] = [];
  for (const place of places) {
    if (place !== undefined) runs.push([...longest(runs.filter((run) => (run.at(-1) ?? -1) < place)), place]);
  }
  return new Set(longest(runs));
}

/** All steps in their new order; what is no longer there stands behind what it followed. */
export function orderRows({ plan, costOf }: OrderResult): readonly OrderRow[] {
  const before = orderSteps(plan.before, costOf);
  const after = orderSteps(plan.after, costOf);
  const places = partners(before, after);
  const still = inOrder(places);
  const rows = after.map((step, index): OrderRow => {
    const place = places[index];
    const old = place === undefined ? undefined : before[place];
    return { stage: step.stage, step: step.text, class: step.class, before: old?.share, after: step.share, moved: place !== undefined && !still.has(place) };
  });
  for (const [index, step] of before.entries()) {
    if (places.includes(index)) continue;
    const behind = places.findLastIndex((place) => place !== undefined && place < index);
    rows.splice(behind + 1, 0, { stage: step.stage, step: step.text, class: step.class, before: step.share, after: undefined, moved: false });
  }
  return rows;
}

/** The rows of each stage, in the order of the file. */
export function rowsByStage(rows: readonly OrderRow[]): ReadonlyMap<string, readonly OrderRow[]> {
  const stages = new Map<string, OrderRow[]>();
  for (const row of rows) {
    const stage = stages.get(row.stage);
    if (stage === undefined) stages.set(row.stage, [row]);
    else stage.push(row);
  }
  return stages;
}

/** `42 %`; less than half a percent that is not nothing is `<1 %`. */
export const percent = (share: number): string => (share > 0 && share < 0.005 ? '<1 %' : `${Math.round(share * 100)} %`);

export const amount = (cost: number): string => (cost >= 100 ? cost.toFixed(0) : cost.toFixed(1));

/** The share of the expected cost that the moves save. */
export const saving = ({ costBefore, costAfter }: Pick<Plan, 'costBefore' | 'costAfter'>): number => (costBefore === 0 ? 0 : 1 - costAfter / costBefore);

const day = ({ time }: Commit): string => new Date(time * 1000).toISOString().slice(0, 10);

/** What was replayed, in words. */
export function sourceText({ source, commits }: OrderResult): string {
  const [newest] = commits;
  const oldest = commits.at(-1);
  if (source !== 'git' || newest === undefined || oldest === undefined) {
    return source === 'assumed' ? 'no history: each kind of file is taken to change as often as it usually does' : 'nothing to replay';
  }
  return `${commits.length} commit${commits.length === 1 ? '' : 's'} replayed, ${day(oldest)} to ${day(newest)}`;
}

export const unitText = ({ unit }: OrderResult): string => (unit === 'seconds' ? 'the seconds of a timed build' : 'the usual seconds of each kind of step');

/** Why findings about the order were left alone, in words. */
export const refusalWords = {
  'no fix': 'left alone', unsafe: 'left alone, as it may change the image', manual: 'for you to decide', 'no gain': 'not moved, as it would save nothing here', failed: 'not moved',
} as const;
