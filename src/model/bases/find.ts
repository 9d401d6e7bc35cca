import { acceleratedImages } from './accelerated.ts';
import { applicationImages } from './applications.ts';
import { distributionImages } from './distributions.ts';
import { languageImages } from './languages.ts';
import { runtimeImages } from './runtimes.ts';
import { serverImages } from './servers.ts';
import type { KnownImage } from './types.ts';

const tables = [languageImages, runtimeImages, distributionImages, serverImages, applicationImages, acceleratedImages];

interface Index {
  readonly byName: ReadonlyMap<string, KnownImage>;
  /** Beginnings of names, the longest first. */
  readonly families: readonly (readonly [beginning: string, image: KnownImage])[];
}

/** The tables by name; of two entries for one name the earlier counts. */
function makeIndex(): Index {
  const byName = new Map<string, KnownImage>();
  const families: [string, KnownImage][] = [];
  for (const image of tables.flat()) {
    for (const name of image.names) {
      if (name.endsWith('*')) families.push([name.slice(0, -1), image]);
      else if (!byName.has(name)) byName.set(name, image);
    }
  }
  return { byName, families: families.sort(([a], [b]) => b.length - a.length) };
}

let index: Index | undefined;

/** What the tables have of an image: its own entry, or the one of its family with the longest name. */
export function findKnown(name: string): KnownImage | undefined {
  index ??= makeIndex();
  return index.byName.get(name) ?? index.families.find(([beginning]) => name.startsWith(beginning))?.[1];
}
