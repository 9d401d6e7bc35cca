import type { Diagnostic } from '../lint.ts';
import type { AnyRule } from '../rule.ts';
import { LineMap } from '../span.ts';
import { failureFingerprint, fingerprintsAmongFiles } from './fingerprint.ts';
import { quietJson } from './json.ts';
import { shownPlace, type FileReport, type Place, type Reporter } from './report.ts';

export const severities: Readonly<Record<Diagnostic['severity'] | 'failed', string>> = { failed: 'blocker', error: 'critical', warning: 'major', info: 'info' };

/** Our categories in Code Climate's words; it knows no others. */
const categories: ReadonlyMap<string, string> = new Map([
  ['security', 'Security'], ['size', 'Performance'], ['cache', 'Performance'], ['reproducibility', 'Compatibility'], ['style', 'Style'],
]);

const categoryOf = (rule: string): string => categories.get(rule.slice(0, rule.indexOf('/'))) ?? 'Bug Risk';

const locationOf = (path: string, { line, column, endLine, endColumn }: Place): object => ({
  path,
  positions: { begin: { line, column }, end: { line: endLine, column: endColumn } },
});

function issues(file: FileReport, rules: ReadonlyMap<string, AnyRule>): object[] {
  const { path, error } = file;
  const lines = new LineMap(file.text);
  const names = fingerprintsAmongFiles(file);
  const failed = error === undefined ? [] : [{
    type: 'issue', check_name: 'shipshape/failed', description: error, categories: ['Bug Risk'], severity: severities.failed,
    location: { path, lines: { begin: 1, end: 1 } }, fingerprint: failureFingerprint(file),
  }];
  const found = file.diagnostics.map(({ rule, severity, message, at, related }, index) => {
    const why = rules.get(rule)?.why;
    return {
      type: 'issue',
      check_name: rule,
      description: message,
      ...(why === undefined ? {} : { content: { body: why } }),
      categories: [categoryOf(rule)],
      severity: severities[severity],
      location: locationOf(path, shownPlace(lines, at)),
      ...(related.length === 0 ? {} : { other_locations: related.map((note) => locationOf(path, shownPlace(lines, note.at))) }),
      fingerprint: names[index],
    };
  });
  return [...failed, ...found];
}

/** Code Climate's issues, each followed by a NUL, as its specification wants them. */
export const codeclimate: Reporter = (files, { rules }) => files.flatMap((file) => issues(file, rules)).map((issue) => `${quietJson(issue)}\0`).join('');
