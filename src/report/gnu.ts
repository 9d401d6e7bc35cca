import { LineMap } from '../span.ts';
import type { Diagnostic } from '../lint.ts';
import { placeOf, type FileReport, type Reporter } from './report.ts';
import { visible } from './text.ts';

/** The words of GNU's compilers, which editors know. */
const words: Readonly<Record<Diagnostic['severity'], string>> = { error: 'error', warning: 'warning', info: 'note' };

function fileLines({ path, text, diagnostics, error }: FileReport): string[] {
  const lines = new LineMap(text);
  const name = visible(path);
  const findings = diagnostics.map(({ rule, severity, at, message }) => {
    const { line, column } = placeOf(lines, at);
    return `${name}:${line}:${column}: ${words[severity]}: ${visible(message)} [${visible(rule)}]`;
  });
  return [...(error === undefined ? [] : [`${name}:1:1: error: ${visible(error)}`]), ...findings];
}

/** `FILE:LINE:COLUMN: level: message [rule]`, as GNU's compilers write, for editors that jump to such places. */
export const gnu: Reporter = (files) => files.flatMap(fileLines).map((line) => `${line}\n`).join('');
