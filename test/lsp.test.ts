import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textOf, editsBetween } from '../src/lsp/documents.ts';
import { Frames } from '../src/lsp/framing.ts';
import { applyShown, editsFor, EditorClient, modern, textIn, type Area, type ShownAction, type ShownDiagnostic } from './support/lsp-client.ts';

const bad = 'FROM debian:12\nRUN apt-get update\nCMD uvicorn main:app --port 8000\n';
const mended = bad.replace('CMD uvicorn main:app --port 8000', 'CMD ["uvicorn", "main:app", "--port", "8000"]');
const everywhere: Area = { start: { line: 0, character: 0 }, end: { line: 9999, character: 0 } };
const at = (line: number, character: number): Area => ({ start: { line, character }, end: { line, character } });

let folder = '';
let client: EditorClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shipshape-lsp-'));
  client = new EditorClient(folder);
});
afterEach(() => {
  client.input.end();
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const uriOf = (path: string): string => pathToFileURL(join(folder, path)).href;
const rules = (diagnostics: readonly ShownDiagnostic[]): string[] => diagnostics.map(({ code }) => code);
const titled = (actions: readonly ShownAction[], title: string): ShownAction => {
  const found = actions.find((action) => action.title === title);
  if (found === undefined) throw new Error(`no "${title}" among ${actions.map((action) => action.title).join('; ')}`);
  return found;
};

/** Opens a Dockerfile and waits for its findings. */
async function opened(text: string, capabilities: object = modern): Promise<{ uri: string; diagnostics: readonly ShownDiagnostic[] }> {
  await client.start(capabilities);
  const uri = uriOf('Dockerfile');
  client.open(uri, text);
  return { uri, diagnostics: await client.diagnostics(uri) };
}

describe('the start', () => {
  it('tells what the server can do', async () => {
    const { result } = await client.start();
    expect(result).toMatchObject({
      serverInfo: { name: 'shipshape', version: '1.2.3' },
      capabilities: { positionEncoding: 'utf-16', textDocumentSync: { openClose: true, change: 2 }, hoverProvider: true, codeActionProvider: { resolveProvider: false } },
    });
    expect(result).not.toHaveProperty('capabilities.diagnosticProvider');
  });

  it('ends with 0 after shutdown, with 1 without, and with 1 when the input ends', async () => {
    await client.start();
    expect(await client.stop()).toBe(0);
    const hasty = new EditorClient(folder);
    hasty.tell('exit');
    expect(await hasty.exit).toBe(1);
    const lost = new EditorClient(folder);
    await lost.start();
    lost.input.end();
    expect(await lost.exit).toBe(1);
    const hurried = new EditorClient(folder);
    hurried.request('initialize', { processId: null, rootUri: null, capabilities: {} });
    const last = hurried.request('shutdown');
    hurried.tell('exit');
    hurried.input.end();
    expect(await hurried.exit).toBe(0);
    expect(await hurried.answer(last)).toMatchObject({ result: null });
  });
});

describe('diagnostics', () => {
  it('are published when a file is opened, with the exact place', async () => {
    const { diagnostics } = await opened(bad);
    const found = diagnostics.find(({ code }) => code === 'correctness/shell-form-cmd');
    expect(found).toMatchObject({ severity: 2, source: 'shipshape' });
    expect(textIn(bad, found?.range ?? everywhere)).toBe('uvicorn main:app --port 8000');
  });

  it('follow what is typed, piece by piece', async () => {
    const { uri } = await opened(bad);
    client.change(uri, 2, { range: { start: { line: 2, character: 4 }, end: { line: 2, character: 32 } }, text: '["uvicorn"' }, { range: at(2, 14), text: ']' });
    expect(rules(await client.diagnostics(uri, 2))).not.toContain('correctness/shell-form-cmd');
  });

  it('come once for a storm of changes, for the last version', async () => {
    const { uri } = await opened(bad);
    const before = client.publications(uri);
    for (let version = 2; version <= 400; version += 1) client.change(uri, version, { range: at(1, 3), text: ' ' });
    client.change(uri, 401, { text: mended });
    expect(rules(await client.diagnostics(uri, 401))).not.toContain('correctness/shell-form-cmd');
    expect(client.publications(uri) - before).toBeLessThan(5);
  });

  it('count in UTF-16', async () => {
    const text = 'FROM debian:12\nLABEL a="👩‍🚀😀" b=é\nCMD echo "😀😀" && sleep 5; run "𝒙 y"\n';
    const { uri, diagnostics } = await opened(text);
    const found = diagnostics.find(({ code }) => code === 'correctness/shell-form-cmd');
    expect(textIn(text, found?.range ?? everywhere)).toBe('echo "😀😀" && sleep 5; run "𝒙 y"');
    client.change(uri, 2, { range: { start: { line: 2, character: 10 }, end: { line: 2, character: 14 } }, text: 'x' });
    const changed = (await client.diagnostics(uri, 2)).find(({ code }) => code === 'correctness/shell-form-cmd');
    expect(changed?.range.end).toEqual({ line: 2, character: 'CMD echo "x" && sleep 5; run "𝒙 y"'.length });
  });

  it('keep CRLF in place, in ranges and in fixes', async () => {
    const text = bad.replaceAll('\n', '\r\n');
    const { uri, diagnostics } = await opened(text);
    expect(diagnostics.find(({ code }) => code === 'correctness/shell-form-cmd')?.range).toEqual({ start: { line: 2, character: 4 }, end: { line: 2, character: 32 } });
    const actions = await client.actions(uri, at(2, 6));
    expect(applyShown(text, editsFor(titled(actions, 'Write CMD as a JSON array (safe)'), uri))).toBe(mended.replaceAll('\n', '\r\n'));
    expect(applyShown(text, editsFor(titled(actions, 'Ignore correctness/shell-form-cmd for this instruction'), uri))).toContain('\r\n# shipshape ignore: correctness/shell-form-cmd\r\nCMD');
    expect(applyShown(text, editsFor(titled(actions, 'Fix all safe problems'), uri)).replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('go when the file is closed', async () => {
    const { uri } = await opened(bad);
    client.tell('textDocument/didClose', { textDocument: { uri } });
    await client.until((received) => received.find(({ params }) => JSON.stringify(params) === JSON.stringify({ uri, diagnostics: [] })));
    expect(await client.ask('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 0 } })).toBeNull();
  });

  it('are for Dockerfiles only', async () => {
    await client.start();
    client.open(uriOf('notes.txt'), bad, 'plaintext');
    client.open(uriOf('Dockerfile'), bad, 'Dockerfile');
    await client.diagnostics(uriOf('Dockerfile'));
    expect(client.publications(uriOf('notes.txt'))).toBe(0);
    expect(await client.actions(uriOf('notes.txt'), everywhere)).toEqual([]);
  });

  it('of a file without a name need no folder', async () => {
    await client.start();
    client.open('untitled:Untitled-1', bad);
    expect(rules(await client.diagnostics('untitled:Untitled-1'))).toContain('correctness/shell-form-cmd');
  });
});

describe('a client that pulls', () => {
  const pulls = { ...modern, textDocument: { ...modern.textDocument, diagnostic: {} }, workspace: { ...modern.workspace, diagnostics: { refreshSupport: true } } };
  interface Report { readonly kind: string; readonly resultId?: string; readonly items?: readonly ShownDiagnostic[] }

  it('is asked nothing and gets what it asks for', async () => {
    const { result } = await client.start(pulls);
    expect(result).toMatchObject({ capabilities: { diagnosticProvider: { identifier: 'shipshape', interFileDependencies: false } } });
    const uri = uriOf('Dockerfile');
    client.open(uri, bad);
    const first = await client.ask<Report>('textDocument/diagnostic', { textDocument: { uri } });
    expect(first.kind).toBe('full');
    expect(rules(first.items ?? [])).toContain('correctness/shell-form-cmd');
    expect(await client.ask<Report>('textDocument/diagnostic', { textDocument: { uri }, previousResultId: first.resultId })).toEqual({ kind: 'unchanged', resultId: first.resultId });
    client.change(uri, 2, { text: mended });
    const second = await client.ask<Report>('textDocument/diagnostic', { textDocument: { uri }, previousResultId: first.resultId });
    expect(rules(second.items ?? [])).not.toContain('correctness/shell-form-cmd');
    expect(client.publications(uri)).toBe(0);
  });

  it('is told to ask again when the disk has changed', async () => {
    await client.start(pulls);
    client.open(uriOf('Dockerfile'), bad);
    client.tell('workspace/didChangeWatchedFiles', { changes: [] });
    expect(await client.until((received) => received.find(({ method }) => method === 'workspace/diagnostic/refresh'))).toBeDefined();
  });

  it('may take a question back', async () => {
    await client.start(pulls);
    client.open(uriOf('Dockerfile'), bad);
    const id = client.request('textDocument/diagnostic', { textDocument: { uri: uriOf('Dockerfile') } });
    client.tell('$/cancelRequest', { id });
    expect((await client.answer(id)).error?.code).toBe(-32800);
  });
});

describe('the project around a file', () => {
  it('has its config found as the program finds it', async () => {
    write({ 'shipshape.json': '{"rules": {"correctness/shell-form-cmd": "off"}}' });
    expect(rules((await opened(bad)).diagnostics)).not.toContain('correctness/shell-form-cmd');
  });

  it('has a wrong config told of, and linted again once it is mended', async () => {
    write({ 'shipshape.json': '{"rules": {"no-such-rule": "off"}}' });
    const { uri, diagnostics } = await opened(bad);
    expect(diagnostics).toMatchObject([{ code: 'config', severity: 1, range: { start: { line: 0, character: 0 } }, message: expect.stringContaining('no-such-rule') }]);
    write({ 'shipshape.json': '{}' });
    client.tell('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOf('shipshape.json'), type: 2 }] });
    await client.until(() => (client.publications(uri) > 1 ? true : undefined));
    expect(rules(await client.diagnostics(uri))).toContain('correctness/shell-form-cmd');
  });

  it('never runs a plugin: says so once, and lints without its rules', async () => {
    const settings = '"rules": {"acme/no-curl": ["error", {"depth": 3}], "acme/*": "off", "correctness/shell-form-cmd": "error"}, "overrides": [{"files": "*", "rules": {"no-curl": "warning"}}]';
    write({ 'shipshape.json': `{"plugins": ["./evil.mjs"], ${settings}}`, 'evil.mjs': `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(folder, 'ran'))}, '');` });
    const { uri, diagnostics } = await opened(`# shipshape ignore: acme/no-curl, no-wget\n${bad}`);
    expect(diagnostics.find(({ code }) => code === 'correctness/shell-form-cmd')).toMatchObject({ severity: 1 });
    expect(rules(diagnostics).filter((code) => code === 'config' || code === 'style/unused-ignore')).toEqual([]);
    expect(readdirSync(folder)).not.toContain('ran');
    client.tell('workspace/didChangeWatchedFiles', { changes: [] });
    client.change(uri, 2, { text: bad });
    await client.diagnostics(uri, 2);
    const told = client.received.filter(({ method }) => method === 'window/showMessage').map(({ params }) => params);
    expect(told).toEqual([{ type: 3, message: expect.stringMatching(/^shipshape\.json loads plugins, which .*left out/) }]);
  });

  it('has the names of its config checked where it has no plugins', async () => {
    write({ 'shipshape.json': '{"plugins": [], "rules": {"acme/no-curl": "off"}}' });
    expect(rules((await opened(bad)).diagnostics)).toEqual(['config']);
    expect(client.received.filter(({ method }) => method === 'window/showMessage')).toEqual([]);
  });

  it('has the rest of a config with plugins checked', async () => {
    write({ 'shipshape.json': '{"plugins": ["./none.mjs"], "rules": {"correctness/shell-form-cmd": ["error", {"no-such-option": 1}]}}' });
    expect((await opened(bad)).diagnostics).toMatchObject([{ code: 'config', message: expect.stringContaining('no-such-option') }]);
  });

  it('has an ignore file written, and seen', async () => {
    write({ 'main.py': '' });
    const text = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n';
    const { uri, diagnostics } = await opened(text);
    expect(rules(diagnostics)).toContain('cache/missing-dockerignore');
    const action = titled(await client.actions(uri, at(2, 5)), 'Write a `.dockerignore` (safe)');
    expect(action.edit?.documentChanges).toMatchObject([{ kind: 'create', uri: uriOf('.dockerignore') }, { textDocument: { uri: uriOf('.dockerignore'), version: null } }]);
    const all = titled(await client.actions(uri, at(2, 5), ['source.fixAll']), 'Fix all safe problems');
    expect(all.edit?.documentChanges?.[0]).toMatchObject({ kind: 'create' });
    client.open(uriOf('.dockerignore'), applyShown('', editsFor(action, uriOf('.dockerignore'))), 'ignore');
    await client.until(() => (client.publications(uri) > 1 ? true : undefined));
    expect(rules(await client.diagnostics(uri))).not.toContain('cache/missing-dockerignore');
  });

  it('offers no new file to a client that can make none, nor where a link leads out', async () => {
    write({ 'main.py': '' });
    const text = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD python main.py\n';
    const { uri } = await opened(text, { ...modern, workspace: {} });
    const actions = await client.actions(uri, everywhere);
    expect(actions.map(({ title }) => title)).not.toContain('Write a `.dockerignore` (safe)');
    expect(applyShown(text, editsFor(titled(actions, 'Fix all safe problems'), uri))).toContain('CMD ["python", "main.py"]');
    symlinkSync('/etc/hostname', join(folder, '.dockerignore'));
    const other = new EditorClient(folder);
    await other.start();
    other.open(uri, text);
    expect((await other.actions(uri, everywhere)).map(({ title }) => title)).not.toContain('Write a `.dockerignore` (safe)');
    await other.stop();
  });
});

describe('code actions', () => {
  it('have their safety in the title', async () => {
    const { uri } = await opened('FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCMD run me\n');
    const actions = await client.actions(uri, everywhere, ['quickfix']);
    const fixes = actions.map(({ title }) => title).filter((title) => !title.startsWith('Ignore '));
    expect(fixes.length).toBeGreaterThan(1);
    for (const title of fixes) expect(title).toMatch(/ \((?:safe|unsafe: may change the image|manual: a proposal to go on from)\)$/);
    expect(titled(actions, 'Write CMD as a JSON array (safe)')).toMatchObject({ isPreferred: true, diagnostics: [{ code: 'correctness/shell-form-cmd' }] });
    expect(actions.filter(({ title }) => title.includes('unsafe')).every(({ isPreferred }) => isPreferred !== true)).toBe(true);
  });

  it('mend the document when applied', async () => {
    const { uri } = await opened(bad);
    const action = titled(await client.actions(uri, at(2, 6)), 'Write CMD as a JSON array (safe)');
    expect(action.edit?.documentChanges).toMatchObject([{ textDocument: { uri, version: 1 } }]);
    const text = applyShown(bad, editsFor(action, uri));
    expect(text).toBe(mended);
    client.change(uri, 2, { text });
    expect(rules(await client.diagnostics(uri, 2))).not.toContain('correctness/shell-form-cmd');
  });

  it('come as plain changes for a client that knows no others', async () => {
    const { uri } = await opened(bad, {});
    const action = titled(await client.actions(uri, at(2, 6)), 'Write CMD as a JSON array (safe)');
    expect(Object.keys(action.edit?.changes ?? {})).toEqual([uri]);
    expect(action.edit).not.toHaveProperty('documentChanges');
  });

  it('come by kind, and only where the cursor is', async () => {
    const { uri } = await opened(bad);
    expect((await client.actions(uri, everywhere, ['source'])).map(({ kind }) => kind)).toEqual(['source.fixAll.shipshape']);
    expect(await client.actions(uri, everywhere, ['refactor'])).toEqual([]);
    expect((await client.actions(uri, at(1, 1), ['quickfix'])).map(({ title }) => title).join()).not.toContain('shell-form-cmd');
  });

  it('are filled in later for a client that asks then', async () => {
    const { uri } = await opened(bad, { ...modern, textDocument: { ...modern.textDocument, codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } } } });
    const action = titled(await client.actions(uri, everywhere), 'Fix all safe problems');
    expect(action.edit).toBeUndefined();
    const whole = await client.ask<ShownAction>('codeAction/resolve', action);
    expect(applyShown(bad, editsFor(whole, uri))).toContain('CMD ["uvicorn", "main:app", "--port", "8000"]');
  });

  it('write ignore comments that count, once and again', async () => {
    const text = '# syntax=docker/dockerfile:1\n# about this\nFROM debian:12\n  RUN apt-get update && apt-get install -y curl\n';
    const { uri, diagnostics } = await opened(text);
    let done = text;
    let version = 1;
    const run = rules(diagnostics.filter(({ range }) => range.start.line === 3));
    expect(run.length).toBeGreaterThan(1);
    for (const rule of run) {
      done = applyShown(done, editsFor(titled(await client.actions(uri, everywhere), `Ignore ${rule} for this instruction`), uri));
      version += 1;
      client.change(uri, version, { text: done });
    }
    expect(done).toBe(text.replace('  RUN', `  # shipshape ignore: ${run.join(', ')}\n  RUN`));
    expect(rules(await client.diagnostics(uri, version)).filter((rule) => run.includes(rule))).toEqual([]);
  });

  it('say it where an ignore comment counts for the whole file', async () => {
    const { uri } = await opened('FROM debian\nCMD ["true"]\n');
    const titles = (await client.actions(uri, at(0, 6))).map(({ title }) => title).filter((title) => title.startsWith('Ignore'));
    expect(titles.length).toBeGreaterThan(0);
    expect(titles.every((title) => title.endsWith(' in the whole file'))).toBe(true);
  });

  it('take away every finding of the fixtures that they promise to', async () => {
    await client.start();
    const names = readdirSync(join(import.meta.dirname, '../fixtures')).filter((name) => !name.includes('.'));
    let tried = 0;
    for (const name of names) {
      const path = join(import.meta.dirname, '../fixtures', name, 'Dockerfile');
      const uri = pathToFileURL(path).href;
      const text = readFileSync(path, 'utf8');
      client.open(uri, text);
      for (const action of (await client.actions(uri, everywhere, ['quickfix'])).filter(({ title }) => title.startsWith('Ignore'))) {
        const rule = action.title.split(' ')[1] ?? '';
        const count = (diagnostics: readonly ShownDiagnostic[]): number => diagnostics.filter(({ code }) => code === rule).length;
        const before = count(await client.diagnostics(uri, 1));
        const version = 2 + tried;
        client.change(uri, version, { text: applyShown(text, editsFor(action, uri)) });
        expect(count(await client.diagnostics(uri, version)), `${action.title} in ${name}`).toBeLessThan(before);
        tried += 1;
        if (tried % 12 === 0) break;
      }
      client.tell('textDocument/didClose', { textDocument: { uri } });
    }
    expect(tried).toBeGreaterThan(20);
  }, 120_000);
});

describe('hover', () => {
  interface Told { readonly contents: { readonly kind: string; readonly value: string }; readonly range: Area }
  const hover = (uri: string, line: number, character: number): Promise<Told | null> => client.ask('textDocument/hover', { textDocument: { uri }, position: { line, character } });

  it('explains the finding and tells what holds there', async () => {
    const { uri } = await opened('FROM node:22-slim AS build\nWORKDIR /app\nUSER node\nCMD node server.js | cat\n');
    const told = await hover(uri, 3, 8);
    expect(told?.contents.kind).toBe('markdown');
    expect(told?.contents.value).toContain('**correctness/shell-form-cmd**');
    expect(told?.contents.value).toContain('**CMD** in `build` (1 of 1), built on `node:22-slim`: its layers are in the image');
    expect(told?.contents.value).toContain('- user: `node`\n- working directory: `/app`\n- shell: `/bin/sh -c`\n');
    expect(told?.contents.value).toContain('makes no layer');
  });

  it('tells what an instruction reads, writes and takes', async () => {
    const { uri } = await opened('FROM debian:12 AS a\nRUN make\nFROM debian:12\nWORKDIR /app\nCOPY src lib/\nUSER 1000\n');
    expect((await hover(uri, 4, 1))?.contents.value).toContain('- writes `/app/lib`\n- takes `src` of the build context\n- makes a layer');
    expect((await hover(uri, 1, 1))?.contents.value).toMatch(/nothing is known of .*make/);
    expect((await hover(uri, 1, 1))?.contents.value).toContain('no build runs it');
    expect((await hover(uri, 5, 1))?.contents.value).toContain('- user from here on: `1000`');
    expect(await hover(uri, 99, 0)).toBeNull();
  });

  it('lets nothing of the file pass for Markdown', async () => {
    const { uri } = await opened('FROM debian:12\nUSER `[click](command:evil)<b>`\nRUN true\n');
    const value = (await hover(uri, 2, 1))?.contents.value ?? '';
    expect(value).toContain('`` `[click](command:evil)<b>` ``');
  });

  it('is plain for a client that knows no Markdown', async () => {
    const { uri } = await opened(bad, {});
    expect((await hover(uri, 0, 1))?.contents.kind).toBe('plaintext');
  });
});

describe('symbols and folds', () => {
  const text = 'ARG V=1\nFROM debian:$V AS base\n# one\n# two\nRUN a \\\n  && b\nFROM base\nCMD ["x"]\n';
  interface Symbols { readonly name: string; readonly children?: readonly Symbols[]; readonly containerName?: string }

  it('are the stages with their instructions', async () => {
    const { uri } = await opened(text);
    const symbols = await client.ask<readonly Symbols[]>('textDocument/documentSymbol', { textDocument: { uri } });
    expect(symbols.map(({ name, children }) => [name, children?.map((child) => child.name)])).toEqual([['ARG', undefined], ['base', ['RUN']], ['stage 1', ['CMD']]]);
    expect(await client.ask('textDocument/foldingRange', { textDocument: { uri } })).toEqual([
      { startLine: 1, endLine: 5 }, { startLine: 6, endLine: 7 }, { startLine: 4, endLine: 5 }, { startLine: 2, endLine: 3, kind: 'comment' },
    ]);
  });

  it('are flat for a client that knows no trees', async () => {
    const { uri } = await opened(text, {});
    const symbols = await client.ask<readonly Symbols[]>('textDocument/documentSymbol', { textDocument: { uri } });
    expect(symbols.map(({ name, containerName }) => [name, containerName])).toEqual([['ARG', undefined], ['base', undefined], ['RUN', 'base'], ['stage 1', undefined], ['CMD', 'stage 1']]);
  });
});

describe('messages that are none', () => {
  const body = (text: string): string => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

  it.each([
    ['JSON that ends too early', body('{"jsonrpc":"2.0",')],
    ['JSON that is no object', body('[1,2]') + body('null') + body('7')],
    ['a message without a method', body('{"jsonrpc":"2.0","id":77}')],
    ['a header without a length', 'Accept: */*\r\n\r\n{"jsonrpc":"2.0","id":5,"method":"shutdown"}'],
    ['a header that is none', 'hello\r\n\r\n'],
    ['a length that is no number', 'Content-Length: x\r\n\r\n{}'],
    ['a negative length', 'Content-Length: -4\r\n\r\n{}'],
    ['a length beyond measure', 'Content-Length: 999999999\r\n\r\n{}'],
    ['a length that is too short', 'Content-Length: 5\r\n\r\n{"jsonrpc":"2.0","method":"x"}'],
    ['bytes beyond measure', 'x'.repeat(100_000)],
    ['bytes that are no UTF-8', 'Content-Length: 3\r\n\r\n\u0001\u0002\u0003'],
    ['a cancellation of nothing', body('{"jsonrpc":"2.0","method":"$/cancelRequest"}')],
    ['a change without a range', body('{"jsonrpc":"2.0","method":"textDocument/didChange","params":{}}')],
    ['an opening without a document', body('{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{}}}')],
    ['a nest beyond measure', body(`{"jsonrpc":"2.0","method":"x","params":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)],
  ])('do no harm: %s', async (_, text) => {
    await client.start();
    client.raw(text);
    client.open(uriOf('Dockerfile'), bad);
    expect(rules(await client.diagnostics(uriOf('Dockerfile')))).toContain('correctness/shell-form-cmd');
    expect(await client.stop()).toBe(0);
  });

  it('get an answer where they ask for one', async () => {
    await client.start();
    expect((await client.answer(client.request('textDocument/noSuchThing', {}))).error?.code).toBe(-32601);
    expect((await client.answer(client.request('textDocument/hover', {}))).error?.code).toBe(-32603);
    expect((await client.answer(client.request('textDocument/hover'))).error).toBeDefined();
    client.raw(body('{'));
    expect(await client.until((received) => received.find(({ id }) => id === null))).toMatchObject({ error: { code: -32700 } });
  });

  it('may come in any pieces', () => {
    const bytes = Buffer.from(`${body('{"a":"é😀"}')}junk\r\n\r\n${body('{}')}`);
    for (let size = 1; size < 12; size += 1) {
      const frames = new Frames();
      const found: unknown[] = [];
      for (let start = 0; start < bytes.length; start += size) found.push(...frames.push(bytes.subarray(start, start + size)));
      expect(found).toEqual([{ body: '{"a":"é😀"}' }, { problem: expect.any(String) }, { body: '{}' }]);
    }
  });
});

describe('edits between two texts', () => {
  it.each([
    ['', 'a'], ['a', ''], ['a\nb\nc\n', 'a\nc\n'], ['\n\n', '\n'], ['\n', 'x\n\n'], ['a\r\nb\r\n', 'a\r\nc\r\nb\r\n'], ['a\na\na\n', 'a\na\n'], ['a', 'a\n'], ['b\na\n', 'a\nb\n'],
  ])('make %j into %j', (before, after) => {
    expect(applyShown(before, editsBetween(textOf(before), after))).toBe(after);
  });
});

describe('the program', () => {
  const dist = mkdtempSync(join(tmpdir(), 'shipshape-lsp-dist-'));
  afterAll(() => rmSync(dist, { recursive: true, force: true }));

  it('serves over standard input and output, and ends as the protocol wants', async () => {
    execFileSync(process.execPath, [join(import.meta.dirname, '../bench/build.mjs'), '--no-types', '--out', dist]);
    const program = spawn(process.execPath, [join(dist, 'cli.js'), 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'], cwd: folder });
    const frames = new Frames();
    const bodies: string[] = [];
    program.stdout.on('data', (chunk: Buffer) => bodies.push(...frames.push(chunk).map((frame) => ('body' in frame ? frame.body : ''))));
    const exited = new Promise<number | null>((resolve) => { program.on('exit', resolve); });
    const messages = [
      { id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } },
      { method: 'initialized', params: {} },
      { method: 'textDocument/didOpen', params: { textDocument: { uri: uriOf('Dockerfile'), languageId: 'dockerfile', version: 1, text: bad } } },
    ];
    const send = (message: object): void => {
      const text = JSON.stringify({ jsonrpc: '2.0', ...message });
      program.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    };
    messages.forEach(send);
    while (!bodies.some((each) => each.includes('shell-form-cmd'))) await new Promise((resolve) => { program.stdout.once('data', resolve); });
    send({ id: 2, method: 'shutdown' });
    send({ method: 'exit' });
    expect(await exited).toBe(0);
    expect(bodies.every((each) => each.startsWith('{"jsonrpc":"2.0"'))).toBe(true);
  });

  it('loads the protocol for this command alone', () => {
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js')).map((name) => ({ name, text: readFileSync(join(dist, name), 'utf8') }));
    const [server, ...others] = files.filter(({ text }) => text.includes('textDocument/publishDiagnostics')).map(({ name }) => basename(name));
    expect(others).toEqual([]);
    const importers = files.filter(({ name, text }) => server !== undefined && !name.endsWith(server) && text.includes(server));
    expect(importers).toHaveLength(1);
    for (const { text } of importers) expect(text).not.toMatch(new RegExp(`(?:from|import) ?["'][^"']*${server}`));
  });
});
