import { describeReason, type Content, type Layer, type LayerCache, type Rebuild } from '../../src/model/layers.ts';
import type { Vertex } from './progress.ts';

/** What the engine says of the steps of a build that came to its end, by the key the model gives them. */
export interface Told {
  /** True: taken from the cache. */
  readonly cached: ReadonlyMap<string, boolean>;
  /** Whose result the engine has now. */
  readonly kept: ReadonlySet<string>;
  /** Where engine and model do not even name the same steps. */
  readonly problems: readonly string[];
}

/** One answer of the model for each step, with what it says of files that a stage gives put in. */
export interface Answer {
  readonly rebuilds: readonly Rebuild[];
  /** How many steps could only be told once the engine said whether a stage gave other files. */
  readonly depends: number;
}

const isOwnStep = (layer: Layer): boolean => layer.kind !== 'from';

/** Each step under the name the engine prints it with: `build 3`, its stage and its place in it. */
function labelsOf(layers: readonly Layer[]): Map<string, Layer> {
  const counts = new Map<Layer['stage'], number>();
  const labels = new Map<string, Layer>();
  for (const layer of layers) {
    const { stage } = layer;
    if (!isOwnStep(layer)) continue;
    // FROM is the first one, but not where the stage stands on another one or on nothing.
    const index = (counts.get(stage) ?? (stage.parent === undefined && !stage.fromScratch ? 1 : 0)) + 1;
    counts.set(stage, index);
    labels.set(`${stage.name ?? `stage-${stage.index}`} ${index}`, layer);
  }
  return labels;
}

const isFrom = ({ instruction }: Vertex): boolean => /^FROM\b/i.test(instruction);

/**
 * Finds each step of the model among those the engine told of. Steps with the same key are one to the engine, which prints
 * it under one of their names.
 * @param complete the build did not fail: every step must be there
 */
export function readTold(vertices: readonly Vertex[], layers: readonly Layer[], complete: boolean): Told {
  const labels = labelsOf(layers);
  const stages = [...new Set([...labels.values()].map(({ stage }) => stage))];
  const single = stages.length === 1 ? stages.map(({ name, index }) => name ?? `stage-${index}`).join('') : '';
  const cached = new Map<string, boolean>();
  const kept = new Set<string>();
  const named = new Set<string>();
  const problems: string[] = [];
  for (const vertex of vertices) {
    if (vertex.index === 0 || isFrom(vertex)) continue;
    const layer = labels.get(`${vertex.stage === '' ? single : vertex.stage} ${vertex.index}`);
    if (layer === undefined || !vertex.instruction.toUpperCase().startsWith(layer.instruction.inner?.keyword ?? layer.instruction.keyword)) {
      problems.push(`the engine has a step that the model does not have: ${vertex.name}`);
      continue;
    }
    named.add(layer.key);
    const done = vertex.cached || vertex.seconds !== undefined;
    if (done && !vertex.failed) kept.add(layer.key);
    if (done || vertex.failed) cached.set(layer.key, vertex.cached);
  }
  for (const layer of labels.values()) {
    if (complete && !named.has(layer.key)) problems.push(`the model has a step that the engine does not have: ${layer.instruction.logical.text.trim()}`);
  }
  return { cached, kept, problems };
}

/**
 * What the model says of a build. Whether a stage gave the same files as before is a matter of what its commands did, not of
 * the model: there, and only there, the engine's word is taken.
 */
export function ask(cache: LayerCache, layers: readonly Layer[], told: Told): Answer {
  const owners = new Map<Content, Layer>();
  for (const layer of layers) for (const content of layer.contents) owners.set(content, layer);
  const open = cache.compare(layers).filter(({ layer, status }) => isOwnStep(layer) && status === 'depends').length;
  const rebuilds = cache.compare(layers, (content) => told.cached.get(owners.get(content)?.key ?? ''));
  return { rebuilds: rebuilds.filter(({ layer }) => isOwnStep(layer)), depends: open };
}

const word = (cached: boolean): string => (cached ? 'takes from the cache' : 'runs');

/** Steps of which model and engine say different things; those that a failed build did not come to are left out. */
export function differences({ rebuilds }: Answer, { cached, problems }: Told): string[] {
  return [...problems, ...rebuilds.flatMap(({ layer, status, reasons }) => {
    const said = cached.get(layer.key);
    if (said === undefined || said === (status === 'cached')) return [];
    const why = reasons.map(describeReason).join('; ');
    return [`${layer.instruction.logical.text.trim()}: the engine ${word(said)} what the model calls ${status}${why === '' ? '' : `, because ${why}`}`];
  })];
}

/** How many steps both told of. */
export const comparedSteps = ({ rebuilds }: Answer, { cached }: Told): number => rebuilds.filter(({ layer }) => cached.has(layer.key)).length;

/** The steps whose results the cache has after the build: base images always, of the others those that came to their end. */
export const keptSteps = (layers: readonly Layer[], { kept }: Told): Layer[] => layers.filter((layer) => !isOwnStep(layer) || kept.has(layer.key));

/** The same answer but for one step: what a wrong model would say. */
export const withWrongStep = (answer: Answer, wrong: Rebuild): Answer => ({
  ...answer,
  rebuilds: answer.rebuilds.map((each) => (each === wrong ? { layer: each.layer, status: each.status === 'cached' ? 'rebuilt' : 'cached', reasons: [] } : each)),
});
