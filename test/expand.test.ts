import { describe, expect, it } from 'vitest';
import { expand, references, type Lookup } from '../src/dockerfile/expand.ts';

const values: Readonly<Record<string, string>> = { A: 'one', V: '3.12.1', P: 'a/b/c.tar.gz', E: '' };
const lookup: Lookup = (name) => (name === 'SECRET' ? undefined : (values[name] ?? null));

describe('expand', () => {
  const table: [raw: string, result: string | undefined][] = [
    ['$A', 'one'], ['${A}x', 'onex'], ['$Ax', ''], ['"$A"', 'one'], ["'$A'", '$A'], ['\\$A', '$A'], ['"\\$A"', '$A'],
    ['${N:-two}', 'two'], ['${N-two}', 'two'], ['${E:-two}', 'two'], ['${E-two}', ''], ['${A:-two}', 'one'],
    ['${A:+set}', 'set'], ['${N:+set}', ''], ['${E:+set}', ''], ['${E+set}', 'set'], ['${N:-$A}', 'one'], ['${N:-${A}x}', 'onex'],
    ['${A:?no}', 'one'], ['${N:?no}', undefined],
    ['${P#*/}', 'b/c.tar.gz'], ['${P##*/}', 'c.tar.gz'], ['${P%.*}', 'a/b/c.tar'], ['${P%%.*}', 'a/b/c'], ['${V%.*}', '3.12'],
    ['${P/a/x}', 'x/b/c.tar.gz'], ['${V//./-}', '3-12-1'],
    ['$SECRET', undefined], ['x${SECRET:-y}', undefined], ['plain', 'plain'], ['"a b"', 'a b'], ['a\\ b', 'a b'], ['$', '$'], ['${', '${'],
  ];
  it.each(table)('%s', (raw, result) => {
    expect(expand(raw, lookup)).toBe(result);
  });

  it('takes a backtick as the escape character', () => {
    expect(expand('C:\\dir\\$A', lookup, '`')).toBe('C:\\dir\\one');
  });

  it('reads operands in operands, but not without end', () => {
    const nested = `${'${N:-'.repeat(9000)}x${'}'.repeat(9000)}`;
    expect(expand(nested, lookup)).toBeUndefined();
    expect(references(nested).length).toBeLessThan(100);
  });

  it('does not hang on patterns that could match in very many ways', () => {
    const hostile: Lookup = () => 'a'.repeat(5000);
    expect(expand(`\${X##${'*a'.repeat(30)}b}`, hostile)).toBeUndefined();
  });
});

describe('references', () => {
  it('gives every variable with its place, those in operands too', () => {
    const raw = 'x$A-${B:-${C}}"$D"\'$E\'\\$F';
    expect(references(raw).map(({ name, start, end }) => [name, raw.slice(start, end)])).toEqual([
      ['A', '$A'], ['B', '${B:-${C}}'], ['C', '${C}'], ['D', '$D'],
    ]);
  });
});
