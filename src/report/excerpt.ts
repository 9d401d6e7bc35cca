import { span, type LineMap, type Span } from '../span.ts';
import { characterWidth, displayWidth, visible } from './text.ts';

/** A source line made fit to show, and the marks that go below it. */
export interface Excerpt {
  readonly line: string;
  /** Blanks up to the first mark. */
  readonly indent: string;
  readonly marks: string;
  /** The line number where the span ends, if it is not this one. */
  readonly lastLine: number | undefined;
}

/** One character as it is shown. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly offset: number;
}

const tabWidth = 4;

/** Reads the characters of a piece of a line. Offsets stay those of the source. */
function readCells(source: string, piece: Span): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let offset = piece.start;
  for (const character of source.slice(piece.start, piece.end)) {
    // A byte order mark is no part of the line.
    if (offset === 0 && character === '\ufeff') {
      offset = 1;
      continue;
    }
    const text = character === '\t' ? ' '.repeat(tabWidth - (column % tabWidth)) : visible(character);
    const width = text === character ? characterWidth(character) : displayWidth(text);
    cells.push({ text, width, offset });
    column += width;
    offset += character.length;
  }
  return cells;
}

const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, { width }) => sum + width, 0);

/** The part of a line that is worth reading: a line may have megabytes, a terminal shows a hundred columns. */
function nearby(source: string, line: Span, at: Span, columns: number): Span {
  let start = Math.max(line.start, at.start - columns);
  // Never begin inside of a surrogate pair.
  if (start > line.start && /[\udc00-\udfff]/.test(source.charAt(start))) start -= 1;
  return span(start, Math.min(line.end, at.start + 2 * columns));
}

/** How many cells to leave out on the left so that the span is in view, with some of what stands before it. */
function cellsToSkip(cells: readonly Cell[], at: Span, columns: number): number {
  const first = cells.findIndex(({ offset }) => offset >= at.start);
  const start = first === -1 ? cells.length : first;
  const spanWidth = widthOf(cells.slice(start).filter(({ offset }) => offset < at.end));
  const room = Math.max(columns - Math.min(spanWidth, columns) - 2, Math.floor(columns / 4));
  let skip = start;
  for (let before = 0; skip > 0 && before + (cells[skip - 1]?.width ?? 0) <= room; skip -= 1) before += cells[skip - 1]?.width ?? 0;
  return skip;
}

/** The cells that fit into `columns`. */
function fitting(cells: readonly Cell[], columns: number): Cell[] {
  let width = 0;
  const end = cells.findIndex((cell) => (width += cell.width) > columns);
  return end === -1 ? [...cells] : cells.slice(0, end);
}

/**
 * The line where a span begins, cut to `columns` round the span, tabs spread, control characters
 * made visible, and the marks for the part of the span that lies on it.
 */
export function excerpt(lines: LineMap, at: Span, columns: number): Excerpt {
  const { line: number } = lines.position(at.start);
  const { line: last } = lines.position(Math.max(at.start, at.end - 1));
  const line = lines.line(number);
  const piece = nearby(lines.source, line, at, columns);
  const all = readCells(lines.source, piece);
  const whole = piece.start === line.start && piece.end === line.end && widthOf(all) <= columns;
  const skip = whole ? 0 : cellsToSkip(all, at, columns);
  const left = skip > 0 || piece.start > line.start ? '…' : '';
  const shown = whole ? all : fitting(all.slice(skip), columns - left.length - 1);
  const right = skip + shown.length < all.length || piece.end < line.end ? '…' : '';
  const before = widthOf(shown.filter(({ offset }) => offset < at.start));
  const marked = widthOf(shown.filter(({ offset }) => offset >= at.start && offset < at.end));
  return {
    line: left + shown.map(({ text }) => text).join('') + right,
    indent: ' '.repeat(left.length + before),
    marks: '^'.repeat(Math.max(marked, 1)),
    lastLine: last > number ? last : undefined,
  };
}
