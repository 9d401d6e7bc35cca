import type { Vertex } from './progress.ts';

/**
 * `same`: the image is the one before the fix, but for what the fix may change. `works`: it builds and answers as it must.
 * `fails`: it does not. `caught`: a wrong fix was planted and noticed. `not built`: this engine cannot, for a reason that is given.
 */
export type Status = 'same' | 'works' | 'fails' | 'caught' | 'not built';

/** What became of one variant of one project. */
export interface Result {
  readonly project: string;
  readonly variant: string;
  readonly status: Status;
  /** Why it fails or was not built, one line each. */
  readonly details: readonly string[];
  /** Of the build, of reading and comparing the image, of running it. */
  readonly seconds: { readonly build: number; readonly compare: number; readonly run: number };
  readonly bytes: number | undefined;
  /** The steps of its build, in order. */
  readonly steps: readonly Pick<Vertex, 'stage' | 'index' | 'instruction' | 'cached' | 'seconds'>[];
  /** Where the model of the cache was held against the engine. */
  readonly cache?: CacheFigures;
}

export interface CacheFigures {
  /** Steps that both told of. */
  readonly compared: number;
  /** Of them, those that only the files a stage gives decide: there the model says so, and the engine how it came out. */
  readonly depends: number;
  /** The build failed after this edit: compared is what it came to. */
  readonly failed: boolean;
  /** With the first build: edits of the project that were not tried, for they run slow steps again. */
  readonly leftOut: number;
}

/** Runs one task after the other. */
export class Lock {
  #last: Promise<unknown> = Promise.resolve();

  run<Value>(task: () => Promise<Value>): Promise<Value> {
    const next = this.#last.then(task, task);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
