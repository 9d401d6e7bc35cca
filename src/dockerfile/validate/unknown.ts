import { textAt, type Span } from '../../span.ts';
import type { Instruction } from '../instruction.ts';
import { isWideSpace } from '../words.ts';
import { keywords } from './instruction.ts';
import { meant, shown } from './values.ts';

const known = new Set(keywords);

/** True for a keyword BuildKit knows. */
export const isKnown = (instruction: Instruction): boolean => known.has(instruction.keyword);

/** Words that begin a line of a script, but hardly one of a Dockerfile. */
const scriptWord = /^(?:&&|\|\|?|--?\w|[;$)}\\'"]|(?:if|then|else|elif|fi|for|while|do|done|case|esac)$)/;

/** The escape character as a sentence names it. */
const named = (escape: string): string => (escape === '`' ? 'backtick' : `\`${escape}\``);

/** What the line above lacks to go on here; undefined where it does not look as if it should. */
function continuation(source: string, previous: Instruction, instruction: Instruction, escape: string): string | undefined {
  const before = previous.logical.text.trimEnd();
  if (before.endsWith(escape + escape)) return `two ${named(escape)}${escape === '`' ? 's' : ''} at the end of the line above do not continue it; take one away`;
  const commentStart = before.lastIndexOf('#');
  if (commentStart > 0 && before.slice(0, commentStart).trimEnd().endsWith(escape)) {
    return `nothing may stand behind the ${named(escape)} that continues the line above; put the comment on a line of its own`;
  }
  const word = textAt(source, instruction.keywordSpan);
  const isIndented = isWideSpace(source[instruction.span.start - 1]) && source[instruction.span.start - 1] !== '\n';
  const looksContinued = /(?:&&|\||,)$/.test(before) || scriptWord.test(word) || (isIndented && /^[a-z]/.test(word));
  return looksContinued ? `the line above seems to lack the ${named(escape)} that continues it` : undefined;
}

/** A heredoc as people write it, that BuildKit does not see. */
const missedHeredoc = /<<-?\s*["']?[A-Za-z_]/;

function afterHeredoc(previous: Instruction): string | undefined {
  const isOpener = ['RUN', 'COPY', 'ADD'].includes(previous.keyword);
  if (previous.heredocs.length > 0 || !missedHeredoc.test(previous.logical.text)) return undefined;
  return isOpener
    ? 'BuildKit sees no heredoc in the instruction above; write `<<` with a blank in front and the name right behind it, and close all quotes'
    : `${previous.keyword} takes no heredoc; only RUN, COPY and ADD do`;
}

/** Words that are no slip of the keyboard, and what they are. */
const notes: readonly (readonly [RegExp, string])[] = [
  [/^(?:<{7}|={7}|>{7}|\|{7})/, 'it was left behind by a merge; resolve the conflict'],
  [/^(?:\/\/|\/\*|\*\/|<!--|;|%)/, 'a comment begins with `#`'],
  [/^[A-Za-z]+:$/, 'instructions have no colon behind them; take it away'],
];

/** The keyword inside a word that something else clings to. */
const hiddenKeyword = (word: string): string | undefined => {
  const letters = word.replace(/[^A-Za-z].*$/s, '').toUpperCase();
  return letters.length < word.length && known.has(letters) ? letters : undefined;
};

function suggestion(word: string): string | undefined {
  if (!/^[A-Za-z]+$/.test(word)) return undefined;
  const near = meant(word.toUpperCase(), keywords);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

function invisible(word: string): string | undefined {
  const keyword = hiddenKeyword(word);
  const next = word.codePointAt(keyword?.length ?? 0);
  if (keyword === undefined || next === undefined || next < 0x80) return undefined;
  return `a character that looks like a blank or like nothing (U+${next.toString(16).toUpperCase().padStart(4, '0')}) clings to \`${keyword}\`; put a plain blank in its place`;
}

/** The problem with an unknown instruction; undefined where it only follows from the unknown one above it. */
export function unknownProblem(source: string, instruction: Instruction, previous: Instruction | undefined, escape: string): { at: Span; message: string } | undefined {
  const at = instruction.keywordSpan;
  const word = instruction.logical.text.slice(0, instruction.keyword.length);
  if (word === '') return { at: instruction.span, message: `A line that holds only a ${named(escape)} begins no instruction; take it away.` };
  const note = notes.find(([pattern]) => pattern.test(word))?.[1] ?? invisible(word);
  const follows = previous === undefined || !isKnown(previous) ? undefined : afterHeredoc(previous) ?? continuation(source, previous, instruction, escape);
  const advice = note ?? follows ?? suggestion(word);
  if (advice === undefined && previous !== undefined && !isKnown(previous)) return undefined;
  const whole = advice ?? `begin the line with one such as \`RUN\`, or continue the line above with a ${named(escape)}`;
  return { at, message: `${shown(word)} is no instruction; ${whole}${whole.endsWith('?') ? '' : '.'}` };
}
