import type { ChangedPath, Commit } from '../context/history.ts';
import { readDockerfile, type Dockerfile } from '../model/dockerfile.ts';
import { LayerCache, layersOf, type Layer, type Oracle } from '../model/layers.ts';
import { contentDigest, type Selector } from '../model/layers/selection.ts';
import { Past, type Today } from './past.ts';
import { takenBy, type Takes } from './taken.ts';

/** Work in small pieces: it yields wherever others may go first. */
export type Work<Found> = Generator<undefined, Found, undefined>;

/** Does all of it at once. */
export function finish<Found>(work: Work<Found>): Found {
  for (;;) {
    const piece = work.next();
    if (piece.done === true) return piece.value;
  }
}

/** What builds are replayed over. */
export interface ReplayRequest {
  /** The newest first. */
  readonly commits: readonly Commit[];
  readonly today: Today;
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  /** Arguments whose value is another one with every commit. */
  readonly volatile: readonly string[];
}

/** A step of the build, and which of the commits run it again. */
export interface ReplayedStep {
  readonly layer: Layer;
  /** 1 for a commit that runs it again, in the order of the commits. */
  readonly runs: Uint8Array;
  readonly count: number;
}

/** A text that was built once for each commit. */
export interface Replayed {
  readonly file: Dockerfile;
  readonly steps: readonly ReplayedStep[];
  readonly commits: number;
}

/**
 * What a model can't know of a commit: files of a stage that was built again are taken to be other ones, those of images and addresses
 * to be the same, whatever text is replayed.
 */
const oracle: Oracle = (after) => after.origin !== 'stage';

/** The file as one build and the build before it see it. */
function filesOf(text: string, { buildArguments, target, volatile }: ReplayRequest): { readonly before: Dockerfile; readonly after: Dockerfile } {
  const read = (value: string): Dockerfile =>
    readDockerfile(text, { target, buildArguments: { ...buildArguments, ...Object.fromEntries(volatile.map((name) => [name, value])) } });
  const after = read('this');
  return { before: volatile.length === 0 ? after : read('before'), after };
}

/** What the steps take of the context, each kind of it once. */
const takenOf = (layers: readonly Layer[]): readonly (readonly Selector[])[] =>
  [...new Set(layers.flatMap(({ contents }) => contents.flatMap(({ origin, selectors }) => (origin === 'context' ? [selectors] : []))))];

/** The numbers of the steps that a build runs after another one. Two steps with one key are run once. */
function rerun(before: readonly Layer[], after: readonly Layer[]): readonly number[] {
  const places = new Map(after.map((layer, index) => [layer, index]));
  return new LayerCache(before).compare(after, oracle).flatMap(({ layer, status }) => (status === 'cached' ? [] : places.get(layer) ?? []));
}

/** What a commit changes of what the steps take: a character for each kind of it, `x` for a change. */
class Changes {
  readonly #taken: readonly (readonly Selector[])[];
  readonly #takers: readonly ((change: ChangedPath) => Takes)[];

  constructor(layers: readonly Layer[], { links, ignores }: Today) {
    this.#taken = takenOf(layers);
    this.#takers = this.#taken.map((selectors) => takenBy(selectors, links, ignores));
  }

  of(commit: Commit, past: Past): string {
    return this.#takers.map((takes, index) => {
      let answer: Takes = 'no';
      for (const change of commit.changes) {
        const one = takes(change);
        if (one === 'yes') return 'x';
        if (one === 'perhaps') answer = one;
      }
      const selectors = this.#taken[index] ?? [];
      return answer === 'perhaps' && contentDigest(past.state, selectors) !== contentDigest(past.before(commit), selectors) ? 'x' : '-';
    }).join('');
  }
}

/**
 * Builds a text as it stands once for each commit, after the build of the commit before: which steps run again. A machine that has
 * kept older builds may find more in its cache. What the commits made of the Dockerfile itself is left out.
 */
export const replay = (text: string, request: ReplayRequest): Replayed => finish(replayWork(text, request));

/** The same, commit by commit. */
export function* replayWork(text: string, request: ReplayRequest): Work<Replayed> {
  const { commits, today } = request;
  const files = filesOf(text, request);
  const layers = layersOf(files.after, { context: today.state });
  const changes = new Changes(layers, today);
  const runs = layers.map(() => new Uint8Array(commits.length));
  // Commits that change the same of what is taken run the same steps: the model is asked once for all of them.
  const known = new Map<string, readonly number[]>();
  const past = new Past(today);
  for (const [index, commit] of commits.entries()) {
    yield;
    const changed = changes.of(commit, past);
    const key = changed.includes('x') ? changed : '';
    let steps = known.get(key);
    if (steps === undefined) known.set(key, (steps = rerun(layersOf(files.before, { context: past.before(commit) }), layersOf(files.after, { context: past.state }))));
    for (const step of steps) runs[step]?.fill(1, index, index + 1);
    past.undo(commit);
  }
  const steps = layers.map((layer, index): ReplayedStep => {
    const own = runs[index] ?? new Uint8Array();
    return { layer, runs: own, count: own.reduce((sum, each) => sum + each, 0) };
  });
  return { file: files.after, steps, commits: commits.length };
}

/** What a step costs when it is run. */
export type StepCost = (file: Dockerfile, layer: Layer) => number;

/** What a commit costs to build on average. */
export const expectedCost = ({ file, steps, commits }: Replayed, costOf: StepCost): number =>
  commits === 0 ? 0 : steps.reduce((sum, { layer, count }) => sum + count * costOf(file, layer), 0) / commits;
