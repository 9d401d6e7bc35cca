import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { memoryContext } from '../../src/context/memory.ts';
import type { BuildContext } from '../../src/context/context.ts';

export const fixturesFolder = join(import.meta.dirname, '../../fixtures');

/** A project below fixtures/: its Dockerfile and the files of its context. */
export interface Fixture {
  readonly name: string;
  readonly folder: string;
  readonly dockerfile: string;
  readonly context: BuildContext;
}

function filesBelow(folder: string, top = folder): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (path === join(top, 'expected')) continue;
    if (statSync(path).isDirectory()) Object.assign(files, filesBelow(path, top));
    else files[relative(top, path).split(sep).join('/')] = readFileSync(path, 'utf8');
  }
  return files;
}

/** Every folder of fixtures/ that holds a Dockerfile. */
export function allFixtures(): Fixture[] {
  return readdirSync(fixturesFolder).sort().flatMap((name) => {
    const folder = join(fixturesFolder, name);
    if (!statSync(folder).isDirectory()) return [];
    const files = filesBelow(folder);
    const dockerfile = files['Dockerfile'];
    return dockerfile === undefined ? [] : [{ name, folder, dockerfile, context: memoryContext(files) }];
  });
}
