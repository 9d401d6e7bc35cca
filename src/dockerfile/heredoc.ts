import { span, type Span } from '../span.ts';
import { physicalLine, type LogicalText } from './logical.ts';
import { skipSpace } from './words.ts';

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

interface Opening {
  readonly name: string;
  readonly word: Span;
  readonly chomp: boolean;
  readonly expands: boolean;
  readonly descriptor: number;
}

// BuildKit: `^(\d*)<<(-?)\s*([^<]*)$`, held against each word of the joined line.
const opening = /^(\d*)<<(-?)\s*([^<]*)$/;

/** End of a shell word for heredoc detection: quotes and `${…}` hold it together. */
function shellWordEnd(text: string, at: number): number {
  let quote = '';
  let braces = 0;
  let index = at;
  for (; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (character === '\\' && quote !== "'") index += 1;
    else if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '$' && text[index + 1] === '{') braces += 1;
    else if (character === '}' && braces > 0) braces -= 1;
    else if (braces === 0 && /\s/.test(character)) break;
  }
  return Math.min(index, text.length);
}

function openings(logical: LogicalText, from: number): Opening[] {
  const { text } = logical;
  const found: Opening[] = [];
  if (!text.includes('<<', from)) return found;
  let at = skipSpace(text, from);
  while (at < text.length) {
    let end = shellWordEnd(text, at);
    let match = opening.exec(text.slice(at, end));
    if (match !== null && match[3] === '') {
      // `<< EOF`: the name is the next word.
      const next = skipSpace(text, end);
      const nextEnd = shellWordEnd(text, next);
      match = opening.exec(text.slice(at, end) + text.slice(next, nextEnd));
      end = nextEnd;
    }
    const name = match?.[3] ?? '';
    if (match !== null && name !== '') {
      found.push({
        name: name.replace(/["'\\]/g, ''),
        word: logical.span(at, end),
        chomp: match[2] === '-',
        expands: !/["'\\]/.test(name),
        descriptor: match[1] === '' ? 0 : Number(match[1]),
      });
    }
    at = skipSpace(text, end);
  }
  return found;
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
