import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIgnoreFile } from '../src/context/dockerignore.ts';
import { compilePattern } from '../src/context/pattern.ts';
import { textAt } from '../src/span.ts';

const ignored = (text: string, ...paths: readonly string[]): readonly string[] => paths.filter(readIgnoreFile(text).ignores);

describe('reading an ignore file', () => {
  it.each<[string, string, readonly string[]]>([
    ['a comment in the first column only', '#a\n #b\n', ['#b']],
    ['a byte order mark', '\uFEFFnode_modules\n', ['node_modules']],
    ['a comment behind a byte order mark', '\uFEFF# comment\ndist', ['dist']],
    ['spaces, tabs and Windows line ends', '  a \r\n\tb\t\r\n\r\n', ['a', 'b']],
    ['slashes in front and behind', '/a/\n./b//c/\n', ['a', 'b/c']],
    ['folders that go back', 'a/../b\n../c\n', ['b', '../c']],
    ['spaces behind the exclamation mark', '! a\n', ['a']],
    ['two exclamation marks', '!!a\n', ['!a']],
  ])('reads %s', (_, text, expected) => {
    expect(readIgnoreFile(text).patterns.map((pattern) => pattern.text)).toEqual(expected);
  });

  it('gives the span of each pattern, with its exclamation mark', () => {
    const text = '\uFEFFa\r\n# no\r\n  ! b/  \r\nb';
    const { patterns } = readIgnoreFile(text);
    expect(patterns.map(({ span, negated }) => [textAt(text, span), negated])).toEqual([['a', false], ['! b/', true], ['b', false]]);
  });

  it.each(['!', ' ! ', '!/', '[', '[]', '[a', '[z-a]', '[-a]', 'a\\', '[\\'])('says that the build refuses %j', (line) => {
    const { patterns, ignores } = readIgnoreFile(`${line}\nb\n`);
    expect(patterns[0]?.problem).toMatch(/makes the build fail; .*\.$/);
    expect(patterns[1]?.problem).toBeUndefined();
    expect(['a', 'b', 'z', '-', '[', '!'].filter(ignores)).toEqual(['b']);
  });
});

describe('what an ignore file excludes', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['*.md', ['a.md', 'x.md/y'], ['a/b.md', 'a.mdx']],
    ['a', ['a', 'a/b', 'a/b/c'], ['b/a', 'ab', 'A']],
    ['a/b', ['a/b', 'a/b/c/d'], ['a', 'a/bc']],
    ['*/b', ['a/b', 'a/b/c'], ['b', 'a/a/b']],
    ['?', ['a', '\u{1F600}', 'b/c'], ['ab', '']],
    ['**', ['a', 'a/b', '.a'], ['']],
    ['**/a', ['a', 'b/a', 'b/c/a/d'], ['ba', 'b/ca']],
    ['**/*.py[cod]', ['a.pyc', 'a/b.pyo', 'a.pyd/x'], ['a.py', 'a.pyx']],
    ['a/**', ['a/b', 'a/b/c'], ['a', 'ab']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b/c'], ['a/xb', 'x/a/b']],
    ['**foo', ['foo', 'a/foo', 'barfoo', 'a/barfoo', 'afoo/b'], ['foob', 'a/foob']],
    ['**.pyc', ['a.pyc', 'b/a.pyc'], ['a.py']],
    ['**x*y', ['xy', 'a/x1y'], ['axy', 'x/y']],
    ['a**', ['a', 'ab', 'ab/c'], ['b/a']],
    ['a**b', ['ab', 'a/b', 'ax/b', 'ax/b/c'], ['axb', 'a']],
    ['[a-c]', ['a', 'c/d'], ['d', 'A']],
    ['[^a]', ['b'], ['a', 'bc']],
    ['[!a]', ['!', 'a'], ['b']],
    ['[\\]x]', [']', 'x'], ['\\', 'y']],
    ['\\*', ['*'], ['a', '\\*']],
    ['\\#a', ['#a'], ['a']],
    ['c++', ['c++', 'c++/a'], ['c', 'cc']],
    ['(x)', ['(x)'], ['x']],
    ['a.b$', ['a.b$'], ['axb', 'a.b']],
    ['a{1,2}|b^', ['a{1,2}|b^'], ['aa', 'b']],
    ['constructor', ['constructor', 'constructor/a'], ['toString', '__proto__', 'prototype']],
    ['__proto__', ['__proto__'], ['constructor']],
    ['.', [], ['a', '.a']],
    ['/', [], ['a']],
    ['', [], ['a', '.dockerignore']],
  ])('%j', (pattern, matched, others) => {
    expect(ignored(pattern, ...matched, ...others)).toEqual(matched);
  });

  it('lets the last pattern that matches decide', () => {
    expect(ignored('*\n!src\nsrc/*.log\n', 'a', 'src', 'src/a', 'src/a.log')).toEqual(['a', 'src/a.log']);
    expect(ignored('!a\na\n', 'a')).toEqual(['a']);
    expect(ignored('a\n!a/b\n', 'a', 'a/b', 'a/c')).toEqual(['a', 'a/c']);
  });

  it('gives the same with a pattern that the package cannot read beside', () => {
    const paths = ['a', 'src/a', 'src/a.log', 'c++', 'x/node_modules/y'];
    const text = '**/node_modules\nsrc\n!src/*.log\n';
    expect(ignored(`${text}c++`, ...paths)).toEqual([...ignored(text, ...paths), 'c++'].sort((a, b) => paths.indexOf(a) - paths.indexOf(b)));
  });
});

describe('hostile ignore files', () => {
  const part = fc.constantFrom('a', 'b', 'ab', '*', '**', 'a*', '*b', '*a*', '[ab]', '[^a]', '.a', 'a-b');
  const name = fc.constantFrom('a', 'b', 'ab', 'ba', '.a', 'a-b', 'aab');
  const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));

  it('agree with our own matching where the package is used', () => {
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), path, (parts, file) => {
      const pattern = parts.join('/');
      expect(readIgnoreFile(pattern).ignores(file)).toBe(compilePattern(pattern)?.(file));
    }), { numRuns: 500 });
  });

  it('never make it throw', () => {
    const line = fc.string({ unit: fc.constantFrom(...Array.from('a*?[]!^-\\/.#()+{}|$ \t\r\n\0\uFEFF')), maxLength: 30 });
    fc.assert(fc.property(fc.oneof(line, fc.string({ unit: 'binary' })), path, (text, file) => {
      const { patterns, ignores } = readIgnoreFile(text);
      expect(ignores(file)).toBeTypeOf('boolean');
      expect(patterns.every(({ span }) => span.start < span.end && span.end <= text.length)).toBe(true);
    }), { numRuns: 500 });
  });

  it('cost no long time, whatever they hold', () => {
    const long = `${'a'.repeat(250)}/`.repeat(8);
    const texts = [`${'*a'.repeat(20)}*b`, `${'**/a*/'.repeat(20)}b`, '*'.repeat(5001), '[a]*'.repeat(30), `${'a'.repeat(300)}**`];
    const start = performance.now();
    expect(texts.map((text) => readIgnoreFile(text).ignores(`${long}c`))).toEqual([false, false, true, true, false]);
    expect(readIgnoreFile('a\n'.repeat(100_000)).patterns.length).toBe(1000);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it.each(['', 'c++\n'])('are fast on ten thousand paths (%j)', (more) => {
    const text = `**/node_modules\n.git\n**/*.pyc\n**/__pycache__\n*.md\n!README.md\ndist/\nbuild\n.env*\n${more}`;
    const paths = Array.from({ length: 10_000 }, (_, index) => `packages/app${index % 100}/src/module${index}/file.${index % 7 ? 'ts' : 'pyc'}`);
    const start = performance.now();
    expect(ignored(text, ...paths).length).toBe(1429);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
