import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { textOf } from '../src/lsp/documents.ts';
import { EditorClient, modern, type Area, type ShownDiagnostic } from './support/lsp-client.ts';

const pulls = { ...modern, textDocument: { ...modern.textDocument, diagnostic: {} } };
const fixtures = join(import.meta.dirname, '../fixtures');
const texts = readdirSync(fixtures).filter((name) => !name.includes('.')).map((name) => readFileSync(join(fixtures, name, 'Dockerfile'), 'utf8'));

/** What it finds depends on the files beside it. */
const whole = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install flask\nCMD python main.py\n';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'shipshape-changes-')); });
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const uriOf = (name: string, home = folder): string => pathToFileURL(join(home, name)).href;

/** Where an edit stands, in shares of the text, and what it puts there. */
interface Replacement {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/** The change as an editor tells it, and the text after it. */
function changed(text: string, { at, length, text: fresh }: Replacement): { readonly text: string; readonly change: { readonly range: Area; readonly text: string } } {
  const document = textOf(text);
  const start = Math.floor(at * text.length);
  const range = { start: document.positionAt(start), end: document.positionAt(start + length) };
  return { change: { range, text: fresh }, text: text.slice(0, document.offsetAt(range.start)) + fresh + text.slice(document.offsetAt(range.end)) };
}

/** A session in an editor: what is open there, and what lies on the disk. */
class Desk {
  readonly client: EditorClient;
  readonly texts = new Map<string, string>();
  #version = 1;

  constructor(readonly home = folder) {
    this.client = new EditorClient(home);
  }

  open(name: string, text: string): void {
    this.texts.set(name, text);
    this.client.open(uriOf(name, this.home), text, name === 'Dockerfile' ? 'dockerfile' : 'ignore', this.#version);
  }

  change(name: string, replacements: readonly Replacement[]): void {
    this.#version += 1;
    const changes = replacements.map((replacement) => {
      const { text, change } = changed(this.texts.get(name) ?? '', replacement);
      this.texts.set(name, text);
      return change;
    });
    this.client.change(uriOf(name), this.#version, ...changes);
  }

  close(name: string): void {
    this.texts.delete(name);
    this.client.tell('textDocument/didClose', { textDocument: { uri: uriOf(name) } });
  }

  write(name: string, text: string): void {
    writeFileSync(join(folder, name), text);
    this.client.tell('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOf(name), type: 2 }] });
  }

  async diagnostics(): Promise<readonly ShownDiagnostic[]> {
    const { items } = await this.client.ask<{ readonly items: readonly ShownDiagnostic[] }>('textDocument/diagnostic', { textDocument: { uri: uriOf('Dockerfile', this.home) } });
    return items;
  }
}

/** What a server says of a copy of the folder, of which nothing can be known from before. */
async function fresh(open: ReadonlyMap<string, string>): Promise<readonly ShownDiagnostic[]> {
  const copy = mkdtempSync(join(tmpdir(), 'shipshape-copy-'));
  cpSync(folder, copy, { recursive: true });
  const desk = new Desk(copy);
  await desk.client.start(pulls);
  for (const [name, text] of open) desk.open(name, text);
  const diagnostics: readonly ShownDiagnostic[] = JSON.parse(JSON.stringify(await desk.diagnostics()).replaceAll(basename(copy), basename(folder)));
  await desk.client.stop();
  rmSync(copy, { recursive: true });
  return diagnostics;
}

const pieces = [
  '', '', 'x', ' ', '\n', '\\\n', '\r\n', '#', '"', '\'', '[', '$A', '${A:-b}', '&& ', '😀', '<<EOF\n', 'EOF\n', 'RUN apt-get update\n', 'RUN pip install x && rm -rf /tmp/*\n',
  'FROM debian:12 AS b\n', 'COPY --from=b /x /x\n', 'COPY . .\n', 'ARG A=1\n', 'ENV A=2\n', 'USER app\n', 'SHELL ["/bin/bash", "-c"]\n', '# escape=`\n',
  '# shipshape ignore: style/no-maintainer\n', '# hadolint ignore=DL3008\n', 'CMD run me\n',
];
const replacement = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.constantFrom(0, 0, 1, 3, 30), text: fc.constantFrom(...pieces) });
const replacements = fc.array(replacement, { minLength: 1, maxLength: 3 });
const ignoreTexts = fc.constantFrom('', 'node_modules\n.git\n.env\n', '*\n', '!src\n');
const configs = fc.constantFrom('{}', '{"preset": "all"}', '{"rules": {"correctness/*": "off"}}', '{"plugins": ["./x.mjs"], "rules": {"acme/x": "off"}}', '{');
const step = fc.oneof(
  { weight: 8, arbitrary: replacements.map((edits) => (desk: Desk): void => desk.change('Dockerfile', edits)) },
  { weight: 1, arbitrary: ignoreTexts.map((text) => (desk: Desk): void => (desk.texts.has('.dockerignore') ? desk.close('.dockerignore') : desk.open('.dockerignore', text))) },
  { weight: 1, arbitrary: replacements.map((edits) => (desk: Desk): void => (desk.texts.has('.dockerignore') ? desk.change('.dockerignore', edits) : undefined)) },
  { weight: 1, arbitrary: configs.map((text) => (desk: Desk): void => desk.write('shipshape.json', text)) },
  { weight: 1, arbitrary: ignoreTexts.map((text) => (desk: Desk): void => desk.write('.dockerignore', text)) },
  { weight: 1, arbitrary: fc.constantFrom('', 'DB_PASSWORD=correct-horse\n', 'PORT=80\n').map((text) => (desk: Desk): void => desk.write('.env', text)) },
);

describe('diagnostics after changes', () => {
  it('are those of a server that never saw the text before', async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(fc.constant(whole), fc.constantFrom(...texts)), fc.array(fc.tuple(step, fc.boolean()), { minLength: 1, maxLength: 8 }), async (text, steps) => {
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      writeFileSync(join(folder, 'main.py'), '');
      const desk = new Desk();
      await desk.client.start(pulls);
      desk.open('Dockerfile', text);
      await desk.diagnostics();
      for (const [run, looks] of steps) {
        run(desk);
        if (looks) expect(await desk.diagnostics()).toEqual(await fresh(desk.texts));
      }
      expect(await desk.diagnostics()).toEqual(await fresh(desk.texts));
      expect(await desk.client.stop()).toBe(0);
    }), { numRuns: 40 });
  }, 60_000);
});

describe('a client that tells of no changes on the disk', () => {
  const text = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n';
  const rules = (diagnostics: readonly ShownDiagnostic[]): string[] => diagnostics.map(({ code }) => code);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    writeFileSync(join(folder, 'main.py'), '');
  });

  /** Lets time pass, and messages arrive meanwhile. */
  async function pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 20) {
      for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
      await vi.advanceTimersByTimeAsync(20);
    }
  }

  it('gets new findings when it pauses, without another keystroke', async () => {
    const client = new EditorClient(folder);
    /** The findings that are published next. */
    const next = async (): Promise<string[]> => {
      const before = client.publications(uriOf('Dockerfile'));
      while (client.publications(uriOf('Dockerfile')) === before) await pass(20);
      return rules(await client.diagnostics(uriOf('Dockerfile')));
    };
    await client.start();
    client.open(uriOf('Dockerfile'), text);
    expect(await next()).toContain('cache/missing-dockerignore');
    for (let version = 2; version < 20; version += 1) {
      client.change(uriOf('Dockerfile'), version, { text: `${text}#${version}\n` });
      await next();
      await pass(400);
    }
    writeFileSync(join(folder, '.dockerignore'), '.git\n');
    client.change(uriOf('Dockerfile'), 20, { text });
    expect(await next()).toContain('cache/missing-dockerignore');
    expect(await next()).not.toContain('cache/missing-dockerignore');
    await client.stop();
  });

  it('gets what is on the disk when it comes back', async () => {
    const desk = new Desk();
    await desk.client.start(pulls);
    desk.open('Dockerfile', text);
    expect(rules(await desk.diagnostics())).toContain('cache/missing-dockerignore');
    writeFileSync(join(folder, '.dockerignore'), '.git\n');
    await pass(8000);
    expect(rules(await desk.diagnostics())).not.toContain('cache/missing-dockerignore');
    await desk.client.stop();
  });
});
