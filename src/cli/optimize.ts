import { join, resolve } from 'node:path';
import { ConfigError } from '../config/error.ts';
import type { BuildContext } from '../context/context.ts';
import { readHistory, type Commit } from '../context/history.ts';
import { linkReader, measuredContext } from '../context/measured.ts';
import { readText, writeAtomically } from '../files.ts';
import type { LintRequest } from '../lint.ts';
import { readDockerfile, type Dockerfile } from '../model/dockerfile.ts';
import { assumedCommits, readToday } from '../optimize/past.ts';
import { planOrder } from '../optimize/plan.ts';
import { readTimings, stepCost, type Timings } from '../optimize/timings.ts';
import { volatileArguments } from '../optimize/volatile.ts';
import { orderFormats } from '../report/order-formats.ts';
import type { HistorySource, OrderFailure, OrderResult } from '../report/order.ts';
import { plural, visible } from '../report/text.ts';
import { Checker, type Target } from './check.ts';
import { sentenceOf } from './errors.ts';
import type { OptimizeOptions } from './optimize-options.ts';
import { deliver } from './reports.ts';
import { findTargets } from './targets.ts';
import { columnsOf, wantsColor, type Terminal } from './terminal.ts';

/** Fewer commits say little of how a project changes. */
const fewCommits = 20;

/** The context whose history is replayed, and what to say of it. */
interface Place {
  readonly context: BuildContext | undefined;
  readonly notes: readonly string[];
}

/** The context the moves are proven with; where it can't be the right one, the folder above that fits, to measure by. */
function placeOf(file: Dockerfile, target: Target, request: LintRequest): Place {
  const measured = measuredContext(file, target.file, request);
  if (measured === undefined) return { context: undefined, notes: ['Which folder is the build context can\'t be told, so nothing is replayed; name it with `--context DIR`.'] };
  const guess = 'The build context is taken to be a folder above, which fits what is copied; name it with `--context DIR` for moves to be proven with it.';
  return { context: measured.context, notes: measured.guessed ? [guess] : [] };
}

interface Replayable {
  readonly source: HistorySource;
  readonly commits: readonly Commit[];
  readonly notes: readonly string[];
}

/** The commits to replay: those of git, else what usually changes. */
async function commitsFor({ context, notes }: Place, target: Target, { history }: OptimizeOptions, { environment }: Terminal): Promise<Replayable> {
  if (context === undefined) return { source: 'none', commits: [], notes };
  const { folder } = context;
  const found = folder === undefined ? { problem: 'the build context is no folder' }
    : await readHistory({ folder, dockerfile: target.file ?? join(folder, 'Dockerfile'), most: history, environment });
  if ('problem' in found || found.commits.length === 0) {
    const why = 'problem' in found ? found.problem : 'no commit changed the build context';
    return { source: 'assumed', commits: assumedCommits(context.files), notes: [...notes, `There is no history to replay: ${why}.`] };
  }
  const few = found.commits.length < fewCommits ? [`Only ${plural(found.commits.length, 'commit')} to replay: the shares are rough.`] : [];
  return { source: 'git', commits: found.commits, notes: [...notes, ...found.notes, ...few] };
}

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

async function optimize(target: Target, text: string, checker: Checker, timings: Timings | undefined, options: OptimizeOptions, terminal: Terminal): Promise<OrderResult | OrderFailure> {
  const { request } = await checker.prepare(target);
  const { buildArguments, target: stage } = request;
  const file = readDockerfile(text, { path: target.path, buildArguments, target: stage });
  const [problem] = file.problems;
  if (problem !== undefined) return { path: target.path, error: `Line ${file.lines.position(problem.at.start).line} would fail the build (${problem.message.replace(/\.$/, '')}); mend it first.` };
  const place = placeOf(file, target, request);
  const { source, commits, notes } = await commitsFor(place, target, options, terminal);
  const volatile = source === 'none' ? [] : volatileArguments(file);
  const costOf = stepCost(timings);
  const plan = planOrder(text, {
    lint: request,
    replay: { commits, today: readToday(place.context, commits, linkReader(place.context?.folder)), buildArguments, target: stage, volatile },
    costOf,
    level: options.unsafe ? 'unsafe' : 'safe',
  });
  const assumption = volatile.length === 0 ? [] : [`${listed(volatile)} ${volatile.length === 1 ? 'is' : 'are'} taken to change with every commit.`];
  const isWritten = options.write && plan.text !== text && target.file !== undefined;
  if (isWritten) writeAtomically(target.file, plan.text);
  const bugs = plan.bugs.map((bug) => `A bug of ours: ${bug}`);
  return { path: target.path, text, plan, costOf, unit: timings === undefined ? 'class units' : 'seconds', source, commits, notes: [...notes, ...assumption, ...bugs], isWritten };
}

async function optimizeOne(target: Target, checker: Checker, timings: Timings | undefined, options: OptimizeOptions, terminal: Terminal): Promise<OrderResult | OrderFailure> {
  const read = target.text === undefined ? readText(target.file ?? '') : { text: target.text };
  if ('problem' in read) return { path: target.path, error: visible(read.problem.replace(target.file ?? '', () => target.path)) };
  try {
    return await optimize(target, read.text, checker, timings, options, terminal);
  } catch (error) {
    return { path: target.path, error: sentenceOf(error, 'The file could not be optimized') };
  }
}

/** @throws {ConfigError} where the file can't be read or holds no times */
function timingsOf({ timings }: OptimizeOptions, { folder }: Terminal): Timings | undefined {
  if (timings === undefined) return undefined;
  const read = readText(resolve(folder, timings), 200_000_000);
  if ('problem' in read) throw new ConfigError(`--timings: ${read.problem}`);
  const found = readTimings(read.text);
  if (found.length === 0) throw new ConfigError('--timings: the file holds no step that was timed; give it what `docker build --progress=plain` or `docker buildx history logs` prints.');
  return found;
}

/**
 * Looks for a better order of the steps of all files that the options name; writes it where that is wanted; reports.
 *
 * @returns the exit code: 2 where a file could not be looked at
 * @throws {ConfigError} for options that can't be followed
 */
export async function runOptimize(options: OptimizeOptions, terminal: Terminal): Promise<number> {
  const timings = timingsOf(options, terminal);
  const checker = new Checker(options.lint, terminal.folder);
  const { targets, failures } = await findTargets(options.lint, terminal);
  const results: OrderResult[] = [];
  const failed: OrderFailure[] = failures.map(({ path, error = '' }) => ({ path, error }));
  for (const target of targets) {
    const result = await optimizeOne(target, checker, timings, options, terminal);
    if ('error' in result) failed.push(result);
    else results.push(result);
  }
  const reporter = await orderFormats[options.format]();
  const color = options.output === undefined ? wantsColor(options.lint.color, terminal.output, terminal.environment) : options.lint.color === true;
  const text = reporter(results, failed, { color, columns: columnsOf(terminal.output), unsafe: options.unsafe });
  deliver(text, options.output, { ...options.lint, output: options.output }, terminal, terminal.output);
  return failed.length > 0 ? 2 : 0;
}
