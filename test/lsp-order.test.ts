import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Place } from './support/cli.ts';
import { applyShown, editsFor, EditorClient, modern, type Area, type ShownAction } from './support/lsp-client.ts';

const place = new Place();

const before = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci --ignore-scripts\nCMD ["node", "src/index.js"]\n';
const ordered = 'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --ignore-scripts\nCOPY src/ src/\nCMD ["node", "src/index.js"]\n';
const project = { 'package.json': '{"dependencies": {"express": "4.21.0"}}', 'package-lock.json': '{"lockfileVersion": 3}', 'src/index.js': '0' };
const kind = 'refactor.rewrite.shipshape.order';
const orderTitle = 'Order the layers: a commit costs about 78 % less to build (1 move)';

interface Lens {
  readonly range: Area;
  readonly command: { readonly title: string; readonly command: string; readonly arguments?: readonly string[] };
}

let client: EditorClient;
beforeEach(() => { client = new EditorClient(place.folder); });
afterEach(() => {
  client.input.end();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const uriOf = (path: string): string => pathToFileURL(place.at(path)).href;

function git(...words: readonly string[]): void {
  const settings = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...settings, ...words], { cwd: place.folder, env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }, stdio: 'pipe' });
}

function commit(files: Readonly<Record<string, string>>): void {
  place.write(files);
  git('add', '-A');
  git('commit', '-q', '-m', 'more');
}

/** A repository whose every fifth commit changes the manifest, the others a source. */
function begin(commits: number, text = before, folder = ''): void {
  git('init', '-q');
  commit(Object.fromEntries(Object.entries({ Dockerfile: text, ...project }).map(([path, content]) => [folder + path, content])));
  for (let number = 1; number <= commits; number += 1) {
    commit(number % 5 === 0 ? { [`${folder}package.json`]: `{"version": "${number}.0.0", "dependencies": {"express": "4.21.0"}}` } : { [`${folder}src/index.js`]: String(number) });
  }
}

const lenses = (path = 'Dockerfile'): Promise<readonly Lens[]> => client.ask('textDocument/codeLens', { textDocument: { uri: uriOf(path) } });
/** `line: title` */
const shown = (found: readonly Lens[]): string[] => found.map(({ range, command }) => `${range.start.line}: ${command.title}`);

async function open(text = before, capabilities: object = modern, path = 'Dockerfile'): Promise<void> {
  await client.start(capabilities);
  client.open(uriOf(path), text);
}

const actionsOf = (text: Area = { start: { line: 4, character: 2 }, end: { line: 4, character: 2 } }, context: object = { only: [kind] }, path = 'Dockerfile'): Promise<readonly ShownAction[]> =>
  client.ask('textDocument/codeAction', { textDocument: { uri: uriOf(path) }, range: text, context: { diagnostics: [], ...context } });

describe('the lenses', () => {
  it('tell above each step how many of the last commits run it again, and of the better order at the top', async () => {
    begin(25);
    await open();
    const found = await lenses();
    expect(shown(found)).toEqual([
      '0: layer order: a commit costs 41.0 → 9.2 (−78 %)',
      '1: cached in all of the last 25 commits',
      '2: re-run by all of the last 25 commits',
      '3: re-run by all of the last 25 commits',
    ]);
    expect(found.every(({ range, command }) => range.start.line === range.end.line && command.command === '' && command.arguments === undefined)).toBe(true);
  });

  it('tell the share where the order is right, and nothing of another order', async () => {
    begin(25, ordered);
    await open(ordered);
    expect(shown(await lenses())).toEqual([
      '1: cached in all of the last 25 commits', '2: re-run by 20 % of the last 25 commits', '3: re-run by 20 % of the last 25 commits', '4: re-run by all of the last 25 commits',
    ]);
    expect(await actionsOf()).toEqual([]);
  });

  it.each([[6, 're-run by 1 of the last 6 commits'], [1, 'cached in the last commit']])('count %i commits', async (count, words) => {
    begin(count, ordered);
    await open(ordered);
    expect(shown(await lenses())).toContain(`3: ${words}`);
  });

  it('are those of the folder that is the build context', async () => {
    begin(5, before, 'services/shop/');
    for (let number = 1; number <= 3; number += 1) commit({ 'services/other.txt': String(number) });
    await open(before, modern, 'services/shop/Dockerfile');
    expect(shown(await lenses('services/shop/Dockerfile'))).toContain('3: re-run by all of the last 5 commits');
  });

  it('are those of the folder above that fits where the own one cannot be the context', async () => {
    begin(25, ordered);
    await open(ordered, modern, 'docker/Dockerfile');
    expect(shown(await lenses('docker/Dockerfile'))).toContain('3: re-run by 20 % of the last 25 commits');
  });

  it('are none without a history', async () => {
    place.write({ Dockerfile: before, ...project });
    await open();
    expect(await lenses()).toEqual([]);
    expect(await actionsOf()).toEqual([]);
    git('init', '-q');
    client.tell('workspace/didChangeWatchedFiles', { changes: [] });
    expect(await lenses()).toEqual([]);
    client.open('untitled:Untitled-1', before);
    expect(await client.ask('textDocument/codeLens', { textDocument: { uri: 'untitled:Untitled-1' } })).toEqual([]);
    client.open(uriOf('notes.txt'), before, 'plaintext');
    expect(await lenses('notes.txt')).toEqual([]);
  });

  it('are none where the build would fail, and none of a file that was closed', async () => {
    begin(3);
    await open(`${before}NONSENSE x\n`);
    expect(await lenses()).toEqual([]);
    client.tell('textDocument/didClose', { textDocument: { uri: uriOf('Dockerfile') } });
    expect(await lenses()).toEqual([]);
  });

  it('follow what is typed', async () => {
    begin(25);
    await open();
    await lenses();
    client.change(uriOf('Dockerfile'), 2, { text: `# a comment\n\n${ordered}` });
    expect(shown(await lenses())).toContain('5: re-run by 20 % of the last 25 commits');
  });

  it('are asked for again when a commit was made', async () => {
    begin(5, ordered);
    await open(ordered, { ...modern, workspace: { ...modern.workspace, codeLens: { refreshSupport: true } } });
    expect(shown(await lenses())).toContain('3: re-run by 1 of the last 5 commits');
    commit({ 'package-lock.json': '{"lockfileVersion": 2}' });
    client.tell('textDocument/didSave', { textDocument: { uri: uriOf('Dockerfile') } });
    const asked = await client.until((received) => received.find(({ method }) => method === 'workspace/codeLens/refresh'));
    client.send({ id: asked.id, result: null });
    expect(shown(await lenses())).toContain('3: re-run by 2 of the last 6 commits');
  });

  it('can be switched off, which leaves the action', async () => {
    begin(5);
    const id = client.request('initialize', { processId: null, rootUri: null, capabilities: { ...modern, workspace: { applyEdit: true } }, initializationOptions: { codeLens: false } });
    const { result } = await client.answer(id);
    expect(result).not.toHaveProperty('capabilities.codeLensProvider');
    expect(result).not.toHaveProperty('capabilities.executeCommandProvider');
    client.tell('initialized');
    client.open(uriOf('Dockerfile'), before);
    expect(await lenses()).toEqual([]);
    expect(await actionsOf()).toHaveLength(1);
  });
});

describe('the better order', () => {
  it('is what `shipshape optimize --write` writes', async () => {
    begin(25);
    await open();
    const [action, ...others] = await actionsOf();
    expect(others).toEqual([]);
    expect(action).toMatchObject({ title: orderTitle, kind, edit: { documentChanges: [{ textDocument: { uri: uriOf('Dockerfile'), version: 1 } }] } });
    const text = action === undefined ? '' : applyShown(before, editsFor(action, uriOf('Dockerfile')));
    expect(action === undefined ? [] : editsFor(action, uriOf('Dockerfile')).map(({ range }) => range.start.line)).toEqual([2]);
    await place.run(['optimize', '--write']);
    expect(text).toBe(place.read('Dockerfile'));
    expect(text).not.toBe(before);
  });

  it('is made by the lens at the top, where the client lets itself be told to', async () => {
    begin(25);
    await open(before, { ...modern, workspace: { ...modern.workspace, applyEdit: true } });
    const [top] = await lenses();
    expect(top?.command).toEqual({ title: 'layer order: a commit costs 41.0 → 9.2 (−78 %); apply', command: 'shipshape.applyOrder', arguments: [uriOf('Dockerfile')] });
    const id = client.request('workspace/executeCommand', top?.command);
    const asked = await client.until((received) => received.find(({ method }) => method === 'workspace/applyEdit'));
    expect(asked.params).toMatchObject({ label: 'Order the layers' });
    const applied: ShownAction = { title: '', kind: '', ...JSON.parse(JSON.stringify(asked.params)) };
    expect(applyShown(before, editsFor(applied, uriOf('Dockerfile')))).toContain('COPY package.json package-lock.json ./\n');
    client.send({ id: asked.id, result: { applied: true } });
    expect((await client.answer(id)).error).toBeUndefined();
  });

  it('says it where it may change the image', async () => {
    const text = 'FROM node:22-slim\nARG GIT_COMMIT\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nLABEL commit=$GIT_COMMIT\nCOPY src src\n';
    begin(25, text);
    await open(text);
    const actions = await actionsOf();
    expect(actions.map(({ title }) => title)).toEqual([expect.stringMatching(/^Order the layers: a commit costs about \d+ % less to build \(1 move, may change the image\)$/)]);
    expect(shown(await lenses()).filter((line) => line.includes('layer order'))).toEqual([]);
    const [action] = actions;
    await place.run(['optimize', '--write', '--unsafe']);
    expect(action && applyShown(text, editsFor(action, uriOf('Dockerfile')))).toBe(place.read('Dockerfile'));
  });

  it('comes among all actions, but not among those of another kind', async () => {
    begin(5);
    await open();
    expect((await actionsOf(undefined, {})).at(-1)?.title).toBe(orderTitle);
    expect(await actionsOf(undefined, { only: ['refactor'] })).toHaveLength(1);
    expect((await actionsOf(undefined, { only: ['source'] })).map((action) => action.kind)).not.toContain(kind);
  });

  it('is only what is known already where nobody asked for it', async () => {
    begin(5);
    await open();
    expect(await actionsOf(undefined, { only: [kind], triggerKind: 2 })).toEqual([]);
    await lenses();
    expect(await actionsOf(undefined, { only: [kind], triggerKind: 2 })).toHaveLength(1);
    client.change(uriOf('Dockerfile'), 2, { text: `${before}# more\n` });
    expect(await actionsOf(undefined, { only: [kind], triggerKind: 2 })).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('git', () => {
  /** Puts a program in front of git that counts its runs. */
  function counted(): () => number {
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const log = place.at('.git/runs');
    place.write({ '.git/bin/git': `#!/bin/sh\necho run >>'${log}'\nexec '${real}' "$@"\n` });
    chmodSync(place.at('.git/bin/git'), 0o755);
    vi.stubEnv('PATH', `${place.at('.git/bin')}${delimiter}${process.env['PATH'] ?? ''}`);
    return () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0);
  }

  it('is not run before somebody asks, and never because of a keystroke', async () => {
    begin(3);
    const runs = counted();
    const pulls = { ...modern, textDocument: { ...modern.textDocument, diagnostic: {} } };
    await open(before, pulls);
    const uri = uriOf('Dockerfile');
    await client.ask('textDocument/diagnostic', { textDocument: { uri } });
    await actionsOf(undefined, { triggerKind: 2 });
    expect(runs()).toBe(0);
    await lenses();
    const first = runs();
    expect(first).toBeGreaterThan(0);
    const asked: Promise<unknown>[] = [];
    for (let version = 2; version < 30; version += 1) {
      client.change(uri, version, { text: `${before}#${'x'.repeat(version)}\n` });
      asked.push(lenses(), actionsOf(undefined, { triggerKind: 2 }));
    }
    await Promise.all(asked);
    expect(shown(await lenses())).toContain('3: re-run by all of the last 3 commits');
    expect(runs()).toBe(first);
    client.tell('textDocument/didSave', { textDocument: { uri } });
    await lenses();
    expect(runs(), 'one look at HEAD').toBe(first + 1);
  });

  it('that is missing means that no history is known', async () => {
    begin(1);
    vi.stubEnv('PATH', place.at('nowhere'));
    await open();
    expect(await lenses()).toEqual([]);
  });
});
