import { dirname } from 'node:path';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { BuildContext } from './context.ts';
import { contextFits } from './fits.ts';

/** A build context that was found, not given. */
export interface LocatedContext {
  readonly context: BuildContext;
  /** It is not the Dockerfile's own folder, but one above it that would do. */
  readonly guessed: boolean;
}

/** How far above the Dockerfile a context is looked for. */
const MOST_FOLDERS_UP = 5;

/** The folders above one, the nearest first, up to a root; none where there is no root. */
function foldersAbove(folder: string, isRoot: (folder: string) => boolean): string[] {
  const above: string[] = [];
  for (let at = folder; !isRoot(at); at = dirname(at)) {
    if (dirname(at) === at) return [];
    above.push(dirname(at));
  }
  return above.slice(0, MOST_FOLDERS_UP);
}

/**
 * Finds the build context of a Dockerfile that is built with none given: its own folder, or, where that cannot be the
 * one (`docker build -f docker/Dockerfile .`), the nearest folder above that may be, inside the same repository.
 *
 * A folder above is a guess, however well it fits. That every file a COPY names is there does not make it the right
 * one: a folder between or beside may hold the same names, with other texts, links, ignore files and installed packages
 * in them. So a fix must not be called safe because of what a guessed context holds or lacks: a COPY split by it could
 * name a manifest that the real context has not, or miss one that it has, and the build would break. What it proves is
 * likely at most, which is `unsafe`; only what is safe with no context at all stays safe. An ignore file written
 * into a guessed folder might help no build and starve another one: edits of other files are for the reader to make.
 *
 * @param open gives the context in a folder, for this Dockerfile; nothing above `folder` is opened where that one will do
 * @param folder the Dockerfile's own, absolute
 * @param isRoot tells where the repository ends; without a root above the folder nothing there is looked at
 * @returns undefined where none would do: nothing is known of the context then
 */
export function locateContext(
  file: Dockerfile,
  open: (folder: string) => BuildContext,
  folder: string,
  isRoot: (folder: string) => boolean,
): LocatedContext | undefined {
  const own = open(folder);
  if (contextFits(file, own)) return { context: own, guessed: false };
  for (const above of foldersAbove(folder, isRoot)) {
    const context = open(above);
    if (contextFits(file, context)) return { context, guessed: true };
  }
  return undefined;
}
