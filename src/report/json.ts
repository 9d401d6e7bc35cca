import { digest } from '../digest.ts';
import type { AppliedFix, Diagnostic } from '../lint.ts';
import { LineMap } from '../span.ts';
import { summarize, type FileReport, type Reporter, type Summary } from './report.ts';

/** The form of a finding that others may rely on: lines and columns from 1, columns in UTF-16 code units. */
export interface JsonFinding {
  readonly rule: string;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly sources: readonly string[];
  readonly fix?: { readonly title: string; readonly safety: AppliedFix['safety'] };
}

export interface JsonFile {
  readonly path: string;
  /** Of the text that the findings point into, where there are any: tells whether a file is still that one. */
  readonly sha256?: string;
  readonly findings: readonly JsonFinding[];
  /** With `--fix`: what was mended; `findings` are those that remain. */
  readonly fixed?: readonly AppliedFix[];
  /** One sentence: why the file could not be checked, or not the whole of it. */
  readonly error?: string;
}

export interface JsonReport {
  /** Goes up when a reader of the old form could not read the new one. */
  readonly version: 1;
  readonly files: readonly JsonFile[];
  readonly summary: Summary;
}

/** A finding with its place in lines and columns. */
export function toJsonFinding(diagnostic: Diagnostic, lines: LineMap): JsonFinding {
  const { rule, severity, message, at, sources, fix } = diagnostic;
  const start = lines.position(at.start);
  const end = lines.position(at.end);
  return {
    rule,
    severity,
    message,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    sources,
    ...(fix === undefined ? {} : { fix: { title: fix.title, safety: fix.safety } }),
  };
}

export function toJsonFile({ path, text, diagnostics, fixed, error }: FileReport): JsonFile {
  const lines = new LineMap(text);
  return {
    path,
    ...(diagnostics.length === 0 ? {} : { sha256: digest(text) }),
    findings: diagnostics.map((diagnostic) => toJsonFinding(diagnostic, lines)),
    ...(fixed === undefined ? {} : { fixed: fixed.map(({ rule, title, safety }) => ({ rule, title, safety })) }),
    ...(error === undefined ? {} : { error }),
  };
}

/** JSON leaves some characters as they are that a terminal obeys (C1 controls) or that reorder a line (bidi marks). */
const escapeCharacter = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON with no character in it that a terminal obeys; on one line, or with blanks of indent. */
export const quietJson = (value: unknown, indent = 0): string =>
  JSON.stringify(value, undefined, indent).replace(/[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, escapeCharacter);

/** The same with two blanks of indent and a newline at the end. */
export const printJson = (value: unknown): string => `${quietJson(value, 2)}\n`;

/** The report for other programs. */
export const json: Reporter = (files) => {
  const report: JsonReport = { version: 1, files: files.map(toJsonFile), summary: summarize(files) };
  return printJson(report);
};
