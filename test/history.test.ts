import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readHistory, type History } from '../src/context/history.ts';
import { Place } from './support/cli.ts';

const place = new Place();

function git(folder: string, ...words: readonly string[]): string {
  const settings = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main', '-c', 'commit.gpgsign=false', '-c', 'protocol.file.allow=always'];
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...settings, ...words], { cwd: place.at(folder), env: environment, encoding: 'utf8', stdio: 'pipe' });
}

function commit(message: string, files: Readonly<Record<string, string>> = {}, folder = 'repo'): void {
  place.write(Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text])));
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', message);
}

function begin(files: Readonly<Record<string, string>>): void {
  mkdirSync(place.at('repo'));
  git('repo', 'init', '-q');
  commit('first', files);
}

const read = (folder = 'repo', dockerfile = `${folder}/Dockerfile`, most?: number): ReturnType<typeof readHistory> =>
  readHistory({ folder: place.at(folder), dockerfile: place.at(dockerfile), ...(most === undefined ? {} : { most }) });

async function commitsOf(...request: Parameters<typeof read>): Promise<History['commits']> {
  const history = await read(...request);
  if ('problem' in history) throw new Error(history.problem);
  return history.commits;
}

/** `subject: +added -removed ~changed` */
async function told(...request: Parameters<typeof read>): Promise<string[]> {
  return (await commitsOf(...request)).map(({ subject, changes }) => {
    const words = changes.map(({ path, before, after }) => (before === undefined ? '+' : after === undefined ? '-' : '~') + path);
    return `${subject}: ${words.join(' ')}`;
  });
}

describe('the history of a context', () => {
  it('tells what each commit but the first changed, the newest first', async () => {
    begin({ Dockerfile: 'FROM a\n', 'a.txt': '1' });
    commit('second', { 'a.txt': '2', 'b.txt': '1' });
    rmSync(place.at('repo/b.txt'));
    renameSync(place.at('repo/a.txt'), place.at('repo/c.txt'));
    commit('third');
    expect(await told()).toEqual(['third: -a.txt -b.txt +c.txt', 'second: ~a.txt +b.txt']);
    const [third, second] = await commitsOf();
    expect(third?.id).toMatch(/^[0-9a-f]{40}$/);
    expect(third?.time).toBeGreaterThan(1_000_000_000);
    const [changed] = second?.changes ?? [];
    // The id git has for a file that holds "2".
    expect(changed?.after).toEqual({ kind: 'file', mode: 0o644, hash: 'd8263ee9860594d2806b0dfd1bfd17528b0ba2a4' });
    expect(changed?.before?.hash).not.toBe(changed?.after?.hash);
  });

  it('reads so many commits at most', async () => {
    begin({ Dockerfile: 'FROM a\n' });
    for (const text of ['1', '2', '3']) commit(text, { 'a.txt': text });
    expect(await told('repo', 'repo/Dockerfile', 2)).toEqual(['3: ~a.txt', '2: ~a.txt']);
  });

  it('of a folder takes what lies in it, and the Dockerfile beside it', async () => {
    begin({ 'docker/Dockerfile': 'FROM a\n', 'app/main.py': '1', 'other/x': '1' });
    commit('app', { 'app/main.py': '2', 'other/x': '2' });
    commit('other', { 'other/x': '3' });
    commit('docker', { 'docker/Dockerfile': 'FROM b\n' });
    expect(await told('repo/app', 'repo/docker/Dockerfile')).toEqual(['docker: ', 'app: ~main.py']);
    expect(await told('repo/app', 'elsewhere/Dockerfile')).toEqual(['app: ~main.py']);
  });

  it('takes a merge for one commit, and nothing of the branch that was merged', async () => {
    begin({ Dockerfile: 'FROM a\n', 'a.txt': '1' });
    git('repo', 'checkout', '-q', '-b', 'work');
    commit('on the branch', { 'b.txt': '1' });
    commit('on the branch too', { 'c.txt': '1' });
    git('repo', 'checkout', '-q', 'main');
    commit('on main', { 'a.txt': '2' });
    git('repo', 'merge', '-q', '--no-ff', '-m', 'merge', 'work');
    expect(await told()).toEqual(['merge: +b.txt +c.txt', 'on main: ~a.txt']);
  });

  it('reads names of all kinds', async () => {
    begin({ Dockerfile: 'FROM a\n' });
    const names = [':100644 a', 'Ünïcode/文件', 'a\nb', 'tab\there', ' blank ', '"quoted"', '*', 'esc\u001b[31m'];
    commit(':100644 \u001b[31mred', Object.fromEntries(names.map((name) => [name, '1'])));
    const [only] = await commitsOf();
    expect(only?.changes.map(({ path }) => path).sort()).toEqual([...names].sort());
    expect(only?.subject).toContain('red');
  });

  it('knows links, modes and submodules', async () => {
    begin({ Dockerfile: 'FROM a\n', 'run.sh': 'true\n' });
    mkdirSync(place.at('sub'));
    git('sub', 'init', '-q');
    commit('of the other', { 'x.txt': '1' }, 'sub');
    git('repo', 'update-index', '--chmod=+x', 'run.sh');
    git('repo', 'commit', '-q', '-m', 'mode');
    git('repo', 'checkout', '-q', '--', '.');
    symlinkSync('run.sh', place.at('repo/link'));
    commit('link');
    git('repo', 'submodule', 'add', '-q', place.at('sub'), 'lib');
    git('repo', 'commit', '-q', '-m', 'submodule');
    const [submodule, link, mode] = await commitsOf();
    expect(mode?.changes.map(({ before, after }) => [before?.mode, after?.mode])).toEqual([[0o644, 0o755]]);
    expect(link?.changes.map(({ path, after }) => [path, after?.kind])).toEqual([['link', 'link']]);
    expect(submodule?.changes.map(({ path }) => path.split('/')[0])).toEqual(['.gitmodules', 'lib']);
    // A file below it stands for its commit, so that the folder stays one.
    expect(submodule?.changes[1]?.path.startsWith('lib/')).toBe(true);
  });

  it('works in another work tree', async () => {
    begin({ Dockerfile: 'FROM a\n' });
    commit('second', { 'a.txt': '1' });
    git('repo', 'worktree', 'add', '-q', '../tree', '-b', 'work');
    commit('in the tree', { 'a.txt': '2' }, 'tree');
    expect(await told('tree')).toEqual(['in the tree: ~a.txt', 'second: +a.txt']);
  });

  it('of a shallow clone takes what is there, and says so', async () => {
    begin({ Dockerfile: 'FROM a\n' });
    for (const text of ['1', '2', '3']) commit(text, { 'a.txt': text });
    git('.', 'clone', '-q', '--depth', '2', `file://${place.at('repo')}`, 'clone');
    const history = await read('clone');
    // The oldest commit of the clone looks as if it had made all files: it is no commit to build again for.
    expect('commits' in history && history.commits.map(({ subject }) => subject)).toEqual(['3']);
    expect('notes' in history && history.notes).toEqual([expect.stringMatching(/^This is a shallow clone/)]);
    expect(await read('repo')).toMatchObject({ notes: [] });
  });

  it('says why there is none', async () => {
    mkdirSync(place.at('plain'));
    expect(await read('plain')).toEqual({ problem: 'it is in no git repository' });
    mkdirSync(place.at('repo'));
    git('repo', 'init', '-q');
    expect(await read()).toEqual({ problem: 'this branch has no commit yet' });
    expect(await readHistory({ folder: place.at('repo'), dockerfile: place.at('repo/Dockerfile'), environment: { PATH: '/nowhere' } })).toEqual({ problem: 'git is not to be found' });
  });

  it('runs nothing that a repository names', async () => {
    begin({ Dockerfile: 'FROM a\n', '.gitattributes': '*.txt diff=evil\n' });
    commit('second', { 'a.txt': '1' });
    for (const [name, value] of [
      ['gpg.program', 'touch evil-gpg'], ['log.showSignature', 'true'], ['core.fsmonitor', 'touch evil-monitor'], ['diff.external', 'touch evil-diff'],
      ['diff.evil.textconv', 'touch evil-text'], ['core.pager', 'touch evil-pager'], ['log.follow', 'true'], ['diff.noprefix', 'true'], ['log.diffMerges', 'combined'],
    ] as const) git('repo', 'config', name, value);
    expect(await told()).toEqual(['second: +a.txt']);
    expect(git('repo', '-c', 'core.fsmonitor=false', 'status', '--porcelain')).toBe('');
  });
});
