import { existsSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { BuildContext } from './context.ts';
import { openContext } from './disk.ts';
import { contextFits } from './fits.ts';
import { locateContext, type LocatedContext } from './locate.ts';

/**
 * The context whose history is replayed: the one a Dockerfile counts as being in, or, where that can't be the right one, the folder
 * above that fits. To measure by that is right; moves are not proven with it.
 * @param dockerfile its path; undefined for a text without one
 * @param context the one it counts as being in
 * @param given that one was named, not guessed
 * @param open gives the context in a folder
 * @returns undefined where none would do
 */
export function measuredContext(
  file: Dockerfile,
  dockerfile: string | undefined,
  { context, contextGiven: given }: { readonly context: BuildContext | undefined; readonly contextGiven: boolean },
  open: (folder: string) => BuildContext = (folder) => openContext(folder, dockerfile),
): LocatedContext | undefined {
  if (context === undefined) return undefined;
  if (given || contextFits(file, context)) return { context, guessed: false };
  return dockerfile === undefined ? undefined : locateContext(file, open, dirname(dockerfile), (folder) => existsSync(join(folder, '.git')));
}

/** Tells where the links of a context lead, as they are written. */
export const linkReader = (folder: string | undefined) => (path: string): string | undefined => {
  try {
    return folder === undefined ? undefined : readlinkSync(join(folder, path));
  } catch {
    return undefined;
  }
};
