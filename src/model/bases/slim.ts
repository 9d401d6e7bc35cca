import { readImage } from '../../dockerfile/image.ts';
import { findKnown } from './find.ts';
import { nameOf } from './name.ts';
import type { SlimHabit } from './types.ts';

/** A change of a tag: `insert` goes in front of the last `before` characters. */
type TagChange = { readonly insert: string; readonly before: string } | { readonly whole: string };

/** What makes an image's tag the tag of its slim twin; undefined where no twin is known. */
function tagChange(habit: SlimHabit, tag: string | undefined): TagChange | undefined {
  if (tag === undefined || tag === 'latest') return habit.latest === undefined ? undefined : { whole: habit.latest };
  if (habit.releases.includes(tag)) {
    if (!habit.releaseAlone) return undefined;
    return habit.place === 'last' ? { insert: '-slim', before: '' } : { insert: 'slim-', before: tag };
  }
  const release = habit.releases.find((each) => tag.endsWith(`-${each}`));
  const version = release === undefined ? tag : tag.slice(0, -release.length - 1);
  if (!habit.version.test(version)) return undefined;
  return { insert: '-slim', before: release === undefined || habit.place === 'last' ? '' : `-${release}` };
}

/**
 * A variable may stand for the version alone: who builds with another version then still gets its slim image.
 * @param raw the tag as it is written
 * @param value the tag with its variables put in
 */
function variablesAreVersions(raw: string, value: string): boolean {
  if (!raw.includes('$')) return true;
  const front = raw.slice(0, raw.indexOf('$'));
  const behind = /^[^$}]*$/.exec(raw.slice(raw.lastIndexOf('}') + 1).replace(/^.*\$\w+/, ''))?.[0];
  if (behind === undefined || !value.startsWith(front) || !value.endsWith(behind)) return false;
  return /^\d+(?:\.\d+)*$/.test(value.slice(front.length, value.length - behind.length));
}

/**
 * The image reference of the slim twin, written as the given one is, its variables and prefixes kept.
 * @param raw the reference as the FROM has it
 * @param expanded the same with its variables put in
 * @returns undefined where the image has no slim twin, is pinned by a digest, or a variable holds more than a version
 */
export function slimOf(raw: string, expanded: string = raw): string | undefined {
  if (/[\s"'\\`@]/.test(raw) || expanded.includes('$')) return undefined;
  const image = readImage(expanded);
  const habit = findKnown(nameOf(image))?.slim;
  const change = habit === undefined || image.digest !== undefined ? undefined : tagChange(habit, image.tag);
  if (change === undefined) return undefined;
  const { tag } = readImage(raw);
  if (tag === undefined) {
    const last = expanded.slice(expanded.lastIndexOf('/') + 1);
    return image.tag === undefined && raw.endsWith(last) && 'whole' in change ? `${raw}:${change.whole}` : undefined;
  }
  if (image.tag === undefined || !variablesAreVersions(tag, image.tag)) return undefined;
  if ('whole' in change) return `${raw.slice(0, raw.length - tag.length)}${change.whole}`;
  if (!tag.endsWith(change.before)) return undefined;
  return raw.slice(0, raw.length - change.before.length) + change.insert + change.before;
}

/** About how many MB the slim twin saves, unpacked. */
export const slimSaves = (text: string): number | undefined => findKnown(nameOf(readImage(text)))?.slim?.saves;
