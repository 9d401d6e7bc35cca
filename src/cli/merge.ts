import { resolve } from 'node:path';
import { rules } from '../../rules/index.ts';
import { ConfigError, quote } from '../config/error.ts';
import { checkReport, parseJson, type ReportForm } from '../config/schema.ts';
import { digest } from '../digest.ts';
import { readText } from '../files.ts';
import type { FileReport } from '../report/report.ts';
import type { Safety } from '../rule.ts';
import { LineMap, span } from '../span.ts';
import type { MergeOptions } from './options.ts';
import { exitCode, writeReports } from './reports.ts';
import type { Terminal } from './terminal.ts';

type FileForm = ReportForm['files'][number];
type FindingForm = FileForm['findings'][number];

/** Reports, and the texts that stand in for sources, may have so many bytes or characters. */
const largestReport = 500_000_000;
const largestText = 10_000_000;

/** @throws {ConfigError} for a file that can't be read or is no report */
function readReport(path: string, folder: string): ReportForm {
  const place = resolve(folder, path);
  const read = readText(place, largestReport);
  if ('problem' in read) throw new ConfigError(read.problem.replace(place, () => path));
  const parsed = parseJson(read.text);
  const checked = 'fault' in parsed ? parsed : checkReport(parsed.value);
  if ('fault' in checked) throw new ConfigError(`${quote(path)} is no report that can be merged: ${checked.fault}; name files that -f json=FILE of this version wrote.`);
  return checked.value;
}

/** The text that findings were made from, where the file is at hand as it was then: only who knew it can name its digest. */
function sourceOf({ path, sha256 }: FileForm, folder: string): string | undefined {
  const read = sha256 === undefined ? undefined : readText(resolve(folder, path));
  return read !== undefined && 'text' in read && digest(read.text) === sha256 ? read.text : undefined;
}

/** A text of blanks that has all the places of the findings: reporters then find nothing to show, and the same lines and columns. */
function blankText(findings: readonly FindingForm[]): string | undefined {
  const widths = new Map<number, number>();
  for (const { line, column, endLine, endColumn } of findings) {
    widths.set(line, Math.max(widths.get(line) ?? 0, column - 1));
    widths.set(endLine, Math.max(widths.get(endLine) ?? 0, endColumn - 1));
  }
  const last = [...widths.keys()].reduce((most, line) => Math.max(most, line), 0);
  const size = [...widths.values()].reduce((sum, width) => sum + width, last);
  if (size > largestText) return undefined;
  return Array.from({ length: last }, (_, index) => ' '.repeat(widths.get(index + 1) ?? 0)).join('\n');
}

/** The file as reporters want it; undefined where its findings have places that no file has. */
function reportOf(file: FileForm, folder: string): FileReport | undefined {
  const { path, findings, fixed, error } = file;
  const text = sourceOf(file, folder) ?? blankText(findings);
  if (text === undefined) return undefined;
  const lines = new LineMap(text);
  const offset = (line: number, column: number): number => lines.line(line).start + column - 1;
  const diagnostics = findings.map(({ rule, severity, message, sources, fix, ...at }) => ({
    rule, severity, message, sources, at: span(offset(at.line, at.column), offset(at.endLine, at.endColumn)), related: [], fix: fix && { ...fix, edits: [] },
  }));
  return { path, text, diagnostics, fixed, error };
}

/** @throws {ConfigError} for a file that two reports speak of, as then nobody knows what is true */
function join(paths: readonly string[], folder: string): FileReport[] {
  const origins = new Map<string, string>();
  const files: FileReport[] = [];
  for (const origin of paths) {
    for (const file of readReport(origin, folder).files) {
      const other = origins.get(file.path);
      if (other !== undefined) {
        const where = other === origin ? `twice in ${quote(origin)}` : `in ${quote(other)} and in ${quote(origin)}`;
        throw new ConfigError(`The file ${quote(file.path)} is ${where}; merge reports of different files, such as those of different shares.`);
      }
      origins.set(file.path, origin);
      const report = reportOf(file, folder);
      if (report === undefined) throw new ConfigError(`${quote(origin)} is no report that can be merged: it names lines or columns of ${quote(file.path)} that no file has.`);
      files.push(report);
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Up to which safety fixes were applied, as far as their results tell; undefined when none were asked for. */
function appliedIn(files: readonly FileReport[]): Safety | undefined {
  const fixed = files.flatMap((file) => (file.fixed === undefined ? [] : [file.fixed]));
  if (fixed.length === 0) return undefined;
  return fixed.flat().some(({ safety }) => safety === 'unsafe') ? 'unsafe' : 'safe';
}

/**
 * `shipshape merge REPORT…`
 *
 * @returns the exit code that a run over all of the files would have
 * @throws {ConfigError} for reports that can't be merged
 */
export async function runMerge(options: MergeOptions, terminal: Terminal): Promise<number> {
  const files = join(options.paths, terminal.folder);
  await writeReports(files, options, { applied: appliedIn(files), rules }, terminal);
  return exitCode(files, options, terminal);
}
