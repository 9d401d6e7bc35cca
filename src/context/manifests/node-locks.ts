import type { NodeProject } from './node-workspaces.ts';
import { dependencyFields } from './node.ts';
import { below, code, folderOf, type ManifestReading } from './reading.ts';
import { isTable, readJsonTable, tableAt, textAt, valueAt, type Table } from './values.ts';

/** Two tables of texts say the same. */
function sameTexts(left: Table, right: Table): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && left[name] === right[name]);
}

/** The packages of a project, each with the name of its folder in a lock file; the root's is empty. */
const packagesOf = ({ root, members }: NodeProject): (readonly [string, Table])[] => {
  const folder = folderOf(root.path);
  const place = (path: string): string => folderOf(path).slice(folder === '' ? 0 : folder.length + 1);
  return [root, ...members].map(({ path, table }) => [place(path), table] as const);
};

/** package-lock.json from npm 7 on keeps a copy of each manifest's dependencies; where they are the same, npm leaves the file alone. */
export function isFreshNpmLock(project: NodeProject, text: string): boolean {
  const lock = readJsonTable(text);
  const version = lock?.['lockfileVersion'];
  if ((version !== 2 && version !== 3) || project.root.table['overrides'] !== undefined) return false;
  const locked = tableAt(lock, 'packages');
  const packages = packagesOf(project);
  const same = packages.every(([place, manifest]) => {
    const own = Object.hasOwn(locked, place) ? locked[place] : undefined;
    if (!isTable(own) || (place !== '' && own['version'] !== manifest['version'])) return false;
    return dependencyFields.every((field) => sameTexts(tableAt(manifest, field), tableAt(own, field)));
  });
  return same && npmMembers(text).every((place) => packages.some(([known]) => known === place));
}

/** Members that a lock file knows and the context holds, but that no glob was found to list: more may be read than is taken. */
export function checkLockedMembers(reading: ManifestReading, project: NodeProject, path: string, places: readonly string[]): void {
  if (project.members.length === 0) return;
  const folder = folderOf(project.root.path);
  for (const place of places) {
    const manifest = below(folder, `${place}/package.json`);
    if (manifest === undefined || !reading.sends(manifest) || reading.files.includes(manifest)) continue;
    reading.doubt(`${code(path)} knows the member ${code(place)}, which is not listed as one.`);
  }
}

/** The folders of members that a package-lock.json knows. */
export const npmMembers = (text: string): string[] =>
  Object.keys(tableAt(readJsonTable(text), 'packages')).filter((place) => place !== '' && !place.includes('node_modules'));

/** yarn.lock of Yarn 1 has an entry for every range the manifests name, but for those of members. */
export function isFreshYarnLock(project: NodeProject, text: string): boolean {
  if (/^__metadata:/m.test(text) || project.root.table['resolutions'] !== undefined) return false;
  const heads = text.split(/\r?\n/).filter((line) => /^[^\s#].*:$/.test(line));
  const keys = new Set(heads.flatMap((head) => head.slice(0, -1).split(', ')).map((key) => key.replace(/^"|"$/g, '')));
  const members = new Set(project.members.map(({ table }) => table['name']));
  return packagesOf(project).every(([, manifest]) => ['dependencies', 'devDependencies', 'optionalDependencies'].every((field) =>
    Object.entries(tableAt(manifest, field)).every(([name, range]) => typeof range === 'string' && (members.has(name) || keys.has(`${name}@${range}`)))));
}

/** pnpm-lock.yaml keeps the range of each dependency of a project; what else it depends on must be plain. */
export function isFreshPnpmLock(project: NodeProject, lock: unknown, settings: unknown): boolean {
  const changes = ['patchedDependencies', 'packageExtensionsChecksum', 'pnpmfileChecksum', 'overrides', 'catalogs'];
  if (changes.some((key) => valueAt(lock, key) !== undefined)) return false;
  if (valueAt(project.root.table, 'pnpm') !== undefined || valueAt(settings, 'overrides') !== undefined) return false;
  const packages = packagesOf(project);
  const same = packages.every(([place, manifest]) => {
    const own = valueAt(lock, 'importers', place === '' ? '.' : place);
    return isTable(own) && ['dependencies', 'devDependencies', 'optionalDependencies'].every((field) => {
      const specifiers = Object.fromEntries(Object.keys(tableAt(own, field)).map((name) => [name, textAt(own, field, name, 'specifier')]));
      return sameTexts(tableAt(manifest, field), specifiers);
    });
  });
  return same && Object.keys(tableAt(lock, 'importers')).length === packages.length;
}
