import { acceleratedImages } from './accelerated.ts';
import { applicationImages } from './applications.ts';
import { distributionImages } from './distributions.ts';
import { languageImages } from './languages.ts';
import { runtimeImages } from './runtimes.ts';
import { serverImages } from './servers.ts';
import type { KnownImage } from './types.ts';

const tables = [languageImages, runtimeImages, distributionImages, serverImages, applicationImages, acceleratedImages];

const matches = (pattern: string, name: string): boolean => pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1));

/** What the tables have of an image: its own entry, or the one of its family with the longest name. */
export function findKnown(name: string): KnownImage | undefined {
  let family: KnownImage | undefined;
  let length = 0;
  for (const table of tables) {
    for (const image of table) {
      for (const pattern of image.names) {
        if (pattern === name) return image;
        if (pattern.length > length && matches(pattern, name)) [family, length] = [image, pattern.length];
      }
    }
  }
  return family;
}
