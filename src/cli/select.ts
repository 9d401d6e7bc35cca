import { relative, resolve } from 'node:path';
import { digest } from '../digest.ts';
import { plural } from '../report/text.ts';
import type { LintOptions, Shard } from './options.ts';
import { toSlashes, type Targets } from './targets.ts';
import type { Terminal } from './terminal.ts';

/** Tells whether a path belongs to a share. It hangs on the path alone: whatever other files there are, each is in the same one. */
const isIn = ({ index, count }: Shard, path: string, folder: string): boolean =>
  Number.parseInt(digest(toSlashes(relative(folder, resolve(folder, path)))).slice(0, 12), 16) % count === index - 1;

/** Targets that were chosen among others. */
export interface Selection extends Targets {
  /** What was chosen, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Chooses the targets that the options want of those that their paths name. Paths that lead nowhere are divided among shares as well,
 * so that each is told of once.
 *
 * @throws {ConfigError} where git can't tell what changed
 */
export async function selectTargets({ targets: all, failures }: Targets, options: LintOptions, terminal: Terminal): Promise<Selection> {
  const { since, shard } = options;
  const notes: string[] = [];
  let targets = all;
  if (since !== undefined) {
    const { changedSince } = await import('./since.ts');
    targets = await changedSince(since, all, options, terminal);
    notes.push(`--since ${since}: ${targets.length} of ${plural(all.length, 'file')} changed.`);
  }
  if (shard === undefined) return { targets, failures, notes };
  const share = targets.filter(({ file, path }) => isIn(shard, file ?? path, terminal.folder));
  notes.push(`--shard ${shard.index}/${shard.count}: ${share.length} of ${plural(targets.length, 'file')}.`);
  return { targets: share, failures: failures.filter(({ path }) => isIn(shard, path, terminal.folder)), notes };
}
