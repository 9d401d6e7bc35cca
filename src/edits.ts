import type { Edit } from './rule.ts';
import { span, type Span } from './span.ts';

type Place = Span | { readonly span: Span };

const spanOf = (place: Place): Span => ('span' in place ? place.span : place);

/** Puts `text` where `place` stands. */
export const replace = (place: Place, text: string): Edit => ({ span: spanOf(place), text });

export const insertBefore = (place: Place, text: string): Edit => {
  const { start } = spanOf(place);
  return { span: span(start, start), text };
};

export const insertAfter = (place: Place, text: string): Edit => {
  const { end } = spanOf(place);
  return { span: span(end, end), text };
};

export const remove = (place: Place): Edit => ({ span: spanOf(place), text: '' });

/** Takes the place away together with the blanks in front of it, and with its line where it stands there alone and the next one goes on. */
export function removeWithBlanksBefore(source: string, place: Place): Edit {
  const { start, end } = spanOf(place);
  let from = start;
  while (from > 0 && (source[from - 1] === ' ' || source[from - 1] === '\t')) from -= 1;
  const rest = from > 0 && source[from - 1] === '\n' ? /^[ \t]*\\[ \t]*\r?\n/.exec(source.slice(end, end + 100)) : null;
  return { span: span(from, end + (rest?.[0].length ?? 0)), text: '' };
}

/** The line ending the text uses. */
export const newlineOf = (source: string): string => (/\r\n/.test(source) ? '\r\n' : '\n');

/** The span of whole lines that `place` touches, line endings included; a byte order mark belongs to no line. */
export function wholeLines(source: string, place: Place): Span {
  const { start, end } = spanOf(place);
  const first = source.startsWith('\ufeff') ? 1 : 0;
  const from = start <= first ? first : Math.max(source.lastIndexOf('\n', start - 1) + 1, first);
  const newline = source.indexOf('\n', end > start ? end - 1 : end);
  return span(from, newline === -1 ? source.length : newline + 1);
}

/** Takes away the whole lines that `place` touches. */
export const removeLines = (source: string, place: Place): Edit => ({ span: wholeLines(source, place), text: '' });

/**
 * Applies edits that do not overlap. Of two at the same point the earlier given comes first.
 * @throws RangeError when two edits overlap or one lies outside the text
 */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const ordered = edits.map((edit, index) => ({ edit, index })).sort((a, b) => a.edit.span.start - b.edit.span.start || a.edit.span.end - b.edit.span.end || a.index - b.index);
  let result = '';
  let at = 0;
  for (const { edit } of ordered) {
    if (edit.span.start < at || edit.span.end < edit.span.start || edit.span.end > source.length) {
      throw new RangeError(`an edit at ${edit.span.start}–${edit.span.end} overlaps another or leaves the text`);
    }
    result += source.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return result + source.slice(at);
}
