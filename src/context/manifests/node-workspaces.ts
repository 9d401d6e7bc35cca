import { yarnEdition } from './node-editions.ts';
import { findMembers, type MemberList } from './members.ts';
import { below, code, folderOf, isSent, type ManifestReading } from './reading.ts';
import { unreadable } from './sentences.ts';
import { isTable, readJsonTable, textAt, textsOf, valueAt, type Table } from './values.ts';

/*
 * That the manifests of the members are enough was tried with npm 10 and 11, Yarn 1 and 4 (all three linkers), pnpm 9 and 10 and
 * Bun 1: with every member's manifest in its place the installs make the same tree (paths, links, modes, contents) as with all
 * sources there, also with `nohoist`, hoisted and linked trees. Not so where a member has a program: see `checkPrograms`.
 */

/** A package.json that an install reads. */
export interface PackageFile {
  readonly path: string;
  readonly table: Table;
}

/** The package in the folder of an install, and the members of the workspace of which it is the root. */
export interface NodeProject {
  readonly root: PackageFile;
  readonly members: readonly PackageFile[];
}

/** Takes and reads a package.json. */
export function takePackage(reading: ManifestReading, path: string): PackageFile | undefined {
  const text = reading.needText(path);
  const table = text === undefined ? undefined : readJsonTable(text);
  if (text !== undefined && table === undefined) reading.refuse(unreadable(path, 'JSON'));
  return table === undefined ? undefined : { path, table };
}

/** The globs by which a package.json lists the members of its workspace. */
export function listedMembers(table: Table): string[] {
  const members = table['workspaces'];
  return isTable(members) ? (members['packages'] === undefined ? [] : textsOf(members['packages'])) : textsOf(members ?? undefined);
}

/** `!` takes folders out for npm, pnpm and later Yarns; to the others it may be a part of a name. */
const negates = (reading: ManifestReading): boolean => {
  const { name } = reading.invocation.manager;
  return name === 'npm' || name === 'pnpm' || (name === 'yarn' && yarnEdition(reading.folder, reading.context) === 'berry');
};

function checkMember(reading: ManifestReading, { path, table }: PackageFile): void {
  if (textAt(table, 'name') === undefined) reading.doubt(`${code(path)} is a member of the workspace without a name.`);
  if (reading.invocation.manager.name !== 'pnpm') {
    if (listedMembers(table).length > 0) reading.refuse(`${code(path)} is the root of a workspace inside another one.`);
    return;
  }
  // Others link to what lies there: pnpm.io/package_json#publishconfigdirectory.
  const directory = textAt(table, 'publishConfig', 'directory');
  if (directory !== undefined) reading.refuse(`${code(path)} is linked by its folder ${code(directory)}, in which pnpm looks for a manifest.`);
}

/** Takes the manifests of all members, each in its place, and what the install does in their folders. */
export function takeMembers(reading: ManifestReading, list: MemberList): PackageFile[] {
  const paths = findMembers(reading, list, ['package.json', 'package.yaml', 'package.json5'], negates(reading));
  return paths.flatMap((path) => {
    reading.output('node_modules', folderOf(path));
    if (!path.endsWith('.json')) {
      const manifest = below(folderOf(path), 'package.json') ?? '';
      // Only pnpm knows such manifests, and prefers the usual one.
      if (reading.invocation.manager.name === 'pnpm' && !reading.sends(manifest)) reading.refuse(`${code(path)} is a manifest that is not looked into.`);
      return [];
    }
    const file = takePackage(reading, path);
    if (file === undefined) return [];
    checkMember(reading, file);
    checkPrograms(reading, file);
    return [file];
  });
}

/**
 * Refuses programs of a package: the install links them below `node_modules/.bin` and may set their mode, but only if they are
 * there. All managers were seen to make no link for a file that is missing, so one that the context doesn't send is none.
 */
export function checkPrograms(reading: ManifestReading, { path, table }: PackageFile): void {
  const bin = table['bin'];
  const names = [...(isTable(bin) ? Object.values(bin) : [bin]), valueAt(table, 'directories', 'bin')];
  for (const name of names) {
    const file = typeof name === 'string' ? below(folderOf(path), name) : undefined;
    if (file === undefined || !isSent(reading.context, file)) continue;
    reading.refuse(`The install links ${code(file)}, a program of ${code(path)}, which it does only when the file is there.`);
    return;
  }
}

/** Refuses copies of members, which pnpm makes of all their files (pnpm.io/package_json#dependenciesmetainjected). */
export function checkInjected(reading: ManifestReading, { root, members }: NodeProject, settings: unknown, npmrc: string): void {
  if (members.length === 0) return;
  const injects = valueAt(settings, 'injectWorkspacePackages') === 'true' || /^[ \t]*inject-workspace-packages[ \t]*=[ \t]*"?true/m.test(npmrc)
    || reading.isOn('npm_config_inject_workspace_packages');
  if (injects) reading.refuse('pnpm is set to copy the members of the workspace, so the install reads their sources.');
  for (const { path, table } of [root, ...members]) {
    const meta = table['dependenciesMeta'];
    const name = Object.keys(isTable(meta) ? meta : {}).find((each) => valueAt(meta, each, 'injected') === true);
    if (name !== undefined) reading.refuse(`${code(path)} has ${code(name)} copied as a whole, so the install reads its sources.`);
  }
  const apart = valueAt(settings, 'sharedWorkspaceLockfile') === 'false' || /^[ \t]*shared-workspace-lockfile[ \t]*=[ \t]*"?false/m.test(npmrc);
  if (apart) reading.refuse('Each member of the workspace has a lock file of its own.');
}

/** What the rest of `workspace:` may say besides a path: a range, or nothing. */
const range = /^(?:[*^~]|[~^<>=]*\d.*|latest|)$/;

/** True for `workspace:*` and the like where it names a member whose manifest is taken. */
export function isMember(reading: ManifestReading, project: NodeProject, from: string, dependency: string, version: string): boolean {
  if (!version.startsWith('workspace:')) return false;
  const packages = [project.root, ...project.members];
  const said = version.slice('workspace:'.length);
  const alias = /^(@[^@/]+\/[^@]+|[^@./][^@/]*)@(.*)$/.exec(said);
  const name = alias?.[1] ?? dependency.split('>').at(-1);
  if (range.test(alias?.[2] ?? said)) return packages.some(({ table }) => textAt(table, 'name') === name);
  const places = [below(folderOf(from), said), below(reading.folder, said)];
  return packages.some(({ path }) => places.includes(folderOf(path)));
}
