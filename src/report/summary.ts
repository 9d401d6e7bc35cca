import type { Diagnostic } from '../lint.ts';
import { LineMap } from '../span.ts';
import { countsInWords, fixLine, shownPlace, summarize, type FileReport, type Reporter } from './report.ts';
import { plural, visible } from './text.ts';

/** A job summary may have a megabyte: further findings are only counted. */
const mostRows = 1000;

const signs: Readonly<Record<Diagnostic['severity'], string>> = { error: '🔴 error', warning: '🟡 warning', info: '🔵 info' };

const entity = (character: string): string => `&#${character.codePointAt(0)};`;

/** Code in a cell of a table. What a code span can't hold there, or would be read as something else, becomes entities. */
const codeSpan = (text: string): string =>
  text === '' || /[`|\\]|^\s|\s$/.test(text) ? `<code>${text.replace(/[^\p{L}\p{N} ]/gu, entity)}</code>` : `\`${text}\``;

/** Plain text in a cell: nothing in it is markup, an address, or somebody's name. */
const plainText = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>()#|~!&$]/g, entity).replace(/:\/\//g, '&#58;//').replace(/\bwww\./gi, 'www&#46;').replaceAll('@', '<code>@</code>');

/** A sentence of ours, in which backticks mark code, as Markdown on one line. */
export const sentence = (text: string): string =>
  visible(text).split(/(`[^`]+`)/).map((part, index) => (index % 2 === 1 ? codeSpan(part.slice(1, -1)) : plainText(part))).join('');

function row(path: string, diagnostic: Diagnostic, lines: LineMap): string {
  const { rule, severity, message, at, related } = diagnostic;
  const { line, column } = shownPlace(lines, at);
  const notes = related.map((note) => `line ${shownPlace(lines, note.at).line}: ${note.message}`);
  const text = [message, ...notes, fixLine(diagnostic) ?? ''].filter((each) => each !== '').map(sentence).join('<br>');
  return `| ${signs[severity]} | ${codeSpan(visible(`${path}:${line}:${column}`))} | ${codeSpan(visible(rule))} | ${text} |`;
}

function rowsOf({ path, text, diagnostics }: FileReport): string[] {
  const lines = new LineMap(text);
  return diagnostics.map((diagnostic) => row(path, diagnostic, lines));
}

function table(files: readonly FileReport[]): string[] {
  const rows = files.flatMap(rowsOf);
  if (rows.length === 0) return [];
  const more = rows.length > mostRows ? ['', `… and ${rows.length - mostRows} more.`] : [];
  return [['| Level | Place | Rule | Finding |', '| --- | --- | --- | --- |', ...rows.slice(0, mostRows), ...more].join('\n')];
}

/** The format `markdown`: counts and a table, for the summary of a job or a comment. */
export const summary: Reporter = (files) => {
  const counts = summarize(files);
  const failures = files.flatMap(({ path, error }) => (error === undefined ? [] : [`- ${codeSpan(visible(path))}: ${sentence(error)}`]));
  const mended = counts.fixed === 0 ? '' : `; ${counts.fixed} fixed`;
  const blocks = [
    '## shipshape',
    `${countsInWords(counts)} in ${plural(files.length, 'file')}${mended}`.replace(/^./, (letter) => letter.toUpperCase()) + '.',
    ...(failures.length === 0 ? [] : [failures.join('\n')]),
    ...table(files),
  ];
  return `${blocks.join('\n\n')}\n`;
};
