import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, relative, sep } from 'node:path';
import type { Cleanup } from './cleanup.ts';
import { readJson } from './json.ts';
import { ProofError } from './process.ts';
import { zip } from './zip.ts';

interface Wheel {
  /** As an index has it: small letters, one hyphen for any run of separators. */
  readonly project: string;
  readonly file: string;
  readonly content: Buffer;
}

const normalized = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

const digest = (content: Buffer): string => createHash('sha256').update(content).digest('base64url');

/** The notes that make a folder of Python modules a wheel. */
function notesOf(folder: string, name: string, version: string): Map<string, string> {
  const path = join(folder, 'wheel.json');
  const fields = existsSync(path) ? readJson(path) : undefined;
  const requires = (fields?.texts('requires') ?? []).map((each) => `Requires-Dist: ${each}\n`).join('');
  const scripts = Object.entries(fields?.table('scripts') ?? {}).map((each) => `${each.join(' = ')}\n`).join('');
  fields?.end();
  const notes = new Map([
    ['METADATA', `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires}`],
    ['WHEEL', 'Wheel-Version: 1.0\nGenerator: shipshape-proof\nRoot-Is-Purelib: true\nTag: py3-none-any\n'],
  ]);
  if (scripts !== '') notes.set('entry_points.txt', `[console_scripts]\n${scripts}`);
  return notes;
}

/** The wheel (PEP 427) of a folder that is called `name-version`. */
function wheelOf(parent: string, label: string): Wheel {
  const [name = '', version = ''] = /^(.+)-([^-]+)$/.exec(label)?.slice(1) ?? [];
  if (version === '') throw new ProofError(`${join(parent, label)}: a wheel's folder is called NAME-VERSION.`);
  const folder = join(parent, label);
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/');
    if (entry.isFile() && path !== 'wheel.json') files.set(path, readFileSync(join(folder, path)));
  }
  const written = `${name.replaceAll('-', '_')}-${version}`;
  for (const [note, text] of notesOf(folder, name, version)) files.set(`${written}.dist-info/${note}`, Buffer.from(text));
  const record = [...files].map(([path, content]) => `${path},sha256=${digest(content)},${content.length}\n`).join('');
  files.set(`${written}.dist-info/RECORD`, Buffer.from(`${record}${written}.dist-info/RECORD,,\n`));
  return { project: normalized(name), file: `${written}-py3-none-any.whl`, content: zip(files) };
}

const page = (links: readonly string[]): string => `<!DOCTYPE html><html><body>\n${links.join('\n')}\n</body></html>\n`;

/** What the index answers (PEP 503); undefined where it has nothing. Wheels may be cached, as those of the real one. */
function answer(wheels: readonly Wheel[], path: string): { type: string; body: string | Buffer; age: number } | undefined {
  const file = /^\/files\/([^/]+)$/.exec(path)?.[1];
  if (file !== undefined) {
    const wheel = wheels.find((each) => each.file === file);
    return wheel && { type: 'application/octet-stream', body: wheel.content, age: 31_536_000 };
  }
  const project = /^\/simple\/([^/]+)\/?$/.exec(path)?.[1];
  if (project === undefined) return undefined;
  const links = wheels.filter((each) => each.project === normalized(project)).map((each) => `<a href="/files/${each.file}">${each.file}</a>`);
  return links.length === 0 ? undefined : { type: 'text/html', body: page(links), age: 600 };
}

const listen = (server: Server, port: number): Promise<number> => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : port);
  });
});

/**
 * Serves the wheels of a folder as a Python package index.
 * @param port taken where it is free, so that images of an earlier run still find the index
 * @returns its address
 */
export async function serveWheels(folder: string, port: number, cleanup: Cleanup): Promise<string> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
  const wheels = names.map((name) => wheelOf(folder, name));
  const server = createServer((request, response) => {
    const found = answer(wheels, new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': found.type, 'cache-control': `max-age=${found.age}` }).end(found.body);
  });
  cleanup.add(() => {
    server.close();
    server.closeAllConnections();
  });
  const taken = await listen(server, port).catch(() => listen(server, 0));
  return `http://127.0.0.1:${taken}/simple/`;
}
