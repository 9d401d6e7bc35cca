import { yarnEdition } from './node-editions.ts';
import { checkPrograms, isMember, listedMembers, takeMembers, takePackage, type NodeProject, type PackageFile } from './node-workspaces.ts';
import type { MemberList } from './members.ts';
import { below, code, folderOf, type ManifestReading } from './reading.ts';
import { fromPath, laysOver, workspaceAbove } from './sentences.ts';
import { allTexts, isTable, readJsonTable, tableAt, valueAt } from './values.ts';

export const dependencyFields: readonly string[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** Scripts of the root package that npm runs on `npm install` and `npm ci` (docs.npmjs.com/cli/using-npm/scripts). */
const lifecycle: readonly string[] = [
  'preinstall', 'install', 'postinstall', 'preprepublish', 'prepublish', 'postprepublish', 'preprepare', 'prepare', 'postprepare', 'dependencies',
  'pnpm:devPreinstall',
];

const always = ['preinstall', 'install', 'postinstall'];
const prepares = [...always, 'preprepare', 'prepare', 'postprepare'];

/** Scripts of a workspace's members that an install in its root runs; tried with npm 10 and 11, Yarn 1 and 4, pnpm 9 and 10, Bun 1. */
const lifecycleOfMembers: Readonly<Record<string, readonly string[]>> = { npm: prepares, yarn: always, pnpm: [...prepares, 'prepublish'], bun: prepares };

/** What a script runs that needs no sources: looks at the manager's name, or does nothing. */
const harmless = /^(?:npx (?:-y |--yes )?only-allow (?:npm|yarn|pnpm|bun)|exit 0|true|:|echo [\w .'"!-]*)$/;
const husky = /^husky(?: install)?(?: \|\| (?:true|exit 0|:))?$/;
const patchPackage = /^patch-package(?: --(?:error-on-fail|exclude \S+))*$/;

function checkScript(reading: ManifestReading, file: PackageFile, name: string, script: string): void {
  if (harmless.test(script.trim())) return;
  if (husky.test(script.trim())) {
    if (!reading.sendsBelow('.git')) return;
    reading.refuse(`The ${code(name)} script of ${code(file.path)} sets up hooks in \`.git\`, which is copied.`);
    return;
  }
  if (patchPackage.test(script.trim())) {
    reading.takeBelow(below(folderOf(file.path), 'patches') ?? 'patches');
    return;
  }
  reading.refuse(`The ${code(name)} script of ${code(file.path)} runs during the install (${code(script)}) and may read any of the sources.`);
}

/** Refuses what a package runs during the install. */
function checkScripts(reading: ManifestReading, file: PackageFile, names: readonly string[]): void {
  const scripts = tableAt(file.table, 'scripts');
  for (const name of names) {
    const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
    if (typeof script === 'string') checkScript(reading, file, name, script);
  }
  const gyp = below(folderOf(file.path), 'binding.gyp') ?? 'binding.gyp';
  if (reading.sends(gyp)) reading.refuse(`${code(gyp)} makes the install compile the project itself.`);
}

/** Packages whose own install script looks into the project it is installed in. */
const lookAround: Readonly<Record<string, string>> = {
  '@prisma/client': 'generates the client from the Prisma schema',
  msw: 'copies its worker where `package.json` says',
  lefthook: 'sets up hooks from its settings',
  'simple-git-hooks': 'sets up hooks from its settings',
  nx: 'reads the settings of the workspace',
};

/** Files by which packages of the same kind are set up. */
const settingsOf: Readonly<Record<string, readonly string[]>> = {
  puppeteer: [
    '.puppeteerrc', '.puppeteerrc.json', '.puppeteerrc.yaml', '.puppeteerrc.js', '.puppeteerrc.cjs', '.puppeteerrc.mjs',
    'puppeteer.config.js', 'puppeteer.config.cjs', 'puppeteer.config.mjs',
  ],
};

function checkLookAround(reading: ManifestReading, file: PackageFile): void {
  const names = new Set(dependencyFields.flatMap((field) => Object.keys(tableAt(file.table, field))));
  for (const name of names) {
    if (Object.hasOwn(settingsOf, name)) {
      for (const folder of [reading.folder, folderOf(file.path)]) for (const setting of settingsOf[name] ?? []) reading.take(below(folder, setting) ?? setting);
    }
    const does = Object.hasOwn(lookAround, name) ? lookAround[name] : undefined;
    if (does === undefined || (name === 'nx' && !reading.sends(reading.own('nx.json')))) continue;
    if (name === 'msw' && valueAt(file.table, 'msw') === undefined) continue;
    if (name === '@prisma/client' && !reading.context.files.some((path) => path.endsWith('.prisma') && reading.sends(path))) continue;
    if (name === 'lefthook' && ![...reading.filesIn(reading.folder), ...reading.filesIn(folderOf(file.path))].some((path) => /(?:^|\/)\.?lefthook(?:-local)?\.\w+$/.test(path))) continue;
    reading.refuse(`The install script of ${code(name)} in ${code(file.path)} ${does}.`);
  }
}

/** A version that is a path, a link or a member of a workspace. */
const localVersion = /^(?:file:|link:|portal:|exec:|workspace:|git\+file:|\.{1,2}(?:\/|$)|~?\/)/;

const localArchive = /^[^:]*\.t(?:ar\.)?gz$/;

/** The texts in a value with the keys they stand at, at any depth up to a bound. */
function keyedTexts(value: unknown, depth = 0): (readonly [string, string])[] {
  if (depth > 20 || !isTable(value)) return allTexts(value).map((text) => ['', text]);
  return Object.entries(value).flatMap(([key, each]) => (typeof each === 'string' ? [[key, each] as const] : keyedTexts(each, depth + 1)));
}

/**
 * Refuses versions that lie among the sources, other than members of the workspace; patches of Yarn are taken.
 * @param path the file that names them
 */
export function checkVersions(reading: ManifestReading, project: NodeProject, path: string, value: unknown): void {
  for (const [name, version] of keyedTexts(value)) {
    if (version.startsWith('patch:')) takePatch(reading, path, version);
    else if (isMember(reading, project, path, name, version)) continue;
    else if (localVersion.test(version) || localArchive.test(version)) reading.refuse(fromPath(path, version));
  }
}

/** `patch:name@npm%3A1.0#./.yarn/patches/name.patch`; `~/` is the project. */
function takePatch(reading: ManifestReading, from: string, version: string): void {
  for (const part of version.slice(version.lastIndexOf('#') + 1).split('&')) {
    const name = part.split('::')[0] ?? '';
    if (name.startsWith('optional!builtin') || name.startsWith('builtin<')) continue;
    const path = /^(?:optional!)?(?:~\/|\.\/|[\w.])/.test(name) ? patchPath(reading, from, name.replace(/^optional!/, '')) : undefined;
    if (path === undefined) reading.refuse(`${code(from)} names a patch at ${code(name)}.`);
    else reading.need(path);
  }
}

const patchPath = (reading: ManifestReading, from: string, name: string): string | undefined =>
  (name.startsWith('~/') ? reading.path(name.slice(2)) : reading.path(name, folderOf(from)));

/** Patches that pnpm and Bun apply: a map from packages to files. */
export function takePatches(reading: ManifestReading, patches: unknown): void {
  for (const name of isTable(patches) ? Object.values(patches) : []) {
    const path = typeof name === 'string' ? reading.path(name) : undefined;
    if (path !== undefined) reading.need(path);
  }
}

/** A package.json of the context that lies above the install and makes it a member of a workspace. */
function checkMembership(reading: ManifestReading): void {
  for (const folder of reading.ancestors()) {
    const path = below(folder, 'package.json') ?? '';
    const text = reading.sends(path) ? reading.context.read(path) : undefined;
    const table = text === undefined ? undefined : readJsonTable(text);
    if (table !== undefined && listedMembers(table).length > 0) reading.refuse(workspaceAbove(path));
  }
}

/** Settings of an .npmrc whose value is a file. */
const namesFile = /(?:^|:)(?:cafile|userconfig|globalconfig|pnpmfile|global-pnpmfile|lockfile-dir|script-shell|certfile|keyfile)$/;

/** Settings in an .npmrc that name further files. */
function checkSettings(reading: ManifestReading, path: string, text: string): void {
  for (const line of text.split(/\r?\n/)) {
    const setting = /^\s*([\w:/@.-]+)\s*=\s*(.*)$/.exec(line);
    const name = setting?.[1] ?? '';
    const value = (setting?.[2] ?? '').replace(/^["']|["']\s*$/g, '').trim();
    if (namesFile.test(name) && value !== '' && !/^\$?\{?HOME/.test(value)) {
      if (!value.startsWith('/') || reading.imagePath(value) !== undefined) reading.refuse(`${code(path)} names the file ${code(value)}.`);
    } else if (/^\.{1,2}\//.test(value)) reading.refuse(`${code(path)} names ${code(value)}, a path of the sources.`);
  }
}

/** Takes the .npmrc of a folder, by default the install's own; says whether it switches scripts off. */
export function takeNpmSettings(reading: ManifestReading, folder = reading.folder): { readonly ignoresScripts: boolean; readonly text: string } {
  const path = below(folder, '.npmrc') ?? '.npmrc';
  const text = reading.takeText(path) ?? '';
  checkSettings(reading, path, text);
  return { text, ignoresScripts: /^[ \t]*ignore-scripts[ \t]*=[ \t]*"?true/m.test(text) };
}

/** True where scripts are switched off by the command or its environment. */
export const ignoresScripts = (reading: ManifestReading): boolean =>
  reading.flagIsOn('--ignore-scripts') || reading.isOn('npm_config_ignore_scripts', 'NPM_CONFIG_IGNORE_SCRIPTS');

const versionFields = [...dependencyFields, 'overrides', 'resolutions', 'catalog', 'catalogs'];

function checkPackage(reading: ManifestReading, project: NodeProject, file: PackageFile, scripts: readonly string[] | undefined): void {
  const { path, table } = file;
  const values = [...versionFields.map((field) => table[field]), valueAt(table, 'pnpm', 'overrides'), valueAt(table, 'workspaces', 'catalog')];
  for (const value of [...values, valueAt(table, 'workspaces', 'catalogs')]) checkVersions(reading, project, path, value);
  if (scripts === undefined) return;
  checkLookAround(reading, file);
  checkScripts(reading, file, scripts);
}

/** Later Yarns link the programs of the root as well. */
const linksOwnPrograms = (reading: ManifestReading): boolean =>
  reading.invocation.manager.name === 'yarn' && yarnEdition(reading.folder, reading.context) !== 'classic';

/**
 * Takes and checks the package.json of the install's folder, and of the members of its workspace: versions, scripts, programs.
 * @param list where the members are listed, if it is not the package.json itself
 */
export function readProject(reading: ManifestReading, scriptsIgnored: boolean, list?: MemberList): NodeProject | undefined {
  const root = takePackage(reading, reading.own('package.json'));
  if (root === undefined) return undefined;
  const project = { root, members: takeMembers(reading, list ?? { path: root.path, patterns: listedMembers(root.table) }) };
  checkMembership(reading);
  if (linksOwnPrograms(reading)) checkPrograms(reading, root);
  checkPackage(reading, project, root, scriptsIgnored ? undefined : lifecycle);
  const ofMembers = lifecycleOfMembers[reading.invocation.manager.name] ?? lifecycle;
  for (const member of project.members) checkPackage(reading, project, member, scriptsIgnored ? undefined : ofMembers);
  return project;
}

/** Adding packages in a project writes its manifest; elsewhere (`-g`) it reads no manifest. */
export function readAddition(reading: ManifestReading, lock: string): void {
  const { packages, manager, subcommandKey } = reading.invocation;
  for (const { text } of packages) if (localVersion.test(text)) reading.refuse(`The command installs ${code(text)}, a path.`);
  const isGlobal = reading.flagIsOn('-g', '--global') || subcommandKey.startsWith('global') || reading.flagText('--location') === 'global';
  if (isGlobal) return;
  if (reading.sends(reading.own('package.json'))) reading.refuse(laysOver(`${manager.name} ${subcommandKey}`, `package.json and ${lock}`));
  checkMembership(reading);
}
