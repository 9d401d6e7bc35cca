import type { Instruction } from '../dockerfile/instruction.ts';
import { isKnown } from '../dockerfile/validate/unknown.ts';
import { overlaps, span, textAt, type Span } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';

/** What stands at the end of a line instead of one escape character. */
interface Gap {
  /** Nothing, two escape characters, or an escape character with a comment behind it. */
  readonly kind: 'missing' | 'doubled' | 'comment';
  /** The blanks at the end of the line, the two characters, or the blanks between the character and the comment. */
  readonly gap: Span;
}

/** A line that was to continue an instruction, but the line before it does not end in the escape character. */
export interface BrokenContinuation extends Gap {
  /** The instruction it was to continue. */
  readonly head: Instruction;
  /** What BuildKit takes the line for: an instruction of its own, most often one it does not know. */
  readonly line: Instruction;
  /** The first physical line of it. */
  readonly at: Span;
}

/** What is known of a line when it is judged. */
interface Place {
  readonly head: Instruction;
  /** The head with all lines since that continue it. */
  readonly joined: string;
  /** A quote is still open there: the line break is part of a word. */
  readonly quoted: boolean;
  /** The last line before this one. */
  readonly before: string;
  /** The line's text, without the escape character at its end. */
  readonly text: string;
  /** The line goes on itself. */
  readonly continued: boolean;
  readonly kind: Gap['kind'];
  /** It stands further in than the head. */
  readonly indented: boolean;
}

function trimmed(source: string, start: number, end: number): Span {
  return span(start, start + source.slice(start, end).trimEnd().length);
}

const lastLine = (source: string, { span: { start, end } }: Instruction): Span =>
  trimmed(source, Math.max(source.lastIndexOf('\n', end - 1) + 1, start), end);

function firstLine(source: string, { span: { start, end } }: Instruction): Span {
  const newline = source.indexOf('\n', start);
  return trimmed(source, start, newline === -1 ? end : Math.min(newline, end));
}

/** How many blanks stand in front of an instruction. */
const indentation = (source: string, { span: { start } }: Instruction): number => start - (source.lastIndexOf('\n', start - 1) + 1);

/** The text cannot end here, quoted or not: another command must follow. */
const endsInOperator = (text: string): boolean => text.endsWith('&&') || text.endsWith('|');

/** The same outside quotes: `RUN set -e;`, `if …; then`. */
function endsOpen(text: string): boolean {
  const end = text.slice(-100);
  return /[^;\\];$|;\s?(?:then|do)$/.test(end) || (/\selse$/.test(end) && /\bif\b/.test(text));
}

const beginsWithOperator = (text: string): boolean => text.startsWith('&&') || text.startsWith('|');

/** A flag, a variable or a quoted word: the beginning of no instruction, however mistyped. */
const beginsWithArgument = (text: string): boolean => /^(?:-{1,2}[a-zA-Z]|\$[\w{(]|["'])/.test(text);

/** The quote that is open behind a text, when `quote` was open before it; empty for none. */
function openQuote(text: string, quote: string): string {
  let open = quote;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (character === '\\' && open !== "'") index += 1;
    else if (open === '' && (character === '"' || character === "'")) open = character;
    else if (character === open) open = '';
  }
  return open;
}

const listers = new Set(['apt', 'apt-get', 'aptitude', 'apk', 'dnf', 'yum', 'microdnf', 'pip', 'pip3', 'npm', 'yarn', 'conda', 'mamba', 'gem']);

/** More is no list that a person keeps. */
const longestList = 4_000;

/** What the last command of a text installs so far, when it takes a list: `apt-get install -y git`. */
function listedPackages(text: string): readonly string[] | undefined {
  const start = Math.max(text.lastIndexOf('&'), text.lastIndexOf('|'), text.lastIndexOf(';')) + 1;
  if (text.length - start > longestList) return undefined;
  const words = text.slice(start).trim().split(/\s+/);
  const manager = words.findIndex((word) => listers.has(word));
  const action = words.findIndex((word, index) => index > manager && (word === 'install' || word === 'add'));
  return manager === -1 || action === -1 ? undefined : words.slice(action + 1).filter((word) => !word.startsWith('-'));
}

/** Packages, perhaps with an operator behind the last; `git` alone may be a command as well. */
function isList(text: string): boolean {
  const packages = text.endsWith('&&') ? text.slice(0, -2) : text.endsWith(';') ? text.slice(0, -1) : text;
  return packages.trim().split(/\s+/).every((word) => /^[a-z][\w.+:@/=~<>[\]${}*-]*$/.test(word));
}

const programs = new Set([
  'apt', 'apt-get', 'apk', 'bash', 'cargo', 'cat', 'cd', 'chmod', 'chown', 'conda', 'cp', 'curl', 'dnf', 'echo', 'exit', 'export', 'gem', 'git', 'go',
  'java', 'ldconfig', 'ln', 'make', 'mkdir', 'mv', 'node', 'npm', 'npx', 'pip', 'pip3', 'poetry', 'python', 'python3', 'rm', 'sed', 'service', 'set',
  'sh', 'source', 'tar', 'touch', 'unset', 'unzip', 'useradd', 'uv', 'wait', 'wget', 'yarn', 'yum',
]);

/** A command and its arguments, even if each of its words could be a package. */
function looksLikeCommand(text: string): boolean {
  const [first, second] = text.split(/\s+/);
  return second !== undefined && (programs.has(first ?? '') || /\s-|:\/\//.test(text));
}

/** A line of the list that the text before ends with: it goes on itself, follows another such line, or is the first. */
function continuesList({ joined, text, before, continued, indented }: Place): boolean {
  const listed = indented && isList(text) && !looksLikeCommand(text) ? listedPackages(joined) : undefined;
  return listed !== undefined && (continued || listed.length === 0 || (before !== joined && isList(before)));
}

/** Nothing but flags so far: the command is still to come. */
const hasNoCommand = (joined: string): boolean => /^\w+(?:\s+--[\w-]+=\S+)*$/.test(joined);

function continuesRun(place: Place): boolean {
  const { joined, text, indented } = place;
  if (endsInOperator(joined) || (indented && hasNoCommand(joined))) return true;
  if (place.quoted) return false;
  return endsOpen(joined) || beginsWithOperator(text) || (indented && beginsWithArgument(text)) || continuesList(place);
}

/** Another `name=value`. Where only the end of the line is wrong, what stands there is read as names. */
const continuesPairs = ({ head, text, indented, kind, quoted }: Place): boolean =>
  indented && !head.legacyPairs && head.pairs.length > 0 && /^["']?[\w.-]+["']?=/.test(text) &&
  (kind !== 'missing' || (!quoted && head.pairs.every(({ value }) => value !== undefined)));

/** A JSON array that is not closed yet. */
const continuesArray = ({ joined, text }: Place): boolean => /^\w+\s+\[[^\]]*["[,]$/.test(joined) && /^(?:"|\])/.test(text);

/** `HEALTHCHECK --interval=30s` and nothing more, with a CMD further in on the next line. */
const completesCheck = (head: Instruction, { keyword }: Instruction): boolean =>
  head.keyword === 'HEALTHCHECK' && keyword === 'CMD' && hasNoCommand(head.logical.text.trimEnd());

const pairKeywords = new Set(['ENV', 'LABEL', 'ARG']);

/** When a line certainly continues an instruction; for all others it may be one with a typing mistake. */
const judges: Readonly<Record<string, readonly ((place: Place) => boolean)[]>> = {
  RUN: [continuesArray, continuesRun],
  ENV: [continuesPairs],
  LABEL: [continuesPairs],
  ARG: [continuesPairs],
  CMD: [continuesArray, continuesRun],
  ENTRYPOINT: [continuesArray, continuesRun],
  HEALTHCHECK: [({ head, text, indented }) => indented && hasNoCommand(head.logical.text.trimEnd()) && /^CMD\s/i.test(text)],
};

/** Nothing but comment lines stands between the two, or blank lines where the text says that it goes on. */
function isNear(source: string, from: number, to: number, blanksToo: boolean): boolean {
  const between = source.slice(from, to).split('\n').slice(1, -1);
  return between.every((line) => /^\s*#/.test(line) || (blanksToo && line.trim() === ''));
}

function gapOf(source: string, last: Span, end: number, escape: string): Gap | undefined {
  const text = textAt(source, last);
  if (new RegExp(`\\s\\${escape}{2}$`).test(text)) return { kind: 'doubled', gap: span(last.end - 2, end) };
  const comment = /\s[\\`](\s+)#/.exec(text);
  if (comment !== null && text[comment.index + 1] === escape && !/["']/.test(text.slice(comment.index))) {
    const start = last.start + comment.index + 2;
    return { kind: 'comment', gap: span(start, start + (comment[1]?.length ?? 0)) };
  }
  // Behind a comment sign, the escape character and all that follows would belong to the comment.
  return /(?:^|\s)#/.test(text) ? undefined : { kind: 'missing', gap: span(last.end, end) };
}

const withoutEscape = (text: string, escape: string): string => (text.endsWith(escape) ? text.slice(0, -1).trimEnd() : text);

/** What was read of an instruction and of the lines that continue it. */
interface SoFar {
  readonly head: Instruction;
  readonly joined: string;
  readonly quote: string;
  readonly last: Instruction;
}

const beginWith = (head: Instruction): SoFar => {
  const joined = head.logical.text.trimEnd();
  return { head, joined, quote: openQuote(joined, ''), last: head };
};

const goOn = (soFar: SoFar, line: Instruction): SoFar => {
  const text = line.logical.text.trimEnd();
  return { head: soFar.head, joined: `${soFar.joined} ${text}`, quote: openQuote(text, soFar.quote), last: line };
};

function judge(file: Dockerfile, { head, joined, quote, last }: SoFar, line: Instruction): BrokenContinuation | undefined {
  const { source, escape } = file;
  const fitting = judges[head.keyword];
  if (fitting === undefined || (isKnown(line) && !completesCheck(head, line)) || head.heredocs.length > 0) return undefined;
  // A quote that opens here and closes nowhere: what is meant cannot be told.
  if (quote === '' && openQuote(line.logical.text, '') !== '') return undefined;
  const at = firstLine(source, line);
  const end = lastLine(source, last);
  const gap = gapOf(source, end, last.span.end, escape);
  if (gap === undefined) return undefined;
  const whole = textAt(source, at);
  const text = withoutEscape(whole, escape);
  const blanksToo = gap.kind === 'missing' && head.keyword === 'RUN' && (endsInOperator(joined) || beginsWithOperator(text));
  if (!isNear(source, last.span.end, line.span.start, blanksToo)) return undefined;
  const indented = indentation(source, line) > indentation(source, head);
  const place = { head, joined, kind: gap.kind, quoted: quote !== '', text, indented, continued: text !== whole, before: textAt(source, end).trim() };
  const certain = (gap.kind !== 'missing' && !pairKeywords.has(head.keyword)) || fitting.some((fits) => fits(place));
  return certain ? { head, line, at, ...gap } : undefined;
}

/** BuildKit has something against the two lines; in a template, or with another frontend, nothing can be said. */
const isRefused = ({ problems }: Dockerfile, { head, last }: SoFar, line: Instruction): boolean =>
  last !== head || problems.some(({ at }) => overlaps(at, span(head.span.start, line.span.end)));

/**
 * The lines of which it is certain that they were to continue the instruction before them. Both the rule
 * that mends them and the one that names unreadable lines go by this. A binary file has none.
 */
export function brokenContinuations(file: Dockerfile): BrokenContinuation[] {
  const found: BrokenContinuation[] = [];
  if (file.problems.length === 0 || file.source.includes('\0')) return found;
  let soFar: SoFar | undefined;
  for (const line of file.instructions) {
    const broken = soFar === undefined || !isRefused(file, soFar, line) ? undefined : judge(file, soFar, line);
    if (broken !== undefined) found.push(broken);
    soFar = soFar === undefined || broken === undefined ? beginWith(line) : goOn(soFar, line);
  }
  return found;
}

/** What follows an instruction is none that BuildKit knows: it may be the rest of it, certain or not. */
export function isCutShort(file: Dockerfile, { index }: Instruction): boolean {
  const next = file.instructions[index + 1];
  return next !== undefined && !isKnown(next);
}
