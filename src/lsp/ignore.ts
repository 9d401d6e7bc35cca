import { insertAfter, insertBefore, newlineOf } from '../edits.ts';
import { readIgnores } from '../ignore.ts';
import type { Diagnostic } from '../lint.ts';
import type { Edit } from '../rule.ts';
import { span } from '../span.ts';
import type { Analysis } from './analysis.ts';

/** A comment that switches a rule off, with what an editor says of it. */
export interface IgnoreEdit {
  readonly title: string;
  readonly edit: Edit;
}

/**
 * The comment to write so that a finding is ignored: above its instruction, or in one that is there for it. Above the
 * first instruction it counts for the whole file, which its title then says.
 * @returns undefined for a finding outside of instructions
 */
export function ignoreEdit({ file, request }: Analysis, { rule, at }: Diagnostic): IgnoreEdit | undefined {
  const instruction = file.instructions.find(({ span: { start, end } }) => start <= at.start && at.start < end);
  if (instruction === undefined || request === undefined) return undefined;
  const title = `Ignore ${rule} ${instruction.index === 0 ? 'in the whole file' : 'for this instruction'}`;
  const comments = readIgnores(file, request.known).filter(({ tool, scope }) => tool === 'shipshape' && scope.start <= at.start && at.start < scope.end);
  // One for the whole file stays what it is, but where it is the first instruction's.
  const beside = comments.findLast(({ scope }) => instruction.index === 0 || (scope.start === instruction.span.start && scope.end === instruction.span.end));
  const last = beside?.names.at(-1);
  if (last !== undefined) return { title, edit: insertAfter(last.at, `, ${rule}`) };
  const line = file.source.lastIndexOf('\n', instruction.span.start - 1) + 1;
  const start = line === 0 && file.source.startsWith('\ufeff') ? 1 : line;
  const indent = /^[\t ]*/.exec(file.source.slice(start))?.[0] ?? '';
  return { title, edit: insertBefore(span(start, start), `${indent}# shipshape ignore: ${rule}${newlineOf(file.source)}`) };
}
