import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Checked, Checker, Target } from './check.ts';
import type { LintOptions } from './options.ts';

/** What the threads of a run share: each takes the next files that nobody has taken. */
export interface Share {
  readonly targets: readonly Target[];
  readonly options: LintOptions;
  readonly folder: string;
  /** In shared memory, one number: how many files are taken. */
  readonly taken: Int32Array;
}

/** What a thread did: the files by their place among the targets. */
export type Done = readonly (readonly [place: number, checked: Checked])[];

/** Taken at once: mostly of one folder, so that its context is opened once. */
const filesAtOnce = 8;

/** The built program's worker; there is none where the sources run. */
const entry = new URL('../worker.js', import.meta.url);

/** Checks the files of a share as long as there are any. */
export async function takeFiles({ targets, taken }: Share, checker: Checker, tick: () => void = () => undefined): Promise<Done> {
  const done: [number, Checked][] = [];
  for (let from = Atomics.add(taken, 0, filesAtOnce); from < targets.length; from = Atomics.add(taken, 0, filesAtOnce)) {
    for (const [index, target] of targets.slice(from, from + filesAtOnce).entries()) {
      done.push([from + index, await checker.check(target)]);
      tick();
    }
  }
  return done;
}

/** The V8 of Node.js 20 has this flag; later ones count otherwise, and would print that they do not know it. */
const knowsFlag = /^20\./;

/** Each thread takes this long to start, in files that are checked meanwhile. */
const filesForThread = 150;

/**
 * Checks files in as many threads as there are processors, and help.
 * @returns what the checks gave, by place; undefined where one thread is best
 * @throws what a thread failed of
 */
export async function checkInThreads(share: Omit<Share, 'taken'>, checker: Checker, tick: () => void): Promise<ReadonlyMap<number, Checked> | undefined> {
  const others = Math.min(availableParallelism() - 1, Math.floor(share.targets.length / filesForThread) - 1);
  if (others < 1 || !existsSync(fileURLToPath(entry))) return undefined;
  // In a run of seconds the optimizing compiler takes from the other threads what it gives to one: it is to wait longer.
  if (knowsFlag.test(process.versions.node)) setFlagsFromString('--interrupt-budget=2000000');
  const all: Share = { ...share, taken: new Int32Array(new SharedArrayBuffer(4)) };
  const workers = Array.from({ length: others }, () => new Promise<Done>((resolve, reject) => {
    const worker = new Worker(entry, { workerData: all });
    worker.once('message', resolve).once('error', reject).once('exit', () => { reject(new Error('a thread ended early')); });
  }));
  return new Map((await Promise.all([takeFiles(all, checker, tick), ...workers])).flat());
}
