import { suggest } from '../suggest.ts';

/** A config or command line that cannot be used; the message is one finished sentence for the user. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Text of others made fit for a terminal: control and direction characters are spelt out. */
export const shown = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);

/** A word of others in double quotes, shortened and fit for a terminal. */
export function quote(word: string): string {
  const characters = Array.from(word.slice(0, 200));
  return shown(JSON.stringify(characters.length > 60 || word.length > 200 ? `${characters.slice(0, 60).join('')}…` : word));
}

/** `"a", "b" or "c"` */
export function listed(words: readonly string[], joint: 'and' | 'or'): string {
  const quoted = words.map(quote);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${joint} ${last}`;
}

/** Ends a sentence: with the candidate that was probably meant, else with what is given, else with a full stop. */
export function ending(word: string, candidates: Iterable<string>, otherwise = ''): string {
  const meant = suggest(word, candidates);
  return meant === undefined ? `${otherwise}.` : `; did you mean ${quote(meant)}?`;
}
