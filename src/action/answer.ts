/** What a value from outside holds under some keys; undefined where a key is missing on the way. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let inner = value;
  for (const key of keys) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    inner = Reflect.get(inner, key);
  }
  return inner;
}

/** The text under some keys; undefined where there is something else. */
export function textOf(value: unknown, ...keys: readonly string[]): string | undefined {
  const inner = at(value, ...keys);
  return typeof inner === 'string' ? inner : undefined;
}

/** The whole number under some keys. */
export function numberOf(value: unknown, ...keys: readonly string[]): number | undefined {
  const inner = at(value, ...keys);
  return typeof inner === 'number' && Number.isSafeInteger(inner) ? inner : undefined;
}

/** The list under some keys; an empty one where there is none. */
export function listOf(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const inner = at(value, ...keys);
  return Array.isArray(inner) ? inner : [];
}
