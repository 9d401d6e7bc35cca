import { span, type Span } from '../span.ts';
import { skipWideSpace } from './words.ts';

/**
 * The text of an instruction as BuildKit sees it once continuations are joined and the comment and
 * blank lines between them dropped, with the way back to offsets of the file.
 */
export class LogicalText {
  readonly text: string;
  readonly #pieces: readonly Span[];
  /** Index in the text where each piece ends. */
  readonly #ends: readonly number[];

  constructor(source: string, pieces: readonly Span[]) {
    let length = 0;
    this.#pieces = pieces;
    this.#ends = pieces.map((piece) => (length += piece.end - piece.start));
    this.text = pieces.map((piece) => source.slice(piece.start, piece.end)).join('');
  }

  /** Offset in the file of the character at `index`; at a joint, of the character after it. */
  offset(index: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (index < (this.#ends[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    const piece = this.#pieces[low];
    return piece === undefined ? this.#pieces.at(-1)?.end ?? 0 : piece.end - ((this.#ends[low] ?? 0) - index);
  }

  /** Index of the character that stands at `offset` in the file; -1 where none of the text stands there. */
  index(offset: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (offset < (this.#pieces[middle]?.end ?? 0)) high = middle;
      else low = middle + 1;
    }
    const piece = this.#pieces[low];
    const isInside = piece !== undefined && piece.start <= offset && offset < piece.end;
    return isInside ? (this.#ends[low] ?? 0) - (piece.end - offset) : -1;
  }

  /** Span in the file of the characters `start` to `end`, which may stand on several lines. */
  span(start: number, end: number): Span {
    if (end <= start) return span(this.offset(start), this.offset(start));
    return span(this.offset(start), this.offset(end - 1) + 1);
  }
}

/** One logical line: where its pieces, inner comments and inner blank lines are. */
export interface LogicalLine {
  readonly pieces: readonly Span[];
  readonly comments: readonly Span[];
  readonly blankLines: readonly Span[];
  /** Offset behind the last character, before the line ending. */
  readonly end: number;
  /** Offset of the next line. */
  readonly next: number;
  /** The line was continued, but the file ended. */
  readonly unfinished: boolean;
}

const isComment = (line: string): boolean => line[skipWideSpace(line, 0)] === '#';

const isBlank = (line: string): boolean => skipWideSpace(line, 0) === line.length;

/** The offset behind a physical line without its ending, and the start of the next line. */
export function physicalLine(source: string, start: number): { end: number; next: number } {
  const newline = source.indexOf('\n', start);
  const next = newline === -1 ? source.length : newline + 1;
  let end = newline === -1 ? source.length : newline;
  while (end > start && source[end - 1] === '\r') end -= 1;
  return { end, next };
}

/** Index of the escape character that continues this line, or -1. A doubled one does not continue. */
export function continuation(line: string, escape: string): number {
  let at = line.length - 1;
  while (at >= 0 && (line[at] === ' ' || line[at] === '\t')) at -= 1;
  if (at < 0 || line[at] !== escape) return -1;
  return at > 0 && line[at - 1] === escape ? -1 : at;
}

/**
 * Reads the logical line that starts at `start`, after BuildKit's line rules: comment lines inside
 * are dropped, blank lines too, a doubled escape character does not continue.
 */
export function readLogicalLine(source: string, start: number, escape: string): LogicalLine {
  const pieces: Span[] = [];
  const comments: Span[] = [];
  const blankLines: Span[] = [];
  let at = start;
  let end = start;
  for (;;) {
    const line = physicalLine(source, at);
    const text = source.slice(at, line.end);
    if (pieces.length > 0 && isComment(text)) {
      comments.push(span(at + text.indexOf('#'), line.end));
    } else if (pieces.length > 0 && isBlank(text)) {
      blankLines.push(span(at, line.next));
    } else {
      const cut = continuation(text, escape);
      pieces.push(span(at, cut === -1 ? line.end : at + cut));
      end = line.end;
      if (cut === -1) return { pieces, comments, blankLines, end, next: line.next, unfinished: false };
    }
    if (line.next >= source.length) {
      return { pieces, comments, blankLines, end, next: line.next, unfinished: true };
    }
    at = line.next;
  }
}
