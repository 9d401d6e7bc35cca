import type { Instruction } from '../dockerfile/instruction.ts';
import { span, textAt, type Span } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';

/** Every instruction BuildKit knows. */
export const instructionKeywords: ReadonlySet<string> = new Set([
  'ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'RUN', 'SHELL',
  'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR',
]);

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
  /** The last line before this one. */
  readonly before: string;
  /** The line's text, without the escape character at its end. */
  readonly text: string;
  /** The line goes on itself. */
  readonly continued: boolean;
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
const endsInOperator = (text: string): boolean => /(?:&&|\|)$/.test(text);

/** The same outside quotes: `RUN set -e;`, `if …; then`. */
const endsOpen = (text: string): boolean => /[^;\\];$|;\s*(?:then|do)$|;\s*(?:if|while|for)\b.*\selse$/s.test(text);

const beginsWithOperator = (text: string): boolean => /^(?:&&|\|)/.test(text);

/** A flag, a variable or a quoted word: the beginning of no instruction, however mistyped. */
const beginsWithArgument = (text: string): boolean => /^(?:-{1,2}[a-zA-Z]|\$[\w{(]|["'])/.test(text);

/** A quote is still open: the line break is part of a word. */
function hasOpenQuote(text: string): boolean {
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (character === '\\' && quote !== "'") index += 1;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return quote !== '';
}

/** The last command of a text takes a list: `apt-get install -y git`. */
const listCommand = /(?:^|\s)(?:apt|apt-get|aptitude|apk|dnf|yum|microdnf|pip3?|npm|yarn|conda|mamba|gem)\s(?:[^&|;]*\s)?(?:install|add)(?=\s|$)[^&|;]*$/;

/** It names no packages so far. */
const namesNothing = /\s(?:install|add)(?:\s+-\S+)*$/;

/** Packages, perhaps with an operator behind the last; `git` alone may be a command as well. */
const isList = (text: string): boolean => text.replace(/\s*(?:&&|;)$/, '').split(/\s+/).every((word) => /^[a-z][\w.+:@/=~<>[\]${}*-]*$/.test(word));

/** A command and its arguments, even if each of its words could be a package. */
const looksLikeCommand = (text: string): boolean =>
  /^(?:apt|apt-get|apk|cd|chmod|chown|cp|echo|exit|export|git|ldconfig|ln|make|mkdir|mv|npm|npx|pip3?|poetry|python3?|rm|set|source|tar|true|unset|useradd|uv|wait|yarn)(?=\s+\S)|\s-/.test(text);

/** A line of the list of packages that the text before ends with: it goes on itself, or follows another such line. */
function continuesList({ joined, text, before, continued, indented }: Place): boolean {
  if (!indented || !listCommand.test(joined) || !isList(text) || looksLikeCommand(text)) return false;
  return continued || namesNothing.test(joined) || (before !== joined && isList(before));
}

/** Nothing but flags so far: the command is still to come. */
const hasNoCommand = (joined: string): boolean => /^\w+(?:\s+--[\w-]+=\S+)*$/.test(joined);

function continuesRun(place: Place): boolean {
  const { joined, text, indented } = place;
  if (endsInOperator(joined) || (indented && hasNoCommand(joined))) return true;
  if (hasOpenQuote(joined)) return false;
  return endsOpen(joined) || beginsWithOperator(text) || (indented && beginsWithArgument(text)) || continuesList(place);
}

const continuesPairs = ({ head, text, indented }: Place): boolean =>
  indented && !head.legacyPairs && head.pairs.length > 0 && /^["']?[\w.-]+["']?=/.test(text);

/** A JSON array that is not closed yet. */
const continuesArray = ({ joined, text }: Place): boolean => /^\w+\s+\[[^\]]*["[,]$/.test(joined) && /^(?:"|\])/.test(text);

/** `HEALTHCHECK --interval=30s` and nothing more, with a CMD further in on the next line. */
const completesCheck = (head: Instruction, { keyword }: Instruction): boolean =>
  head.keyword === 'HEALTHCHECK' && keyword === 'CMD' && hasNoCommand(head.logical.text.trimEnd());

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
  const comment = /\s[\\`](\s+)#[^'"]*$/.exec(text);
  if (comment !== null && text[comment.index + 1] === escape) {
    const start = last.start + comment.index + 2;
    return { kind: 'comment', gap: span(start, start + (comment[1]?.length ?? 0)) };
  }
  // Behind a comment sign, the escape character and all that follows would belong to the comment.
  return /(?:^|\s)#/.test(text) ? undefined : { kind: 'missing', gap: span(last.end, end) };
}

const withoutEscape = (text: string, escape: string): string => (text.endsWith(escape) ? text.slice(0, -1).trimEnd() : text);

function judge(file: Dockerfile, head: Instruction, joined: string, previous: Instruction, line: Instruction): BrokenContinuation | undefined {
  const { source, escape } = file;
  const fitting = judges[head.keyword];
  if (fitting === undefined || (instructionKeywords.has(line.keyword) && !completesCheck(head, line)) || head.heredocs.length > 0) return undefined;
  const at = firstLine(source, line);
  const gap = gapOf(source, lastLine(source, previous), previous.span.end, escape);
  if (gap === undefined) return undefined;
  const whole = textAt(source, at);
  const text = withoutEscape(whole, escape);
  const blanksToo = gap.kind === 'missing' && head.keyword === 'RUN' && (endsInOperator(joined) || beginsWithOperator(text));
  if (!isNear(source, previous.span.end, line.span.start, blanksToo)) return undefined;
  const indented = indentation(source, line) > indentation(source, head);
  const place = { head, joined, text, indented, continued: text !== whole, before: textAt(source, lastLine(source, previous)).trim() };
  return gap.kind !== 'missing' || fitting.some((fits) => fits(place)) ? { head, line, at, ...gap } : undefined;
}

/**
 * The lines of which it is certain that they were to continue the instruction before them. Both the rule
 * that mends them and the one that names unreadable lines go by this.
 */
export function brokenContinuations(file: Dockerfile): BrokenContinuation[] {
  const found: BrokenContinuation[] = [];
  let head: Instruction | undefined;
  let previous: Instruction | undefined;
  let joined = '';
  for (const line of file.instructions) {
    const broken = head === undefined || previous === undefined ? undefined : judge(file, head, joined, previous, line);
    if (broken === undefined) head = line;
    else found.push(broken);
    joined = (broken === undefined ? '' : `${joined} `) + line.logical.text.trimEnd();
    previous = line;
  }
  return found;
}
