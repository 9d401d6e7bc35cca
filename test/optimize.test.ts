import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Place, type Ran } from './support/cli.ts';

const place = new Place();

function git(...words: readonly string[]): void {
  const settings = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...settings, ...words], { cwd: place.folder, env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }, stdio: 'pipe' });
}

const before = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci --ignore-scripts\nCMD ["node", "src/index.js"]\n';
const after = 'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --ignore-scripts\nCOPY . .\nCMD ["node", "src/index.js"]\n';
const project = { 'package.json': '{"dependencies": {"express": "4.21.0"}}', 'package-lock.json': '{"lockfileVersion": 3}', 'src/index.js': '0' };

/** A repository whose every fifth commit changes the manifest, the others a source. */
function begin(count: number, files: Readonly<Record<string, string>> = {}, folder = ''): void {
  git('init', '-q');
  place.write(Object.fromEntries(Object.entries({ Dockerfile: before, ...project, ...files }).map(([path, text]) => [folder + path, text])));
  git('add', '-A');
  git('commit', '-q', '-m', 'begin');
  for (let number = 1; number <= count; number += 1) {
    place.write(number % 5 === 0 ? { [`${folder}package.json`]: `{"version": "${number}.0.0", "dependencies": {"express": "4.21.0"}}` } : { [`${folder}src/index.js`]: String(number) });
    git('add', '-A');
    git('commit', '-q', '-m', `<script>alert(${number})</script> \u001b[31mred`);
  }
}

const optimize = (...words: readonly string[]): Promise<Ran> => place.run(['optimize', ...words]);

const inJson = async (...words: readonly string[]): Promise<Record<string, never>> => {
  const { output } = await optimize('-f', 'json', ...words);
  return JSON.parse(output).files[0];
};

describe('shipshape optimize', () => {
  it('shows steps, moves, savings and the diff, and writes nothing', async () => {
    begin(20);
    const { code, output, errors } = await optimize();
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toMatch(/^Dockerfile\n20 commits replayed, \d{4}-\d\d-\d\d to /);
    expect(output).toMatch(/^ {4}RUN npm ci --ignore-scripts {2}language packages {2}100 % {3}20 % {4}40\.0 {5}8\.0$/m);
    expect(output).toMatch(/^ {2}↓ COPY \. \. .* copy .* 100 % {2}100 %/m);
    expect(output).toContain('saves 78 % (41.0 → 9.2)');
    expect(output).toContain('+COPY package.json package-lock.json ./\n');
    expect(output).toContain('78 % less to build a commit again: 41.0 → 9.2. `--write` makes 1 move.');
    expect(output.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(place.read('Dockerfile')).toBe(before);
  });

  it('writes the moves', async () => {
    begin(5);
    const { code, output } = await optimize('--write');
    expect(code).toBe(0);
    expect(output).toContain('1 move made.');
    expect(place.read('Dockerfile')).toBe(after);
    expect((await optimize('--write')).output).toContain('✔ no move would save anything.');
  });

  it('tells other programs all it knows', async () => {
    begin(10);
    const file = await inJson();
    expect(file).toMatchObject({
      path: 'Dockerfile', history: { source: 'git', commits: 10 }, unit: 'class units', cost: { before: 41, after: 9.2, saving: 0.7756 }, left: [], written: false,
    });
    expect(file['moves']).toEqual([expect.objectContaining({ rule: 'cache/copy-before-install', safety: 'safe', line: 3 })]);
    expect(file['steps']).toContainEqual({ stage: 'stage 0', step: 'RUN npm ci --ignore-scripts', class: 'language packages', moved: false, before: { share: 1, cost: 40 }, after: { share: 0.2, cost: 8 } });
    expect(await inJson('--history', '3')).toMatchObject({ history: { commits: 3 } });
  });

  it('weighs steps by a timed build', async () => {
    begin(10);
    place.write({ 'build.log': '#5 [2/4] WORKDIR /app\n#5 DONE 0.1s\n#6 [4/4] RUN npm ci --ignore-scripts\n#6 DONE 99.0s\n#7 [3/4] COPY . .\n#7 DONE 1.0s\n' });
    expect(await inJson('--timings', 'build.log')).toMatchObject({ unit: 'seconds', cost: { before: 100, after: 21 } });
    place.write({ 'build.log': 'nothing\n' });
    expect(await optimize('--timings', 'build.log')).toMatchObject({ code: 2, errors: expect.stringContaining('holds no step that was timed') });
    expect(await optimize('--timings', 'none.log')).toMatchObject({ code: 2, errors: expect.stringContaining('--timings: Cannot read') });
  });

  it('goes without a history, and says so', async () => {
    place.write({ Dockerfile: before, ...project });
    const { output } = await optimize();
    expect(output).toContain('no history: each kind of file is taken to change as often as it usually does');
    expect(output.replace(/\s+/g, ' ')).toContain('There is no history to replay: it is in no git repository.');
    expect(output).toContain('`--write` makes 1 move');
  });

  it('finds the context of a Dockerfile in a folder of its own', async () => {
    begin(4, { 'docker/Dockerfile': before });
    const file = await inJson('docker/Dockerfile');
    expect(file).toMatchObject({ history: { source: 'git', commits: 4 }, moves: [] });
    expect(file['left']).toEqual([expect.objectContaining({ kind: 'unsafe' })]);
    expect(await inJson('docker/Dockerfile', '--context', '.')).toMatchObject({ cost: { after: 1 }, moves: [{ safety: 'safe' }] });
  });

  it('replays a folder of a repository alone', async () => {
    begin(4, {}, 'app/');
    place.write({ 'other.txt': '1' });
    git('add', '-A');
    git('commit', '-q', '-m', 'other');
    expect(await inJson('app')).toMatchObject({ history: { commits: 4 } });
  });

  it('speaks of what is wrong', async () => {
    mkdirSync(place.at('empty'));
    place.write({ Dockerfile: 'FROM a\nCOPY b\n' });
    expect(await optimize()).toMatchObject({ code: 2, output: expect.stringMatching(/failed {2}Line 2 would fail the build/) });
    expect(await optimize('empty')).toMatchObject({ code: 2 });
    expect(await optimize('--history', '0')).toMatchObject({ code: 2, errors: expect.stringContaining('--history') });
    expect(await optimize('-f', 'sarif')).toMatchObject({ code: 2, errors: expect.stringContaining('use "text", "json", "markdown" or "html"') });
    expect(await optimize('--fix')).toMatchObject({ code: 2, errors: expect.stringContaining('There is no option') });
    expect(await place.run(['optimize', '--write', '-'], '.', before)).toMatchObject({ code: 2, errors: expect.stringContaining('leave out "-"') });
    expect(await place.run(['optimize', '-'], '.', before)).toMatchObject({ code: 0, output: expect.stringContaining('Nothing was replayed, so no move was weighed.') });
  });

  it('makes a page and a comment with nothing in them that others wrote as markup', async () => {
    begin(6, { 'src/<b>x</b>.js': '', '.dockerignore': '# none\n' });
    const hostile = before.replace('RUN npm', 'LABEL a="</script><img src=x onerror=alert(1)>|`"\nRUN npm');
    place.write({ Dockerfile: hostile });
    const { output: page } = await optimize('-f', 'html');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<(?:script|img|b)\b/i);
    expect(page).not.toContain('\u001b');
    expect(page).toContain('&lt;script&gt;alert(6)');
    expect(page).not.toMatch(/(?:src|href)="(?!#)/);
    const { output: comment } = await optimize('-f', 'markdown');
    expect(comment).toContain('| `RUN npm ci --ignore-scripts` |');
    expect(comment.split('```diff')[0]).not.toContain('<img');
    await optimize('-f', 'html', '-o', 'page.html');
    expect(place.read('page.html')).toBe(page);
  });
});
