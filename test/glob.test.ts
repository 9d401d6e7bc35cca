import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../src/config/glob.ts';

describe('compileGlob', () => {
  it.each([
    // glob, what it matches, what it does not
    ['Dockerfile', ['Dockerfile'], ['a/Dockerfile', 'Dockerfile.dev', 'dockerfile', '']],
    ['./Dockerfile', ['Dockerfile'], ['./Dockerfile']],
    ['*.dev', ['a.dev', '.dev'], ['a/b.dev', 'a.dev.txt']],
    ['a*b*c', ['abc', 'axbyc', 'abbcc'], ['ab', 'a/bc', 'abcd']],
    ['?ockerfile', ['Dockerfile', '😀ockerfile'], ['ockerfile', '/ockerfile']],
    ['**', ['a', 'a/b', 'a/b/c'], []],
    ['**/Dockerfile', ['Dockerfile', 'a/Dockerfile', 'a/b/Dockerfile'], ['aDockerfile', 'Dockerfile/a']],
    ['a/**', ['a/b', 'a/b/c'], ['a', 'b/a']],
    ['services/', ['services/a', 'services/a/b'], ['services', 'other/services/a']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb', 'x/a/b']],
    ['a**b', ['ab', 'axb'], ['a/b']],
    ['***/a', ['x/a'], ['a', 'x/y/a']],
    ['{a,b}', ['a', 'b'], ['c', 'ab', '{a,b}']],
    ['{a,b{c,d}}.x', ['a.x', 'bc.x', 'bd.x'], ['b.x', 'ac.x']],
    ['{,x}Dockerfile', ['Dockerfile', 'xDockerfile'], ['yDockerfile']],
    ['{src/**,test}', ['src/a/b', 'test'], ['src', 'test/a']],
    ['{**/,}a', ['a', 'x/a', 'x/y/a'], ['xa']],
    ['{a', ['{a'], ['a']],
    ['a}', ['a}'], ['a']],
    ['a,b', ['a,b'], ['a', 'b']],
    ['{{a,b}', ['{a', '{b'], ['a']],
    ['\\*', ['*'], ['a', '\\*']],
    ['\\{a,b}', ['{a,b}'], ['a', 'b']],
    ['a\\', ['a\\'], ['a']],
    ['app/[id]/Dockerfile', ['app/[id]/Dockerfile'], ['app/i/Dockerfile']],
    ['a.b+(c)^$|', ['a.b+(c)^$|'], ['axb+(c)^$|']],
    ['', [''], ['a']],
  ])('%j', (glob, yes, no) => {
    const matches = compileGlob(glob);
    expect(yes.filter((path) => !matches(path))).toEqual([]);
    expect(no.filter((path) => matches(path))).toEqual([]);
  });

  it('matches as a regular expression does', () => {
    const pieces = { '*': '[^/]*', '?': '[^/]', '{a,b/c}': '(?:a|b/c)', '**/': '(?:[^/]*/)*', 'a': 'a', '/': '/', '.': '\\.' };
    const glob = fc.array(fc.constantFrom(...Object.entries(pieces)), { maxLength: 6 });
    const path = fc.array(fc.constantFrom('a', 'b', 'c', '/', '.', 'b/c'), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(glob, path, (parts, text) => {
        const source = parts.map(([piece]) => piece).join('');
        // Stars that touch, folders inside a segment and the rewritten ends have a meaning of their own, tested above.
        fc.pre(!/[^/]\*\*|\*\*(?!\/)|^\.\/|\/$/.test(source) && !parts.some(([piece], at) => piece === '*' && parts[at + 1]?.[0] === '*'));
        const expected = new RegExp(`^${parts.map(([, pattern]) => pattern).join('')}$`).test(text);
        expect(compileGlob(source)(text)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  const nested = `${'{a,'.repeat(200)}${'}'.repeat(200)}`;
  it.each(['*a'.repeat(400), '**/'.repeat(300), '{a,aa}'.repeat(150), '{'.repeat(900), '*'.repeat(1000), nested])(
    'takes no long time, whatever the glob (%#)',
    (glob) => {
      const matches = compileGlob(glob);
      const start = performance.now();
      matches('a'.repeat(300));
      matches('a/'.repeat(150));
      expect(performance.now() - start).toBeLessThan(1000);
    },
  );
});
