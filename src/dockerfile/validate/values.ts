import { span, textAt, type Span } from '../../span.ts';
import { expand } from '../expand.ts';
import type { Instruction } from '../instruction.ts';
import { lex, type Lexed } from '../lex.ts';
import type { Word } from '../words.ts';

export type Report = (at: Span, message: string) => void;

/** One instruction under examination. */
export interface Check {
  readonly instruction: Instruction;
  readonly source: string;
  readonly escape: string;
  readonly report: Report;
}

const longestShown = 60;

/** A piece of the file as a message shows it: short, on one line, without control characters. */
export function shown(text: string): string {
  const safe = text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu, '\ufffd');
  return `\`${safe.length > longestShown ? `${safe.slice(0, longestShown)}…` : safe}\``;
}

/** The value of a word that holds no variable; undefined for any other. */
export const literal = (raw: string, escape: string): string | undefined => expand(raw, () => undefined, escape);

/** The piece `from`–`to` of `raw`, which stands at `at`; all of it where the file has it in other words, as in JSON. */
function pieceOf({ instruction, source }: Check, at: Span, raw: string, from: number, to: number): Span {
  if (textAt(source, at) === raw) return span(at.start + from, at.start + to);
  const { logical } = instruction;
  const index = logical.index(at.start);
  return index !== -1 && logical.text.startsWith(raw, index) ? logical.span(index + from, index + to) : at;
}

/** A text as BuildKit expands it. `quotes` is false for the body of a heredoc, in which they mean nothing. */
export const lexed = (raw: string, { escape }: Check, quotes = true): Lexed =>
  lex(raw, { escape: quotes ? escape : '\\', quotes, keep: false });

/**
 * Reports an odd quote, `${` that is not closed and a modifier BuildKit does not know, in a text it expands.
 * @returns true when the text can be expanded
 */
export function isExpandable(raw: string, at: Span, check: Check, quotes = true): boolean {
  if (!/["'$`\\]/.test(raw)) return true;
  const { error, unread } = lexed(raw, check, quotes);
  if (error === undefined) return !unread;
  check.report(pieceOf(check, at, raw, error.start, error.end), `${shown(raw.slice(error.start, error.end))} ${error.message}.`);
  return false;
}

/** What BuildKit expands of a word: the text of a JSON string, the word as it is written otherwise. */
export const expandedPart = (instruction: Instruction, word: Word): string =>
  instruction.json === undefined ? word.raw : word.text;

/** Single steps (a letter added, dropped, changed, or two swapped) between two short words, up to `most`. */
function steps(one: string, other: string, most: number): number {
  if (one === other) return 0;
  if (most === 0) return 1;
  let same = 0;
  while (one[same] === other[same]) same += 1;
  const [a, b] = [one.slice(same), other.slice(same)];
  const ways: [string, string][] = [[a.slice(1), b], [a, b.slice(1)], [a.slice(1), b.slice(1)]];
  if (a.length > 1 && a[0] === b[1] && a[1] === b[0]) ways.push([a.slice(2), b.slice(2)]);
  return 1 + Math.min(...ways.map(([left, right]) => steps(left, right, most - 1)));
}

/** The candidate a mistyped word stands for, if one is near: one step, or two in words of five letters and more. */
export function meant(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length < 3 || word.length > 20) return undefined;
  const most = word.length < 5 ? 1 : 2;
  let best: { candidate: string; far: number } | undefined;
  for (const candidate of candidates) {
    const far = steps(word, candidate, most);
    if (far <= most && far < (best?.far ?? Infinity)) best = { candidate, far };
  }
  return best?.candidate;
}
