import { resolve } from 'node:path';
import { ConfigError } from '../config/error.ts';
import { writeAtomically } from '../files.ts';
import { formats } from '../report/formats.ts';
import type { FileReport, ReportOptions } from '../report/report.ts';
import { plural } from '../report/text.ts';
import { sentenceOf } from './errors.ts';
import { ranks, reaches } from './level.ts';
import type { OutputOptions } from './options.ts';
import { columnsOf, wantsColor, type Output, type Terminal } from './terminal.ts';

/** What `--quiet` lets through: findings that make the run fail; with `--fail-on none`, errors. */
function withoutNoise(file: FileReport, { quiet, failOn }: OutputOptions): FileReport {
  const least = Math.min(ranks[failOn], ranks.error);
  return quiet ? { ...file, diagnostics: file.diagnostics.filter(({ severity }) => ranks[severity] >= least) } : file;
}

/**
 * Writes a text to where the user wants it: a file, or an output.
 * @throws {ConfigError} where it can't be written
 */
export function deliver(text: string, file: string | undefined, options: OutputOptions, { folder }: Terminal, output: Output): void {
  if (file === undefined) return output.write(text);
  try {
    writeAtomically(resolve(folder, file), text);
  } catch (error) {
    throw new ConfigError(sentenceOf(error, file === options.output ? '--output' : '--format'));
  }
}

/** Makes the reports that the user wants; those for files are written first, so that a file that can't be is all that is said. */
export async function writeReports(
  files: readonly FileReport[], options: OutputOptions, run: Pick<ReportOptions, 'applied' | 'rules'>, terminal: Terminal, output = terminal.output,
): Promise<void> {
  const shown = files.map((file) => withoutNoise(file, options));
  const inOrder = options.reports.toSorted((a, b) => Number(a.file === undefined) - Number(b.file === undefined));
  for (const { format, file } of inOrder) {
    const reporter = await formats[format]();
    const color = file === undefined ? wantsColor(options.color, output, terminal.environment) : options.color === true;
    const text = reporter(shown, { ...run, color, columns: columnsOf(output), folder: terminal.folder });
    if (text !== '' || file !== undefined) deliver(text, file, options, terminal, output);
  }
}

/** 0 clean, 1 findings at or above the level or too many warnings, which is said, 2 files that could not be checked. */
export function exitCode(files: readonly FileReport[], { failOn, maxWarnings }: OutputOptions, terminal: Terminal): number {
  if (files.some(({ error }) => error !== undefined)) return 2;
  const warnings = files.flatMap(({ diagnostics }) => diagnostics).filter(({ severity }) => severity === 'warning').length;
  const tooMany = maxWarnings !== undefined && warnings > maxWarnings;
  if (tooMany) terminal.errors.write(`${plural(warnings, 'warning')}: more than the ${maxWarnings} of --max-warnings.\n`);
  return tooMany || files.some((file) => reaches(file, failOn)) ? 1 : 0;
}
