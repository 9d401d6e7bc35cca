import type { FileReport } from '../report/report.ts';
import type { FailLevel } from './options.ts';

/** How bad a finding is, to hold against `--fail-on`. */
export const ranks: Readonly<Record<FailLevel, number>> = { info: 1, warning: 2, error: 3, none: 4 };

/** True when a file has a finding at or above the level. */
export const reaches = (file: FileReport, level: FailLevel): boolean => file.diagnostics.some(({ severity }) => ranks[severity] >= ranks[level]);
