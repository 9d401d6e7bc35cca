import { LineMap } from '../span.ts';
import type { Diagnostic } from '../lint.ts';
import { fixLine, placeOf, summarize, type FileReport, type Reporter } from './report.ts';
import { element, escapeXml, xmlDocument } from './xml.ts';

/** Time is told by no test of ours; readers want the attribute. */
const time = '0';

function findingCase(path: string, diagnostic: Diagnostic, lines: LineMap): string {
  const { rule, severity, message, at, related } = diagnostic;
  const { line, column } = placeOf(lines, at);
  const { start, end } = lines.line(line);
  const body = [
    `${path}:${line}:${column}: ${message}`,
    ...(end - start > 500 ? [] : [lines.source.slice(start, end)]),
    ...related.map((note) => `line ${placeOf(lines, note.at).line}: ${note.message}`),
    fixLine(diagnostic) ?? '',
  ].filter((each) => each.trim() !== '').map(escapeXml);
  return element('testcase', { name: `${rule} (${line}:${column})`, classname: path, file: path, line, time }, [element('failure', { message, type: severity }, body)]);
}

function suite(file: FileReport): string {
  const { path, text, diagnostics, error } = file;
  const lines = new LineMap(text);
  const failed = error === undefined ? [] : [element('testcase', { name: 'shipshape', classname: path, file: path, time }, [element('error', { message: error, type: 'failed' })])];
  const clean = error === undefined && diagnostics.length === 0 ? [element('testcase', { name: 'shipshape', classname: path, file: path, time })] : [];
  const cases = [...failed, ...clean, ...diagnostics.map((diagnostic) => findingCase(path, diagnostic, lines))];
  return element('testsuite', { name: path, tests: cases.length, failures: diagnostics.length, errors: failed.length, skipped: 0, time }, cases);
}

/** JUnit's XML: a suite for each file, a failed test for each finding, a passed one for a clean file. */
export const junit: Reporter = (files) => {
  const { errors, warnings, infos, failed } = summarize(files);
  const failures = errors + warnings + infos;
  const clean = files.filter(({ diagnostics, error }) => diagnostics.length === 0 && error === undefined).length;
  return xmlDocument(element('testsuites', { name: 'shipshape', tests: failures + failed + clean, failures, errors: failed, time }, files.map(suite)));
};
