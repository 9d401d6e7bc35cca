/** A variable in a word: `$NAME`, `${NAME}` or `${NAME:-word}`. */
export interface Reference {
  readonly name: string;
  /** Offsets in the raw word. */
  readonly start: number;
  readonly end: number;
  /** `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, `/`, `//`, or empty. */
  readonly operator: string;
  /** What follows the operator, as it is written. */
  readonly operand: string;
}

/** A variable's value: a text, null where it is certainly not set, undefined where nobody can tell. */
export type Lookup = (name: string) => string | null | undefined;

const operators = [':-', ':+', ':?', '##', '%%', '//', '-', '+', '?', '#', '%', '/'];

/** Index of the brace that closes the one opened in front of `at`, or -1. */
function closingBrace(raw: string, at: number): number {
  let depth = 1;
  for (let index = at; index < raw.length; index += 1) {
    if (raw[index] === '\\') index += 1;
    else if (raw[index] === '{' && raw[index - 1] === '$') depth += 1;
    else if (raw[index] === '}') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}

function referenceAt(raw: string, start: number): Reference | undefined {
  if (raw[start + 1] !== '{') {
    const name = /^(?:[a-zA-Z_]\w*|[0-9@*#?\-$!])/.exec(raw.slice(start + 1))?.[0];
    return name === undefined ? undefined : { name, start, end: start + 1 + name.length, operator: '', operand: '' };
  }
  const close = closingBrace(raw, start + 2);
  if (close === -1) return undefined;
  const inside = raw.slice(start + 2, close);
  const name = /^(?:[a-zA-Z_]\w*|[0-9]+|[@*#?\-$!])/.exec(inside)?.[0];
  if (name === undefined) return undefined;
  const rest = inside.slice(name.length);
  const operator = operators.find((candidate) => rest.startsWith(candidate)) ?? '';
  return { name, start, end: close + 1, operator, operand: rest.slice(operator.length) };
}

/** Walks a raw word: calls back for each literal character run and each variable outside single quotes. */
function walk(raw: string, escape: string, literal: (text: string) => void, variable: (reference: Reference) => void): void {
  let quote = '';
  for (let index = 0; index < raw.length; index += 1) {
    const character = raw[index] ?? '';
    const next = raw[index + 1];
    if (quote === "'") {
      if (character === "'") quote = '';
      else literal(character);
    } else if (character === escape && next !== undefined) {
      const bare = quote === '' || next === '"' || next === '$' || next === escape;
      literal(bare ? next : character + next);
      index += 1;
    } else if (character === '"') quote = quote === '"' ? '' : '"';
    else if (character === "'" && quote === '') quote = "'";
    else if (character === '$') {
      const reference = referenceAt(raw, index);
      if (reference === undefined) literal(character);
      else {
        variable(reference);
        index = reference.end - 1;
      }
    } else literal(character);
  }
}

/** Operands within operands that are read; deeper ones no person writes. */
const deepest = 30;

/** All variables a raw word names, those inside operands included, in source order. */
export function references(raw: string, escape = '\\', depth = 0): Reference[] {
  const found: Reference[] = [];
  if (!raw.includes('$') || depth > deepest) return found;
  walk(raw, escape, () => undefined, (reference) => {
    found.push(reference);
    const offset = reference.end - 1 - reference.operand.length;
    for (const inner of references(reference.operand, escape, depth + 1)) {
      found.push({ ...inner, start: inner.start + offset, end: inner.end + offset });
    }
  });
  return found;
}

/** BuildKit's patterns know `*` and `?` only. */
function patternSource(pattern: string, greedy: boolean): string {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return escaped.replace(/[*?]/g, (wildcard) => (wildcard === '?' ? '.' : greedy ? '.*' : '.*?'));
}

/** Patterns whose matching could take long; their value counts as unknown. */
const tooHard = (pattern: string): boolean => pattern.length > 100 || pattern.split('*').length > 4;

function removePattern(value: string, operator: string, pattern: string): string {
  const greedy = operator.length === 2;
  if (operator.startsWith('#')) return value.replace(new RegExp(`^${patternSource(pattern, greedy)}`, 's'), '');
  // The shortest suffix is the match that starts last.
  const expression = new RegExp(`^(${greedy ? '.*?' : '.*'})${patternSource(pattern, true)}$`, 's');
  return expression.exec(value)?.[1] ?? value;
}

function substitute(value: string, operator: string, operand: string): string {
  const slash = operand.indexOf('/');
  const pattern = slash === -1 ? operand : operand.slice(0, slash);
  const replacement = slash === -1 ? '' : operand.slice(slash + 1);
  if (pattern === '') return value;
  const expression = new RegExp(patternSource(pattern, true), operator === '//' ? 'gs' : 's');
  return value.replace(expression, () => replacement);
}

function resolve(reference: Reference, lookup: Lookup, escape: string, depth: number): string | undefined {
  const value = lookup(reference.name);
  if (value === undefined) return undefined;
  const { operator } = reference;
  if (operator === '') return value ?? '';
  const operand = (): string | undefined => expand(reference.operand, lookup, escape, depth + 1);
  const set = operator.startsWith(':') ? value !== null && value !== '' : value !== null;
  if (operator.endsWith('-')) return set ? (value ?? '') : operand();
  if (operator.endsWith('+')) return set ? operand() : '';
  if (operator.endsWith('?')) return value ?? undefined;
  const pattern = operand();
  if (pattern === undefined || tooHard(pattern)) return undefined;
  return operator.startsWith('/') ? substitute(value ?? '', operator, pattern) : removePattern(value ?? '', operator, pattern);
}

/**
 * Takes quotes and escapes off a raw word and puts in its variables, as BuildKit's shell lexer does.
 * @returns undefined where a value that nobody can tell takes part.
 */
export function expand(raw: string, lookup: Lookup, escape = '\\', depth = 0): string | undefined {
  if (depth > deepest) return undefined;
  if (!/["'$`\\]/.test(raw)) return raw;
  let result: string | undefined = '';
  walk(
    raw,
    escape,
    (text) => { if (result !== undefined) result += text; },
    (reference) => {
      const value = resolve(reference, lookup, escape, depth);
      result = result === undefined || value === undefined ? undefined : result + value;
    },
  );
  return result;
}
