import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { docker, label, type Engine } from './engine.ts';
import { textOf } from './host.ts';
import { must, ProofError, run } from './process.ts';
import { TarReader } from './tar.ts';
import type { Entry, Tree } from './tree.ts';

/** What `docker image inspect` tells of the layers. */
export interface Layers {
  /** From the base up. */
  readonly ids: readonly string[];
  /** Their folders, the uppermost first; empty where they are kept another way. */
  readonly folders: readonly string[];
}

/** Sums of files by inode, size and times: layers share their files, so that those of a base are read once. */
export type Sums = Map<string, string>;

function sumOf(path: string, key: string, sums: Sums): string {
  let sum = sums.get(key);
  if (sum === undefined) sums.set(key, (sum = createHash('sha256').update(readFileSync(path)).digest('hex')));
  return sum;
}

function entryOf(path: string, sums: Sums): Entry {
  const stat = lstatSync(path, { bigint: true });
  const base = { mode: Number(stat.mode) & 0o7777, uid: Number(stat.uid), gid: Number(stat.gid) };
  if (stat.isDirectory()) return { type: 'folder', ...base };
  if (stat.isSymbolicLink()) return { type: 'link', ...base, target: readlinkSync(path) };
  if (!stat.isFile()) return { type: 'other', ...base };
  const size = Number(stat.size);
  return { type: 'file', ...base, size, sha256: sumOf(path, `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`, sums) };
}

function walk(root: string, sums: Sums): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const visit = (folder: string): void => {
    for (const name of readdirSync(join(root, folder))) {
      const path = `${folder}/${name}`;
      const entry = entryOf(join(root, path), sums);
      entries.set(path, entry);
      if (entry.type === 'folder') visit(path);
    }
  };
  visit('');
  return entries;
}

/** Programs with capabilities, which no listing shows. */
async function addCapabilities(root: string, entries: Map<string, Entry>): Promise<void> {
  const { stdout } = await run('getcap', ['-r', root]).catch(() => ({ stdout: '' }));
  for (const line of stdout.split('\n').filter((each) => each.startsWith(`${root}/`))) {
    const [, path = '', capabilities = ''] = /^(.*?) (?:= )?(\S+)$/.exec(line.slice(root.length)) ?? [];
    const entry = entries.get(path);
    if (entry !== undefined) entries.set(path, { ...entry, capabilities });
  }
}

/**
 * Mounts the layers of an image, without running anything in it, and reads what is there.
 * The layers go by their short names, as many would be too long for a mount otherwise.
 */
async function readMounted(engine: Engine, storage: string, folders: readonly string[], sums: Sums): Promise<Tree> {
  const overlay = join(storage, 'overlay2');
  const names = folders.map((folder) => `l/${textOf(join(dirname(folder), 'link')).trim()}`);
  const point = mkdtempSync(join(engine.scratch, 'image-'));
  // One layer alone is no overlay: an empty one lies under it.
  const empty = join(engine.scratch, 'empty');
  mkdirSync(empty, { recursive: true });
  await must('mount', ['-t', 'overlay', 'overlay', '-o', `ro,lowerdir=${[...names, empty].join(':')}`, point], { cwd: overlay });
  try {
    const entries = walk(point, sums);
    await addCapabilities(point, entries);
    return entries;
  } finally {
    await must('umount', [point]);
    rmdirSync(point);
  }
}

/** Reads an image as any engine gives it out: as the archive of a container that is never started. */
async function readExported(engine: Engine, image: string): Promise<Tree> {
  const container = (await docker(engine, ['create', '--label', label, '--network', 'none', image, 'none'])).trim();
  try {
    const reader = new TarReader();
    const child = spawn('docker', ['export', container], { env: engine.environment, stdio: ['ignore', 'pipe', 'ignore'], signal: engine.signal });
    const ended = new Promise<number | null>((resolve, reject) => void child.once('error', reject).once('close', resolve));
    for await (const chunk of child.stdout) if (Buffer.isBuffer(chunk)) reader.write(chunk);
    if ((await ended) !== 0) throw new ProofError(`\`docker export\` of ${image} failed.`);
    return reader.entries;
  } finally {
    await docker(engine, ['rm', '--volumes', container]);
  }
}

/**
 * What is in an image, by path.
 * @param how `export` also where the layers could be read in place
 */
export function readTree(engine: Engine, image: string, layers: Layers, sums: Sums, how: 'quick' | 'export' = 'quick'): Promise<Tree> {
  const inPlace = engine.storage !== undefined && layers.folders.length > 0 && how === 'quick';
  return inPlace && engine.storage !== undefined ? readMounted(engine, engine.storage, layers.folders, sums) : readExported(engine, image);
}

