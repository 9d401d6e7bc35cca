import { LineMap } from '../span.ts';
import { severities } from './codeclimate.ts';
import { failureFingerprint, fingerprintsAmongFiles } from './fingerprint.ts';
import { printJson } from './json.ts';
import { shownPlace, type FileReport, type Reporter } from './report.ts';

function issues(file: FileReport): object[] {
  const { path, text, diagnostics, error } = file;
  const lines = new LineMap(text);
  const names = fingerprintsAmongFiles(file);
  const failed = error === undefined ? [] : [
    { description: error, check_name: 'shipshape/failed', fingerprint: failureFingerprint(file), severity: severities.failed, location: { path, lines: { begin: 1, end: 1 } } },
  ];
  const found = diagnostics.map(({ rule, severity, message, at }, index) => {
    const { line, endLine } = shownPlace(lines, at);
    return { description: message, check_name: rule, fingerprint: names[index], severity: severities[severity], location: { path, lines: { begin: line, end: endLine } } };
  });
  return [...failed, ...found];
}

/** The code quality report that GitLab shows in merge requests. */
export const gitlab: Reporter = (files) => printJson(files.flatMap(issues));
