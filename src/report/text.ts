/** Characters that a terminal obeys, hides or reorders the line with: controls, and format characters such as bidi marks. */
const unsafeCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const unsafeCharactersEverywhere = new RegExp(unsafeCharacters.source, 'gu');

function visibleCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** The text on one line, with nothing in it that a terminal would obey: control characters get a visible form. */
export const visible = (text: string): string =>
  unsafeCharacters.test(text) ? text.replace(unsafeCharactersEverywhere, visibleCharacter) : text;

/** The same for a text of several lines: line feeds and tabs stay. */
export const visibleLines = (text: string): string => text.split('\n').map((line) => line.replace(/\r$/, '').split('\t').map(visible).join('\t')).join('\n');

const wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const combining = /[\p{Mn}\p{Me}]/u;

/** Columns that one character takes on a terminal. */
export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Columns that a visible text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Breaks a text at its blanks into lines of at most `width` columns; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const needed = displayWidth(word);
    if (line !== '' && used + 1 + needed > width) {
      lines.push(line);
      line = '';
      used = 0;
    }
    used += needed + (line === '' ? 0 : 1);
    line += line === '' ? word : ` ${word}`;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** `1 file`, `2 files` */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
