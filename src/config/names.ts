import { isForeignCode, isOwnName } from '../codes.ts';
import type { AnyRule } from '../rule.ts';
import { ConfigError, ending, quote } from './error.ts';

/** Every accepted name of a rule, a category or another tool's check, and the ids of the rules it stands for. */
export type KnownNames = ReadonlyMap<string, readonly string[]>;

/** `cache/copy-before-install` → `['cache', 'copy-before-install']` */
export function splitId(id: string): readonly [category: string, name: string] {
  const slash = id.indexOf('/');
  return [id.slice(0, Math.max(slash, 0)), id.slice(slash + 1)];
}

/**
 * Collects every name the rules can be called by: `copy-before-install`, `cache/copy-before-install`, `cache/*`, and
 * their `sources` with and without the tool (`hadolint/DL3059`, `DL3059`, `hadolint/*`). Each stands in the map as it is written
 * and in lower case, so look a name up with {@link rulesNamed}.
 *
 * @param allRules the rules by id
 */
export function knownNames(allRules: ReadonlyMap<string, AnyRule>): KnownNames {
  const names = new Map<string, string[]>();
  const add = (name: string, id: string): void => {
    for (const key of new Set([name, name.toLowerCase()])) {
      const ids = names.get(key) ?? [];
      if (!ids.includes(id)) names.set(key, [...ids, id]);
    }
  };
  const own = new Set<string>();
  for (const id of allRules.keys()) {
    const [category, name] = splitId(id);
    for (const key of [name, id, `${category}/*`]) {
      add(key, id);
      own.add(key.toLowerCase());
    }
  }
  for (const [id, { sources = [] }] of allRules) {
    for (const code of sources.flatMap((source) => [source, splitId(source)[1], `${splitId(source)[0]}/*`])) {
      // Another tool may call its check as a rule of ours is called; the name is ours then.
      if (!own.has(code.toLowerCase())) add(code, id);
    }
  }
  return names;
}

/**
 * The ids of the rules that a name stands for, in any case: none for a code of hadolint or ShellCheck that no rule
 * stands for, undefined for a name nobody knows.
 */
export const rulesNamed = (name: string, known: KnownNames): readonly string[] | undefined =>
  known.get(name) ?? known.get(name.toLowerCase()) ?? (isForeignCode(name) ? [] : undefined);

/** Says that there is no rule of the name, and which one was probably meant. */
export const unknownRule = (name: string, known: KnownNames): string =>
  `There is no rule ${quote(name)}${ending(name, known.keys(), '; "shipshape rules" lists them')}`;

/**
 * Checks names of the command line.
 *
 * @param flag where they stand, to begin the message with: `--only`
 * @throws {ConfigError} for the first unknown one, with what was probably meant
 */
export function checkNames(names: readonly string[], known: KnownNames, flag?: string): void {
  for (const name of names) {
    if (rulesNamed(name, known) === undefined) {
      throw new ConfigError(`${flag === undefined ? '' : `${flag}: `}${unknownRule(name, known)}`);
    }
  }
}

/**
 * How closely a name means its rules: 0 for a category, 1 for a code of another tool, 2 for a rule's own name. Where
 * several names set the same rule, the closest wins, whatever their order.
 */
export function closeness(name: string, ids: readonly string[]): number {
  if (name.endsWith('/*')) return 0;
  return ids.some((id) => isOwnName(name, id)) ? 2 : 1;
}
