import { span, type Span } from '../span.ts';
import { lex } from './lex.ts';
import { physicalLine, type LogicalText } from './logical.ts';

/** A here-document of RUN, COPY or ADD. */
export interface Heredoc {
  readonly name: string;
  /** `<<EOF` as it stands on the instruction's line. */
  readonly word: Span;
  /** The lines between the instruction and the terminator. */
  readonly body: Span;
  /** The line that ends it; undefined when the file ends first. */
  readonly terminator: Span | undefined;
  /** `<<-`: leading tabs of the body are dropped. */
  readonly chomp: boolean;
  /** No part of the word is quoted: variables in the body are expanded. */
  readonly expands: boolean;
  readonly descriptor: number;
}

/** What a word such as `3<<-"EOF"` says. */
export interface HeredocWord {
  readonly name: string;
  readonly chomp: boolean;
  readonly expands: boolean;
  readonly descriptor: number;
}

interface Opening extends HeredocWord {
  readonly word: Span;
}

const opening = /^(\d*)<<(-?)([^<]*)$/;

/**
 * Reads a word as the opening of a heredoc, as BuildKit does; undefined for any other word. A name of
 * several words or of none opens nothing.
 */
export function readHeredocWord(word: string): HeredocWord | undefined {
  const match = opening.exec(word);
  if (match === null) return undefined;
  const { words } = lex(match[3] ?? '', { escape: '\\', quotes: true, keep: false });
  const [name] = words;
  if (name === undefined || words.length > 1) return undefined;
  return {
    name: name.text,
    chomp: match[2] === '-',
    expands: !name.quoted && !word.includes('\\'),
    descriptor: match[1] === '' ? 0 : Number(match[1]),
  };
}

/** A line BuildKit's lexer refuses, such as one with an odd quote, opens no heredoc. */
function openings(logical: LogicalText, from: number): Opening[] {
  const text = logical.text.slice(from);
  if (!text.includes('<<')) return [];
  return lex(text, { escape: '\\', quotes: true, keep: true }).words.flatMap(({ text: word, start, end }) => {
    const read = readHeredocWord(word);
    return read === undefined ? [] : [{ ...read, word: logical.span(from + start, from + end) }];
  });
}

/**
 * Finds the heredocs an instruction opens and reads their bodies, in order, from the line that starts
 * at `next`. `end` is where the instruction then ends, `following` the line after it.
 */
export function readHeredocs(
  source: string,
  logical: LogicalText,
  from: number,
  next: number,
): { heredocs: Heredoc[]; end: number | undefined; following: number } {
  const heredocs: Heredoc[] = [];
  let at = next;
  let end: number | undefined;
  for (const start of openings(logical, from)) {
    const bodyStart = at;
    let bodyEnd = source.length;
    let terminator: Span | undefined;
    while (at < source.length && terminator === undefined) {
      const line = physicalLine(source, at);
      const text = source.slice(at, line.end);
      if ((start.chomp ? text.replace(/^\t+/, '') : text) === start.name) {
        terminator = span(at, line.end);
        bodyEnd = at;
      }
      end = line.end;
      at = line.next;
    }
    heredocs.push({ ...start, body: span(bodyStart, bodyEnd), terminator });
  }
  return { heredocs, end, following: at };
}
