import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ContextState, type ContextEntry } from '../model/layers.ts';
import { openContext } from './disk.ts';
import { readIgnoreFile, type IgnoreRules } from './dockerignore.ts';

/** Files up to this size are read at once; larger ones piece by piece. */
const SMALL = 1_000_000;

/** So many files are read at a time. */
const AT_ONCE = 16;

/**
 * The hash git gives a file's content (a blob of SHA-1), so that a folder on disk compares with a commit's tree. A file that
 * grows while it is read gets the hash of no blob.
 */
async function hashFile(path: string, size: number): Promise<string> {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  if (size <= SMALL) return hash.update(await readFile(path)).digest('hex');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

class Reader {
  readonly entries: [path: string, entry: ContextEntry][] = [];
  readonly #folder: string;
  readonly #rules: IgnoreRules | undefined;
  readonly #readmits: boolean;
  #waiting: (() => Promise<void>)[] = [];

  constructor(folder: string, rules: IgnoreRules | undefined) {
    this.#folder = folder;
    this.#rules = rules;
    this.#readmits = rules?.patterns.some(({ negated }) => negated) === true;
  }

  async read(): Promise<void> {
    const folders = [''];
    for (const folder of folders) {
      for (const name of await readdir(join(this.#folder, folder))) await this.#add(folder === '' ? name : `${folder}/${name}`, folders);
    }
    await this.#empty();
  }

  /** Sockets, pipes and devices are left out: no Dockerfile means them. */
  async #add(path: string, folders: string[]): Promise<void> {
    const place = join(this.#folder, path);
    const stat = await lstat(place);
    const mode = stat.mode & 0o7777;
    const isIgnored = this.#rules?.ignores(path) === true;
    if (stat.isDirectory()) {
      if (isIgnored && !this.#readmits) return;
      this.entries.push([path, { kind: 'folder', mode }]);
      folders.push(path);
    } else if (isIgnored) return;
    else if (stat.isSymbolicLink()) this.entries.push([path, { kind: 'link', mode, link: await readlink(place) }]);
    else if (stat.isFile()) {
      this.#waiting.push(async () => { this.entries.push([path, { kind: 'file', mode, hash: await hashFile(place, stat.size) }]); });
      if (this.#waiting.length >= AT_ONCE) await this.#empty();
    }
  }

  async #empty(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    await Promise.all(waiting.map((read) => read()));
  }
}

/**
 * Reads what a build gets of a folder: names, modes, links, and hashes of contents. What the ignore file excludes is not read.
 * @param folder the build context
 * @param dockerfile its path, which chooses the ignore file
 * @throws Error of the file system, where a file or folder cannot be read: a build could not send it either
 */
export async function readContextState(folder: string, dockerfile: string): Promise<ContextState> {
  const text = openContext(folder, dockerfile).ignoreFile?.text;
  const rules = text === undefined ? undefined : readIgnoreFile(text);
  const reader = new Reader(folder, rules);
  await reader.read();
  return ContextState.of(reader.entries, rules);
}
