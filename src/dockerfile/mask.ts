import { textAt, type Span } from '../span.ts';
import type { Instruction } from './instruction.ts';

/**
 * The shell text of an instruction, of the same length as it stands in the file, so that every
 * offset in the shell's tree plus `at.start` is an offset of the file. Comment and blank lines between
 * continued lines become blanks, and every continuation a backslash right in front of its newline.
 */
export function maskedShellText(source: string, at: Span, instruction: Instruction, escape: string): string {
  const lastHeredoc = instruction.heredocs.at(-1);
  const lineEnd = lastHeredoc === undefined ? at.end : Math.min(at.end, instruction.heredocs[0]?.body.start ?? at.end);
  const text = textAt(source, at);
  const head = text.slice(0, lineEnd - at.start);
  if (!head.includes('\n') && !head.endsWith(escape)) return text;
  const characters = [...splitUnits(head)];
  for (const comment of [...instruction.comments, ...instruction.blankLines]) blank(characters, comment.start - at.start, comment.end - at.start);
  joinLines(characters, escape);
  return characters.join('') + text.slice(head.length);
}

/** UTF-16 code units, so that indexes stay offsets. */
const splitUnits = (text: string): string[] => text.split('');

function blank(characters: string[], start: number, end: number): void {
  for (let index = Math.max(start, 0); index < Math.min(end, characters.length); index += 1) characters[index] = ' ';
}

/** Makes each run of `escape`, blanks and newline end in a backslash and a newline. */
function joinLines(characters: string[], escape: string): void {
  let continued = false;
  for (let index = 0; index < characters.length; index += 1) {
    if (characters[index] !== '\n') continue;
    let back = index - 1;
    while (back >= 0 && /[ \t\r]/.test(characters[back] ?? '')) back -= 1;
    if (characters[back] === escape && !(characters[back - 1] === escape)) {
      characters[back] = ' ';
      if (index - 1 >= 0) characters[index - 1] = '\\';
      for (let between = back; between < index - 1; between += 1) characters[between] = ' ';
      continued = true;
    } else if (continued) {
      characters[index] = ' ';
      if (characters[index - 1] === '\r') characters[index - 1] = ' ';
    }
  }
}
