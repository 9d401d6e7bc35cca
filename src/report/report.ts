import type { AppliedFix, Diagnostic } from '../lint.ts';
import type { AnyRule, Safety } from '../rule.ts';
import type { LineMap, Span } from '../span.ts';
import { plural } from './text.ts';

/** What became of one file, as reporters get it. */
export interface FileReport {
  /** As the user knows it: relative to the working folder where it lies below that. */
  readonly path: string;
  /** The text that the findings' spans point into. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  /** What was mended; undefined when nobody asked for it. */
  readonly fixed: readonly AppliedFix[] | undefined;
  /** One sentence: why the file could not be checked, or not the whole of it. */
  readonly error: string | undefined;
}

export interface ReportOptions {
  readonly color: boolean;
  /** Width of the terminal. */
  readonly columns: number;
  /** Up to which safety fixes were applied; undefined when none were asked for. */
  readonly applied: Safety | undefined;
  /** Every rule that may have spoken, by id: ours, and those of plugins. */
  readonly rules: ReadonlyMap<string, AnyRule>;
  /** The working folder, absolute: relative paths count from there. */
  readonly folder: string;
}

/** Turns what was found into a text that ends as its format wants it, or an empty one. */
export type Reporter = (files: readonly FileReport[], options: ReportOptions) => string;

export interface Summary {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Findings with a fix, by its safety. */
  readonly fixable: { readonly safe: number; readonly unsafe: number; readonly manual: number };
  readonly fixed: number;
  /** Files with an `error`. */
  readonly failed: number;
}

/** Counts what the files hold. */
export function summarize(files: readonly FileReport[]): Summary {
  const severities = { error: 0, warning: 0, info: 0 };
  const fixable = { safe: 0, unsafe: 0, manual: 0 };
  let fixed = 0;
  let failed = 0;
  for (const file of files) {
    for (const { severity, fix } of file.diagnostics) {
      severities[severity] += 1;
      if (fix !== undefined) fixable[fix.safety] += 1;
    }
    fixed += file.fixed?.length ?? 0;
    if (file.error !== undefined) failed += 1;
  }
  return { files: files.length, errors: severities.error, warnings: severities.warning, infos: severities.info, fixable, fixed, failed };
}

/** Where a span is, as other programs count: lines and columns from 1, columns in UTF-16 code units, the end behind the last character. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The place of a span in a file as others read it: without its byte order mark. */
export function placeOf(lines: LineMap, { start, end }: Span): Place {
  const from = lines.position(start);
  const to = lines.position(end);
  const mark = lines.source.startsWith('\ufeff') ? 1 : 0;
  const columnOf = ({ line, column }: { line: number; column: number }): number => Math.max(line === 1 ? column - mark : column, 1);
  return { line: from.line, column: columnOf(from), endLine: to.line, endColumn: columnOf(to) };
}

/** The place of a span without line endings at its end: a reader would not say that it reaches into the next line. */
export function shownPlace(lines: LineMap, { start, end }: Span): Place {
  let last = end;
  while (last > start && /[\r\n]/.test(lines.source.charAt(last - 1))) last -= 1;
  return placeOf(lines, { start, end: last });
}

/** What a reader should know of a fix before taking it. */
export const fixLabels: Readonly<Record<Safety, string>> = { safe: 'safe fix', unsafe: 'unsafe fix', manual: 'your choice' };

/** The fix of a finding in one line; undefined where there is none. */
export const fixLine = ({ fix }: Diagnostic): string | undefined => (fix === undefined ? undefined : `${fixLabels[fix.safety]}: ${fix.title}`);

/** The counts in words: `1 file could not be checked; 1 error, 2 warnings, 1 info`. */
export function countsInWords({ errors, warnings, infos, failed }: Summary): string {
  const counts = [errors > 0 ? plural(errors, 'error') : '', warnings > 0 ? plural(warnings, 'warning') : '', infos > 0 ? `${infos} info` : ''];
  const found = counts.filter((each) => each !== '').join(', ');
  return [...(failed > 0 ? [`${plural(failed, 'file')} could not be checked`] : []), found === '' ? 'no findings' : found].join('; ');
}
