import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runAction } from '../src/action/action.ts';
import { readPatch } from '../src/action/changes.ts';
import { suggestionsFor } from '../src/action/suggestions.ts';
import type { FileReport } from '../src/report/report.ts';
import { safe, type Edit } from '../src/rule.ts';
import { span } from '../src/span.ts';
import { commandsIn, GitHub, outputsIn, type Command } from './support/github.ts';

const root = join(import.meta.dirname, '..');
/** A config with these rules alone. */
function only(rules: Readonly<Record<string, string>>): string {
  const off = ['correctness', 'security', 'size', 'cache', 'reproducibility', 'shell', 'style'].map((category) => [`${category}/*`, 'off']);
  return JSON.stringify({ rules: { ...Object.fromEntries(off), ...rules } });
}

const config = only({ 'shell-form-cmd': 'warning', 'untagged-image': 'error' });
const bad = 'FROM debian\nUSER 1000\nCMD server --port 8000\n';
const pulls = 'GET /repos/octo/app/pulls/7/files';

let folder = '';
let github = new GitHub();
let address = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shipshape-action-'));
  for (const name of ['work', 'temp']) mkdirSync(join(folder, name));
  for (const name of ['output', 'summary']) writeFileSync(join(folder, name), '');
  write({ 'shipshape.json': config });
  github = new GitHub();
  address = await github.start();
});
afterEach(async () => {
  await github.stop();
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'work', path)), { recursive: true });
    writeFileSync(join(folder, 'work', path), text);
  }
}

type Inputs = Readonly<Record<string, string>>;

const environmentFor = (event: string, inputs: Inputs): Record<string, string> => ({
  GITHUB_WORKSPACE: join(folder, 'work'),
  GITHUB_OUTPUT: join(folder, 'output'),
  GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  GITHUB_EVENT_NAME: event,
  GITHUB_EVENT_PATH: event === '' ? '' : join(root, 'test/events', `${event}.json`),
  GITHUB_REPOSITORY: 'octo/app',
  GITHUB_API_URL: address,
  RUNNER_TEMP: join(folder, 'temp'),
  INPUT_TOKEN: 'secret-token',
  ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
});

interface Ran {
  readonly code: number;
  readonly log: string;
  readonly commands: readonly Command[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

const resultOf = (code: number, log: string): Ran => ({
  code, log, commands: commandsIn(log), outputs: outputsIn(readFileSync(join(folder, 'output'), 'utf8')), summary: readFileSync(join(folder, 'summary'), 'utf8'),
});

async function run(event: string, inputs: Inputs = {}): Promise<Ran> {
  let log = '';
  const code = await runAction({ environment: environmentFor(event, inputs), write: (text) => { log += text; } });
  return resultOf(code, log);
}

const place = ({ name, properties: { file, line } }: Command): string => `${name} ${file}:${line}`;

/** The diff that GitHub shows for a file which is new. */
const newFile = (filename: string, text: string): object => {
  const lines = text.split('\n').slice(0, -1);
  return { filename, status: 'added', changes: lines.length, patch: [`@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)].join('\n') };
};

describe('a push', () => {
  it('tells findings on their lines, in the summary, in outputs and in SARIF, and fails', async () => {
    write({ 'api/Dockerfile': bad });
    const { code, commands, outputs, summary } = await run('push', { 'sarif-file': 'out.sarif' });
    expect(code).toBe(1);
    expect(commands.map(place)).toEqual(['error api/Dockerfile:1', 'warning api/Dockerfile:3']);
    expect(commands[1]?.properties).toMatchObject({ line: '3', endLine: '3', col: '5', title: 'correctness/shell-form-cmd' });
    expect(outputs).toEqual({ errors: '1', warnings: '1', infos: '0', fixable: '1', 'sarif-file': 'out.sarif' });
    expect(summary).toContain('| Level | Place | Rule | Finding |');
    expect(summary).toContain('`api/Dockerfile:3:5`');
    const sarif: unknown = JSON.parse(readFileSync(join(folder, 'work/out.sarif'), 'utf8'));
    expect(sarif).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'reproducibility/untagged-image' }, { ruleId: 'correctness/shell-form-cmd' }] }] });
    expect(github.asked).toEqual([]);
  });

  it('fails at or above the level', async () => {
    write({ Dockerfile: bad.replace('debian', 'debian:12') });
    expect((await run('push')).code).toBe(1);
    expect((await run('push', { 'fail-on': 'error' })).code).toBe(0);
    expect((await run('push', { 'fail-on': 'none' })).code).toBe(0);
    write({ Dockerfile: bad });
    expect((await run('push', { 'fail-on': 'error' })).code).toBe(1);
  });

  it('looks at the files of its commits only, when told so', async () => {
    write({ 'a/Dockerfile': bad, 'b/Dockerfile': bad, 'c/Dockerfile': bad });
    const files = [{ filename: 'b/Dockerfile', status: 'modified', changes: 1, patch: '@@ -3 +3 @@\n-CMD x\n+CMD server --port 8000' }, { filename: 'c/.dockerignore', status: 'added', changes: 0 }, { filename: 'a/Dockerfile', status: 'removed' }];
    github.answer(`GET /repos/octo/app/compare/${'2'.repeat(40)}...${'1'.repeat(40)}`, { files });
    const { commands } = await run('push', { 'changed-only': 'true' });
    expect(new Set(commands.map(({ properties }) => properties['file']))).toEqual(new Set(['b/Dockerfile', 'c/Dockerfile']));
    expect((await run('push', { 'new-only': 'true' })).commands.map(place)).toEqual(['warning b/Dockerfile:3']);
    expect(github.asked[0]?.authorization).toBe('Bearer secret-token');
  });

  it('looks at all files where there is nothing to compare with, and says so', async () => {
    write({ Dockerfile: bad });
    for (const event of ['first_push', '']) {
      const { code, commands } = await run(event, { 'new-only': 'true' });
      expect(code).toBe(1);
      expect(commands.map(({ name }) => name)).toEqual(['notice', 'error', 'warning']);
    }
  });
});

describe('a pull request', () => {
  it('is held responsible for its own lines only, when told so', async () => {
    write({ Dockerfile: bad, 'other/Dockerfile': bad });
    github.answer(pulls, [{ filename: 'Dockerfile', status: 'modified', changes: 2, patch: '@@ -1,3 +1,3 @@\n FROM debian\n USER 1000\n-CMD old\n+CMD server --port 8000' }]);
    expect((await run('pull_request', { 'changed-only': 'true' })).commands.map(place)).toEqual(['error Dockerfile:1', 'warning Dockerfile:3']);
    expect((await run('pull_request', { 'new-only': 'true', 'fail-on': 'error' }))).toMatchObject({ code: 0, outputs: { errors: '0', warnings: '1' } });
  });

  it('is held responsible for the whole file where the diff is not there, or speaks of another text', async () => {
    write({ Dockerfile: bad });
    for (const file of [{ filename: 'Dockerfile', status: 'modified', changes: 5000 }, { filename: 'Dockerfile', status: 'modified', changes: 1, patch: '@@ -9 +9 @@\n-a\n+b' }]) {
      github.answer(pulls, [file]);
      expect((await run('pull_request', { 'new-only': 'true' })).commands.map(place)).toEqual(['error Dockerfile:1', 'warning Dockerfile:3']);
    }
    github.answer(pulls, [{ filename: 'Dockerfile', status: 'renamed', changes: 0 }]);
    expect((await run('pull_request', { 'new-only': 'true' })).code).toBe(0);
  });

  it('of many files is read page by page', async () => {
    write({ 'z/Dockerfile': bad });
    github.answer(`${pulls}?per_page=100&page=1`, Array.from({ length: 100 }, (_, index) => ({ filename: `src/${index}.ts`, status: 'added', changes: 0 })));
    github.answer(`${pulls}?per_page=100&page=2`, [newFile('z/Dockerfile', bad)]);
    expect((await run('pull_request', { 'changed-only': 'true' })).commands).toHaveLength(2);
  });

  it('with another config has all files checked', async () => {
    write({ 'a/Dockerfile': bad });
    github.answer(pulls, [newFile('shipshape.json', config)]);
    expect((await run('pull_request', { 'changed-only': 'true' })).commands).toHaveLength(2);
  });

  it('fails with a sentence when GitHub does not tell its files', async () => {
    write({ Dockerfile: bad });
    const { code, commands } = await run('pull_request', { 'changed-only': 'true' });
    expect(code).toBe(1);
    expect(commands.map(({ message }) => message)).toEqual(['GitHub answered GET /pulls/7/files?per_page=100&page=1 with 404 "Not Found"; the token may not see that: give the job the permission.']);
  });
});

describe('the comment', () => {
  const comments = 'GET /repos/octo/app/issues/7/comments';

  it('is written once, and then brought up to date', async () => {
    write({ Dockerfile: bad });
    github.answer(comments, []);
    github.answer('POST /repos/octo/app/issues/7/comments', { id: 1 }, 201);
    await run('pull_request', { comment: 'true' });
    expect(github.sent).toMatchObject([{ method: 'POST', path: '/repos/octo/app/issues/7/comments', body: { body: expect.stringContaining('correctness/shell-form-cmd') } }]);
    const body: unknown = Reflect.get(Object(github.sent[0]?.body), 'body');
    const foreign = { id: 3, body: '<!-- shipshape --> not ours', user: { type: 'User' }, author_association: 'NONE' };
    github.answer(comments, [foreign, { id: 4, body, user: { type: 'Bot' } }]);
    github.answer('PATCH /repos/octo/app/issues/comments/4', { id: 4 });
    await run('pull_request', { comment: 'true' });
    expect(github.sent).toHaveLength(1);
    write({ Dockerfile: 'FROM debian:12\n' });
    await run('pull_request', { comment: 'true' });
    expect(github.sent.slice(1)).toMatchObject([{ method: 'PATCH', path: '/repos/octo/app/issues/comments/4', body: { body: expect.stringContaining('No findings in 1 file.') } }]);
  });

  it('is left out where there is nothing to say, and for a push', async () => {
    write({ Dockerfile: 'FROM debian:12\n' });
    github.answer(comments, []);
    expect((await run('pull_request', { comment: 'true' })).code).toBe(0);
    write({ Dockerfile: bad });
    expect((await run('push', { comment: 'true', suggest: 'true' })).code).toBe(1);
    expect(github.sent).toEqual([]);
  });

  it('that may not be written, as from a fork, is a warning', async () => {
    write({ Dockerfile: bad });
    github.answer(comments, []);
    github.answer('POST /repos/octo/app/issues/7/comments', { message: 'Resource not accessible by integration' }, 403);
    const { code, commands } = await run('pull_request', { comment: 'true', 'fail-on': 'none' });
    expect(code).toBe(0);
    expect(commands.at(-1)).toMatchObject({ name: 'warning', message: expect.stringContaining('403 "Resource not accessible by integration"; the token may not do that') });
  });

  it('stays within what GitHub takes', async () => {
    write({ Dockerfile: `FROM debian:12\n${'CMD server --port 8000 --and a-long-word\n'.repeat(900)}` });
    github.answer(comments, []);
    github.answer('POST /repos/octo/app/issues/7/comments', {}, 201);
    await run('pull_request', { comment: 'true' });
    const body = String(Reflect.get(Object(github.sent[0]?.body), 'body'));
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body.length).toBeGreaterThan(50_000);
    expect(body).toMatch(/\|\n\n… and more; `npx shipshape` shows all\.\n$/);
  });
});

describe('suggestions', () => {
  const review = 'POST /repos/octo/app/pulls/7/reviews';
  const comments = 'GET /repos/octo/app/pulls/7/comments';

  beforeEach(() => {
    github.answer(comments, []);
    github.answer(review, { id: 1 });
  });

  it('are fixes on lines of the diff, once each', async () => {
    write({ Dockerfile: bad });
    github.answer(pulls, [newFile('Dockerfile', bad)]);
    await run('pull_request', { suggest: 'true' });
    expect(github.sent).toMatchObject([{ path: '/repos/octo/app/pulls/7/reviews', body: { commit_id: '1'.repeat(40), event: 'COMMENT', comments: [{ path: 'Dockerfile', line: 3, side: 'RIGHT' }] } }]);
    const body = String(Reflect.get(Object(Reflect.get(Object(github.sent[0]?.body), 'comments')[0]), 'body'));
    expect(body).toContain('```suggestion\nCMD ["server", "--port", "8000"]\n```\n');
    github.answer(comments, [{ id: 1, body }]);
    await run('pull_request', { suggest: 'true' });
    expect(github.sent).toHaveLength(1);
  });

  it('may span lines, and take lines away', async () => {
    const text = 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\nUSER 1000\n';
    write({ Dockerfile: text, 'shipshape.json': only({ 'stale-package-list': 'warning' }) });
    github.answer(pulls, [newFile('Dockerfile', text)]);
    await run('pull_request', { suggest: 'true' });
    expect(github.sent).toMatchObject([{ body: { comments: [{ start_line: 2, start_side: 'RIGHT', line: 3, body: expect.stringContaining('```suggestion\nRUN apt-get update \\\n    && apt-get install -y curl\n```') }] } }]);
  });

  it('are not made where the diff does not show all of the lines, or speaks of another text', async () => {
    write({ Dockerfile: bad });
    for (const patch of ['@@ -1,2 +1,2 @@\n-FROM x\n+FROM debian\n USER 1000', '@@ -3 +3 @@\n-CMD x\n+CMD other']) {
      github.answer(pulls, [{ filename: 'Dockerfile', status: 'modified', changes: 2, patch }]);
      await run('pull_request', { suggest: 'true' });
    }
    expect(github.sent).toEqual([]);
  });

  it('can not be closed from inside', () => {
    const text = 'FROM debian:12\n# ````\nCMD x\n';
    const diff = readPatch('@@ -0,0 +1,3 @@\n+FROM debian:12\n+# ````\n+CMD x');
    const fix = (...edits: readonly Edit[]): FileReport => ({
      path: 'Dockerfile', text, fixed: undefined, error: undefined,
      diagnostics: [{ rule: 'style/x', severity: 'info', at: span(0, 4), message: '<b> `x`', fix: safe('Do', edits), related: [], sources: [] }],
    });
    const [closed] = suggestionsFor(fix({ span: span(15, 28), text: '```\n# ````\nCMD y' }), diff, false);
    expect(closed).toMatchObject({ first: 2, last: 3, body: expect.stringContaining('\n`````suggestion\n```\n# ````\nCMD y\n`````\n<!-- shipshape:') });
    expect(closed?.body).not.toContain('<b>');
    const [gone] = suggestionsFor(fix({ span: span(15, 22), text: '' }), diff, false);
    expect(gone).toMatchObject({ first: 2, last: 2, body: expect.stringContaining('```suggestion\n```\n') });
    const [behind] = suggestionsFor(fix({ span: span(text.length, text.length), text: 'USER 1\n' }), diff, false);
    expect(behind).toMatchObject({ first: 3, last: 3, body: expect.stringContaining('```suggestion\nCMD x\nUSER 1\n```\n') });
    for (const edit of [{ span: span(0, 0), text: 'x', file: '.dockerignore' }, { span: span(20, 99), text: '' }, { span: span(9, 3), text: '' }]) {
      expect(suggestionsFor(fix(edit), diff, false)).toEqual([]);
    }
    expect(suggestionsFor({ ...fix(), text: text.replaceAll('\n', '\r\n') }, diff, false)).toEqual([]);
  });

  it('that can not be made are a warning', async () => {
    write({ Dockerfile: bad });
    const { code, commands } = await run('pull_request', { suggest: 'true', 'fail-on': 'none' });
    expect(code).toBe(0);
    expect(commands[0]).toMatchObject({ name: 'warning' });
  });
});

describe('what is hostile', () => {
  it('in names and contents gives no command, no output and no markup', async () => {
    const name = 'a::warning::b%0A::error::c,d=1 ##[warning]x\n::add-mask::e.Dockerfile';
    const text = 'FROM debian\nUSER 1000\nCMD x ##[error]a ::error::b @octo <img src=x> | \u001B[31m\u2028::set-output name=x::y\n';
    write({ [name]: text, '::stop-commands::x/Dockerfile': text });
    const { commands, outputs, summary, log } = await run('push', { 'fail-on': 'none' });
    expect(new Set(commands.map((command) => command.name))).toEqual(new Set(['error', 'warning']));
    expect(commands).toHaveLength(4);
    expect(new Set(commands.map(({ properties }) => Object.keys(properties).join()))).toEqual(new Set(['file,line,col,endLine,endColumn,title']));
    expect(Object.keys(outputs)).toEqual(['errors', 'warnings', 'infos', 'fixable', 'sarif-file']);
    expect(log).not.toContain('\u001B[31mx');
    expect(summary).not.toMatch(/<img|\n::|[^>`]@octo/);
  });

  it('in inputs is refused with one sentence', async () => {
    write({ Dockerfile: bad });
    writeFileSync(join(folder, 'secret'), 'FROM debian\n');
    symlinkSync(join(folder, 'secret'), join(folder, 'work/Dockerfile.link'));
    symlinkSync(join(folder, 'gone'), join(folder, 'work/out.sarif'));
    symlinkSync(folder, join(folder, 'work/up'));
    const cases: readonly (readonly [Inputs, string])[] = [
      [{ paths: '../secret' }, 'The input "paths": "../secret" leads out of the workspace; name a path in it.'],
      [{ paths: '/etc' }, 'The input "paths": "/etc" leads out'],
      [{ paths: 'Dockerfile\nDockerfile.link' }, 'The input "paths": "Dockerfile.link" leads out'],
      [{ config: '../other.json' }, 'The input "config": "../other.json" leads out'],
      [{ 'sarif-file': 'out.sarif' }, 'The input "sarif-file": "out.sarif" leads out'],
      [{ 'sarif-file': 'up/x.sarif' }, 'The input "sarif-file": "up/x.sarif" leads out'],
      [{ 'fail-on': 'warn\n::error::x' }, 'The input "fail-on": there is no '],
      [{ preset: 'al' }, 'The input "preset": there is no "al"; did you mean "all"?'],
      [{ comment: '${{ x }}' }, 'The input "comment" is true or false, not "${{ x }}".'],
      [{ token: 'a\r\nx: b', 'changed-only': 'true' }, 'The input "token" is needed for this, and is one word.'],
      [{ token: '', 'changed-only': 'true' }, 'The input "token" is needed for this, and is one word.'],
    ];
    for (const [inputs, sentence] of cases) {
      const { code, commands, log } = await run('pull_request', inputs);
      expect({ inputs, code, commands }).toMatchObject({ inputs, code: 1, commands: [{ name: 'error', message: expect.stringContaining(sentence) }] });
      expect(log.split('\n')).toHaveLength(2);
    }
    expect(existsSync(join(folder, 'gone'))).toBe(false);
    expect(github.asked).toEqual([]);
  });

  it('in a plugin is not run unless allowed', async () => {
    const file = join(folder, 'ran');
    write({ Dockerfile: 'FROM debian:12\n', 'shipshape.json': '{ "plugins": ["./plugin.mjs"] }', 'plugin.mjs': `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(file)}, '');\nexport const rules = {};\n` });
    const { code, commands } = await run('pull_request');
    expect(code).toBe(1);
    expect(commands).toMatchObject([{ name: 'error', message: expect.stringContaining('plugins') }]);
    expect(existsSync(file)).toBe(false);
    await run('pull_request', { 'allow-plugins': 'true' });
    expect(existsSync(file)).toBe(true);
  });

  it('in an event is refused, or no change', async () => {
    write({ Dockerfile: bad });
    const event = join(folder, 'event.json');
    const ask = async (text: string): Promise<Ran> => {
      writeFileSync(event, text);
      let log = '';
      const code = await runAction({ environment: { ...environmentFor('push', { 'changed-only': 'true' }), GITHUB_EVENT_PATH: event }, write: (part) => { log += part; } });
      return resultOf(code, log);
    };
    expect((await ask('{')).commands).toMatchObject([{ name: 'error', message: 'The event that started this run is not valid JSON.' }]);
    for (const text of ['[]', '{"pull_request":{"number":"7/../8","head":{"sha":"x"}}}', `{"before":"../../x","after":"${'1'.repeat(40)}"}`]) expect((await ask(text)).commands[0]).toMatchObject({ name: 'notice' });
    expect(github.asked).toEqual([]);
  });
});

describe('readPatch', () => {
  it('counts the lines of the new file', () => {
    const lines = readPatch('@@ -1,3 +1,3 @@ FROM x\n a\n-b\n+c\n d\n\\ No newline at end of file\n@@ -9 +9,2 @@\n+e\r\n f');
    expect([...lines]).toEqual([[1, { text: 'a', added: false }], [2, { text: 'c', added: true }], [3, { text: 'd', added: false }], [9, { text: 'e', added: true }], [10, { text: 'f', added: false }]]);
  });
});

describe('the bundle that GitHub runs', () => {
  it('does it all as a program, with nothing installed beside it', async () => {
    write({ Dockerfile: bad });
    github.answer(pulls, [newFile('Dockerfile', bad)]);
    github.answer('GET /repos/octo/app/issues/7/comments', []);
    github.answer('POST /repos/octo/app/issues/7/comments', {}, 201);
    github.answer('GET /repos/octo/app/pulls/7/comments', []);
    github.answer('POST /repos/octo/app/pulls/7/reviews', {});
    const [entry = ''] = /(?<=^ {2}main: ).+$/m.exec(readFileSync(join(root, 'action.yml'), 'utf8')) ?? [];
    const home = join(folder, 'action');
    mkdirSync(join(home, dirname(entry)), { recursive: true });
    for (const file of [entry, 'package.json']) writeFileSync(join(home, file), readFileSync(join(root, file)));
    const environment = environmentFor('pull_request', { 'new-only': 'true', comment: 'true', suggest: 'true', 'sarif-file': join(folder, 'temp/out.sarif') });
    const child = spawn(process.execPath, [join(home, entry)], { cwd: join(folder, 'work'), env: environment });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { log += chunk.toString(); });
    const code = await new Promise<number>((done) => { child.on('close', (exit) => { done(exit ?? -1); }); });
    const ran = resultOf(code, log);
    expect(ran).toMatchObject({ code: 1, outputs: { errors: '1', warnings: '1' } });
    expect(ran.commands.map(place)).toEqual(['error Dockerfile:1', 'warning Dockerfile:3']);
    expect(github.sent.map(({ path }) => path)).toEqual(['/repos/octo/app/issues/7/comments', '/repos/octo/app/pulls/7/reviews']);
    expect(existsSync(join(folder, 'temp/out.sarif'))).toBe(true);
  });
});
