/** One step of a pattern. */
type Token =
  | { readonly kind: 'character'; readonly character: string }
  /** `?`: one character, no slash. */
  | { readonly kind: 'any' }
  /** `[a-c]`, `[^a]`; the latter takes a slash too. */
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] }
  /** `*`: any characters, no slash. */
  | { readonly kind: 'star' }
  // Two stars, with the slash behind them, before something else: any number of folders.
  | { readonly kind: 'folders' }
  /** `**` at the end, or in front of plain text: any characters. */
  | { readonly kind: 'rest' };

type TokenKind = Token['kind'];

/** Steps that may take nothing. */
const OPTIONAL: ReadonlySet<TokenKind | undefined> = new Set<TokenKind>(['star', 'folders', 'rest']);

/** Pattern characters that are not themselves. */
const SPECIAL = /[*?[\\]/;

/** Reads the class that starts at `[`; undefined when Go's `filepath.Match` would refuse it. */
function readClass(characters: readonly string[], open: number): { token: Token; end: number } | undefined {
  const negated = characters[open + 1] === '^';
  const ranges: [string, string][] = [];
  let at = open + (negated ? 2 : 1);
  const readMember = (): string | undefined => {
    const escaped = characters[at] === '\\';
    const member = characters[escaped ? at + 1 : at];
    if (!escaped && (member === '-' || member === ']')) return undefined;
    at += escaped ? 2 : 1;
    return member;
  };
  while (characters[at] !== ']' || ranges.length === 0) {
    const low = readMember();
    if (low === undefined) return undefined;
    const isRange = characters[at] === '-';
    if (isRange) at += 1;
    const high = isRange ? readMember() : low;
    if (high === undefined || high < low) return undefined;
    ranges.push([low, high]);
  }
  return { token: { kind: 'class', negated, ranges }, end: at + 1 };
}

/** What the two stars at `at` mean, and where the pattern goes on. */
function readDoubleStar(characters: readonly string[], at: number): { token: Token; end: number } {
  const end = characters[at + 2] === '/' ? at + 3 : at + 2;
  const suffix = at === 0 && end === 2 && !/[*?[\]\\]/.test(characters.slice(2).join(''));
  return { token: { kind: end >= characters.length || suffix ? 'rest' : 'folders' }, end };
}

function readToken(characters: readonly string[], at: number): { token: Token; end: number } | undefined {
  const character = characters[at] ?? '';
  if (character === '*') {
    return characters[at + 1] === '*' ? readDoubleStar(characters, at) : { token: { kind: 'star' }, end: at + 1 };
  }
  if (character === '?') return { token: { kind: 'any' }, end: at + 1 };
  if (character === '[') return readClass(characters, at);
  if (character !== '\\') return { token: { kind: 'character', character }, end: at + 1 };
  const escaped = characters[at + 1];
  return escaped === undefined ? undefined : { token: { kind: 'character', character: escaped }, end: at + 2 };
}

function readTokens(pattern: string): readonly Token[] | undefined {
  const characters = Array.from(pattern);
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; ) {
    const read = readToken(characters, at);
    if (read === undefined) return undefined;
    at = read.end;
    // A run of `**/` is one; so no more than two optional steps follow each other.
    if (read.token.kind !== 'folders' || tokens.at(-1)?.kind !== 'folders') tokens.push(read.token);
  }
  return tokens;
}

/** True when the step takes the character; `folders` takes any, and is left behind a slash. */
function takes(token: Token, character: string): boolean {
  if (token.kind === 'character') return token.character === character;
  if (token.kind === 'class') {
    return token.ranges.some(([low, high]) => low <= character && character <= high) !== token.negated;
  }
  return character !== '/' || token.kind === 'folders' || token.kind === 'rest';
}

/**
 * Follows all ways through a pattern at once: the time is at most the length of the pattern times that of the path,
 * whatever they hold, where a regular expression may take for ever. A state is the index of the step that comes next.
 */
class Pattern {
  readonly #tokens: readonly Token[];
  /** The moment (a count that never starts again) at which a state was entered last. */
  readonly #entered: Float64Array;
  #moment = 0;
  #states: number[] = [];
  #next: number[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#entered = new Float64Array(tokens.length + 1);
  }

  /** True when the pattern matches the path or a folder above it. */
  matches(path: string): boolean {
    this.#begin();
    this.#enter(0);
    for (const character of path) {
      if (this.#next.length === 0) return false;
      if (character === '/' && this.#isThrough()) return true;
      this.#begin();
      for (const state of this.#states) this.#advance(state, character);
    }
    return this.#isThrough();
  }

  #begin(): void {
    [this.#states, this.#next] = [this.#next, this.#states];
    this.#next.length = 0;
    this.#moment += 1;
  }

  #isThrough(): boolean {
    return this.#entered[this.#tokens.length] === this.#moment;
  }

  #advance(state: number, character: string): void {
    const token = this.#tokens[state];
    if (token === undefined || !takes(token, character)) return;
    if (token.kind === 'folders') {
      this.#stay(state);
      if (character === '/') this.#enter(state + 1);
    } else {
      this.#enter(OPTIONAL.has(token.kind) ? state : state + 1);
    }
  }

  #stay(state: number): void {
    if (this.#entered[state] === this.#moment) return;
    this.#entered[state] = this.#moment;
    this.#next.push(state);
  }

  /** Enters a state, and those behind it that are reached without a character. */
  #enter(state: number): void {
    this.#stay(state);
    for (let at = state; OPTIONAL.has(this.#tokens[at]?.kind); at += 1) this.#stay(at + 1);
  }
}

/**
 * Makes of a cleaned pattern of an ignore file what tells whether it matches a path or one of the folders above it.
 * The rules are those of the package `patternmatcher` that BuildKit uses.
 * @returns undefined for a pattern that the build refuses: an unfinished class or escape
 */
export function compilePattern(pattern: string): ((path: string) => boolean) | undefined {
  if (!SPECIAL.test(pattern)) return (path) => path === pattern || path.startsWith(`${pattern}/`);
  const tokens = readTokens(pattern);
  if (tokens === undefined) return undefined;
  const compiled = new Pattern(tokens);
  return (path) => compiled.matches(path);
}
