import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, quote } from '../config/error.ts';
import { writeAtomically } from '../files.ts';

/** A file to write into the folder of the project. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** What to say of it. */
  readonly about: string;
}

/** Something of this name is there, a link that leads nowhere among it. */
export const isThere = (folder: string, path: string): boolean => lstatSync(join(folder, path), { throwIfNoEntry: false }) !== undefined;

/**
 * Writes all files, or none where one of them can't be.
 * @throws {ConfigError} for a link, which may lead out of the folder, and for what is no file
 * @throws Error with one sentence for what the file system refuses
 */
export function writeFiles(folder: string, files: readonly NewFile[]): void {
  for (const { path } of files) {
    const there = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (there?.isSymbolicLink() === true) throw new ConfigError(`${quote(path)} is a symbolic link, and none is written through; remove it first.`);
    if (there?.isFile() === false) throw new ConfigError(`${quote(path)} is no file, so it can't be replaced; remove it first.`);
  }
  for (const { path, text } of files) writeAtomically(join(folder, path), text);
}
