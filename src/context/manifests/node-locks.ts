import { dependencyFields } from './node.ts';
import { isTable, readJsonTable, tableAt, textAt, valueAt, type Table } from './values.ts';

/** Two tables of texts say the same. */
function sameTexts(left: Table, right: Table): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && left[name] === right[name]);
}

/** package-lock.json from npm 7 on keeps a copy of the manifest's dependencies; where it is the same, npm leaves the file alone. */
export function isFreshNpmLock(manifest: Table, text: string): boolean {
  const lock = readJsonTable(text);
  const version = lock?.['lockfileVersion'];
  const root = valueAt(lock, 'packages', '');
  if (!isTable(root) || (version !== 2 && version !== 3) || manifest['overrides'] !== undefined) return false;
  return dependencyFields.every((field) => sameTexts(tableAt(manifest, field), tableAt(root, field)));
}

/** yarn.lock of Yarn 1 has an entry for every range the manifest names. */
export function isFreshYarnLock(manifest: Table, text: string): boolean {
  if (/^__metadata:/m.test(text) || manifest['resolutions'] !== undefined) return false;
  const heads = text.split(/\r?\n/).filter((line) => /^[^\s#].*:$/.test(line));
  const keys = new Set(heads.flatMap((head) => head.slice(0, -1).split(', ')).map((key) => key.replace(/^"|"$/g, '')));
  return ['dependencies', 'devDependencies', 'optionalDependencies'].every((field) =>
    Object.entries(tableAt(manifest, field)).every(([name, range]) => typeof range === 'string' && keys.has(`${name}@${range}`)));
}

/** pnpm-lock.yaml keeps the range of each dependency of a project; what else it depends on must be plain. */
export function isFreshPnpmLock(manifest: Table, lock: unknown, settings: unknown): boolean {
  const changes = ['patchedDependencies', 'packageExtensionsChecksum', 'pnpmfileChecksum', 'overrides'];
  if (changes.some((key) => valueAt(lock, key) !== undefined)) return false;
  if (valueAt(manifest, 'pnpm') !== undefined || valueAt(settings, 'overrides') !== undefined) return false;
  const own = valueAt(lock, 'importers', '.');
  if (!isTable(own)) return false;
  return ['dependencies', 'devDependencies', 'optionalDependencies'].every((field) => {
    const specifiers = Object.fromEntries(Object.keys(tableAt(own, field)).map((name) => [name, textAt(own, field, name, 'specifier')]));
    return sameTexts(tableAt(manifest, field), specifiers);
  });
}
