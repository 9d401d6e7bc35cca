/** A step to be ordered. Steps are known by their number, which is their place in the author's order. */
export interface Step {
  /** What running it once costs. */
  readonly cost: number;
  /** The kinds of change that run it again, a bit for each. */
  readonly changes: bigint;
  /** It stands on nothing above it (`COPY --link`): only its own changes run it again. */
  readonly alone?: boolean;
  /** The steps that must stay above it, a bit for each number. */
  readonly after: bigint;
}

export interface Task {
  readonly steps: readonly Step[];
  /** How often each kind of change happens, as a share of all builds; no build has two of them. */
  readonly shares: readonly number[];
  /** What has changed before the first step runs: the stage this one is built on. */
  readonly base?: bigint;
  /** What it must gain to turn two steps round: the author's order is kept where that gains less. */
  readonly turnCost: number;
  /** So many partial orders are looked at before the search settles for a good one. */
  readonly budget?: number;
}

export interface Order {
  /** Numbers of the steps, the first to run first. */
  readonly order: readonly number[];
  /** Expected cost of a build. */
  readonly cost: number;
  /** It is proven to be the best. */
  readonly exact: boolean;
}

const usualBudget = 5000;
const beamWidth = 24;
/** Sums of shares differ by their rounding. */
const epsilon = 1e-9;

const bit = (number: number): bigint => 1n << BigInt(number);

/** A part of an order: which steps stand at its top. The order among them no longer matters for what follows. */
interface Partial {
  readonly placed: bigint;
  readonly changed: bigint;
  readonly total: number;
  readonly last: number;
  readonly rest: Partial | undefined;
}

class Search {
  readonly #task: Task;
  readonly #all: bigint;
  readonly #shares = new Map<bigint, number>();
  /** What has changed at least when a step runs: all that must stand above it, however far, and itself. */
  readonly #least: readonly bigint[];

  constructor(task: Task) {
    this.#task = task;
    this.#all = bit(task.steps.length) - 1n;
    const least: bigint[] = [];
    for (const { after, changes } of task.steps) least.push(least.reduce((found, above, number) => ((after & bit(number)) === 0n ? found : found | above), changes));
    this.#least = least;
  }

  get start(): Partial {
    return { placed: 0n, changed: this.#task.base ?? 0n, total: 0, last: -1, rest: undefined };
  }

  isWhole = ({ placed }: Partial): boolean => placed === this.#all;

  /** How many of a hundred builds see one of these changes, over a hundred. */
  #share(changes: bigint): number {
    let share = this.#shares.get(changes);
    if (share === undefined) {
      share = this.#task.shares.reduce((sum, each, kind) => ((changes & bit(kind)) === 0n ? sum : sum + each), 0);
      this.#shares.set(changes, share);
    }
    return share;
  }

  /** What a step costs a build when these changes stand above it. */
  costAfter({ cost, changes, alone }: Step, changed: bigint): number {
    return cost === 0 ? 0 : cost * this.#share(alone === true ? changes : changes | changed);
  }

  place(partial: Partial, number: number): Partial {
    const step = this.#task.steps[number];
    if (step === undefined) return partial;
    let turned = 0;
    for (let above = 0; above < number; above += 1) if ((partial.placed & bit(above)) === 0n) turned += 1;
    return {
      placed: partial.placed | bit(number),
      changed: partial.changed | step.changes,
      total: partial.total + this.costAfter(step, partial.changed) + turned * this.#task.turnCost,
      last: number,
      rest: partial,
    };
  }

  /** The steps that may come next, in the author's order. */
  ready(partial: Partial): number[] {
    return this.#task.steps.flatMap(({ after }, number) =>
      ((partial.placed & bit(number)) === 0n && (after & ~partial.placed) === 0n ? [number] : []));
  }

  /** What all that is left costs at least: each step with nothing above it but what must be. */
  atLeast(partial: Partial): number {
    return this.#task.steps.reduce((sum, step, number) =>
      ((partial.placed & bit(number)) === 0n ? sum + this.costAfter(step, partial.changed | (this.#least[number] ?? 0n)) : sum), partial.total);
  }

  result(partial: Partial, exact: boolean): Order {
    const order: number[] = [];
    for (let at: Partial | undefined = partial; at !== undefined && at.last !== -1; at = at.rest) order.push(at.last);
    order.reverse();
    return { order, cost: costOf(this.#task, order), exact };
  }
}

/** Expected cost of a build in an order of all steps. */
export function costOf(task: Task, order: readonly number[]): number {
  const search = new Search({ ...task, turnCost: 0 });
  return order.reduce((partial, number) => search.place(partial, number), search.start).total;
}

/** The author's order, and what it costs: what every other one has to beat. */
const authorsOrder = (search: Search, { steps }: Task): Partial => steps.reduce((partial, _step, number) => search.place(partial, number), search.start);

/** A good order, if not surely the best: of all partial orders of one length only the best are followed. */
function beam(search: Search, best: Partial): Partial {
  let front: readonly Partial[] = [search.start];
  while (front.length > 0 && !front.every(search.isWhole)) {
    const next = new Map<bigint, Partial>();
    for (const partial of front) {
      for (const number of search.ready(partial)) {
        const longer = search.place(partial, number);
        const known = next.get(longer.placed);
        if (known === undefined || longer.total < known.total - epsilon) next.set(longer.placed, longer);
      }
    }
    front = [...next.values()].map((partial) => ({ partial, bound: search.atLeast(partial) }))
      .sort((a, b) => a.bound - b.bound).slice(0, beamWidth).map(({ partial }) => partial);
  }
  return front.reduce((found, partial) => (partial.total < found.total - epsilon ? partial : found), best);
}

/** Branch and bound, depth first; of two ways to the same set of steps only the cheaper one is followed. */
class Branching {
  best: Partial;
  readonly #search: Search;
  readonly #cheapest = new Map<bigint, number>();
  #left: number;

  constructor(search: Search, best: Partial, budget: number) {
    this.#search = search;
    this.best = best;
    this.#left = budget;
  }

  get isExact(): boolean {
    return this.#left > 0;
  }

  follow(partial: Partial): void {
    if (this.#search.isWhole(partial)) {
      if (partial.total < this.best.total - epsilon) this.best = partial;
      return;
    }
    if (this.#left <= 0) return;
    this.#left -= 1;
    const next = this.#search.ready(partial).map((number) => this.#search.place(partial, number)).map((longer) => ({ longer, bound: this.#search.atLeast(longer) }));
    // The author's order first among equals: it is the one to be kept.
    for (const { longer, bound } of next.sort((a, b) => a.bound - b.bound)) {
      if (bound >= this.best.total - epsilon || longer.total >= (this.#cheapest.get(longer.placed) ?? Infinity) - epsilon) continue;
      this.#cheapest.set(longer.placed, longer.total);
      this.follow(longer);
    }
  }
}

/**
 * The order of steps with the least expected cost of a build: a step is run again when it, or one above it, changed. Exact unless the
 * budget runs out; never worse than the author's order, and always one that `after` allows.
 */
export function bestOrder(task: Task): Order {
  const search = new Search(task);
  const author = authorsOrder(search, task);
  const good = beam(search, author);
  const branching = new Branching(search, good, task.budget ?? usualBudget);
  branching.follow(search.start);
  return search.result(branching.best, branching.isExact);
}
