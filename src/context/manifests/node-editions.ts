import type { BuildContext } from '../context.ts';
import { below } from './reading.ts';
import { readJsonTable, textAt } from './values.ts';

/** Yarn 1 is `classic`, later ones are `berry`; undefined where neither settings nor lock file tell. */
export function yarnEdition(folder: string, context: BuildContext): 'classic' | 'berry' | undefined {
  const read = (name: string): string | undefined => {
    const path = below(folder, name) ?? name;
    return context.sends(path) ? context.read(path) : undefined;
  };
  const wanted = /^yarn@(\d+)/.exec(textAt(readJsonTable(read('package.json') ?? ''), 'packageManager') ?? '')?.[1];
  if (wanted !== undefined) return Number(wanted) === 1 ? 'classic' : 'berry';
  if (read('.yarnrc.yml') !== undefined) return 'berry';
  const lock = read('yarn.lock');
  return lock === undefined ? undefined : /^__metadata:/m.test(lock) ? 'berry' : 'classic';
}
