import { LineMap } from '../span.ts';
import { colors, type Colors } from './colors.ts';
import { paintCode } from './markdown.ts';
import { fixLabels, placeOf, type FileReport, type Reporter } from './report.ts';
import { visible } from './text.ts';

function fileLines({ path, text, diagnostics, fixed, error }: FileReport, pen: Colors): string[] {
  const lines = new LineMap(text);
  const name = visible(path);
  const findings = diagnostics.map(({ rule, severity, at, message, fix }) => {
    const { line, column } = placeOf(lines, at);
    const label = fix === undefined ? '' : ` ${pen.faint(`(${fixLabels[fix.safety]})`)}`;
    return `${name}:${line}:${column} ${pen[severity](severity)} ${visible(rule)}: ${paintCode(visible(message), pen)}${label}`;
  });
  const mended = (fixed ?? []).map(({ rule, title }) => `${name} ${pen.good('fixed')} ${visible(rule)}: ${paintCode(visible(title), pen)}`);
  return [...(error === undefined ? [] : [`${name} ${pen.bad('failed')} ${visible(error)}`]), ...mended, ...findings];
}

/** For people who want a line for each finding, and nothing when there is none. */
export const ttyCompact: Reporter = (files, { color }) => files.flatMap((file) => fileLines(file, colors(color))).map((line) => `${line}\n`).join('');
