import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildContext } from '../src/context/context.ts';
import { openContext } from '../src/context/disk.ts';
import { memoryContext } from '../src/context/memory.ts';
import { contextPath } from '../src/context/stored.ts';

type Files = Readonly<Record<string, string>>;

let home = '';
let count = 0;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'shipshape-context-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The files in a new folder, written after the conventions of `memoryContext`. */
function onDisk(files: Files): string {
  count += 1;
  const folder = join(home, `context${count}`);
  mkdirSync(folder);
  for (const [path, text] of Object.entries(files)) {
    const place = join(folder, path);
    mkdirSync(path.endsWith('/') ? place : dirname(place), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), place);
    else if (!path.endsWith('/')) writeFileSync(place, text);
  }
  return folder;
}

const kinds: readonly (readonly [string, (files: Files, dockerfile?: string) => BuildContext])[] = [
  ['in memory', memoryContext],
  ['on disk', (files, dockerfile = 'Dockerfile') => {
    const folder = onDisk(files);
    return openContext(folder, join(folder, dockerfile));
  }],
];

describe('contextPath', () => {
  it.each([
    ['a', 'a'], ['./a/', 'a'], ['a//b', 'a/b'], ['a/../b', 'b'], ['', ''], ['.', ''], ['./', ''], ['..a', '..a'],
    ['..', undefined], ['../a', undefined], ['a/../../b', undefined], ['/', undefined], ['/a', undefined], ['a\0b', undefined],
  ])('makes %j to %j', (path, expected) => {
    expect(contextPath(path)).toBe(expected);
  });
});

describe.each(kinds)('a build context %s', (_, make) => {
  it('lists every file, sorted, links included, without what heavy folders hold', () => {
    const context = make({
      'b.txt': '', 'a/z': '', 'a/b': '', Dockerfile: '', '.env': '', link: '-> a', 'empty/': '', 'node_modules/x/index.js': '', 'web/.git/HEAD': '',
      'my-env/pyvenv.cfg': '', 'my-env/bin/python': '', 'crate/target/debug/x': '', 'crate/Cargo.toml': '', 'target/keep': '', '.venv': '-> a',
    });
    expect(context.files).toEqual(['.env', '.venv', 'Dockerfile', 'a/b', 'a/z', 'b.txt', 'crate/Cargo.toml', 'link', 'target/keep']);
    expect(context.heavyFolders).toEqual(['crate/target', 'my-env', 'node_modules', 'web/.git']);
    expect(context.cut).toBe(false);
    expect(context.ignoreFile).toBeUndefined();
  });

  it('knows files, folders and links, also in heavy folders', () => {
    const context = make({ 'a/b.txt': 'text', 'node_modules/x/index.js': 'js', link: '-> a', dangling: '-> nowhere', 'empty/': '' });
    const paths = ['', 'a', './a/', 'a/b.txt', 'node_modules', 'node_modules/x/index.js', 'link', 'link/b.txt', 'dangling', 'empty', 'x', 'a/x', 'a/b.txt/c'];
    expect(paths.filter((path) => context.has(path))).toEqual(paths.slice(0, -3));
    expect(paths.filter((path) => context.isFolder(path))).toEqual(['', 'a', './a/', 'node_modules', 'empty']);
    expect(paths.filter((path) => context.isLink(path))).toEqual(['link', 'dangling']);
  });

  it('reads text, through links that stay inside', () => {
    const context = make({
      'a/b.txt': '\uFEFFtext\r\n', link: '-> a', near: '-> a/b.txt', 'a/up': '-> ../a/b.txt', circle: '-> circle', dangling: '-> nowhere',
      'a/nul': 'a\0b', large: 'x'.repeat(1_000_001), most: 'x'.repeat(1_000_000),
    });
    for (const path of ['a/b.txt', './a/../a/b.txt', 'link/b.txt', 'near', 'a/up', 'link/up']) expect(context.read(path)).toBe('\uFEFFtext\r\n');
    for (const path of ['', 'a', 'link', 'x', 'circle', 'dangling', 'a/nul', 'large']) expect(context.read(path)).toBeUndefined();
    expect(context.read('most')?.length).toBe(1_000_000);
  });

  it('never looks outside', () => {
    const context = make({ 'a/b': 'text', up: '-> ..', outside: '-> ../../secret', absolute: '-> /etc/passwd', system: '-> /etc' });
    for (const path of ['..', '../secret', 'a/../../secret', '/etc/passwd', 'up/secret', 'system/passwd', 'a\0']) {
      expect(context.has(path)).toBe(false);
      expect(context.read(path)).toBeUndefined();
      expect(context.sends(path)).toBe(false);
      expect(context.sentBelow(path)).toEqual([]);
    }
    expect(context.read('outside')).toBeUndefined();
    expect(context.read('absolute')).toBeUndefined();
    expect(context.has('outside')).toBe(true);
  });

  it('tells what the build gets', () => {
    const context = make({
      '.dockerignore': '*\n!src/app\n!package.json\n**/*.log\n', 'package.json': '', 'src/app/a.js': '', 'src/app/a.log': '', 'src/b.js': '', 'c/d': '',
    });
    expect(context.ignoreFile).toEqual({ path: '.dockerignore', text: '*\n!src/app\n!package.json\n**/*.log\n' });
    const paths = ['package.json', './src', 'src/app', 'src/app/', 'src/b.js', 'src/app/a.log', 'c', 'c/d', 'missing', ''];
    expect(paths.filter((path) => context.ignored(path))).toEqual(['./src', 'src/b.js', 'src/app/a.log', 'c', 'c/d', 'missing']);
    expect(paths.filter((path) => context.sends(path))).toEqual(['package.json', './src', 'src/app', 'src/app/', '']);
    expect(context.sentBelow('.')).toEqual(['package.json', 'src/app/a.js']);
    expect(context.sentBelow('./src/')).toEqual(['src/app/a.js']);
    expect(context.sentBelow('sr')).toEqual([]);
  });

  it('prefers the ignore file of the Dockerfile, which replaces the common one', () => {
    const files = { '.dockerignore': 'a', 'Dockerfile.dockerignore': 'b', 'docker/Dockerfile.dev.dockerignore': '', a: '', b: '' };
    expect(make(files).ignoreFile).toEqual({ path: 'Dockerfile.dockerignore', text: 'b' });
    expect(make(files).sentBelow('')).not.toContain('b');
    expect(make(files).sends('a')).toBe(true);
    expect(make(files, 'docker/Dockerfile.dev').ignoreFile).toEqual({ path: 'docker/Dockerfile.dev.dockerignore', text: '' });
    expect(make(files, 'docker/Dockerfile').ignoreFile?.path).toBe('.dockerignore');
  });

  it('takes no ignore file from outside', () => {
    expect(make({ '.dockerignore': '-> /etc/hostname' }).ignoreFile).toBeUndefined();
    expect(make({ '.dockerignore': '-> conf/ignore', 'conf/ignore': 'a' }).ignoreFile?.text).toBe('a');
  });
});

describe('openContext', () => {
  it('does not throw for a folder that is not there', () => {
    const context = openContext(join(home, 'missing'));
    expect([context.has(''), context.has('a'), context.files, context.cut, context.ignoreFile, context.read('a')])
      .toEqual([false, false, [], true, undefined, undefined]);
  });

  it('looks at the disk when it is asked, not before', () => {
    const folder = onDisk({});
    const context = openContext(folder);
    writeFileSync(join(folder, 'later'), 'text');
    expect(context.read('later')).toBe('text');
    expect(context.files).toEqual(['later']);
    writeFileSync(join(folder, 'too-late'), '');
    expect(context.files).toEqual(['later']);
  });

  it('reads the ignore file beside a Dockerfile outside the context', () => {
    const outside = onDisk({ Dockerfile: '', 'Dockerfile.dockerignore': 'secret' });
    const folder = onDisk({ secret: '', '.dockerignore': '' });
    const context = openContext(folder, join(outside, 'Dockerfile'));
    expect(context.ignoreFile).toEqual({ path: `../${outside.slice(home.length + 1)}/Dockerfile.dockerignore`, text: 'secret' });
    expect(context.sends('secret')).toBe(false);
  });

  it('takes a link as the context folder', () => {
    const folder = onDisk({ 'a/b': 'text' });
    symlinkSync(folder, join(home, 'linked'));
    const context = openContext(join(home, 'linked'));
    expect(context.files).toEqual(['a/b']);
    expect(context.read('a/b')).toBe('text');
    expect(context.folder).toBe(join(home, 'linked'));
  });

  it.skipIf(process.platform === 'win32')('neither lists nor opens a pipe', () => {
    const folder = onDisk({ a: '' });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const context = openContext(folder);
    expect([context.files, context.has('pipe'), context.read('pipe')]).toEqual([['a'], false, undefined]);
  });

  it('takes a file that is not UTF-8 for binary', () => {
    const folder = onDisk({});
    writeFileSync(join(folder, 'latin'), Buffer.from([0x63, 0x61, 0x66, 0xe9]));
    expect(openContext(folder).read('latin')).toBeUndefined();
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('says that it is cut where a folder cannot be read', () => {
    const folder = onDisk({ 'closed/a': '', b: '' });
    chmodSync(join(folder, 'closed'), 0);
    const context = openContext(folder);
    expect([context.files, context.cut, context.has('closed'), context.has('closed/a')]).toEqual([['b'], true, true, false]);
    chmodSync(join(folder, 'closed'), 0o700);
  });
});

describe('memoryContext', () => {
  it.each(['/a', '../a', '', '.', 'a/../..'])('refuses the path %j', (path) => {
    expect(() => memoryContext({ [path]: '' })).toThrow('is not a path inside a build context; give a relative one.');
  });

  it('stops at twenty thousand entries, the deepest left out', () => {
    const many = Object.fromEntries(Array.from({ length: 20_010 }, (_, index) => [`deep/f${index}`, '']));
    const context = memoryContext({ ...many, 'z/last': '', top: '' });
    expect(context.cut).toBe(true);
    expect(context.files.length).toBeLessThan(20_000);
    expect(context.files).toContain('top');
    expect(context.has('z/last')).toBe(true);
  });

  it('has no folder on disk', () => {
    expect(memoryContext({}).folder).toBeUndefined();
  });
});
