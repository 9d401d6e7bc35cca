import type { Dockerfile } from './dockerfile.ts';
import type { ContextState } from './layers/context-state.ts';
import { digestOf } from './layers/digest.ts';
import type { Certainty, Content, Layer } from './layers/layer.ts';
import { planOf, type Bases, type PlannedContent, type Step } from './layers/plan.ts';
import { contentDigest, selectorText } from './layers/selection.ts';

export { LayerCache, rebuilt } from './layers/compare.ts';
export type { Oracle, Rebuild, Status } from './layers/compare.ts';
export { ContextState, textEntry } from './layers/context-state.ts';
export type { ContextEntry, StateRules } from './layers/context-state.ts';
export type { Content, Input, Layer, LayerKind, Origin } from './layers/layer.ts';
export type { Bases } from './layers/plan.ts';
export { describeReason } from './layers/reasons.ts';
export type { PathChange, Reason } from './layers/reasons.ts';
export type { Selector } from './layers/selection.ts';
export type { BaseImage } from './layers/surroundings.ts';

export interface LayersOptions {
  /** The files a COPY takes. Without one the same paths count as the same files. */
  readonly context?: ContextState | undefined;
  readonly bases?: Bases | undefined;
}

const selectorsText = (content: PlannedContent): string => content.selectors.map(selectorText).join();

/** The content where it is known before the build: a remote file's checksum is. A stage without any step is empty. */
function knownDigest({ origin, name, selectors, step, pinned }: PlannedContent, context: ContextState | undefined, text: string): string | undefined {
  if (origin === 'inline' || (origin === 'remote' && pinned)) return name;
  if (origin === 'context') return context === undefined ? `not looked at: ${text}` : contentDigest(context, selectors);
  return origin === 'stage' && step === undefined ? 'empty' : undefined;
}

/** What a step's own contents leave open. */
const ofContents = (planned: readonly PlannedContent[], contents: readonly Content[]): Certainty => ({
  hit: planned.every(({ pinned }) => pinned),
  miss: contents.every(({ digest }) => digest !== undefined),
});

const all = (parts: readonly (Certainty | undefined)[]): Certainty =>
  ({ hit: parts.every((part) => part?.hit !== false), miss: parts.every((part) => part?.miss !== false) });

class Realizer {
  readonly #layers = new Map<Step, Layer>();
  readonly #context: ContextState | undefined;

  constructor(context: ContextState | undefined) {
    this.#context = context;
  }

  layer(step: Step): Layer {
    const { kind, instruction, stage, inputs, own, linked } = step;
    const base = this.#of(step.base);
    const read = step.contents.map((content) => this.#content(content));
    const contents = read.map(({ content }) => content);
    const key = digestOf(own, linked ? '' : base?.chain ?? '', ...read.map(({ key: part }) => part));
    const sources = contents.map((content) => content.layer?.chainCertainty);
    const certainty = all([ofContents(step.contents, contents), linked ? undefined : base?.chainCertainty, ...sources]);
    const layer: Layer = {
      kind, instruction, stage, inputs, own, linked, base, contents, key, certainty,
      chain: linked ? digestOf('merge', base?.chain ?? '', key) : key,
      chainCertainty: linked ? all([certainty, base?.chainCertainty]) : certainty,
    };
    this.#layers.set(step, layer);
    return layer;
  }

  #of(step: Step | undefined): Layer | undefined {
    return step === undefined ? undefined : this.#layers.get(step) ?? this.layer(step);
  }

  #content(planned: PlannedContent): { readonly content: Content; readonly key: string } {
    const { origin, name, selectors } = planned;
    const text = selectorsText(planned);
    const digest = knownDigest(planned, this.#context, text);
    const layer = this.#of(planned.step);
    const state = origin === 'context' ? this.#context : undefined;
    const key = digest ?? digestOf(origin, layer?.chain ?? name, text);
    return { content: { origin, name, selectors, digest, layer, state }, key };
  }
}

/**
 * The steps of a build of the file's target with the file's build arguments, in the order of the file, as BuildKit makes
 * them: only stages that are needed; a base image is one step, however often it is named; no step for what only changes
 * settings. Each step's cache key follows BuildKit's (its source, 2026; checked against an engine where one could be had).
 */
export function layersOf(file: Dockerfile, { context, bases }: LayersOptions = {}): readonly Layer[] {
  const realizer = new Realizer(context);
  return planOf(file, bases).map((step) => realizer.layer(step));
}
