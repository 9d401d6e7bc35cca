import type { BuildContext } from '../context/context.ts';
import { openContext } from '../context/disk.ts';
import { readHead, readHistory, type Commit } from '../context/history.ts';
import { linkReader, measuredContext } from '../context/measured.ts';
import { readToday, type Today } from '../optimize/past.ts';
import { planWork, type Plan } from '../optimize/plan.ts';
import { replayWork, type Replayed, type Work } from '../optimize/replay.ts';
import { stepCost } from '../optimize/timings.ts';
import { volatileArguments } from '../optimize/volatile.ts';
import { amount, saving } from '../report/order.ts';
import { plural } from '../report/text.ts';
import type { Span } from '../span.ts';
import type { Analysis } from './analysis.ts';

// Loaded only once somebody asks what is told here: nothing of the protocol is in it.

/** What there is to replay. */
export interface Past {
  /** The newest first; at least one. */
  readonly commits: readonly Commit[];
  readonly today: Today;
}

/** What is told of a step. */
export interface StepNote {
  readonly at: Span;
  readonly text: string;
}

/** A better order. */
export interface OrderChange {
  readonly title: string;
  readonly text: string;
}

/** What the replay of a text tells. */
export interface Order {
  readonly notes: readonly StepNote[];
  /** The better order, in one line, and the FROM it is told at; undefined where no proven move saves anything. */
  readonly summary: StepNote | undefined;
  readonly safe: OrderChange | undefined;
  /** With moves that may change the image; undefined where they save no more. */
  readonly unsafe: OrderChange | undefined;
  /** Our own bugs, one sentence each. */
  readonly bugs: readonly string[];
}

/** What git said of a context, and when it was asked. */
interface Known {
  readonly folder: string;
  readonly readAt: number;
  readonly head: string | undefined;
  readonly commits: readonly Commit[];
  readonly past: Past | undefined;
  /** What `past` was made with. */
  readonly context: BuildContext | undefined;
}

/** The history of the contexts of open Dockerfiles: read once, until another commit is checked out. */
export class Histories {
  readonly #known = new Map<string, Known>();
  readonly #above = new Map<string, BuildContext>();
  #readAt = 0;

  /**
   * What there is to replay of a Dockerfile; undefined where no history is known, or no context.
   * @param readAt when the disk was read; git is asked only where that changed since it last was
   */
  async pastOf({ file, request }: Analysis, readAt: number): Promise<Past | undefined> {
    if (request === undefined) return undefined;
    const { path } = request;
    const measured = measuredContext(file, path, request, (folder) => this.#open(folder, path, readAt))?.context;
    if (measured?.folder === undefined) return undefined;
    const known = await this.#read(path, measured.folder, readAt);
    this.#known.set(path, known);
    const { commits } = known;
    if (commits.length === 0) return undefined;
    if (known.past !== undefined && known.context === measured) return known.past;
    const past = { commits, today: readToday(measured, commits, linkReader(measured.folder)) };
    this.#known.set(path, { ...known, past, context: measured });
    return past;
  }

  forget(path: string): void {
    this.#known.delete(path);
  }

  #open(folder: string, dockerfile: string, readAt: number): BuildContext {
    if (this.#readAt !== readAt) this.#above.clear();
    this.#readAt = readAt;
    const key = `${folder}\0${dockerfile}`;
    const context = this.#above.get(key) ?? openContext(folder, dockerfile);
    this.#above.set(key, context);
    return context;
  }

  async #read(dockerfile: string, folder: string, readAt: number): Promise<Known> {
    const known = this.#known.get(dockerfile);
    const isSame = known?.folder === folder;
    if (isSame && known.readAt === readAt) return known;
    const head = await readHead({ folder });
    if (isSame && known.head === head) return { ...known, readAt };
    const history = head === undefined ? undefined : await readHistory({ folder, dockerfile });
    return { folder, readAt, head, commits: history !== undefined && 'commits' in history ? history.commits : [], past: undefined, context: undefined };
  }
}

/** Fewer commits are counted, not told in percent. */
const fewCommits = 20;

const lastCommits = (commits: number): string => (commits === 1 ? 'the last commit' : `the last ${commits} commits`);

/** `re-run by 83 % of the last 120 commits` */
function noteText(count: number, commits: number): string {
  if (count === 0) return `cached in ${commits === 1 ? '' : 'all of '}${lastCommits(commits)}`;
  if (count === commits) return `re-run by ${commits === 1 ? '' : 'all of '}${lastCommits(commits)}`;
  const share = Math.round((count / commits) * 100);
  const isRough = commits < fewCommits || share === 0 || share === 100;
  return `re-run by ${isRough ? count : `${share} %`} of ${lastCommits(commits)}`;
}

/** What is told of each step; of base images nothing is known. */
function notesOf({ steps, commits }: Replayed): StepNote[] {
  const counts = new Map<Span, number>();
  for (const { layer, count } of steps) {
    const { keyword, keywordSpan } = layer.instruction;
    if (layer.kind !== 'from' && keyword !== 'FROM') counts.set(keywordSpan, Math.max(count, counts.get(keywordSpan) ?? 0));
  }
  return [...counts].map(([at, count]) => ({ at, text: noteText(count, commits) }));
}

const savedText = (plan: Plan): string => `${Math.round(saving(plan) * 100)} %`;

function changeOf(plan: Plan, words = ''): OrderChange | undefined {
  if (plan.moves.length === 0) return undefined;
  return { title: `Order the layers: a commit costs about ${savedText(plan)} less to build (${plural(plan.moves.length, 'move')}${words})`, text: plan.text };
}

/** Some finding about the order has a fix: without one there is no move. */
function hasMoves({ diagnostics, request }: Analysis): boolean {
  const reordering = new Set(request?.rules.filter(({ rule }) => rule.reorders === true).map(({ id }) => id));
  return diagnostics.some(({ rule, fix }) => reordering.has(rule) && fix !== undefined && fix.safety !== 'manual');
}

/** Replays a text, and looks for a better order where there may be one. */
export function* orderWork(analysis: Analysis, { commits, today }: Past): Work<Order | undefined> {
  const { file, request } = analysis;
  // A build that fails runs nothing.
  if (request === undefined || file.problems.length > 0) return undefined;
  const { buildArguments, target } = request;
  const replay = { commits, today, buildArguments, target, volatile: volatileArguments(file) };
  if (!hasMoves(analysis)) return { notes: notesOf(yield* replayWork(file.source, replay)), summary: undefined, safe: undefined, unsafe: undefined, bugs: [] };
  const asked = { lint: request, replay, costOf: stepCost() };
  const plan = yield* planWork(file.source, { ...asked, level: 'safe' });
  const more = plan.refusals.some(({ kind }) => kind === 'unsafe') ? yield* planWork(file.source, { ...asked, level: 'unsafe' }) : undefined;
  const from = plan.moves.length === 0 ? undefined : file.stages[0]?.from.keywordSpan;
  return {
    notes: notesOf(plan.before),
    summary: from && { at: from, text: `layer order: a commit costs ${amount(plan.costBefore)} → ${amount(plan.costAfter)} (−${savedText(plan)})` },
    safe: changeOf(plan),
    unsafe: more !== undefined && more.costAfter < plan.costAfter ? changeOf(more, ', may change the image') : undefined,
    bugs: [...plan.bugs, ...(more?.bugs ?? [])],
  };
}
