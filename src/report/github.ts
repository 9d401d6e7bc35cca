import type { Diagnostic } from '../lint.ts';
import { LineMap } from '../span.ts';
import { fixLine, shownPlace, type FileReport, type Reporter } from './report.ts';
import { visible } from './text.ts';

const escapes: Readonly<Record<string, string>> = { '%': '%25', '\r': '%0D', '\n': '%0A', ':': '%3A', ',': '%2C' };
const escapeData = (text: string): string => text.replace(/[%\r\n]/g, (character) => escapes[character] ?? '');
const escapeProperty = (text: string): string => text.replace(/[%\r\n:,]/g, (character) => escapes[character] ?? '');

const commands: Readonly<Record<Diagnostic['severity'], string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** `::error file=…::message`; a message may have several lines, nothing else in it ends the command. */
function command(name: string, properties: Readonly<Record<string, string | number>>, sentences: readonly string[]): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(visible(String(value)))}`).join(',');
  return `::${name} ${list}::${escapeData(sentences.map(visible).join('\n'))}\n`;
}

function annotation(path: string, diagnostic: Diagnostic, lines: LineMap): string {
  const { rule, severity, at, message } = diagnostic;
  const { line, column, endLine, endColumn } = shownPlace(lines, at);
  // The runner takes columns only where both lines are the same.
  const place = line === endLine ? { line, col: column, endLine, endColumn } : { line, endLine };
  const related = diagnostic.related.map((note) => `line ${shownPlace(lines, note.at).line}: ${note.message}`);
  const fix = fixLine(diagnostic);
  return command(commands[severity], { file: path, ...place, title: rule }, [message, ...related, ...(fix === undefined ? [] : [fix])]);
}

function fileCommands({ path, text, diagnostics, error }: FileReport): string {
  const lines = new LineMap(text);
  const failure = error === undefined ? '' : command('error', { file: path, title: 'shipshape' }, [error]);
  return failure + diagnostics.map((diagnostic) => annotation(path, diagnostic, lines)).join('');
}

/** Commands that GitHub's runner turns into annotations of a pull request. */
export const github: Reporter = (files) => files.map(fileCommands).join('');
