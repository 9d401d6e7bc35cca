import { readText } from '../files.ts';
import { ConfigError } from '../config/error.ts';
import { numberOf, textOf } from './answer.ts';

/** What the run is about: a pull request, or commits. */
export type Change =
  | { readonly pull: number; readonly head: string }
  | { readonly base: string; readonly head: string };

const hash = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** A commit's name; the one of zeros stands for none. */
function commitOf(event: unknown, ...keys: readonly string[]): string | undefined {
  const name = textOf(event, ...keys);
  return name !== undefined && hash.test(name) && !/^0+$/.test(name) ? name : undefined;
}

/**
 * Reads the change from the event that started the run.
 * @param file the one that GITHUB_EVENT_PATH names
 * @returns undefined for events of no change, such as a schedule, and for the first push of a branch
 * @throws {ConfigError} when the file can't be read
 */
export function readChange(file: string | undefined): Change | undefined {
  if (file === undefined || file === '') return undefined;
  const read = readText(file);
  if ('problem' in read) throw new ConfigError(`The event that started this run: ${read.problem}`);
  const event = parse(read.text);
  const pull = numberOf(event, 'pull_request', 'number');
  const pullHead = commitOf(event, 'pull_request', 'head', 'sha');
  if (pull !== undefined && pull > 0 && pullHead !== undefined) return { pull, head: pullHead };
  const base = commitOf(event, 'before') ?? commitOf(event, 'merge_group', 'base_sha');
  const head = commitOf(event, 'after') ?? commitOf(event, 'merge_group', 'head_sha');
  return base === undefined || head === undefined ? undefined : { base, head };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError('The event that started this run is not valid JSON.', { cause: error });
  }
}
