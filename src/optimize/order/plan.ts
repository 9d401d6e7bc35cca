import type { BuildContext } from '../../context/context.ts';
import { flag, type Instruction } from '../../dockerfile/instruction.ts';
import { costClass, costUnits, isExpensive } from '../../model/cost.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { effectsOf } from '../../model/effects.ts';
import type { Stage } from '../../model/stages.ts';
import { sinkPlans } from '../sink.ts';
import { Chances } from './chances.ts';
import { linesToMove } from './edits.ts';
import { orderGraph, reasonToStay, type OrderGraph } from './graph.ts';
import { bestOrder, costOf, type Step, type Task } from './search.ts';

/** What a better order must bring. */
export interface OrderLimits {
  /** Steps that change in fewer builds than this share are taken never to change. */
  readonly often: number;
  /** The smallest saving, as a share of what the stage costs a build. */
  readonly gain: number;
}

/** A better order of a stage's steps. */
export interface OrderPlan {
  readonly stage: Stage;
  /** All that is ordered, as it should stand. */
  readonly order: readonly Instruction[];
  /** What has to move for that, in its new order. */
  readonly moved: readonly Instruction[];
  /** The step that changes most often of those that stood above expensive ones without need. */
  readonly cause: Instruction;
  /** The expensive steps it would no longer stand above. */
  readonly passed: readonly [Instruction, ...Instruction[]];
  /** The saving, as a share of what the stage costs a build. */
  readonly gain: number;
  /** Why it moves no further, a sentence each. */
  readonly notes: readonly string[];
}

/** What turning two steps round must gain, as a share of what the stage costs. */
const turnShare = 0.01;
/** A longer stage is left alone. */
const mostNodes = 80;

/** Worth a move: a step that takes long, and fetches or installs something. */
const isWeighty = (file: Dockerfile, node: Instruction): boolean =>
  isExpensive(file, node) && (costClass(file, node) !== 'download' || effectsOf(file, node).network);

const bit = (number: number): bigint => 1n << BigInt(number);

/** Chances as kinds of change: what changes often changes whenever something does that changes less often. */
function kindsOf(chances: readonly number[]): { readonly levels: readonly number[]; readonly shares: readonly number[] } {
  const levels = [...new Set(chances)].filter((chance) => chance > 0).sort((a, b) => a - b);
  return { levels, shares: levels.map((level, index) => level - (levels[index - 1] ?? 0)) };
}

/** The task of ordering a stage's steps. Only expensive steps count: for others nothing is moved. `pinned` stay above all below them. */
function taskOf(file: Dockerfile, stage: Stage, graph: OrderGraph, chances: Chances, { often }: OrderLimits, pinned: ReadonlySet<Instruction>): Task {
  const limited = (chance: number): number => (chance < often ? 0 : chance);
  const own = graph.nodes.map((node) => limited(chances.of(node)));
  const base = stage.parent === undefined ? 0 : limited(chances.ofStage(stage.parent));
  const { levels, shares } = kindsOf([...own, base]);
  const changesOf = (chance: number): bigint => levels.reduce((bits, level, kind) => (level <= chance ? bits | bit(kind) : bits), 0n);
  const steps = graph.nodes.map((node, number): Step => {
    const after = (graph.reasons[number] ?? []).reduce((bits, reason, above) => {
      const before = graph.nodes[above];
      return reason === undefined && !(before !== undefined && pinned.has(before)) ? bits : bits | bit(above);
    }, 0n);
    return { cost: isWeighty(file, node) ? costUnits[costClass(file, node)] : 0, changes: changesOf(own[number] ?? 0), alone: flag(node, 'link') !== undefined, after };
  });
  const task = { steps, shares, base: changesOf(base), turnCost: 0 };
  return { ...task, turnCost: costOf(task, steps.map((_step, number) => number)) * turnShare };
}

/** The heaviest part of an order that stands as its author put it: the rest has to move. */
function stayingOf(order: readonly number[], weights: readonly number[]): ReadonlySet<number> {
  const best: { readonly weight: number; readonly before: number }[] = [];
  for (const [place, number] of order.entries()) {
    let before = -1;
    for (let other = 0; other < place; other += 1) {
      if ((order[other] ?? Infinity) < number && (best[other]?.weight ?? 0) > (best[before]?.weight ?? 0)) before = other;
    }
    best.push({ weight: (best[before]?.weight ?? 0) + (weights[number] ?? 0), before });
  }
  const staying = new Set<number>();
  let at = best.reduce((found, { weight }, place) => (weight > (best[found]?.weight ?? -1) ? place : found), -1);
  while (at !== -1) {
    staying.add(order[at] ?? 0);
    at = best[at]?.before ?? -1;
  }
  return staying;
}

/** Why a step comes to stand no lower. */
function noteOf(graph: OrderGraph, order: readonly number[], number: number): string | undefined {
  const behind = order.slice(order.indexOf(number) + 1).filter((other) => other > number);
  const reason = behind.map((other) => graph.reasons[other]?.[number]).find((each) => each !== undefined);
  return reason === undefined ? undefined : `It goes no lower than that: ${reason}.`;
}

/** The step that changes most often of those that stood above expensive ones and would no longer, and these. */
function causeOf(file: Dockerfile, graph: OrderGraph, order: readonly number[], chances: Chances): Pick<OrderPlan, 'cause' | 'passed' | 'notes'> | undefined {
  const place = new Map(order.map((number, index) => [number, index]));
  const passedBy = (number: number): Instruction[] => graph.nodes.filter((node, other) =>
    other > number && (place.get(other) ?? 0) < (place.get(number) ?? 0) && isWeighty(file, node));
  const candidates = graph.nodes.map((cause, number) => ({ cause, number, passed: passedBy(number), chance: chances.of(cause) })).filter(({ passed }) => passed.length > 0);
  const found = candidates.sort((a, b) => b.chance - a.chance || b.passed.length - a.passed.length)[0];
  const [first, ...others] = found?.passed ?? [];
  if (found === undefined || first === undefined) return undefined;
  const note = noteOf(graph, order, found.number);
  return { cause: found.cause, passed: [first, ...others], notes: note === undefined ? [] : [note] };
}

function planOf(file: Dockerfile, stage: Stage, graph: OrderGraph, chances: Chances, limits: OrderLimits, pinned: ReadonlySet<Instruction>): OrderPlan | undefined {
  const task = taskOf(file, stage, graph, chances, limits, pinned);
  const before = costOf(task, task.steps.map((_step, number) => number));
  const { order, cost } = bestOrder(task);
  if (before === 0 || order.every((number, place) => number === place) || (before - cost) / before < limits.gain) return undefined;
  const nodesOf = (numbers: readonly number[]): Instruction[] => numbers.flatMap((number) => graph.nodes[number] ?? []);
  const staying = stayingOf(order, graph.nodes.map((node) => linesToMove(file, node)));
  const found = causeOf(file, graph, order, chances);
  return found && { ...found, stage, order: nodesOf(order), moved: nodesOf(order.filter((number) => !staying.has(number))), gain: (before - cost) / before };
}

/** Whether an order could gain enough if each expensive step had to stand below nothing but what it must: most stages end here. */
function mayGain(file: Dockerfile, stage: Stage, chances: Chances, { often, gain }: OrderLimits, pinned: ReadonlySet<Instruction>): boolean {
  const limited = (chance: number): number => (chance < often ? 0 : chance);
  const weighty = stage.instructions.filter((each) => isWeighty(file, each));
  const last = weighty.at(-1);
  const changing = stage.instructions.filter((each) => each.index < (last?.index ?? 0) && limited(chances.of(each)) > 0);
  if (last === undefined || changing.every((each) => pinned.has(each))) return false;
  const base = stage.parent === undefined ? 0 : limited(chances.ofStage(stage.parent));
  let now = 0;
  let least = 0;
  for (const step of weighty) {
    const above = changing.filter(({ index }) => index < step.index);
    const highest = (steps: readonly Instruction[]): number => Math.max(base, ...steps.map((each) => limited(chances.of(each))));
    const cost = costUnits[costClass(file, step)];
    now += cost * highest(above);
    least += cost * highest(above.filter((each) => pinned.has(each) || reasonToStay(file, each, step) !== undefined));
  }
  return now > least && (now - least) / now >= gain;
}

/**
 * The order of a stage's steps with the least expected cost of a build, of all that make the same image; undefined where the author's is
 * as good. COPYs that `sinkPlans` moves, or tells why it can't, are left to it.
 */
export function orderPlan(file: Dockerfile, stage: Stage, context: BuildContext | undefined, limits: OrderLimits): OrderPlan | undefined {
  const chances = new Chances(file, context);
  const sunk = new Set(sinkPlans(file, stage, context).flatMap((each) => each.copies.map(({ copy }) => copy)));
  if (!mayGain(file, stage, chances, limits, sunk)) return undefined;
  const graph = orderGraph(file, stage);
  return graph.nodes.length > mostNodes ? undefined : planOf(file, stage, graph, chances, limits, sunk);
}
