import { parentPort, workerData } from 'node:worker_threads';
import { Checker, type Target } from './check.ts';
import type { LintOptions } from './options.ts';

/** What a thread is given. */
export interface Share {
  readonly targets: readonly Target[];
  readonly options: LintOptions;
  readonly folder: string;
}

const isShare = (value: unknown): value is Share => typeof value === 'object' && value !== null && 'targets' in value && 'options' in value;

if (parentPort !== null && isShare(workerData)) {
  const { targets, options, folder } = workerData;
  const checker = new Checker(options, folder);
  const checked = [];
  for (const target of targets) checked.push(await checker.check(target));
  parentPort.postMessage(checked);
}
