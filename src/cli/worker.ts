import { parentPort, workerData } from 'node:worker_threads';
import { Checker } from './check.ts';
import { takeFiles, type Share } from './threads.ts';

const isShare = (value: unknown): value is Share => typeof value === 'object' && value !== null && 'taken' in value;

if (parentPort !== null && isShare(workerData)) {
  parentPort.postMessage(await takeFiles(workerData, new Checker(workerData.options, workerData.folder)));
}
