import type { Content, Layer } from './layer.ts';
import { reasonsOf, type Past, type Reason } from './reasons.ts';
import { selectorText } from './selection.ts';

/** `depends`: on files that a stage, an image or an address will give; if they are as before, the step is not run. */
export type Status = 'cached' | 'depends' | 'rebuilt';

/**
 * Tells whether files a step takes of a stage, an image or an address are the same as those another step took: true, false, or
 * undefined where it cannot. BuildKit compares their content where the place they come from was built again.
 */
export type Oracle = (after: Content, before: Content) => boolean | undefined;

export interface Rebuild {
  readonly layer: Layer;
  readonly status: Status;
  /** Why it is not taken from the cache; empty when it is. Worked out when asked for. */
  readonly reasons: readonly Reason[];
}

/** From bad to good. */
const order: readonly Status[] = ['rebuilt', 'depends', 'cached'];

const worse = (a: Status, b: Status): Status => (order.indexOf(a) < order.indexOf(b) ? a : b);
const better = (a: Status, b: Status): Status => (order.indexOf(a) > order.indexOf(b) ? a : b);

/** Which results of former builds stand for a layer: those with these keys, surely (`cached`) or perhaps (`depends`). */
interface Match {
  status: Status;
  readonly chains: Map<string, Status>;
}

const note = (chains: Map<string, Status>, chain: string, status: Status): void => {
  if (status !== 'rebuilt') chains.set(chain, better(chains.get(chain) ?? 'rebuilt', status));
};

const sameSelectors = (a: Content, b: Content): boolean =>
  a.selectors.map(selectorText).join() === b.selectors.map(selectorText).join();

/** What the comparison of one build with the cache has found so far. */
export class Comparison {
  readonly #matches = new Map<Layer, Match>();
  readonly #byOwn: ReadonlyMap<string, ReadonlyMap<string, Layer>>;
  readonly #keys: ReadonlySet<string>;
  readonly #oracle: Oracle | undefined;

  constructor(byOwn: ReadonlyMap<string, ReadonlyMap<string, Layer>>, keys: ReadonlySet<string>, oracle: Oracle | undefined) {
    this.#byOwn = byOwn;
    this.#keys = keys;
    this.#oracle = oracle;
  }

  /** Layers must come after all they depend on. */
  match(layer: Layer): Status {
    const match: Match = { status: 'rebuilt', chains: new Map() };
    this.#matches.set(layer, match);
    const isKnown = layer.certainty.hit && this.#keys.has(layer.key);
    if (isKnown && !layer.linked) {
      match.status = 'cached';
      match.chains.set(layer.chain, 'cached');
    } else if (isKnown || !layer.certainty.miss || layer.linked) {
      for (const candidate of this.#byOwn.get(layer.own)?.values() ?? []) {
        const status = this.against(layer, candidate);
        match.status = better(match.status, status);
        note(match.chains, candidate.chain, layer.linked ? worse(status, this.below(layer, candidate)) : status);
      }
    }
    return match.status;
  }

  /** What the cache says of a step if this one result is all that it has. */
  against(layer: Layer, candidate: Layer): Status {
    if (layer.own !== candidate.own || layer.contents.length !== candidate.contents.length) return 'rebuilt';
    let status: Status = layer.linked ? 'cached' : this.below(layer, candidate);
    for (const [index, content] of layer.contents.entries()) {
      if (status === 'rebuilt') return status;
      const former = candidate.contents[index];
      status = former === undefined ? 'rebuilt' : worse(status, this.content(content, former));
    }
    return status;
  }

  /** Whether what lies below is the same. */
  below(layer: Layer, candidate: Layer): Status {
    if (layer.base === undefined || candidate.base === undefined) return layer.base === candidate.base ? 'cached' : 'rebuilt';
    return this.#chain(layer.base, candidate.base);
  }

  /** The same place with the same key, else the same content: for that somebody must know the files. */
  content(after: Content, before: Content): Status {
    if (after.digest !== undefined && before.digest !== undefined) return after.digest === before.digest ? 'cached' : 'rebuilt';
    const isSamePlace = after.layer !== undefined && before.layer !== undefined && this.#chain(after.layer, before.layer) === 'cached';
    if (isSamePlace && sameSelectors(after, before)) return 'cached';
    const answer = this.#oracle?.(after, before);
    return answer === undefined ? 'depends' : answer ? 'cached' : 'rebuilt';
  }

  /** Whether what is there behind a layer stands for what was there behind a former one. */
  #chain(layer: Layer, former: Layer): Status {
    return this.#matches.get(layer)?.chains.get(former.chain) ?? 'rebuilt';
  }

  /** Whether anything of former builds stands for what is there behind a layer. */
  isKnown(layer: Layer): boolean {
    const chains = this.#matches.get(layer)?.chains;
    return chains !== undefined && [...chains.values()].includes('cached');
  }
}

/** What an engine keeps of former builds: one for the whole of a machine's history, or one for the last build. */
export class LayerCache {
  readonly #byOwn = new Map<string, Map<string, Layer>>();
  readonly #keys = new Set<string>();
  #last: readonly Layer[] = [];

  constructor(layers: readonly Layer[] = []) {
    this.add(layers);
  }

  /** Adds what a build made. */
  add(layers: readonly Layer[]): void {
    for (const layer of layers) {
      this.#keys.add(layer.key);
      let same = this.#byOwn.get(layer.own);
      if (same === undefined) this.#byOwn.set(layer.own, (same = new Map<string, Layer>()));
      same.set(layer.chain, layer);
    }
    this.#last = layers;
  }

  /**
   * What the cache says to each step of a build, each key once: two steps with the same key are run once.
   * @param layers all of the build, as `layersOf` gives them
   */
  compare(layers: readonly Layer[], oracle?: Oracle): Rebuild[] {
    const comparison = new Comparison(this.#byOwn, this.#keys, oracle);
    const seen = new Set<string>();
    const past: Past = { last: this.#last, owns: new Set(layers.map(({ own }) => own)), comparison };
    return layers.flatMap((layer) => {
      const status = comparison.match(layer);
      if (seen.has(layer.key)) return [];
      seen.add(layer.key);
      let reasons: readonly Reason[] | undefined;
      return [{ layer, status, get reasons() { return (reasons ??= status === 'cached' ? [] : reasonsOf(layer, past)); } }];
    });
  }
}

/**
 * The steps of a build that are run again, or may be, after a former one; base images that were not there among them.
 * @param before what the former build made; for several builds in the cache see `LayerCache`
 */
export const rebuilt = (before: readonly Layer[], after: readonly Layer[], oracle?: Oracle): Rebuild[] =>
  new LayerCache(before).compare(after, oracle).filter(({ status }) => status !== 'cached');
