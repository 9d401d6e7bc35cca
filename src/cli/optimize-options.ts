import { ConfigError } from '../config/error.ts';
import { usualCommits } from '../context/history.ts';
import { orderFormatNames, type OrderFormat } from '../report/order-formats.ts';
import { choice, count, flag, readLintOptions, text, type LintOptions, type RawOptions } from './options.ts';

/** The command line of `optimize`. */
export interface OptimizeOptions {
  /** What its moves have in common with linting: files, config, context, build arguments. */
  readonly lint: LintOptions;
  readonly write: boolean;
  readonly unsafe: boolean;
  /** So many commits are replayed. */
  readonly history: number;
  /** A file with what a build printed. */
  readonly timings: string | undefined;
  readonly format: OrderFormat;
  readonly output: string | undefined;
}

/** More commits than any project has. */
const mostCommits = 1_000_000;

/**
 * Reads the options of `optimize`.
 *
 * @throws {ConfigError} for wrong values and combinations
 */
export function readOptimizeOptions(raw: RawOptions, environment: Readonly<Record<string, string | undefined>>): OptimizeOptions {
  const { format: _format, output: _output, ...common } = raw;
  // The moves are fixes, which linting does not allow without --fix.
  const lint = readLintOptions({ ...common, fix: true }, environment);
  const history = count(raw, 'history') ?? usualCommits;
  if (history < 1 || history > mostCommits) throw new ConfigError(`--history needs a number of commits from 1 to ${mostCommits}, not ${history}.`);
  const write = flag(raw, 'write') ?? false;
  if (write && lint.paths.includes('-')) throw new ConfigError('--write is for files: leave out "-".');
  const output = text(raw, 'output');
  return { lint, write, unsafe: lint.unsafe, history, timings: text(raw, 'timings'), format: choice(raw, 'format', orderFormatNames) ?? 'text', output };
}
