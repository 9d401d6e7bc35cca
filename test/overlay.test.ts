import * as fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildContext } from '../src/context/context.ts';
import { openContext } from '../src/context/disk.ts';
import { memoryContext } from '../src/context/memory.ts';
import { overlayContext } from '../src/context/overlay.ts';

type Files = Readonly<Record<string, string>>;

const overlay = (files: Files, changed: Files, dockerfile?: string): BuildContext =>
  overlayContext(memoryContext(files, dockerfile), new Map(Object.entries(changed)));

/** All that a context says of some paths. */
const saysOf = (context: BuildContext, paths: readonly string[]): unknown => ({
  files: context.files, heavyFolders: context.heavyFolders, cut: context.cut, ignoreFile: context.ignoreFile, sent: context.sentBelow(''),
  paths: paths.map((path) => [
    path, context.has(path), context.isFolder(path), context.isLink(path), context.ignored(path), context.sends(path), context.sentBelow(path), context.read(path),
  ]),
});

describe('a changed context', () => {
  it('has new files and their folders, and changed texts', () => {
    const context = overlay({ 'a/b': 'old', c: 'c' }, { 'a/b': 'new', './new/deep/../file': 'text' });
    expect(context.files).toEqual(['a/b', 'c', 'new/file']);
    expect(['a/b', './a//b', 'c', 'new/file'].map((path) => context.read(path))).toEqual(['new', 'new', 'c', 'text']);
    expect(['a', 'new', 'new/deep', 'new/file', ''].map((path) => context.isFolder(path))).toEqual([true, true, false, false, true]);
    expect(['a', 'new', 'new/file', 'new/other'].map((path) => context.has(path))).toEqual([true, true, true, false]);
    expect(context.sentBelow('./new/')).toEqual(['new/file']);
  });

  it('knows folders of which only a part is sent, by the new ignore file', () => {
    const context = overlay({ '.dockerignore': 'src\n', 'src/app/a': '', 'src/b': '', c: '' }, { '.dockerignore': '*\n!src/app\n' });
    const paths = ['src', 'src/app', 'src/app/a', 'src/b', 'c', '.'];
    expect(paths.filter((path) => context.sends(path))).toEqual(['src', 'src/app', 'src/app/a', '.']);
    expect(paths.filter((path) => context.ignored(path))).toEqual(['src', 'src/b', 'c']);
    expect(context.sentBelow('')).toEqual(['src/app/a']);
    expect(context.ignoreFile).toEqual({ path: '.dockerignore', text: '*\n!src/app\n' });
  });

  it('takes the ignore file that is in force', () => {
    const files = { '.dockerignore': 'a', 'Dockerfile.dockerignore': 'b', a: '', b: '', c: '' };
    expect(overlay(files, { 'Dockerfile.dockerignore': 'c' }).sentBelow('')).toEqual(['.dockerignore', 'Dockerfile.dockerignore', 'a', 'b']);
    expect(overlay(files, { '.dockerignore': 'c' }).ignoreFile).toEqual({ path: 'Dockerfile.dockerignore', text: 'b' });
    expect(overlay(files, { '.dockerignore': 'c' }).read('.dockerignore')).toBe('c');
    expect(overlay(files, { './.dockerignore': 'c' }, 'docker/Dockerfile').ignoreFile).toEqual({ path: '.dockerignore', text: 'c' });
    expect(overlay({ a: '', b: '' }, { '.dockerignore': 'a' }).sends('a')).toBe(false);
    expect(overlay({ a: '', b: '' }, { c: '' }).ignoreFile).toBeUndefined();
  });

  it('keeps links, and reads what is to be written through them', () => {
    const context = overlay({ '.dockerignore': '-> conf/ignore', 'conf/ignore': 'a', a: '', b: '' }, { '.dockerignore': 'b' });
    expect([context.isLink('.dockerignore'), context.read('.dockerignore'), context.sends('a'), context.sends('b')]).toEqual([true, 'b', true, false]);
  });

  it('does not look into heavy folders, nor outside', () => {
    const context = overlay({ '.git/HEAD': '', a: '' }, { '.git/config': 'x', '../b': 'b', '/c': 'c', '': 'd' });
    expect([context.files, context.heavyFolders, context.read('.git/config')]).toEqual([['a'], ['.git'], 'x']);
    for (const path of ['../b', '/c', '']) expect(context.read(path)).toBeUndefined();
  });

  it('reads no text that a context would not read', () => {
    const context = overlay({}, { nul: 'a\0', large: 'x'.repeat(1_000_001) });
    expect([context.read('nul'), context.has('nul'), context.read('large')]).toEqual([undefined, true, undefined]);
  });

  it('says what the same files say without it', () => {
    const path = fc.constantFrom('.dockerignore', 'Dockerfile.dockerignore', 'a', 'b', 'src/a', 'src/app/b', 'src/app/c', 'lib/a');
    const text = fc.constantFrom('', '*\n!src/app\n', 'src\n!src/app/b', '**/a', 'lib', '*\n');
    const files = fc.array(fc.tuple(path, text), { maxLength: 8 }).map((entries): Files => Object.fromEntries(entries));
    const asked = ['', '.', 'a', './b', 'src', 'src/', 'src/a', 'src/app', 'src/app/b', 'lib', 'lib/a', 'none'];
    fc.assert(fc.property(files, files, (before, changed) => {
      // One of the Dockerfile's own is taken only where it was in force before.
      fc.pre('Dockerfile.dockerignore' in before || !('Dockerfile.dockerignore' in changed));
      expect(saysOf(overlay(before, changed), asked)).toEqual(saysOf(memoryContext({ ...before, ...changed }), asked));
    }), { numRuns: 300, seed: 1 });
  });
});

describe('a changed context on disk', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'shipshape-overlay-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('changes the ignore file beside a Dockerfile outside', () => {
    mkdirSync(join(home, 'docker'));
    mkdirSync(join(home, 'app'));
    writeFileSync(join(home, 'docker/Dockerfile.dockerignore'), 'a');
    for (const name of ['a', 'b']) writeFileSync(join(home, 'app', name), '');
    const context = openContext(join(home, 'app'), join(home, 'docker/Dockerfile'));
    const path = '../docker/Dockerfile.dockerignore';
    const changed = overlayContext(context, new Map([[path, 'b']]));
    expect([context.sentBelow(''), changed.sentBelow(''), changed.ignoreFile]).toEqual([['b'], ['a'], { path, text: 'b' }]);
    expect([changed.files, changed.has(path), changed.folder]).toEqual([['a', 'b'], false, join(home, 'app')]);
  });
});
