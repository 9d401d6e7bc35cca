import { posix } from 'node:path';
import dockerignore from '@balena/dockerignore';
import { LineMap, span, type Span } from '../span.ts';
import { compilePattern } from './pattern.ts';

/** One pattern of an ignore file. */
export interface IgnorePattern {
  /** As it is matched: cleaned, without `!`, without a slash in front or behind. */
  readonly text: string;
  /** Where it stands in the file, `!` included, spaces around it left out. */
  readonly span: Span;
  /** It starts with `!`: what it matches is sent after all. */
  readonly negated: boolean;
  /** Why the build refuses the whole file because of it: a sentence; undefined for a good pattern. */
  readonly problem: string | undefined;
}

export interface IgnoreRules {
  /** In the order of the file; of a file without measure, the first thousand. */
  readonly patterns: readonly IgnorePattern[];
  /** The build does not get this path (relative to the context, with `/`): the last pattern that matches it or a folder above decides. */
  readonly ignores: (path: string) => boolean;
}

type Matcher = (path: string) => boolean;

/** The largest files in use hold some hundred patterns; hostile ones would make each path expensive. */
const MOST_PATTERNS = 1000;

const BYTE_ORDER_MARK = '\uFEFF';

const LONE_NEGATION = 'A `!` with nothing to take back makes the build fail; name a path behind it, or remove the line.';
const BAD_SYNTAX = 'This pattern has an unfinished `[…]` or a lone `\\` at its end, which makes the build fail; complete it or put `\\` in front.';

/** Like Go's `filepath.Clean`, then without the slash in front. */
function cleanPattern(text: string): string {
  const clean = posix.normalize(text);
  const start = clean.length > 1 && clean.startsWith('/') ? 1 : 0;
  const end = clean.length > start + 1 && clean.endsWith('/') ? -1 : clean.length;
  return clean.slice(start, end);
}

/** Reads one line; undefined for a comment (`#` in the first column only) and for an empty one. */
function readPattern(line: string, start: number): IgnorePattern | undefined {
  const trimmed = line.trim();
  if (line.startsWith('#') || trimmed === '') return undefined;
  const from = start + line.indexOf(trimmed);
  const negated = trimmed.startsWith('!');
  const named = negated ? trimmed.slice(1).trim() : trimmed;
  const text = named === '' ? '' : cleanPattern(named);
  const lone = negated && (text === '' || text === '/');
  const problem = lone ? LONE_NEGATION : compilePattern(text) === undefined ? BAD_SYNTAX : undefined;
  return { text, span: span(from, from + trimmed.length), negated, problem };
}

function readPatterns(source: string): readonly IgnorePattern[] {
  const lines = new LineMap(source);
  const patterns: IgnorePattern[] = [];
  for (let number = 1; number <= lines.count && patterns.length < MOST_PATTERNS; number += 1) {
    const { start, end } = lines.line(number);
    const from = number === 1 && source.startsWith(BYTE_ORDER_MARK) ? start + BYTE_ORDER_MARK.length : start;
    const pattern = readPattern(source.slice(from, end), from);
    if (pattern !== undefined) patterns.push(pattern);
  }
  return patterns;
}

// Patterns that the package reads as the build does, in no long time: plain names, classes of letters and digits, `*`,
// and `**` as a whole part of the path. It takes `c++` and `(x)` for regular expressions, anchors `**x`, looks at one
// parent folder only for `a**b`, and its time grows with the length of a name to the power of the number of stars.
const PLAIN_PART = /^(?:\*\*|(?:[\p{L}\p{N}\p{M}_ ~@,=-]|\.|\*(?!\*)|\[\^?(?:a-z|A-Z|0-9|\w)+\])+)$/u;
const MOST_STARS = 2;

function isPlain(pattern: string): boolean {
  const parts = pattern.split('/');
  const stars = pattern.match(/\*+/g)?.length ?? 0;
  const deep = parts.filter((part) => part === '**').length;
  return stars <= MOST_STARS && deep <= 1 && parts.every((part) => PLAIN_PART.test(part));
}

/** The package on all patterns at once. Its cache mistakes names such as `constructor` for known paths. */
function matchByPackage(patterns: readonly IgnorePattern[], otherwise: Matcher): Matcher {
  const lines = patterns.map(({ text, negated }) => (negated ? `!${text}` : text));
  const matcher = dockerignore.default({ ignorecase: false }).add(lines);
  return (path) => (path in Object.prototype ? otherwise(path) : matcher.ignores(path));
}

/** Our own matching, pattern by pattern from the last one on. */
function matchEach(patterns: readonly IgnorePattern[]): Matcher {
  const matchers = patterns.map(({ text, negated }) => ({ negated, matches: compilePattern(text) }));
  return (path) => {
    const last = matchers.findLast(({ matches }) => matches?.(path) === true);
    return last !== undefined && !last.negated;
  };
}

/**
 * Reads an ignore file as BuildKit does. Never throws: a pattern that the build refuses matches nothing and says so in `problem`.
 * A backslash escapes, as it does everywhere but on Windows.
 * @param text the whole file, byte order mark included
 */
export function readIgnoreFile(text: string): IgnoreRules {
  const patterns = readPatterns(text);
  const good = patterns.filter(({ problem }) => problem === undefined);
  const each = matchEach(good);
  const matches = good.every((pattern) => isPlain(pattern.text)) ? matchByPackage(good, each) : each;
  return { patterns, ignores: (path) => path !== '' && matches(path) };
}
