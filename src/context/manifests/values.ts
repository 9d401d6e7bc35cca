/** Helpers to look into parsed files of which nothing is certain. */

export type Table = Readonly<Record<string, unknown>>;

export const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path of keys; undefined where there is none. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (!isTable(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

/** The table at a path of keys; empty where there is none. */
export function tableAt(value: unknown, ...keys: readonly string[]): Table {
  const found = valueAt(value, ...keys);
  return isTable(found) ? found : {};
}

/** The text at a path of keys. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = valueAt(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

/** The items of a list; a value that is no list is one item. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** The texts of a list. */
export const textsOf = (value: unknown): string[] => itemsOf(value).filter((item) => typeof item === 'string');

/** Every text in a value, at any depth up to a bound. */
export function allTexts(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (depth > 20 || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each) => allTexts(each, depth + 1));
}

/** The lists of requirements in a pyproject.toml (PEP 621, PEP 735). */
export const requirementsOf = (project: Table): readonly unknown[] =>
  [valueAt(project, 'project', 'dependencies'), valueAt(project, 'project', 'optional-dependencies'), project['dependency-groups']];

/** What of a pyproject.toml its build works out. */
export const dynamicOf = (project: Table): string[] => textsOf(valueAt(project, 'project', 'dynamic'));

/** Reads a JSON file that should hold an object; undefined where it doesn't. Never throws. */
export function readJsonTable(text: string): Table | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isTable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
