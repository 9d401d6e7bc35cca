import { type LogicalText } from './logical.ts';
import type { Span } from '../span.ts';

/** One word of an instruction. */
export interface Word {
  readonly span: Span;
  /** As it is written, continuations joined. */
  readonly raw: string;
  /** Without quotes and escapes; variables stand as they are written. */
  readonly text: string;
}

/** A flag of an instruction, such as `--from=builder`. */
export interface Flag {
  readonly name: string;
  /** Without quotes; undefined for a flag without `=`. */
  readonly value: string | undefined;
  readonly span: Span;
  /** The value as it stands in the file, empty when there is none. */
  readonly valueSpan: Span;
}

/** A string of a JSON form instruction. */
export interface JsonString {
  /** With its quotes. */
  readonly span: Span;
  readonly text: string;
}

const isSpace = (character: string | undefined): boolean =>
  character === ' ' || character === '\t' || character === '\v' || character === '\f' || character === '\r' || character === '\n';

const wideSpace = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** White space as Go's `unicode.IsSpace` sees it: the no-break space counts, the byte order mark does not. */
export const isWideSpace = (character: string | undefined): boolean =>
  isSpace(character) || (character !== undefined && character > '\u007f' && wideSpace.test(character));

/** Index of the first character from `at` up to `end` that is no white space of any kind. */
export function skipWideSpace(text: string, at: number, end = text.length): number {
  let index = at;
  while (index < end && isWideSpace(text[index])) index += 1;
  return index;
}

/** Index of the first character at or behind `at` that is no white space. */
export function skipSpace(text: string, at: number): number {
  let index = at;
  while (index < text.length && isSpace(text[index])) index += 1;
  return index;
}

/** End of the word that starts at `at`, minding quotes and escapes as BuildKit's `parseWords` does. */
function quotedWordEnd(text: string, at: number, escape: string): number {
  let quote = '';
  let index = at;
  while (index < text.length) {
    const character = text[index] ?? '';
    if (quote === '' && isWideSpace(character)) return index;
    if (character === escape && quote !== "'") index += 1;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    index += 1;
  }
  return Math.min(index, text.length);
}

/** Takes quotes and escapes away. Variables keep their text; a `\$` keeps its escape, for it is no variable. */
export function unquote(raw: string, escape: string): string {
  if (!/["'\\`]/.test(raw)) return raw;
  let result = '';
  let quote = '';
  for (let index = 0; index < raw.length; index += 1) {
    const character = raw[index] ?? '';
    if (character === escape && quote !== "'") {
      const next = raw[index + 1];
      if (next === undefined) break;
      const kept = next === '$' || (quote === '"' && next !== '"' && next !== escape);
      result += kept ? character + next : next;
      index += 1;
    } else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    else result += character;
  }
  return result;
}

function wordAt(logical: LogicalText, start: number, end: number, escape: string): Word {
  const raw = logical.text.slice(start, end);
  return { span: logical.span(start, end), raw, text: unquote(raw, escape) };
}

/** Splits on white space alone, as COPY, EXPOSE and VOLUME do; quotes are taken off afterwards. */
export function plainWords(logical: LogicalText, from: number, escape: string): Word[] {
  const words: Word[] = [];
  let at = skipSpace(logical.text, from);
  while (at < logical.text.length) {
    let end = at;
    while (end < logical.text.length && !isSpace(logical.text[end])) end += 1;
    words.push(wordAt(logical, at, end, escape));
    at = skipSpace(logical.text, end);
  }
  return words;
}

/** Splits on white space outside quotes, as ENV, LABEL and ARG do. */
export function quotedWords(logical: LogicalText, from: number, escape: string): Word[] {
  const words: Word[] = [];
  let at = skipWideSpace(logical.text, from);
  while (at < logical.text.length) {
    const end = quotedWordEnd(logical.text, at, escape);
    words.push(wordAt(logical, at, end, escape));
    at = skipWideSpace(logical.text, end);
  }
  return words;
}

/** The rest of the line as one word, as USER, WORKDIR, STOPSIGNAL and MAINTAINER take it. */
export function restWord(logical: LogicalText, from: number, escape: string): Word[] {
  const start = skipSpace(logical.text, from);
  const end = logical.text.trimEnd().length;
  return end > start ? [wordAt(logical, start, end, escape)] : [];
}

/**
 * Reads the flags that follow a keyword: words that start with `--`, up to the first other word or a
 * bare `--`, which is dropped. Returns where the rest begins.
 */
export function readFlags(logical: LogicalText, from: number, escape: string): { flags: Flag[]; rest: number } {
  const flags: Flag[] = [];
  let at = skipSpace(logical.text, from);
  while (logical.text.startsWith('--', at)) {
    const end = quotedWordEnd(logical.text, at, escape);
    const raw = logical.text.slice(at, end);
    if (raw === '--') return { flags, rest: skipSpace(logical.text, end) };
    const equals = raw.indexOf('=');
    const whole = unquote(raw, escape);
    const split = whole.indexOf('=');
    flags.push({
      name: (split === -1 ? whole : whole.slice(0, split)).slice(2),
      value: split === -1 ? undefined : whole.slice(split + 1),
      span: logical.span(at, end),
      valueSpan: equals === -1 ? logical.span(end, end) : logical.span(at + equals + 1, end),
    });
    at = skipSpace(logical.text, end);
  }
  return { flags, rest: at };
}

/** What the JSON form of an instruction holds; `wrongItem` is set where it is JSON but not all strings. */
export interface JsonForm {
  readonly items: readonly JsonString[];
  readonly wrongItem: boolean;
}

/**
 * Reads the JSON form, strictly: anything that is no JSON array falls back to the shell form, as in
 * BuildKit, and gives undefined here.
 */
export function readJson(logical: LogicalText, from: number): JsonForm | undefined {
  const text = logical.text.slice(from).trimEnd();
  if (!text.startsWith('[')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const items: JsonString[] = [];
  let wrongItem = false;
  const strings = [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)];
  for (const [index, item] of value.entries()) {
    const match = strings[index];
    if (typeof item !== 'string' || match === undefined) {
      wrongItem = true;
      continue;
    }
    const start = from + match.index;
    items.push({ span: logical.span(start, start + match[0].length), text: item });
  }
  return { items, wrongItem };
}
