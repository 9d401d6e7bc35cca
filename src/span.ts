/** A half-open range of a source text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place as people count it: lines and columns from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export const span = (start: number, end: number): Span => ({ start, end });

/** The text a span covers. */
export const textAt = (source: string, at: Span): string => source.slice(at.start, at.end);

/** True when the two spans share a character, or when an empty one lies strictly inside the other. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** True when `outer` covers the whole of `inner`. */
export const contains = (outer: Span, inner: Span): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

/** Turns offsets of one text into lines and columns; the table of lines is made once. */
export class LineMap {
  readonly #starts: number[] = [0];

  constructor(readonly source: string) {
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) {
      this.#starts.push(at + 1);
    }
  }

  /** Number of lines; a final newline does not start another one. */
  get count(): number {
    const last = this.#starts.at(-1) ?? 0;
    return last === this.source.length && this.#starts.length > 1
      ? this.#starts.length - 1
      : this.#starts.length;
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }

  /** The span of a line (from 1) without its line ending. */
  line(number: number): Span {
    const start = this.#starts[number - 1] ?? this.source.length;
    let end = (this.#starts[number] ?? this.source.length + 1) - 1;
    if (end > start && this.source[end - 1] === '\r') end -= 1;
    return { start, end };
  }
}
