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
