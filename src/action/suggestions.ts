import { digest } from '../digest.ts';
import { isAllowed } from '../fix.ts';
import { applyEdits } from '../edits.ts';
import type { Diagnostic } from '../lint.ts';
import { fixLine, type FileReport } from '../report/report.ts';
import { sentence } from '../report/summary.ts';
import type { Edit } from '../rule.ts';
import { LineMap, span, type Span } from '../span.ts';
import { textOf } from './answer.ts';
import type { Api } from './api.ts';
import { speaksOf, type DiffLine, type DiffLines } from './changes.ts';

/** Lines of a file with what should stand there. */
export interface Suggestion {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  /** Comment with the new lines, as GitHub shows it with a button that takes them. */
  readonly body: string;
}

/** A reader looks at no more; the next run brings further ones. */
const mostSuggestions = 20;

/** Comments that are looked through for what was suggested before. */
const mostComments = 3000;

/** The whole lines that edits touch, line endings included. */
function linesOf(lines: LineMap, edits: readonly { readonly span: Span }[]): { readonly first: number; readonly last: number; readonly at: Span } {
  const start = Math.min(...edits.map((edit) => edit.span.start));
  const end = Math.max(...edits.map((edit) => edit.span.end));
  const first = Math.min(lines.position(start).line, lines.count);
  const { line, column } = lines.position(end);
  // An edit up to the start of a line does not touch that line.
  const last = Math.max(Math.min(column === 1 && end > start ? line - 1 : line, lines.count), first);
  const next = lines.source.indexOf('\n', lines.line(last).end);
  return { first, last, at: span(lines.line(first).start, next === -1 ? lines.source.length : next + 1) };
}

/** A fence that no line of the text closes. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}suggestion\n${text === '' || text.endsWith('\n') ? text : `${text}\n`}${fence}`;
}

/** The text after the edits; undefined where they do not fit, as those of a plugin may not. */
function applied(text: string, edits: readonly Edit[]): string | undefined {
  try {
    return applyEdits(text, edits);
  } catch {
    return undefined;
  }
}

function suggestionOf(path: string, diagnostic: Diagnostic, lines: LineMap, diff: ReadonlyMap<number, DiffLine>): Suggestion | undefined {
  const edits = diagnostic.fix?.edits ?? [];
  if (edits.length === 0 || edits.some(({ file }) => file !== undefined)) return undefined;
  const { first, last, at } = linesOf(lines, edits);
  for (let number = first; number <= last; number += 1) if (!diff.has(number)) return undefined;
  const moved = edits.map((edit) => ({ ...edit, span: span(edit.span.start - at.start, edit.span.end - at.start) }));
  const before = lines.source.slice(at.start, at.end);
  const after = applied(before, moved);
  if (after === undefined) return undefined;
  const mark = digest([path, diagnostic.rule, before, after].join('\0')).slice(0, 16);
  const text = `${sentence(diagnostic.message)}\n\n${sentence(fixLine(diagnostic) ?? '')} (\`${diagnostic.rule}\`)`;
  return { path, first, last, body: `${text}\n\n${fenced(after)}\n<!-- shipshape:${mark} -->` };
}

/**
 * The fixes of a file as suggestions, where the diff shows all of their lines; of two that touch, the first.
 * @param unsafe also fixes that may change the image
 */
export function suggestionsFor({ path, text, diagnostics }: FileReport, diff: DiffLines, unsafe: boolean): readonly Suggestion[] {
  const lines = new LineMap(text);
  // What GitHub makes of other line endings in a suggestion is not known.
  if (diff === undefined || text.includes('\r') || !speaksOf(diff, lines)) return [];
  const taken: Suggestion[] = [];
  for (const diagnostic of diagnostics) {
    const suggestion = isAllowed(diagnostic, unsafe ? 'unsafe' : 'safe') ? suggestionOf(path, diagnostic, lines, diff) : undefined;
    if (suggestion === undefined || taken.some(({ first, last }) => first <= suggestion.last && suggestion.first <= last)) continue;
    taken.push(suggestion);
  }
  return taken;
}

const markOf = (body: string | undefined): string | undefined => /<!-- shipshape:([0-9a-f]{16}) -->/.exec(body ?? '')?.[1];

/**
 * Puts suggestions on a pull request, in one review; those that stand there already are left out.
 * @returns how many were new
 * @throws {ApiError}
 */
export async function postSuggestions(api: Api, { pull, head }: { readonly pull: number; readonly head: string }, suggestions: readonly Suggestion[]): Promise<number> {
  if (suggestions.length === 0) return 0;
  const comments = await api.all(`/pulls/${pull}/comments`, mostComments);
  const known = new Set(comments.map((comment) => markOf(textOf(comment, 'body'))));
  const fresh = suggestions.filter(({ body }) => !known.has(markOf(body))).slice(0, mostSuggestions);
  if (fresh.length === 0) return 0;
  const places = fresh.map(({ path, first, last, body }) => ({
    path, body, line: last, side: 'RIGHT', ...(first === last ? {} : { start_line: first, start_side: 'RIGHT' }),
  }));
  await api.send('POST', `/pulls/${pull}/reviews`, { commit_id: head, event: 'COMMENT', comments: places });
  return fresh.length;
}
