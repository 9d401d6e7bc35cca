import { DockerfileParser } from 'dockerfile-ast';
import { LineMap, span, type Span } from '../span.ts';
import { readHeredocs, type Heredoc } from './heredoc.ts';
import { continuation, LogicalText, physicalLine, readLogicalLine, type LogicalLine } from './logical.ts';
import { readFlags, readJson, skipWideSpace } from './words.ts';

/** An instruction's place in the file, before its inside is read. */
export interface RawInstruction {
  readonly span: Span;
  readonly logical: LogicalText;
  readonly line: LogicalLine;
  readonly heredocs: readonly Heredoc[];
}

export interface Comment {
  readonly span: Span;
  /** The text behind the `#`, trimmed. */
  readonly text: string;
}

export interface Directive {
  readonly name: 'syntax' | 'escape' | 'check';
  readonly value: string;
  readonly span: Span;
  readonly valueSpan: Span;
}

/** A condition that makes BuildKit refuse the file, or that it would refuse when it got that far. */
export interface Problem {
  readonly at: Span;
  readonly message: string;
}

export interface RawDockerfile {
  readonly instructions: readonly RawInstruction[];
  readonly comments: readonly Comment[];
  readonly directives: readonly Directive[];
  readonly escape: string;
  readonly problems: readonly Problem[];
}

const heredocKeyword = /^(?:onbuild[\t\v\f\r ]+)?(?:run|copy|add)(?=[\t\v\f\r ]|$)/i;

const directivePattern = /^(\s*)#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/;

/** Reads the directives at the top: the first line that is no known directive ends them. */
function readDirectives(source: string, start: number, problems: Problem[]): Directive[] {
  const directives: Directive[] = [];
  let at = start;
  while (at < source.length) {
    const line = physicalLine(source, at);
    const match = directivePattern.exec(source.slice(at, line.end).trimEnd());
    const name = match?.[2]?.toLowerCase();
    if (match === null || (name !== 'syntax' && name !== 'escape' && name !== 'check')) break;
    const value = match[3] ?? '';
    const valueStart = at + match[0].length - value.length;
    const where = span(at + (match[1] ?? '').length, valueStart + value.length);
    if (directives.some((other) => other.name === name)) {
      problems.push({ at: where, message: `The \`${name}\` directive stands here a second time; keep one of the two.` });
    }
    if (name === 'escape' && value !== '\\' && value !== '`') {
      problems.push({ at: where, message: 'The escape character must be a backslash or a backtick; write one of the two behind `escape=`.' });
    }
    directives.push({ name, value, span: where, valueSpan: span(valueStart, valueStart + value.length) });
    at = line.next;
  }
  return directives;
}

const opener = /<<-?\s*["']?\w+["']?/g;

/**
 * What decides where instructions begin, line by line: the first word, heredocs that open, a continuation. The inside
 * of instructions is ours to read, and dockerfile-ast would take most of its time for it.
 */
function skeleton(source: string, escape: string): string {
  let continued = false;
  return source.split('\n').map((line) => {
    const head = /^\s*(?:#.*|[^\s#]\S*)?/.exec(line)?.[0] ?? '';
    if (head.trim() === '' || /^\s*#/.test(head)) return continued ? '' : head;
    const within = continued;
    continued = continuation(line.replace(/\r$/, ''), escape) !== -1;
    const heredocs = line.includes('<<') ? (line.match(opener) ?? []).join(' ') : '';
    if (within) return continued && heredocs === '' ? '' : `x ${heredocs}${continued ? escape : ''}`;
    // A keyword that opens no heredoc is as good as any other word.
    const keyword = heredocs === '' ? head.replace(/\S+/, 'X') : `${head} x ${heredocs}`;
    return continued ? `${keyword} ${escape}` : keyword;
  }).join('\n');
}

/** Where dockerfile-ast says that instructions begin; it counts a lone carriage return as a line end. */
function instructionStarts(source: string, escape: string): number[] {
  if (/\r(?!\n)/.test(source)) return [];
  const lines = new LineMap(source);
  return DockerfileParser.parse(skeleton(source, escape))
    .getInstructions()
    .map((instruction) => {
      const { start } = instruction.getRange();
      return lines.line(start.line + 1).start + start.character;
    });
}

function readInstruction(source: string, start: number, escape: string): { raw: RawInstruction; next: number } {
  const line = readLogicalLine(source, start, escape);
  const logical = new LogicalText(source, line.pieces);
  let heredocs: readonly Heredoc[] = [];
  let { end, next } = line;
  const keyword = heredocKeyword.exec(logical.text);
  if (keyword !== null && logical.text.includes('<<')) {
    const { rest } = readFlags(logical, keyword[0].length, escape);
    if (readJson(logical, rest) === undefined) {
      const read = readHeredocs(source, logical, keyword[0].length, line.next);
      heredocs = read.heredocs;
      end = read.end ?? end;
      next = read.following;
    }
  }
  return { raw: { span: span(start, end), logical, line, heredocs }, next };
}

/** The longest physical line BuildKit's scanner takes, in bytes. */
const longestLine = 65_535;

function longLines(source: string, problems: Problem[]): void {
  if (source.length <= longestLine / 4) return;
  for (let at = 0; at < source.length; ) {
    const line = physicalLine(source, at);
    const end = source[line.next - 1] === '\n' ? line.next - 1 : line.next;
    if (new TextEncoder().encode(source.slice(at, end)).length > longestLine) {
      problems.push({
        at: span(at, Math.min(line.end, at + 1)),
        message: `This line is longer than ${longestLine} bytes, the most that BuildKit reads; break it up.`,
      });
    }
    at = line.next;
  }
}

/**
 * Finds the instructions, comments and directives of a Dockerfile.
 *
 * dockerfile-ast names the lines where instructions begin. Its line rules differ from BuildKit's in
 * a few places (a doubled escape at the end of a line, `<< EOF`, a lone carriage return, unknown
 * directives), so each boundary is held against our own reading, which has the last word.
 */
export function parseRaw(source: string): RawDockerfile {
  const problems: Problem[] = [];
  longLines(source, problems);
  // Such a line is read no further: it may be as long as it likes.
  if (problems.length > 0) return { instructions: [], comments: [], directives: [], escape: '\\', problems };
  const begin = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  const directives = readDirectives(source, begin, problems);
  const escape = directives.find((directive) => directive.name === 'escape')?.value === '`' ? '`' : '\\';
  const starts = instructionStarts(source, escape);
  const instructions: RawInstruction[] = [];
  const comments: Comment[] = [];
  let known = 0;
  let at = begin;
  while (at < source.length) {
    while (known < starts.length && (starts[known] ?? 0) < at) known += 1;
    const line = physicalLine(source, at);
    const named = starts[known];
    const agreed = named !== undefined && named < line.end && source.slice(at, named).trim() === '';
    const start = skipWideSpace(source, agreed ? Math.max(named, begin) : at, line.end);
    if (start >= line.end) {
      at = line.next;
    } else if (source[start] === '#') {
      comments.push({ span: span(start, line.end), text: source.slice(start + 1, line.end).trim() });
      at = line.next;
    } else {
      const { raw, next } = readInstruction(source, start, escape);
      for (const inner of raw.line.comments) {
        comments.push({ span: inner, text: source.slice(inner.start + 1, inner.end).trim() });
      }
      instructions.push(raw);
      at = next;
    }
  }
  return { instructions, comments, directives, escape, problems };
}
