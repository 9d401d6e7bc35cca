import type { Result } from './result.ts';

const seconds = (value: number): string => `${value.toFixed(1)} s`;

const megabytes = (bytes: number | undefined): string => (bytes === undefined ? '' : `${(bytes / 1e6).toFixed(0)} MB`);

/** What came of one variant, on a line; what is wrong below it. */
export function lineOf({ project, variant, status, details, seconds: took, bytes, steps }: Result): string {
  const ran = steps.filter(({ cached, index }) => !cached && index > 1).length;
  const total = took.build + took.compare + took.run;
  const facts = steps.length === 0 ? '' : `${seconds(total).padStart(7)}  ${megabytes(bytes).padStart(7)}  ${ran} of ${steps.filter(({ index }) => index > 1).length} steps ran`;
  const most = details.slice(0, 12).flatMap((detail) => detail.split('\n').map((line) => `      ${line}`));
  const more = details.length > 12 ? [`      … and ${details.length - 12} more`] : [];
  const why = status === 'fails' ? [...most, ...more] : [];
  const reason = status === 'not built' || (status === 'works' && details.length > 0) ? ` ${details.join('; ')}` : '';
  return [`${project.padEnd(20)} ${variant.padEnd(44)} ${status.padEnd(9)} ${facts}${reason}`.trimEnd(), ...why].join('\n');
}

const count = (results: readonly Result[], status: Result['status']): number => results.filter((each) => each.status === status).length;

/** A row for each kind of variant: each rule, all safe ones, all unsafe ones, the planted ones. */
function rows(results: readonly Result[]): [string, Result[]][] {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const name = result.variant.startsWith('planted: ') ? 'planted' : result.variant.replace(/, line \d+$/, '');
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  const last = ['as it is', 'all safe', 'all unsafe', 'planted'];
  return [...groups].sort(([a], [b]) => last.indexOf(a) - last.indexOf(b) || (a < b ? -1 : 1));
}

/** The table at the end. */
export function tableOf(results: readonly Result[], took: number): string {
  const head = `${'fix'.padEnd(40)}${'projects'.padStart(9)}${'proven'.padStart(8)}${'fails'.padStart(7)}${'not built'.padStart(11)}${'time'.padStart(10)}`;
  const lines = rows(results).map(([name, own]) => {
    const projects = new Set(own.map(({ project }) => project)).size;
    const time = own.reduce((sum, { seconds: each }) => sum + each.build + each.compare + each.run, 0);
    const proven = count(own, 'same') + count(own, 'works') + count(own, 'caught');
    return `${name.padEnd(40)}${String(projects).padStart(9)}${String(proven).padStart(8)}${String(count(own, 'fails')).padStart(7)}${String(count(own, 'not built')).padStart(11)}${seconds(time).padStart(10)}`;
  });
  const wrong = count(results, 'fails');
  const builds = results.filter(({ steps }) => steps.length > 0).length;
  const verdict = `${new Set(results.map(({ project }) => project)).size} projects, ${builds} builds in ${seconds(took)}: ${wrong === 0 ? 'every fix held' : `${wrong} failed`}.`;
  return [head, ...lines, '', verdict].join('\n');
}
