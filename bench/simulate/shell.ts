import { Failure } from './tree.ts';

/** A small POSIX shell: lists with `&&`, `||`, `;` and line ends, groups, redirections, variables. */
export interface Redirect {
  readonly operator: '>' | '>>' | '<';
  readonly target: string;
}

export type Node =
  | { readonly kind: 'simple'; readonly words: readonly string[]; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'subshell' | 'braces'; readonly list: readonly Item[] };

export interface Item {
  /** What stands in front of it. */
  readonly operator: ';' | '&&' | '||';
  readonly node: Node;
}

const operators = ['&&', '||', '>>', ';', '\n', '(', ')', '>', '<'];

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** Where the word that begins at `at` ends, quotes minded. */
function wordEnd(text: string, at: number): number {
  let quote = '';
  let index = at;
  for (; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (character === '\\' && quote !== "'") index += 1;
    else if (quote === '' && (isBlank(character) || operators.some((each) => text.startsWith(each, index)))) break;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  if (quote !== '') throw new Failure('a quote is not closed');
  return index;
}

function tokens(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    const operator = operators.find((each) => text.startsWith(each, at));
    if (isBlank(text[at])) at += 1;
    else if (text.startsWith('\\\n', at)) at += 2;
    else if (text[at] === '#') at = text.includes('\n', at) ? text.indexOf('\n', at) : text.length;
    else {
      const end = operator === undefined ? wordEnd(text, at) : at + operator.length;
      found.push(text.slice(at, end));
      at = end;
    }
  }
  return found;
}

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  get #now(): string | undefined {
    return this.#tokens[this.#at];
  }

  list(end: string | undefined): Item[] {
    const items: Item[] = [];
    let operator: Item['operator'] = ';';
    for (;;) {
      while (this.#now === '\n' || this.#now === ';') this.#at += 1;
      if (this.#now === end) {
        this.#at += 1;
        return items;
      }
      if (this.#now === undefined) throw new Failure('a group is not closed');
      items.push({ operator, node: this.#node() });
      const next = this.#now;
      operator = next === '&&' || next === '||' ? next : ';';
      if (next === '&&' || next === '||' || next === ';' || next === '\n') this.#at += 1;
      else if (next !== end) throw new Failure(`${next} is not expected`);
    }
  }

  #node(): Node {
    if (this.#now === '(' || this.#now === '{') {
      const kind = this.#now === '(' ? 'subshell' : 'braces';
      this.#at += 1;
      return { kind, list: this.list(kind === 'subshell' ? ')' : '}') };
    }
    const words: string[] = [];
    const redirects: Redirect[] = [];
    for (let token = this.#now; token !== undefined; token = this.#now) {
      if (token === '>' || token === '>>' || token === '<') {
        redirects.push({ operator: token, target: this.#tokens[this.#at + 1] ?? '' });
        this.#at += 2;
      } else if (operators.includes(token)) break;
      else {
        words.push(token);
        this.#at += 1;
      }
    }
    if (words.length === 0 && redirects.length === 0) throw new Failure('a command is missing');
    return { kind: 'simple', words, redirects };
  }
}

/** @throws Failure when it is no shell text that we know */
export const parseScript = (text: string): Item[] => new Reader(text).list(undefined);

/** A piece of a word: plain text, quoted text, or text that a variable brought. */
interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  readonly fromVariable: boolean;
}

type Values = (name: string) => string | undefined;

const variable = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^}]*))?\})/;

/** The value of the variable that begins at `at`, and how long its text is. */
function valueAt(text: string, at: number, values: Values): { value: string; length: number } | undefined {
  const match = variable.exec(text.slice(at));
  if (match === null) return undefined;
  const value = values(match[1] ?? match[2] ?? '');
  const [operator, operand = ''] = [match[3], match[4]];
  const isSet = operator?.startsWith(':') === true ? value !== undefined && value !== '' : value !== undefined;
  if (operator?.endsWith('-') === true) return { value: isSet ? value ?? '' : expandWhole(operand, values), length: match[0].length };
  if (operator?.endsWith('+') === true) return { value: isSet ? expandWhole(operand, values) : '', length: match[0].length };
  return { value: value ?? '', length: match[0].length };
}

function pieces(word: string, values: Values): Piece[] {
  const found: Piece[] = [];
  let quote = '';
  const add = (text: string, fromVariable = false): void => { found.push({ text, quoted: quote !== '', fromVariable }); };
  for (let at = 0; at < word.length; at += 1) {
    const character = word[at] ?? '';
    const brought = character === '$' && quote !== "'" ? valueAt(word, at, values) : undefined;
    if (brought !== undefined) {
      add(brought.value, true);
      at += brought.length - 1;
    } else if (character === '\\' && quote !== "'") {
      const next = word[at + 1] ?? '';
      if (next !== '\n') found.push({ text: quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next, quoted: true, fromVariable: false });
      at += 1;
    } else if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      add('');
    } else add(character);
  }
  return found;
}

/** A word as one text, quotes taken away: as BuildKit expands words of instructions, and the shell assignments. */
export const expandWhole = (word: string, values: Values): string => pieces(word, values).map(({ text }) => text).join('');

/** A word as the shell makes several of it: what variables bring is split; a pattern is kept in `pattern`. */
export function expandWords(word: string, values: Values): { readonly text: string; readonly pattern: boolean }[] {
  const found: { text: string; pattern: boolean }[] = [];
  let current: { text: string; pattern: boolean } | undefined;
  for (const { text, quoted, fromVariable } of pieces(word, values)) {
    if (quoted || !fromVariable) {
      current = { text: (current?.text ?? '') + text, pattern: (current?.pattern ?? false) || (!quoted && /[*?[]/.test(text)) };
      continue;
    }
    for (const [index, part] of text.split(/[ \t\n]+/).entries()) {
      if (index > 0) {
        if (current !== undefined && current.text !== '') found.push(current);
        current = undefined;
      }
      if (part !== '') current = { text: (current?.text ?? '') + part, pattern: (current?.pattern ?? false) || /[*?[]/.test(part) };
    }
  }
  if (current !== undefined) found.push(current);
  return found;
}
