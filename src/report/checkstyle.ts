import { LineMap } from '../span.ts';
import { placeOf, type FileReport, type Reporter } from './report.ts';
import { element, xmlDocument } from './xml.ts';

function fileElement({ path, text, diagnostics, error }: FileReport): string {
  const lines = new LineMap(text);
  const findings = diagnostics.map(({ rule, severity, message, at }) => {
    const { line, column } = placeOf(lines, at);
    return element('error', { line, column, severity, message, source: rule });
  });
  const failures = error === undefined ? [] : [element('error', { line: 1, column: 1, severity: 'error', message: error, source: 'shipshape' })];
  return element('file', { name: path }, [...failures, ...findings]);
}

/** Checkstyle's XML, which many CI servers read; a clean file has an empty element. */
export const checkstyle: Reporter = (files) => xmlDocument(element('checkstyle', { version: '4.3' }, files.map(fileElement)));
