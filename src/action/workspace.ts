import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { ConfigError, quote } from '../config/error.ts';

/** Where a path leads, its links followed as far as it is there; undefined for a link that leads nowhere. */
function realPath(path: string): string | undefined {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry !== undefined) return follow(path);
  if (dirname(path) === path) return path;
  const parent = realPath(dirname(path));
  return parent === undefined ? undefined : join(parent, basename(path));
}

function follow(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isIn(folder: string, path: string): boolean {
  const inner = relative(folder, path);
  return !isAbsolute(inner) && inner.split(/[\\/]/, 1)[0] !== '..';
}

/**
 * Refuses a path that leads out of all of the folders, also through links, which a pull request may bring.
 * @param what it is, for the message
 * @param folders absolute; relative paths count from the first
 * @throws {ConfigError}
 */
export function checkInside(what: string, path: string, ...folders: readonly [string, ...string[]]): void {
  const real = path.includes('\0') ? undefined : realPath(resolve(folders[0], path));
  if (real === undefined || !folders.some((folder) => isIn(realpathSync(folder), real))) {
    throw new ConfigError(`${what}: ${quote(path)} leads out of the workspace; name a path in it.`);
  }
}
