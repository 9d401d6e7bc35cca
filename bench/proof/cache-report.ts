import type { Result } from './result.ts';

const prefix = 'cache: ';

/** What `CacheProof` found, without planted mistakes. */
export const isOfCache = ({ variant }: Result): boolean => variant.startsWith(prefix);

const kindOf = ({ variant }: Result): string => variant.slice(prefix.length).replace(/, .*$/s, '');

const sum = (results: readonly Result[], of: (result: Result) => number): number => results.reduce((total, result) => total + of(result), 0);

const columns = ['projects', 'pairs', 'equal', 'differ', 'steps', 'open', 'time'] as const;

function row(name: string, results: readonly Result[]): string {
  const compared = results.filter(({ status }) => status !== 'not built');
  const cells = [
    new Set(results.map(({ project }) => project)).size, compared.length,
    compared.filter(({ status }) => status === 'same').length, compared.filter(({ status }) => status === 'fails').length,
    sum(compared, ({ cache }) => cache?.compared ?? 0), sum(compared, ({ cache }) => cache?.depends ?? 0),
    `${sum(compared, ({ seconds }) => seconds.build).toFixed(1)} s`,
  ];
  return name.padEnd(40) + cells.map((cell) => String(cell).padStart(10)).join('');
}

/** A row for each kind of edit, and what came of all. */
export function cacheTableOf(results: readonly Result[], took: number): string {
  const kinds = new Map<string, Result[]>();
  for (const result of results) kinds.set(kindOf(result), [...(kinds.get(kindOf(result)) ?? []), result]);
  const head = 'edit'.padEnd(40) + columns.map((name) => name.padStart(10)).join('');
  const lines = [...kinds].map(([kind, own]) => row(kind, own));
  const compared = results.filter(({ cache }) => cache !== undefined);
  const wrong = results.filter(({ status }) => status === 'fails').length;
  const failed = compared.filter(({ cache }) => cache?.failed === true).length;
  const leftOut = sum(compared, ({ cache }) => cache?.leftOut ?? 0);
  const skipped = results.filter(({ status }) => status === 'not built').length;
  const verdict = [
    `${compared.length} pairs of a project and an edit, all done after ${took.toFixed(1)} s: the model of the cache says of ${wrong === 0 ? 'each' : `${compared.length - wrong}`} what the engine does.`,
    `Of ${sum(compared, ({ cache }) => cache?.depends ?? 0)} steps (open) it says that they depend on what a stage gives, and takes the engine's word.`,
    ...(leftOut === 0 ? [] : [`${leftOut} more edits were left out: they run downloads and compilers once more.`]),
    ...(failed === 0 ? [] : [`${failed} edits break the build: compared is what it came to.`]),
    ...(skipped === 0 ? [] : [`${skipped} projects were not built.`]),
  ];
  return [head, ...lines, row('all', results), '', ...verdict].join('\n');
}
