import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDockerfiles, readText, writeAtomically } from '../src/files.ts';

const noRoot = process.getuid?.() === 0 || process.platform === 'win32';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'shipshape-files-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(home, path.endsWith('/') ? path : dirname(path)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(home, path), '');
  }
}

async function find(...paths: readonly string[]): Promise<readonly string[]> {
  const { files, problems } = await findDockerfiles(paths, home);
  expect(problems).toEqual([]);
  return files.map((file) => file.replaceAll(sep, '/'));
}

describe('findDockerfiles', () => {
  it('finds Dockerfiles and Containerfiles by their names, in hidden folders too', async () => {
    const found = [
      '.devcontainer/Dockerfile', 'Containerfile', 'Containerfile.dev', 'Dockerfile', 'Dockerfile.prod', 'a/b/dockerfile', 'a/web.Dockerfile', 'a/web.dockerfile',
    ];
    write(...found, 'Dockerfile.dockerignore', 'Dockerfiles', 'MyDockerfile', 'compose.yaml', 'a/Containerfile.containerignore', 'Dockerfile.d/x', '.dockerignore');
    expect(await find('.')).toEqual(found);
    expect(await find('a')).toEqual(found.filter((path) => path.startsWith('a/')));
    expect(await find('./a/../a/b/')).toEqual(['a/b/dockerfile']);
  });

  it('takes files as they are given, each once', async () => {
    write('a/Dockerfile', 'build.txt', 'node_modules/x/Dockerfile');
    expect(await find('build.txt', './build.txt', 'a', 'a/Dockerfile', join(home, 'a'), 'node_modules/x/Dockerfile'))
      .toEqual([join(home, 'a/Dockerfile').replaceAll(sep, '/'), 'build.txt', 'node_modules/x/Dockerfile']);
  });

  it('takes an ignore file for the Dockerfiles beside it', async () => {
    write('.dockerignore', 'Dockerfile', 'a/Dockerfile.dev', 'a/b/Dockerfile', 'a/.containerignore', 'a/Dockerfile.dev.dockerignore', 'a/gone.dockerignore', 'c/.dockerignore');
    expect(await find('.dockerignore')).toEqual(['Dockerfile']);
    expect(await find('a/.containerignore')).toEqual(['a/Dockerfile.dev']);
    expect(await find('a/Dockerfile.dev.dockerignore', join(home, 'a/Dockerfile.dev.dockerignore'))).toEqual([join(home, 'a/Dockerfile.dev').replaceAll(sep, '/')]);
    expect(await find('a/gone.dockerignore', 'c/.dockerignore')).toEqual([]);
  });

  it('does not search node_modules and .git, and follows no links', async () => {
    write('a/Dockerfile', 'node_modules/x/Dockerfile', 'a/node_modules/Dockerfile', '.git/Dockerfile');
    symlinkSync(home, join(home, 'a/loop'));
    symlinkSync('Dockerfile', join(home, 'a/Dockerfile.link'));
    expect(await find('.')).toEqual(['a/Dockerfile']);
    expect(await find('node_modules')).toEqual(['node_modules/x/Dockerfile']);
    expect(await find('a/Dockerfile.link')).toEqual(['a/Dockerfile.link']);
  });

  it('reports what is not there, and goes on', async () => {
    write('Dockerfile');
    const { files, problems } = await findDockerfiles(['missing', 'Dockerfile/x', 'a\0\u001B[31m', 'Dockerfile'], home);
    expect(files).toEqual(['Dockerfile']);
    expect(problems.map(({ path }) => path)).toEqual(['missing', 'Dockerfile/x', 'a\0\u001B[31m']);
    expect(problems[0]?.message).toBe('Cannot read `missing`: there is nothing of this name; check the path.');
    expect(problems[1]?.message).toBe('Cannot read `Dockerfile/x`: a part of the path is not a folder; check the path.');
    expect(problems[2]?.message).toBe('Cannot read `a\uFFFD\uFFFD[31m`: the system takes no such path; check it.');
  });

  describe('with .gitignore files', () => {
    const rules = (path: string, ...lines: readonly string[]): void => writeFileSync(join(home, path), `${lines.join('\n')}\n`);

    it('leaves out what they ignore, nested ones first', async () => {
      write('Dockerfile', 'dist/Dockerfile', 'a/dist/Dockerfile', 'a/tmp.Dockerfile', 'a/b/tmp.Dockerfile', 'a/keep.Dockerfile', 'build/Dockerfile', 'a/build/Dockerfile');
      rules('.gitignore', 'dist/', 'tmp.*', '/build');
      rules('a/.gitignore', '!tmp.Dockerfile', 'keep.*', '#build');
      expect(await find('.')).toEqual(['Dockerfile', 'a/b/tmp.Dockerfile', 'a/build/Dockerfile', 'a/tmp.Dockerfile']);
    });

    it('respects those above the folder, up to the git root and no further', async () => {
      write('root/.git/', 'root/a/b/out/Dockerfile', 'root/a/b/Dockerfile.tmp', 'root/a/b/Dockerfile', 'root/a/b/Dockerfile.above');
      rules('.gitignore', '*.above');
      rules('root/.gitignore', '/a/b/out');
      rules('root/a/.gitignore', '*.tmp');
      expect(await find('root/a/b')).toEqual(['root/a/b/Dockerfile', 'root/a/b/Dockerfile.above']);
    });

    it('searches an ignored folder that is named', async () => {
      write('.git/', 'dist/Dockerfile', 'dist/a/Dockerfile');
      rules('.gitignore', 'dist');
      rules('dist/.gitignore', 'a');
      expect(await find('dist')).toEqual(['dist/Dockerfile']);
      expect(await find('.')).toEqual([]);
      expect(await find('dist/a/Dockerfile')).toEqual(['dist/a/Dockerfile']);
    });

    it('stands hostile ones', async () => {
      write(`${'a/'.repeat(30)}Dockerfile`, 'b/Dockerfile');
      rules('.gitignore', '**/a/'.repeat(20), `${'*[a]'.repeat(20)}b`, '[', '\\', '!', '(', 'b');
      const start = performance.now();
      expect(await find('.')).toEqual([`${'a/'.repeat(30)}Dockerfile`]);
      expect(performance.now() - start).toBeLessThan(1000);
    });
  });

  it('is quick for a folder of many', async () => {
    write(...Array.from({ length: 1500 }, (_, index) => `Dockerfile.${index}`));
    const times: number[] = [];
    for (let run = 0; run < 4; run += 1) {
      const start = performance.now();
      expect((await find('.')).length).toBe(1500);
      times.push(performance.now() - start);
    }
    expect(Math.min(...times)).toBeLessThan(200);
  });
});

describe('readText', () => {
  const read = (name: string, bytes: string | Uint8Array): ReturnType<typeof readText> => {
    writeFileSync(join(home, name), bytes);
    return readText(join(home, name));
  };
  const problem = (path: string, reason: string): { problem: string } => ({ problem: `Cannot read \`${path}\`: ${reason}.` });

  it('gives the text as it is, byte order mark and line endings too', () => {
    expect(read('a', '\uFEFFFROM a\r\nRUN \u{1F600}\uFFFD\n')).toEqual({ text: '\uFEFFFROM a\r\nRUN \u{1F600}\uFFFD\n' });
    expect(read('empty', '')).toEqual({ text: '' });
  });

  it('says in one sentence why there is none', () => {
    const at = (name: string): string => join(home, name);
    expect(read('nul', 'a\0b')).toEqual(problem(at('nul'), 'it is binary, or not UTF-8; save it as UTF-8 text or leave it out'));
    expect(read('latin', Buffer.from([0xe9]))).toEqual(problem(at('latin'), 'it is not valid UTF-8; save it as UTF-8'));
    expect(read('large', 'x'.repeat(10_000_001))).toEqual(problem(at('large'), 'it is larger than 10 MB; leave it out'));
    expect(readText(home)).toEqual(problem(home, 'it is a folder; name a file in it'));
    expect(readText(at('missing'))).toEqual(problem(at('missing'), 'there is nothing of this name; check the path'));
    symlinkSync('circle', at('circle'));
    expect(readText(at('circle'))).toEqual(problem(at('circle'), 'its symbolic links lead in a circle; mend them'));
    expect(readText('\u001B\0')).toEqual(problem('\uFFFD\uFFFD', 'the system takes no such path; check it'));
  });

  it.skipIf(process.platform === 'win32')('does not wait for a device', () => {
    expect(readText('/dev/zero')).toEqual(problem('/dev/zero', 'it is a device, pipe or socket; name a regular file'));
  });

  it.skipIf(noRoot)('says that permission is denied', () => {
    writeFileSync(join(home, 'closed'), '');
    chmodSync(join(home, 'closed'), 0);
    expect(readText(join(home, 'closed'))).toEqual(problem(join(home, 'closed'), 'permission is denied; change its mode or run as its owner'));
  });
});

describe('writeAtomically', () => {
  it('replaces the text, keeps the mode and leaves nothing beside it', () => {
    const file = join(home, 'Dockerfile');
    writeFileSync(file, 'old');
    chmodSync(file, 0o754);
    writeAtomically(file, '\uFEFFnew\r\n');
    expect(readFileSync(file, 'utf8')).toBe('\uFEFFnew\r\n');
    expect(statSync(file).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o754);
    expect(readdirSync(home)).toEqual(['Dockerfile']);
  });

  it('makes a new file', () => {
    writeAtomically(join(home, 'new'), 'text');
    expect(readFileSync(join(home, 'new'), 'utf8')).toBe('text');
  });

  it('writes where links lead, and keeps them', () => {
    mkdirSync(join(home, 'real/deep'), { recursive: true });
    writeFileSync(join(home, 'real/target'), 'old');
    symlinkSync('real/deep', join(home, 'folder'));
    symlinkSync('../target', join(home, 'real/deep/link'));
    symlinkSync('folder/link', join(home, 'link'));
    symlinkSync('real/made', join(home, 'dangling'));
    writeAtomically(join(home, 'link'), 'new');
    writeAtomically(join(home, 'dangling'), 'made');
    expect(readFileSync(join(home, 'real/target'), 'utf8')).toBe('new');
    expect(readFileSync(join(home, 'real/made'), 'utf8')).toBe('made');
    expect(['link', 'dangling', 'folder/link'].every((name) => lstatSync(join(home, name)).isSymbolicLink())).toBe(true);
    expect(readdirSync(join(home, 'real')).sort()).toEqual(['deep', 'made', 'target']);
  });

  it('says in one sentence why it failed, and leaves everything as it was', () => {
    mkdirSync(join(home, 'folder'));
    symlinkSync('circle', join(home, 'circle'));
    const failure = (name: string): string => `Cannot write \`${join(home, name)}\`: `;
    expect(() => writeAtomically(join(home, 'folder'), '')).toThrow(`${failure('folder')}it is a folder; name a file in it.`);
    expect(() => writeAtomically(join(home, 'no/file'), '')).toThrow(`${failure('no/file')}there is nothing of this name; check the path.`);
    expect(() => writeAtomically(join(home, 'circle'), '')).toThrow(`${failure('circle')}its symbolic links lead in a circle; mend them.`);
    expect(() => writeAtomically(join(home, 'x'.repeat(300)), '')).toThrow('the name is too long; check the path.');
    expect(readdirSync(home).sort()).toEqual(['circle', 'folder']);
  });

  it.skipIf(process.platform === 'win32')('does not replace a device', () => {
    expect(() => writeAtomically('/dev/null', 'text')).toThrow('Cannot write `/dev/null`: it is a device, pipe or socket; name a regular file.');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it.skipIf(noRoot)('replaces no read-only file, and writes in no read-only folder', () => {
    const file = join(home, 'Dockerfile');
    writeFileSync(file, 'old');
    chmodSync(file, 0o444);
    expect(() => writeAtomically(file, 'new')).toThrow('permission is denied');
    chmodSync(file, 0o644);
    chmodSync(home, 0o555);
    expect(() => writeAtomically(file, 'new')).toThrow('permission is denied');
    chmodSync(home, 0o755);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(existsSync(home) && readdirSync(home)).toEqual(['Dockerfile']);
  });
});
