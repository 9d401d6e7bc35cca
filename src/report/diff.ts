import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { Colors } from './colors.ts';
import { visible } from './text.ts';

/** A file before and after; `before` is undefined for one that is not there yet. */
export interface Change {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

function paintLine(line: string, pen: Colors): string {
  if (line.startsWith('+++') || line.startsWith('---')) return pen.strong(line);
  if (line.startsWith('@@')) return pen.code(line);
  if (line.startsWith('+')) return pen.good(line);
  return line.startsWith('-') ? pen.bad(line) : line;
}

/** A unified diff of a file, as `git apply` and `patch -p1` read it. */
export function unifiedDiff({ path, before, after }: Change): string {
  const name = path.replace(/^\/+/, '');
  const from = before === undefined ? '/dev/null' : `a/${name}`;
  return createTwoFilesPatch(from, `b/${name}`, before ?? '', after, undefined, undefined, { context: 3, headerOptions: FILE_HEADERS_ONLY });
}

/** The same for a terminal: control characters made visible, painted where colours are wanted. */
export const shownDiff = (change: Change, pen: Colors): string =>
  unifiedDiff(change).split('\n').map((line) => paintLine(line.split('\t').map((part) => visible(part.replace(/\r$/, ''))).join('\t'), pen)).join('\n');
