// What a keystroke costs in an editor: from the change to the diagnostics, through the server and its messages.
// `node bench/run.mjs lsp FILE…` types into copies of the files; `--strokes N` says how often (300). With `--in-place` they count as
// where they are, with the build context around them; nothing is written there.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Frames } from '../src/lsp/framing.ts';
import { runServer } from '../src/lsp/server.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';

const { values, positionals: files } = parseArgs({ allowPositionals: true, options: { strokes: { type: 'string', default: '300' }, 'in-place': { type: 'boolean', default: false } } });
if (files.length === 0) throw new Error('Name the files to type into.');
const strokes = Number(values.strokes);

/** A client that waits for each answer. */
class Client {
  readonly #input = new PassThrough();
  readonly #output = new PassThrough();
  readonly #waiting = new Map<number, () => void>();
  #count = 0;
  readonly ended = runServer({ input: this.#input, output: this.#output, folder: tmpdir(), config: false, version: '' });

  constructor() {
    const frames = new Frames();
    this.#output.on('data', (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) {
        if ('problem' in frame) throw new Error(frame.problem);
        const { id }: { id?: number } = JSON.parse(frame.body);
        if (id !== undefined) this.#waiting.get(id)?.();
      }
    });
  }

  tell(method: string, params: object): void {
    this.#send({ method, params });
  }

  ask(method: string, params: object): Promise<void> {
    this.#count += 1;
    const id = this.#count;
    this.#send({ id, method, params });
    return new Promise((resolve) => { this.#waiting.set(id, resolve); });
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#input.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }
}

/** Milliseconds on the clock, and of work of the processor: on a busy machine only the second says something. */
interface Time {
  readonly clock: number;
  readonly work: number;
}

async function timed(work: () => unknown): Promise<Time> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { clock: performance.now() - start, work: (user + system) / 1000 };
}

const quantile = (times: readonly Time[], kind: keyof Time, part: number): number =>
  times.map((time) => time[kind]).sort((a, b) => a - b)[Math.min(Math.floor(times.length * part), times.length - 1)] ?? 0;

/** Types a letter and takes it away again, at the end of one line after the other. */
async function type(client: Client, uri: string, text: string): Promise<Time[]> {
  const lines = text.split('\n');
  client.tell('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version: 0, text } });
  const times: Time[] = [];
  for (let stroke = 0; stroke < strokes + 40; stroke += 1) {
    const line = Math.floor(stroke / 2) * 7 % lines.length;
    const character = (lines[line] ?? '').replace(/\s*\\?\r?$/, '').length;
    const end = stroke % 2 === 0 ? character : character + 1;
    const contentChanges = [{ range: { start: { line, character }, end: { line, character: end } }, text: stroke % 2 === 0 ? 'x' : '' }];
    times.push(await timed(() => {
      client.tell('textDocument/didChange', { textDocument: { uri, version: stroke + 1 }, contentChanges });
      return client.ask('textDocument/diagnostic', { textDocument: { uri } });
    }));
  }
  client.tell('textDocument/didClose', { textDocument: { uri } });
  // The first strokes warm up.
  return times.slice(40);
}

const folder = mkdtempSync(join(tmpdir(), 'shipshape-lsp-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const client = new Client();
await client.ask('initialize', { processId: null, rootUri: null, capabilities: { textDocument: { diagnostic: {} }, workspace: { didChangeWatchedFiles: { dynamicRegistration: false } } } });
client.tell('initialized', {});
console.log('lines   median     95 %     work     95 %  times a parse   file');
for (const file of files) {
  const place = values['in-place'] ? resolve(file) : join(folder, 'Dockerfile');
  if (!values['in-place']) copyFileSync(file, place);
  const text = readFileSync(place, 'utf8');
  const times = await type(client, pathToFileURL(place).href, text);
  const parses: Time[] = [];
  for (let count = 0; count < 100; count += 1) parses.push(await timed(() => readDockerfile(text).commands));
  const ms = (kind: keyof Time, part: number): string => `${quantile(times, kind, part).toFixed(2)} ms`.padStart(9);
  const ratio = (quantile(times, 'work', 0.5) / quantile(parses, 'work', 0.5)).toFixed(1);
  console.log(`${String(text.split('\n').length).padStart(5)}${ms('clock', 0.5)}${ms('clock', 0.95)}${ms('work', 0.5)}${ms('work', 0.95)}${ratio.padStart(15)}   ${basename(file)}`);
}
await client.ask('shutdown', {});
client.tell('exit', {});
process.exitCode = await client.ended;
