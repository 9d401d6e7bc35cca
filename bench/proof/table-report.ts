/** What was measured of a project as one step leaves it. */
export interface TableRow {
  readonly project: string;
  readonly step: string;
  /** Whose fixes this step applied; empty where it found nothing to mend, and the figures are those of the step before. */
  readonly rules: readonly string[];
  readonly dockerfile: string;
  /** Seconds of a build with an empty cache. */
  readonly firstBuild: number;
  /** Seconds of a build after a change of one line of a source, each after another one. */
  readonly rebuilds: readonly number[];
  readonly bytes: number;
  /** Why it does not work; empty where it builds, starts and answers. */
  readonly failures: readonly string[];
}

/** The middle of some numbers; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const middle = Number.isInteger(half) ? sorted.slice(half - 1, half + 1) : sorted.slice(Math.floor(half), Math.ceil(half));
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** A change that is known of elsewhere, to put beside what was measured. */
export const published = { rebuild: [352.9, 10.3], gigabytes: [1.42, 0.034] } as const;

/** How many times smaller the last is than the first: `34`, `7.3`. */
export function times(first: number, last: number): string {
  const ratio = first / last;
  return Number.isFinite(ratio) ? `${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)} times` : '';
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(3)} GB`;

const line = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function lineOf({ step, rules, firstBuild, rebuilds, bytes, failures }: TableRow, index: number): string {
  const figures = failures.length > 0 ? ['does not work', '', ''] : [seconds(firstBuild), seconds(median(rebuilds)), gigabytes(bytes)];
  const fixes = rules.length > 0 || index === 0 ? rules.map((rule) => `\`${rule}\``).join(', ') : 'nothing to mend';
  return line('', index === 0 ? step : `+ ${step}`, ...figures, fixes);
}

/** What all steps of a project come to: how many times shorter and smaller. */
export function gains(rows: readonly TableRow[]): { readonly rebuild: number; readonly size: number } | undefined {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || first.failures.length > 0 || last.failures.length > 0) return undefined;
  return { rebuild: median(first.rebuilds) / median(last.rebuilds), size: first.bytes / last.bytes };
}

function projectLines(rows: readonly TableRow[]): string[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const all = gains(rows) === undefined
    ? ['', '', ''] : [times(first.firstBuild, last.firstBuild), times(median(first.rebuilds), median(last.rebuilds)), times(first.bytes, last.bytes)];
  return [line(`**${first.project}**`, '', '', '', '', ''), ...rows.map(lineOf), line('', 'from first to last', ...all, '')];
}

/** The table in Markdown, beside what is published elsewhere. */
export function stepTable(rows: readonly TableRow[]): string {
  const names = [...new Set(rows.map(({ project }) => project))];
  const [before, after] = published.rebuild;
  const [big, small] = published.gigabytes;
  const other = line('a published example', '', '', `${before} → ${after} s (${times(before, after)})`, `${big} → ${small} GB (${times(big, small)})`, '');
  return [
    line('', 'with', 'first build', 'rebuild', 'image', 'fixes of'), '|---|---|---:|---:|---:|---|',
    ...names.flatMap((name) => projectLines(rows.filter(({ project }) => project === name))), other,
  ].join('\n');
}
