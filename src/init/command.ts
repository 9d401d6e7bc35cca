import { ConfigError, quote } from '../config/error.ts';

const shellOnly = /[;&|<>`$(){}*?#\\!~\n]/;

/**
 * Parts a command as a shell does, for the JSON form, which knows no shell.
 * @throws {ConfigError} for what only a shell could run, or what is no text for a file
 */
export function wordsOf(text: string): readonly string[] {
  const refuse = (why: string): ConfigError => new ConfigError(`--start: ${quote(text)} ${why}.`);
  if (!/^[\x20-\x7e]{1,1000}$/.test(text)) throw refuse('is not one line of plain letters and signs');
  const words: string[] = [];
  for (const match of text.matchAll(/\s*((?:'[^']*'|"[^"]*"|[^\s'"])+|['"])/g)) {
    const parts = [...(match[1] ?? '').matchAll(/'([^']*)'|"([^"]*)"|([^'"]+)|['"]/g)];
    for (const [whole, single, double, bare] of parts) {
      if (single === undefined && double === undefined && bare === undefined) throw refuse(`has a quote ${whole} that does not end`);
      const isOpen = shellOnly.test(bare ?? '') || /[$`\\]/.test(double ?? '');
      if (isOpen) throw refuse('needs a shell: put it into a script, or write sh -c \'exec …\'');
    }
    words.push(parts.map(([, single, double, bare]) => single ?? double ?? bare ?? '').join(''));
  }
  if (words[0] === undefined || words[0] === '') throw refuse('names no program');
  if (/^\w+=/.test(words[0])) throw refuse('begins with a variable: set it with ENV, or write env NAME=VALUE in front');
  return words;
}
