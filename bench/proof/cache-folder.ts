import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProofError } from './process.ts';

/** One change of a file or folder of the context. */
export type FileEdit = { readonly path: string } & (
  | { readonly change: 'write'; readonly text: string | Uint8Array }
  | { readonly change: 'remove' | 'touch' }
  | { readonly change: 'mode'; readonly mode: number }
  | { readonly change: 'rename'; readonly to: string }
);

/** What stands in a context before any edit. */
export interface Found {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly mode: number;
}

/** Files and folders below a folder, sorted; links are left alone. */
export function listFolder(folder: string, below = ''): Found[] {
  return readdirSync(join(folder, below)).sort().flatMap((name): Found[] => {
    const path = below === '' ? name : `${below}/${name}`;
    const stat = lstatSync(join(folder, path));
    const mode = stat.mode & 0o7777;
    if (stat.isDirectory()) return [{ path, kind: 'folder', mode }, ...listFolder(folder, path)];
    return stat.isFile() ? [{ path, kind: 'file', mode }] : [];
  });
}

const stateOf = (place: string): { readonly bytes: Buffer; readonly mode: number } | undefined => {
  const stat = lstatSync(place, { throwIfNoEntry: false });
  return stat?.isFile() === true ? { bytes: readFileSync(place), mode: stat.mode & 0o7777 } : undefined;
};

/** Writes a file as it was. Its time is another one: an engine that looks at size and time must see that it changed back. */
function writeBack(place: string, before: { readonly bytes: Buffer; readonly mode: number } | undefined): void {
  if (before === undefined) return rmSync(place, { force: true });
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, before.bytes);
  chmodSync(place, before.mode);
}

/** Makes a file with the folders above it; the way back takes those away that were not there. */
function write(folder: string, path: string, text: string | Uint8Array): () => void {
  const place = join(folder, path);
  const before = stateOf(place);
  const made = mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
  return () => (made === undefined ? writeBack(place, before) : rmSync(made, { recursive: true }));
}

/**
 * Does an edit; the way back leaves the folder as it was but for times.
 * @throws {ProofError} when there is no file to remove
 */
export function applyFileEdit(folder: string, edit: FileEdit): () => void {
  const place = join(folder, edit.path);
  if (edit.change === 'write') return write(folder, edit.path, edit.text);
  if (edit.change === 'mode') {
    const { mode } = lstatSync(place);
    chmodSync(place, edit.mode);
    return () => chmodSync(place, mode & 0o7777);
  }
  if (edit.change === 'touch') {
    utimesSync(place, new Date(), new Date());
    return () => { /* It stays touched. */ };
  }
  if (edit.change === 'rename') {
    renameSync(place, join(folder, edit.to));
    return () => renameSync(join(folder, edit.to), place);
  }
  const before = stateOf(place);
  if (before === undefined) throw new ProofError(`There is no file \`${edit.path}\` that an edit could remove.`);
  rmSync(place);
  return () => writeBack(place, before);
}
