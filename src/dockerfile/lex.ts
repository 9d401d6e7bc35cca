import { isWideSpace } from './words.ts';

/** What BuildKit's lexer is told to do with quotes and escapes. */
export interface LexOptions {
  readonly escape: string;
  /** Quotes mean something; they do not in the body of a heredoc. */
  readonly quotes: boolean;
  /** Quotes and escapes stay in the words, and the modifier of a variable is not looked at. */
  readonly keep: boolean;
}

export interface LexedWord {
  /** Variables stand in it as they are written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A part of it stands in quotes. */
  readonly quoted: boolean;
}

/** Why BuildKit refuses a text, and the piece of it that is to blame. */
export interface LexError {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export interface Lexed {
  /** None when there is an error. */
  readonly words: readonly LexedWord[];
  readonly error: LexError | undefined;
  /** The text is nested deeper than anybody writes it; it has neither words nor an error. */
  readonly unread: boolean;
}

/** Thrown inside the lexer only. */
class Failure extends Error {
  constructor(readonly start: number, readonly end: number, message: string) {
    super(message);
  }
}

class TooDeep extends Error {}

/** Variables nested deeper than this are left unread: no author writes them, and the stack has an end. */
const deepest = 200;

const variableName = /\p{Nd}+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy;

const ruleless = 'has a modifier BuildKit does not know; use one of `:-`, `:+`, `:?`, `-`, `+`, `?`, `#`, `%` and `/`';

class Lexer {
  readonly #text: string;
  readonly #options: LexOptions;
  #at = 0;
  #depth = 0;
  #buffer = '';
  #start = 0;
  #quoted = false;

  constructor(text: string, options: LexOptions) {
    this.#text = text;
    this.#options = options;
  }

  /** Reads up to `stop`, or to the end without one. `opened` is where the construct began that needs the stop. */
  read(stop: string, keepEscapes: boolean, opened: number): { text: string; words: LexedWord[] } {
    this.#depth += 1;
    if (this.#depth > deepest) throw new TooDeep();
    // BuildKit's lexer has one buffer for all levels: a nested text makes it forget the word it stands in.
    this.#drop();
    const words: LexedWord[] = [];
    let text = '';
    while (this.#at < this.#text.length) {
      const from = this.#at;
      const character = this.#text[from] ?? '';
      if (character === stop) {
        this.#at += 1;
        return this.#close(text, words);
      }
      const piece = this.#special(character) ?? this.#plain(character, keepEscapes);
      text += piece.text;
      if (piece.splits) this.#addSplitting(piece.text, from, words);
      else this.#add(piece.text, from, character);
    }
    if (stop !== '') this.#unclosed(opened, stop);
    return this.#close(text, words);
  }

  #close(text: string, words: LexedWord[]): { text: string; words: LexedWord[] } {
    this.#push(words, this.#at);
    this.#depth -= 1;
    return { text, words };
  }

  #special(character: string): { text: string; splits: boolean } | undefined {
    if (character === '$') return { text: this.#dollar(), splits: true };
    if (character === '<') return { text: this.#angle(), splits: false };
    if (!this.#options.quotes) return undefined;
    if (character === "'") return { text: this.#singleQuoted(), splits: false };
    return character === '"' ? { text: this.#doubleQuoted(), splits: false } : undefined;
  }

  #plain(character: string, keepEscapes: boolean): { text: string; splits: boolean } {
    this.#at += 1;
    if (character !== this.#options.escape) return { text: character, splits: true };
    const next = this.#text[this.#at] ?? '';
    this.#at += next.length;
    return { text: (keepEscapes ? character : '') + next, splits: false };
  }

  #add(text: string, from: number, character: string): void {
    if (text === '') return;
    if (this.#buffer === '') this.#start = from;
    if (this.#options.quotes && (character === '"' || character === "'")) this.#quoted = true;
    this.#buffer += text;
  }

  #addSplitting(text: string, from: number, words: LexedWord[]): void {
    for (const character of text) {
      if (isWideSpace(character)) this.#push(words, text.length === 1 ? from : this.#at);
      else this.#add(character, from, '');
    }
  }

  #push(words: LexedWord[], end: number): void {
    if (this.#buffer !== '') words.push({ text: this.#buffer, start: this.#start, end, quoted: this.#quoted });
    this.#drop();
  }

  #drop(): void {
    this.#buffer = '';
    this.#quoted = false;
  }

  /** `<<` holds the blanks behind it, so that `<< EOF` is one word. */
  #angle(): string {
    const start = this.#at;
    this.#at += 1;
    if (this.#text[this.#at] !== '<') return '<';
    this.#at += 1;
    while (/^[\t\r ]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #singleQuoted(): string {
    const start = this.#at;
    const close = this.#text.indexOf("'", start + 1);
    if (close === -1) this.#unclosed(start, "'");
    this.#at = close + 1;
    return this.#options.keep ? this.#text.slice(start, this.#at) : this.#text.slice(start + 1, close);
  }

  #doubleQuoted(): string {
    const start = this.#at;
    const { escape, keep } = this.#options;
    const quote = keep ? '"' : '';
    let text = quote;
    this.#at += 1;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (character === '"') {
        this.#at += 1;
        return text + quote;
      }
      if (character === '$') text += this.#dollar();
      else text += this.#quotedCharacter(character, escape, keep);
    }
    return this.#unclosed(start, '"');
  }

  #quotedCharacter(character: string, escape: string, keep: boolean): string {
    this.#at += 1;
    const next = this.#text[this.#at] ?? '';
    if (character !== escape || (next !== '"' && next !== '$' && next !== escape)) return character;
    this.#at += 1;
    return keep ? character + next : next;
  }

  #dollar(): string {
    const start = this.#at;
    this.#at += 1;
    if (this.#text[this.#at] !== '{') return `$${this.#name()}`;
    this.#at += 1;
    const first = this.#text[this.#at];
    if (first === undefined) this.#unclosed(start, '}');
    if (first === '{' || first === '}' || first === ':') this.#fail(start, 'names no variable; write `${NAME}`, or `\\$` for a plain dollar sign');
    const name = this.#name();
    const modifier = this.#next();
    if (modifier === '}') return this.#text.slice(start, this.#at);
    if (modifier === '') this.#unclosed(start, '}');
    return modifier === '/' ? this.#replacement(start, name) : this.#modified(start, name, modifier);
  }

  #modified(start: number, name: string, first: string): string {
    const operator = first === ':' ? this.#next() : first;
    const isPattern = operator === '#' || operator === '%';
    const known = operator !== '' && '+-?#%'.includes(operator);
    if (first === ':' ? isPattern : !known) this.#fail(start, ruleless);
    const { text } = this.read('}', isPattern, start);
    if (!this.#options.keep && !known) this.#fail(start, ruleless);
    if (isPattern) this.#pattern(start, text);
    return `\${${name}${first === ':' ? first : ''}${operator}${text}}`;
  }

  /** `${NAME/pattern/text}` and `${NAME//pattern/text}`. */
  #replacement(start: number, name: string): string {
    const all = this.#text[this.#at] === '/' ? '/' : '';
    this.#at += all.length;
    const pattern = this.read('/', true, start).text;
    const text = this.read('}', true, start).text;
    this.#pattern(start, pattern);
    return `\${${name}/${all}${pattern}/${text}}`;
  }

  /** In a pattern a backslash may stand only in front of `*`, `?`, `/`, `}` and another backslash. */
  #pattern(start: number, pattern: string): void {
    if (this.#options.keep || pattern.includes('$')) return;
    if (pattern.replace(/\\[*?\\/}]/g, '').includes('\\')) {
      this.#fail(start, 'has a backslash in its pattern in front of a character that needs none; take it away');
    }
  }

  #name(): string {
    variableName.lastIndex = this.#at;
    const name = variableName.exec(this.#text)?.[0] ?? '';
    this.#at += name.length;
    return name;
  }

  #next(): string {
    const character = this.#text[this.#at] ?? '';
    this.#at += character.length;
    return character;
  }

  #fail(start: number, message: string): never {
    const close = this.#text.indexOf('}', Math.max(this.#at - 1, start));
    const lineEnd = this.#lineEnd(start);
    throw new Failure(start, close === -1 ? lineEnd : Math.min(close + 1, lineEnd), message);
  }

  #unclosed(start: number, close: string): never {
    const isQuote = close === '"' || close === "'";
    const open = close === '/' ? 'lacks the `/` in front of the replacement' : 'is not closed; the `}` is missing';
    const message = isQuote
      ? `opens a quote that nothing closes; close it, or write \`${this.#options.escape}${close}\` for a plain quote`
      : open;
    throw new Failure(start, this.#lineEnd(start), message);
  }

  #lineEnd(from: number): number {
    const newline = this.#text.indexOf('\n', from);
    const end = newline === -1 ? this.#text.length : newline;
    return this.#text[end - 1] === '\r' ? end - 1 : end;
  }
}

/**
 * Reads a text as BuildKit's shell lexer does: what its words are, and whether it refuses it. The
 * message of an error is a predicate without subject, such as "is not closed; the `}` is missing".
 */
export function lex(text: string, options: LexOptions): Lexed {
  try {
    return { words: new Lexer(text, options).read('', options.keep, 0).words, error: undefined, unread: false };
  } catch (error) {
    if (error instanceof TooDeep) return { words: [], error: undefined, unread: true };
    if (!(error instanceof Failure)) throw error;
    return { words: [], error: { start: error.start, end: error.end, message: error.message }, unread: false };
  }
}
