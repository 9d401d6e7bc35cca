import { applyEdits, removeWithBlanksBefore } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { docker, type Engine } from './engine.ts';

const known = new WeakMap<Engine, Promise<boolean>>();

async function askEngine(engine: Engine): Promise<boolean> {
  const status = await docker(engine, ['info', '--format', '{{json .DriverStatus}}']);
  return status.includes('io.containerd.snapshotter');
}

/**
 * Whether an engine can put layers together that do not know of each other. Docker can where containerd keeps its images; with a
 * storage driver of its own it cannot, and BuildKit then takes `COPY --link` for `COPY` [dockerfile2llb, `CapMergeOp`].
 */
export function canLink(engine: Engine): Promise<boolean> {
  let answer = known.get(engine);
  if (answer === undefined) known.set(engine, (answer = askEngine(engine)));
  return answer;
}

/** The file as an engine reads it that cannot. */
export function withoutLinks(file: Dockerfile): string {
  const flags = file.instructions.flatMap((each) => [...each.flags, ...(each.inner?.flags ?? [])]);
  return applyEdits(file.source, flags.filter(({ name }) => name === 'link').map((flag) => removeWithBlanksBefore(file.source, flag)));
}
