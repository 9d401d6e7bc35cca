import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EditorClient, modern, textIn, type ShownDiagnostic } from './support/lsp-client.ts';
import { StandIn } from './support/shellcheck.ts';

const text = 'FROM debian:12\nRUN echo "😀" BAD\nRUN make\n';

let folder = '';
let program: StandIn;
let client: EditorClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shipshape-lsp-'));
  program = new StandIn();
  client = new EditorClient(folder, undefined, { PATH: program.folder });
});
afterEach(() => {
  client.input.end();
  program.remove();
  rmSync(folder, { recursive: true });
});

const uri = (): string => pathToFileURL(join(folder, 'Dockerfile')).href;

const shellFindings = (diagnostics: readonly ShownDiagnostic[]): ShownDiagnostic[] => diagnostics.filter(({ code }) => code.startsWith('shell/SC'));

/** Waits for a message after the first `from` that shows so many findings of ShellCheck. */
const published = (count: number, from: number): Promise<ShownDiagnostic[]> => client.until((received) => {
  for (const each of received.slice(from)) {
    const { diagnostics }: { diagnostics?: ShownDiagnostic[] } = Object(each.params);
    if (each.method === 'textDocument/publishDiagnostics' && diagnostics !== undefined && shellFindings(diagnostics).length === count) return shellFindings(diagnostics);
  }
  return undefined;
});

describe('ShellCheck in an editor', () => {
  it('is asked once nothing more is typed, and only for scripts it has not seen', async () => {
    await client.start(modern);
    client.open(uri(), text);
    const [found] = await published(1, 0);
    expect(found).toMatchObject({ code: 'shell/SC2086', severity: 3, source: 'shipshape', message: 'Quote it.' });
    expect(found && textIn(text, found.range)).toBe('BAD');
    expect(program.calls().map(({ texts }) => texts.length)).toEqual([2]);
    const from = client.received.length;
    client.change(uri(), 2, { text: `# first\n${text}RUN WORSE\n` });
    // What is known moves at once.
    expect((await published(1, from))[0]?.range.start.line).toBe(2);
    expect(await published(2, from)).toHaveLength(2);
    expect(program.calls().map(({ texts }) => texts)).toEqual([['# shellcheck shell=dash\n:\nWORSE']]);
  });

  it('obeys comments and the config', async () => {
    await client.start(modern);
    client.open(uri(), `${text}# shipshape ignore: SC2046\nRUN WORSE\n`);
    expect(await published(1, 0)).toHaveLength(1);
    writeFileSync(join(folder, 'shipshape.json'), '{ "shellcheck": "off" }');
    const from = client.received.length;
    client.tell('textDocument/didSave', { textDocument: { uri: uri() } });
    expect(await published(0, from)).toEqual([]);
  });

  it('that fails does no harm', async () => {
    program.set({ first: 'if (files.length > 0) process.exit(7)' });
    await client.start(modern);
    client.open(uri(), `${text}CMD server --port 80\n`);
    await client.until((received) => received.find(({ method, params }) => method === 'window/logMessage' && JSON.stringify(params).includes('ShellCheck failed: it ended with 7')));
    const { result } = await client.answer(client.request('textDocument/hover', { textDocument: { uri: uri() }, position: { line: 0, character: 6 } }));
    expect(result).not.toBeNull();
  });
});
