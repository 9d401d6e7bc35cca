import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { Edit } from '../rule.ts';
import { span, type Span } from '../span.ts';

/** The comment lines that stand right above an instruction, with it: what moves when it moves. */
export function withComments(file: Dockerfile, instruction: Instruction): Span {
  let start = instruction.span.start;
  for (;;) {
    const comment = file.comments.find(({ span: at }) => at.end < start && /^\r?\n[ \t]*$/.test(file.source.slice(at.end, start)));
    if (comment === undefined || file.directives.some((directive) => directive.span.start === comment.span.start)) break;
    const lineStart = file.source.lastIndexOf('\n', comment.span.start) + 1;
    if (file.source.slice(lineStart, comment.span.start).trim() !== '') break;
    start = comment.span.start;
  }
  return span(start, instruction.span.end);
}

/** Takes whole lines away, and a blank line with them where two would be left. */
export function lineRemoval(file: Dockerfile, at: Span): Edit {
  const { source } = file;
  const newline = source.indexOf('\n', at.end);
  let end = newline === -1 ? source.length : newline + 1;
  const start = source.lastIndexOf('\n', at.start - 1) + 1;
  const blank = /^[ \t]*\r?\n/.exec(source.slice(end));
  if (blank !== null && (start === 0 || /\n[ \t]*\r?\n$/.test(source.slice(0, start)) || /^FROM\b/i.test(source.slice(source.lastIndexOf('\n', start - 2) + 1)))) end += blank[0].length;
  return { span: span(start, end), text: '' };
}

/** Takes away the lines of several spans; those that stand right below one another go as one block. */
export function blockRemovals(file: Dockerfile, places: readonly Span[]): Edit[] {
  const blocks: Span[] = [];
  for (const at of places) {
    const last = blocks.at(-1);
    if (last !== undefined && file.source.slice(last.end, at.start).trim() === '') blocks[blocks.length - 1] = span(last.start, at.end);
    else blocks.push(at);
  }
  return blocks.map((at) => lineRemoval(file, at));
}
