import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Checked, Target } from './check.ts';
import type { LintOptions } from './options.ts';
import type { Share } from './worker.ts';

/** Fewer files are done before a second thread has started. */
const enough = 200;

/** The built program's worker; there is none where the sources run. */
const entry = new URL('../worker.js', import.meta.url);

/**
 * Tells whether a second thread would help: many files, a processor to spare, and nothing that one file's check does to
 * the next one's, as fixes do.
 */
export const helps = (targets: readonly Target[], options: LintOptions): boolean =>
  targets.length >= enough && !options.fix && !options.diff && !options.allowPlugins && !options.verbose && availableParallelism() > 1 && existsSync(fileURLToPath(entry));

/**
 * Checks files in a thread of its own.
 * @returns what the checks gave, in order; undefined where the thread could not do it, and the caller has to
 */
export function checkInThread(share: Share): Promise<readonly Checked[] | undefined> {
  return new Promise((done) => {
    const worker = new Worker(entry, { workerData: share });
    worker.once('message', (checked: readonly Checked[]) => { done(checked); });
    worker.once('error', () => { done(undefined); });
    worker.once('exit', () => { done(undefined); });
  });
}
