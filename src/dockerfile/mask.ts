import { textAt, type Span } from '../span.ts';
import type { Instruction } from './instruction.ts';

/**
 * The shell text of an instruction, of the same length as it stands in the file, so that every
 * offset in the shell's tree plus `at.start` is an offset of the file. Comment and blank lines between
 * continued lines become blanks, and every continuation a backslash right in front of its newline.
 */
export function maskedShellText(source: string, at: Span, instruction: Instruction, escape: string): string {
  const lastHeredoc = instruction.heredocs.at(-1);
  const lineEnd = lastHeredoc === undefined ? at.end : Math.min(at.end, instruction.heredocs[0]?.body.start ?? at.end);
  const text = textAt(source, at);
  const head = text.slice(0, lineEnd - at.start);
  if (!head.includes('\n') && !head.endsWith(escape)) return text;
  return joinLines(blanked(head, at.start, [...instruction.comments, ...instruction.blankLines]), escape) + text.slice(head.length);
}

/** The text with blanks in place of some spans of the file, which don't overlap. */
function blanked(text: string, base: number, spans: readonly Span[]): string {
  let result = '';
  let from = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const [first, last] = [start, end].map((offset) => Math.min(Math.max(offset - base, from), text.length));
    if (first === undefined || last === undefined) continue;
    result += text.slice(from, first) + ' '.repeat(last - first);
    from = last;
  }
  return result + text.slice(from);
}

const blankAtEnd = new Set([' ', '\t', '\r']);

/** Makes each run of `escape`, blanks and newline end in a backslash and a newline. */
function joinLines(text: string, escape: string): string {
  let result = '';
  let from = 0;
  let continued = false;
  for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', from)) {
    let end = newline;
    while (end > from && blankAtEnd.has(text[end - 1] ?? '')) end -= 1;
    if (end > from && text[end - 1] === escape && text[end - 2] !== escape) {
      result += `${text.slice(from, end - 1)}${' '.repeat(newline - end)}\\\n`;
      continued = true;
    } else if (continued) {
      result += `${text.slice(from, newline).replace(/\r$/, ' ')} `;
    } else result += text.slice(from, newline + 1);
    from = newline + 1;
  }
  return result + text.slice(from);
}
