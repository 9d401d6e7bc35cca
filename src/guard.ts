import type { Dockerfile } from './model/dockerfile.ts';
import { contains, overlaps, textAt, type Span } from './span.ts';
import type { Diagnostic, Linted } from './lint.ts';
import type { Edit } from './rule.ts';

/** Where an offset of the old text stands in the new one. */
export function mapOffset(offset: number, edits: readonly Edit[]): number {
  let moved = offset;
  for (const edit of edits) {
    if (edit.file !== undefined || edit.span.start > offset) continue;
    const removed = Math.min(edit.span.end, offset) - edit.span.start;
    moved += edit.text.length - removed;
  }
  return moved;
}

function countBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

/** The first key that occurs more often in `after` than in `before`. */
function firstGrown(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string | undefined {
  for (const [key, count] of after) if (count > (before.get(key) ?? 0)) return key;
  return undefined;
}

const ownEdits = (edits: readonly Edit[]): readonly Edit[] => edits.filter((edit) => edit.file === undefined);

function lostComment(before: Dockerfile, after: Dockerfile, edits: readonly Edit[]): string | undefined {
  const kept = before.comments.filter((comment) => !edits.some((edit) => contains(edit.span, comment.span)));
  return firstGrown(countBy(after.comments, ({ text }) => text), countBy(kept, ({ text }) => text));
}

/** The text of the first instruction that no edit touches and that is not in the new file, in its order. */
function changedInstruction(before: Dockerfile, after: Dockerfile, edits: readonly Edit[]): string | undefined {
  const touches = (edit: Edit, at: Span): boolean => edit.span.start <= at.end && at.start < edit.span.end;
  const untouched = before.instructions.filter(({ span }) => !edits.some((edit) => touches(edit, span) || edit.span.start === span.end));
  let at = 0;
  for (const instruction of untouched) {
    const text = textAt(before.source, instruction.span);
    while (at < after.instructions.length && textAt(after.source, after.instructions[at]?.span ?? instruction.span) !== text) at += 1;
    if (at === after.instructions.length) return text;
    at += 1;
  }
  return undefined;
}

const unreadableScripts = (file: Dockerfile): number =>
  file.instructions.flatMap((instruction) => file.scripts(instruction)).filter((script) => script.unreadable).length;

/** The edits of one fix mend what BuildKit or the shell refuses: what hid behind it comes to light, and the fix has not brought it. */
const mendsMistake = (before: Dockerfile, edits: readonly Edit[]): boolean => {
  const broken = before.instructions.flatMap((instruction) => before.scripts(instruction)).filter((script) => script.unreadable);
  return [...before.problems.map(({ at }) => at), ...broken.map((script) => script.span)].some((at) => edits.some(({ span }) => overlaps(span, at)));
};

/** A finding's place and words; the same finding in the new text has the same key. */
const findingKey = (diagnostic: Diagnostic, offset: number): string => `${diagnostic.rule}\0${diagnostic.message}\0${offset}`;

/**
 * Tells why a fixed text must not be kept: it does not parse where the old one did, has a new error,
 * lost a comment, changed an instruction that no edit covers, or still has a finding that was fixed.
 * @returns the reason, or undefined where all is well
 */
export function objection(before: Linted, after: Linted, fixed: readonly Diagnostic[], edits: readonly Edit[]): string | undefined {
  const own = ownEdits(edits);
  const problem = firstGrown(countBy(before.file.problems, ({ message }) => message), countBy(after.file.problems, ({ message }) => message));
  const uncovers = fixed.length === 1 && mendsMistake(before.file, own) && after.file.problems.length <= before.file.problems.length;
  if (problem !== undefined && !uncovers) return `the result would not build: ${problem}`;
  if (unreadableScripts(after.file) > unreadableScripts(before.file) && !uncovers) return 'a shell text could no longer be read';
  const errors = (linted: Linted): Map<string, number> => countBy(linted.diagnostics.filter(({ severity }) => severity === 'error'), ({ rule }) => rule);
  const error = firstGrown(errors(before), errors(after));
  if (error !== undefined && !uncovers) return `it brought a new ${error}`;
  const comment = lostComment(before.file, after.file, own);
  if (comment !== undefined) return `the comment "${comment}" was lost`;
  const changed = changedInstruction(before.file, after.file, own);
  if (changed !== undefined) return `an instruction that the fix does not name has changed: ${changed.slice(0, 60)}`;
  const remaining = new Set(after.diagnostics.map((diagnostic) => findingKey(diagnostic, diagnostic.at.start)));
  const still = fixed.find((diagnostic) => remaining.has(findingKey(diagnostic, mapOffset(diagnostic.at.start, own))));
  return still === undefined ? undefined : `${still.rule} is still found`;
}
