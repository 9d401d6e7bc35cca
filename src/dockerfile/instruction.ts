import { span, type Span } from '../span.ts';
import type { Heredoc } from './heredoc.ts';
import type { LogicalText } from './logical.ts';
import type { RawInstruction } from './parse.ts';
import { plainWords, quotedWords, readFlags, readJson, restWord, skipSpace, skipWideSpace, unquote, type Flag, type JsonForm, type Word } from './words.ts';

/** A name and its value in ENV, LABEL or ARG. */
export interface Pair {
  readonly name: string;
  readonly nameSpan: Span;
  /** Without quotes; undefined for an ARG without a default. */
  readonly value: string | undefined;
  readonly raw: string | undefined;
  readonly valueSpan: Span;
  readonly span: Span;
}

/** One instruction, its inside read after BuildKit's rules. Offsets are offsets of the file. */
export interface Instruction {
  readonly index: number;
  /** In capitals. */
  readonly keyword: string;
  readonly keywordSpan: Span;
  /** From the keyword to the end of the last line, heredocs included, without the line ending. */
  readonly span: Span;
  readonly logical: LogicalText;
  readonly flags: readonly Flag[];
  /** What follows keyword and flags on the logical line. */
  readonly body: Span;
  /** The same, as an index into `logical.text`. */
  readonly bodyIndex: number;
  /** The arguments; for a JSON form its strings. */
  readonly words: readonly Word[];
  /** Set for the JSON (exec) form of the instructions that have one. */
  readonly json: JsonForm | undefined;
  readonly pairs: readonly Pair[];
  /** `ENV name value` and `LABEL name value`, the form without `=`. */
  readonly legacyPairs: boolean;
  readonly heredocs: readonly Heredoc[];
  /** Comment lines between the lines of this instruction. */
  readonly comments: readonly Span[];
  readonly blankLines: readonly Span[];
  readonly unfinished: boolean;
  /** The instruction behind ONBUILD, or the CMD of a HEALTHCHECK. */
  readonly inner: Instruction | undefined;
}

const jsonKeywords = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'VOLUME', 'ADD', 'COPY']);
const restKeywords = new Set(['USER', 'WORKDIR', 'STOPSIGNAL', 'MAINTAINER', 'RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'ONBUILD']);
const pairKeywords = new Set(['ENV', 'LABEL', 'ARG']);

/** A flag of an instruction by name. */
export const flag = (instruction: Instruction, name: string): Flag | undefined =>
  instruction.flags.find((candidate) => candidate.name === name);

/** The values of a flag that may stand several times. */
export const flagValues = (instruction: Instruction, name: string): string[] =>
  instruction.flags.flatMap((each) => (each.name === name && each.value !== undefined ? [each.value] : []));

function readWords(keyword: string, logical: LogicalText, from: number, escape: string): Word[] {
  if (pairKeywords.has(keyword)) return quotedWords(logical, from, escape);
  if (restKeywords.has(keyword)) return restWord(logical, from, escape);
  return plainWords(logical, from, escape);
}

/** `ENV name the rest`: one pair, its value the rest of the line. */
function legacyPair(logical: LogicalText, name: Word, from: number, escape: string): Pair {
  const [value] = restWord(logical, skipSpace(logical.text, from) + name.raw.length, escape);
  const end = value?.span.end ?? name.span.end;
  return {
    name: name.raw,
    nameSpan: name.span,
    value: value?.text,
    raw: value?.raw,
    valueSpan: value?.span ?? span(end, end),
    span: span(name.span.start, end),
  };
}

function pairOf(word: Word, logical: LogicalText, index: number, escape: string): Pair {
  const equals = word.raw.indexOf('=');
  if (equals === -1) {
    return { name: word.text, nameSpan: word.span, value: undefined, raw: undefined, valueSpan: span(word.span.end, word.span.end), span: word.span };
  }
  const start = index + equals + 1;
  const end = index + word.raw.length;
  const raw = word.raw.slice(equals + 1);
  const behind = logical.offset(start - 1) + 1;
  return {
    name: word.raw.slice(0, equals).replace(/["']/g, ''),
    nameSpan: logical.span(index, index + equals),
    value: unquote(raw, escape),
    raw,
    valueSpan: start < end ? logical.span(start, end) : span(behind, behind),
    span: word.span,
  };
}

function readPairs(keyword: string, words: readonly Word[], logical: LogicalText, from: number, escape: string): { pairs: Pair[]; legacy: boolean } {
  const [first] = words;
  if (!pairKeywords.has(keyword) || first === undefined) return { pairs: [], legacy: false };
  if (keyword !== 'ARG' && !first.raw.includes('=')) {
    return { pairs: [legacyPair(logical, first, from, escape)], legacy: true };
  }
  let at = from;
  const pairs = words.map((word) => {
    const index = skipWideSpace(logical.text, at);
    at = index + word.raw.length;
    return pairOf(word, logical, index, escape);
  });
  return { pairs, legacy: false };
}

function readAt(raw: RawInstruction, index: number, from: number, escape: string, mayHaveFlags = true): Instruction {
  const { logical } = raw;
  const start = skipSpace(logical.text, from);
  const written = /^[^\t\v\f\r ]*/.exec(logical.text.slice(start))?.[0] ?? '';
  const keyword = written.toUpperCase();
  const behind = start + written.length;
  const { flags, rest } = mayHaveFlags ? readFlags(logical, behind, escape) : { flags: [], rest: skipSpace(logical.text, behind) };
  const json = jsonKeywords.has(keyword) ? readJson(logical, rest) : undefined;
  const words = json === undefined
    ? readWords(keyword, logical, rest, escape)
    : json.items.map((item) => ({ span: item.span, raw: JSON.stringify(item.text), text: item.text }));
  const { pairs, legacy } = readPairs(keyword, words, logical, rest, escape);
  const bodyEnd = logical.text.trimEnd().length;
  const keywordSpan = logical.span(start, behind);
  return {
    index,
    keyword,
    keywordSpan,
    span: span(keywordSpan.start, raw.span.end),
    logical,
    flags,
    body: logical.span(rest, Math.max(rest, bodyEnd)),
    bodyIndex: rest,
    words,
    json: json?.wrongItem === true ? undefined : json,
    pairs,
    legacyPairs: legacy,
    heredocs: raw.heredocs,
    comments: raw.line.comments,
    blankLines: raw.line.blankLines,
    unfinished: raw.line.unfinished,
    inner: readInner(raw, keyword, index, rest, escape),
  };
}

function readInner(raw: RawInstruction, keyword: string, index: number, rest: number, escape: string): Instruction | undefined {
  const hasInner = keyword === 'ONBUILD' || (keyword === 'HEALTHCHECK' && /^cmd(?:\s|$)/i.test(raw.logical.text.slice(rest)));
  return hasInner && rest < raw.logical.text.length ? readAt(raw, index, rest, escape, keyword === 'ONBUILD') : undefined;
}

/** Reads the inside of an instruction. */
export const readInstruction = (raw: RawInstruction, index: number, escape: string): Instruction =>
  readAt(raw, index, 0, escape);
