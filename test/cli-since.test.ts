import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filesBehind } from '../src/cli/concerns.ts';
import { Place } from './support/cli.ts';

const text = 'FROM debian:12\nCMD server --port 8000\n';
const place = new Place();

function git(...words: readonly string[]): string {
  const settings = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main', '-c', 'commit.gpgsign=false', '-c', 'protocol.file.allow=always'];
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...settings, ...words], { cwd: place.folder, env: environment, encoding: 'utf8', stdio: 'pipe' });
}

function commit(files: Readonly<Record<string, string>> = {}): void {
  place.write(files);
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'Change');
}

/** A repository with some files on main, and a branch that begins there. */
function begin(files: Readonly<Record<string, string>>): void {
  git('init', '-q');
  commit(files);
  git('checkout', '-q', '-b', 'work');
}

const refusal = async (ref: string, folder = '.', ...words: readonly string[]): Promise<string> => {
  const { code, output, errors } = await place.run([`--since=${ref}`, ...words], folder);
  expect([code, output]).toEqual([2, '']);
  expect(errors.trimEnd().split('\n')).toHaveLength(1);
  return errors.replace(/^shipshape: /, '').trimEnd();
};

describe('--since', () => {
  it('takes what is committed, staged, changed and new since the branch began', async () => {
    begin({ 'a/Dockerfile': text, 'b/Dockerfile': text, 'c/Dockerfile': text, 'd/Dockerfile': text, 'e/Dockerfile': text });
    commit({ 'a/Dockerfile': `${text}# a\n` });
    place.write({ 'b/Dockerfile': `${text}# b\n` });
    git('add', 'b');
    place.write({ 'c/Dockerfile': `${text}# c\n`, 'new/Dockerfile': text });
    expect(await place.paths(['--since', 'main'])).toEqual(['a/Dockerfile', 'b/Dockerfile', 'c/Dockerfile', 'new/Dockerfile']);
    expect(await place.paths(['--since', 'HEAD'])).toEqual(['b/Dockerfile', 'c/Dockerfile', 'new/Dockerfile']);
  });

  it('does not take what changed on the other branch since', async () => {
    begin({ 'a/Dockerfile': text, 'b/Dockerfile': text });
    git('checkout', '-q', 'main');
    commit({ 'b/Dockerfile': `${text}# b\n` });
    git('checkout', '-q', 'work');
    commit({ 'a/Dockerfile': `${text}# a\n` });
    expect(await place.paths(['--since', 'main'])).toEqual(['a/Dockerfile']);
  });

  it('is clean where nothing changed, and says so to who asks', async () => {
    begin({ 'a/Dockerfile': text });
    expect(await place.run(['--since', 'main'])).toEqual({ code: 0, output: '✔ no findings in 0 files\n', errors: '' });
    expect((await place.run(['--since', 'main', '--verbose'])).errors).toBe('--since main: 0 of 1 file changed.\n');
  });

  it('works in a subfolder, with paths, and with what lies beside it', async () => {
    begin({ 'x/a/Dockerfile': text, 'x/b/Dockerfile': text, 'y/Dockerfile': text });
    commit({ 'x/a/Dockerfile': `${text}#\n`, 'y/Dockerfile': `${text}#\n` });
    place.write({ 'y/new.dockerfile': text });
    expect(await place.paths(['--since', 'main'], 'x')).toEqual(['a/Dockerfile']);
    expect(await place.paths(['--since', 'main', 'a', '../y'], 'x')).toEqual(['a/Dockerfile', '../y/Dockerfile', '../y/new.dockerfile']);
    expect(await place.paths(['--since', 'main', 'x/b/Dockerfile', 'x/a/Dockerfile'])).toEqual(['x/a/Dockerfile']);
  });

  it('takes names as they are', async () => {
    begin({ 'with space/Dockerfile': text, 'käse/Dockerfile': text, 'line\nbreak/Dockerfile': text, '"quoted"/Dockerfile': text, '-f/Dockerfile': text, 'same/Dockerfile': text });
    commit(Object.fromEntries(['with space', 'käse', 'line\nbreak', '"quoted"', '-f'].map((folder) => [`${folder}/Dockerfile`, `${text}#\n`])));
    expect(await place.paths(['--since', 'main', '.', 'line\nbreak/Dockerfile'])).toEqual(['"quoted"/Dockerfile', '-f/Dockerfile', 'käse/Dockerfile', 'with space/Dockerfile', 'line\nbreak/Dockerfile']);
  });

  it('takes files under their new names, and none that are gone', async () => {
    begin({ 'a/Dockerfile': text, 'b/Dockerfile': text, 'c/Dockerfile': text });
    mkdirSync(place.at('moved'));
    renameSync(place.at('a/Dockerfile'), place.at('moved/Dockerfile'));
    rmSync(place.at('b/Dockerfile'));
    commit();
    expect(await place.paths(['--since', 'main'])).toEqual(['moved/Dockerfile']);
  });

  it('takes the Dockerfiles of an ignore file that changed, came or went', async () => {
    begin({
      'a/Dockerfile': text, 'a/.dockerignore': 'x\n', 'b/Dockerfile': text, 'b/other.Dockerfile': text, 'c/Dockerfile': text,
      'd/Dockerfile': text, 'd/.dockerignore': 'x\n', 'e/Dockerfile': text, 'e/src/.dockerignore': 'x\n',
    });
    place.write({ 'a/.dockerignore': 'y\n', 'b/other.Dockerfile.dockerignore': 'x\n', 'e/src/.dockerignore': 'y\n' });
    rmSync(place.at('d/.dockerignore'));
    expect(await place.paths(['--since', 'main'])).toEqual(['a/Dockerfile', 'b/other.Dockerfile', 'd/Dockerfile']);
    expect(await place.paths(['--since', 'main', '--context', 'e/src', 'e'])).toEqual(['e/Dockerfile']);
  });

  it('takes the Dockerfiles below a config that changed', async () => {
    begin({ 'a/Dockerfile': text, 'b/Dockerfile': text, 'a/shipshape.json': '{}', 'ci.json': '{}' });
    place.write({ 'a/shipshape.json': '{ "preset": "all" }' });
    expect(await place.paths(['--since', 'main'])).toEqual(['a/Dockerfile']);
    expect(await place.paths(['--since', 'main', '--no-config'])).toEqual([]);
    expect(await place.paths(['--since', 'main', '--config', 'ci.json'])).toEqual([]);
    place.write({ 'ci.json': '{ "preset": "all" }' });
    expect(await place.paths(['--since', 'main', '--config', 'ci.json'])).toEqual(['a/Dockerfile', 'b/Dockerfile']);
  });

  it('follows links: what changes is the link, or where it leads', async () => {
    begin({ 'real/base.Dockerfile': text, 'b/Dockerfile': text });
    mkdirSync(place.at('a'));
    symlinkSync('../real/base.Dockerfile', place.at('a/Dockerfile'));
    symlinkSync('real', place.at('alias'));
    commit();
    git('branch', '-f', 'main');
    place.write({ 'real/base.Dockerfile': `${text}#\n` });
    expect(await place.paths(['--since', 'main', 'a/Dockerfile', 'b', 'alias/base.Dockerfile'])).toEqual(['a/Dockerfile', 'alias/base.Dockerfile']);
  });

  it('takes what is in another repository below this one that git does not know, or that is at another commit', async () => {
    begin({ Dockerfile: text });
    git('init', '-q', 'nested');
    place.write({ 'nested/Dockerfile': text });
    expect(await place.paths(['--since', 'main'])).toEqual(['nested/Dockerfile']);
    git('-C', 'nested', 'add', '-A');
    git('-C', 'nested', 'commit', '-q', '-m', 'One');
    git('-c', 'advice.addEmbeddedRepo=false', 'add', '-A');
    git('commit', '-q', '-m', 'Nested');
    expect(await place.paths(['--since', 'HEAD'])).toEqual([]);
    place.write({ 'nested/Dockerfile': `${text}#\n` });
    expect(await place.paths(['--since', 'HEAD'])).toEqual(['nested/Dockerfile']);
  });

  it('goes with --fix: files that did not change stay as they are', async () => {
    begin({ 'a/Dockerfile': text, 'b/Dockerfile': text });
    commit({ 'a/Dockerfile': `${text}# a\n` });
    expect((await place.run(['--since', 'main', '--fix', '--only', 'shell-form-cmd'])).code).toBe(0);
    expect(place.read('a/Dockerfile')).toContain('CMD ["server"');
    expect(place.read('b/Dockerfile')).toBe(text);
  });

  it('does not run what the config of a folder that only looks like a repository names', async () => {
    git('init', '-q', '--bare', 'evil');
    const tree = execFileSync('git', ['-C', 'evil', 'hash-object', '-t', 'tree', '-w', '--stdin'], { cwd: place.folder, input: '', encoding: 'utf8' }).trim();
    git('-C', 'evil', 'update-ref', 'HEAD', git('-C', 'evil', 'commit-tree', '-m', 'One', tree).trim());
    const script = place.at('run.sh');
    writeFileSync(script, `#!/bin/sh\ntouch '${place.at('ran')}'\n`, { mode: 0o755 });
    place.write({ 'evil/Dockerfile': text, 'evil/config': `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = ${script}\n` });
    expect((await place.run(['--since=HEAD'], 'evil')).code).toBe(2);
    expect(() => place.read('ran')).toThrow('ENOENT');
  });
});

describe('--since refuses', () => {
  it('a word that git would take for an option', async () => {
    begin({ Dockerfile: text });
    expect(await refusal('--output=x')).toBe('--since: "--output=x" is no name of a commit; give a branch, tag or commit.');
    expect(await refusal('-x')).toMatch(/^--since: "-x" is no name of a commit/);
  });

  it('a folder that is in no repository', async () => {
    place.write({ Dockerfile: text });
    expect(await refusal('main')).toBe('--since: this folder is in no git repository; run in one, or leave it out.');
  });

  it('a file that is in none', async () => {
    git('init', '-q', 'here');
    place.write({ 'here/Dockerfile': text, Dockerfile: text });
    git('-C', 'here', 'add', '-A');
    git('-C', 'here', 'commit', '-q', '-m', 'One');
    expect(await refusal('HEAD', 'here', '..')).toBe('--since: "../Dockerfile" lies outside of this repository; leave it out.');
  });

  it('commits that are not there', async () => {
    begin({ Dockerfile: text });
    expect(await refusal('mian')).toBe('--since: git knows no commit "mian"; give a branch, tag or commit of this repository.');
    expect(await refusal('main..HEAD')).toMatch(/git knows no commit "main\.\.HEAD"/);
    expect(await refusal('a\u001b[1mb')).not.toContain('\u001b');
    git('update-ref', 'refs/remotes/origin/next', 'HEAD');
    expect(await refusal('next')).toBe('--since: git knows no commit "next" here; did you mean "origin/next"?');
  });

  it('a history that does not lead to the other one', async () => {
    begin({ Dockerfile: text });
    git('checkout', '-q', '--orphan', 'other');
    expect(await refusal('main')).toBe('--since: this branch has no commit yet; leave it out.');
    commit({ 'other.txt': '' });
    expect(await refusal('main')).toBe('--since: HEAD and "main" have no commit in common; give another commit.');
  });

  it('a shallow clone that lacks the commit', async () => {
    git('init', '-q', 'full');
    place.write({ 'full/Dockerfile': text });
    for (const words of [['add', '-A'], ['commit', '-q', '-m', 'One'], ['branch', 'old'], ['commit', '-q', '--allow-empty', '-m', 'Two']]) git('-C', 'full', ...words);
    const first = git('-C', 'full', 'rev-parse', 'old').trim();
    git('clone', '-q', '--depth', '1', `file://${place.at('full')}`, 'shallow');
    expect(await refusal(first, 'shallow')).toMatch(/^--since: this is a shallow clone without ".*"; fetch the whole history, as `git fetch --unshallow` does \(`fetch-depth: 0` of actions\/checkout\), or fetch that commit\.$/);
    git('-C', 'shallow', 'fetch', '-q', '--depth', '1', 'origin', 'old:old');
    expect(await refusal('old', 'shallow')).toMatch(/^--since: this clone is too shallow to tell where HEAD left "old"; fetch the whole history/);
    git('-C', 'shallow', 'fetch', '-q', '--unshallow');
    expect((await place.run(['--since', 'old'], 'shallow')).code).toBe(0);
  });

  it('standard input, and no value', async () => {
    begin({ Dockerfile: text });
    expect(await refusal('main', '.', '-')).toBe('--since is for files: leave out "-".');
    expect((await place.run(['--since'])).errors).toBe('shipshape: --since needs a value.\n');
  });

  it('a system without git', async () => {
    begin({ Dockerfile: text });
    place.environment = { PATH: place.at('nothing') };
    expect(await refusal('main')).toBe('--since needs git, which is not to be found; install it.');
  });
});

describe('the files behind a Dockerfile', () => {
  it('are itself, its ignore files and the configs upward', () => {
    expect(filesBehind('a/b/Dockerfile', { config: undefined })).toEqual([
      'a/b/Dockerfile', 'a/b/Dockerfile.dockerignore', 'a/b/Dockerfile.containerignore', 'a/b/.dockerignore', 'a/b/.containerignore',
      ...['a/b/', 'a/', ''].flatMap((folder) => ['shipshape.json', '.hadolint.yaml', '.hadolint.yml'].map((name) => folder + name)),
    ]);
    expect(filesBehind('Dockerfile', { config: 'ci/c.json', context: '' })).toEqual([
      'Dockerfile', 'Dockerfile.dockerignore', 'Dockerfile.containerignore', '.dockerignore', '.containerignore', '.dockerignore', '.containerignore', 'ci/c.json',
    ]);
    expect(filesBehind('/outside/Dockerfile', { config: false })).toHaveLength(5);
  });
});
