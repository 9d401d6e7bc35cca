import type { AppliedFix, Diagnostic } from '../lint.ts';
import type { Safety } from '../rule.ts';

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
}

/** Turns what was found into a text that ends with a newline, or an empty one. */
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
