import { below, code, type ManifestReading } from './reading.ts';
import { fromPath, laysOver, unreadable, workspaceAbove, workspaceRoot } from './sentences.ts';
import { allTexts, isTable, readJsonTable, tableAt, valueAt, type Table } from './values.ts';

/** A package.json that an install reads. */
export interface PackageFile {
  readonly path: string;
  readonly table: Table;
}

export const dependencyFields: readonly string[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** Scripts of the root package that npm runs on `npm install` and `npm ci` (docs.npmjs.com/cli/using-npm/scripts). */
const lifecycle: readonly string[] = [
  'preinstall', 'install', 'postinstall', 'preprepublish', 'prepublish', 'postprepublish', 'preprepare', 'prepare', 'postprepare', 'dependencies',
  'pnpm:devPreinstall',
];

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
    reading.takeBelow(reading.own('patches'));
    return;
  }
  reading.refuse(`The ${code(name)} script of ${code(file.path)} runs during the install (${code(script)}) and may read any of the sources.`);
}

/** Refuses what the root package runs during the install. */
export function checkScripts(reading: ManifestReading, file: PackageFile, ignored: boolean): void {
  if (ignored) return;
  const scripts = tableAt(file.table, 'scripts');
  for (const name of lifecycle) {
    const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
    if (typeof script === 'string') checkScript(reading, file, name, script);
  }
  const gyp = reading.own('binding.gyp');
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
    if (Object.hasOwn(settingsOf, name)) reading.takeEach(...(settingsOf[name] ?? []));
    const does = Object.hasOwn(lookAround, name) ? lookAround[name] : undefined;
    if (does === undefined || (name === 'nx' && !reading.sends(reading.own('nx.json')))) continue;
    if (name === 'msw' && valueAt(file.table, 'msw') === undefined) continue;
    if (name === '@prisma/client' && !reading.context.files.some((path) => path.endsWith('.prisma') && reading.sends(path))) continue;
    if (name === 'lefthook' && !reading.filesIn(reading.folder).some((path) => /(?:^|\/)\.?lefthook(?:-local)?\.\w+$/.test(path))) continue;
    reading.refuse(`The install script of ${code(name)} in ${code(file.path)} ${does}.`);
  }
}

/** A version that is a path, a link or a member of a workspace. */
const localVersion = /^(?:file:|link:|portal:|exec:|workspace:|git\+file:|\.{1,2}(?:\/|$)|~?\/)/;

const localArchive = /^[^:]*\.t(?:ar\.)?gz$/;

/** Refuses dependencies that lie among the sources; patches of Yarn are taken. */
function checkVersions(reading: ManifestReading, file: PackageFile): void {
  const fields = [...dependencyFields, 'overrides', 'resolutions'].map((field) => file.table[field]);
  for (const version of [...fields, valueAt(file.table, 'pnpm', 'overrides')].flatMap((field) => allTexts(field))) {
    if (version.startsWith('patch:')) takePatch(reading, file, version);
    else if (localVersion.test(version) || localArchive.test(version)) reading.refuse(fromPath(file.path, version));
  }
}

/** `patch:name@npm%3A1.0#./.yarn/patches/name.patch`; `~/` is the project. */
function takePatch(reading: ManifestReading, file: PackageFile, version: string): void {
  for (const part of version.slice(version.lastIndexOf('#') + 1).split('&')) {
    const name = part.split('::')[0] ?? '';
    if (name.startsWith('optional!builtin') || name.startsWith('builtin<')) continue;
    const path = /^(?:optional!)?(?:~\/|\.\/|[\w.])/.test(name) ? reading.path(name.replace(/^optional!/, '').replace(/^~\//, '')) : undefined;
    if (path === undefined) reading.refuse(`${code(file.path)} names a patch at ${code(name)}.`);
    else reading.need(path);
  }
}

/** Patches that pnpm and Bun apply: a map from packages to files. */
export function takePatches(reading: ManifestReading, patches: unknown): void {
  for (const name of isTable(patches) ? Object.values(patches) : []) {
    const path = typeof name === 'string' ? reading.path(name) : undefined;
    if (path !== undefined) reading.need(path);
  }
}

const hasMembers = (table: Table): boolean => {
  const members = table['workspaces'];
  return Array.isArray(members) ? members.length > 0 : members !== undefined && members !== null;
};

/** A package.json of the context that lies above the install and makes it a member of a workspace. */
function checkMembership(reading: ManifestReading): void {
  for (const folder of reading.ancestors()) {
    const path = below(folder, 'package.json') ?? '';
    const text = reading.sends(path) ? reading.context.read(path) : undefined;
    const table = text === undefined ? undefined : readJsonTable(text);
    if (table !== undefined && hasMembers(table)) reading.refuse(workspaceAbove(path));
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

/** Takes the .npmrc of the install's folder; says whether it switches scripts off. */
export function takeNpmSettings(reading: ManifestReading): { readonly ignoresScripts: boolean } {
  const path = reading.own('.npmrc');
  const text = reading.takeText(path) ?? '';
  checkSettings(reading, path, text);
  return { ignoresScripts: /^[ \t]*ignore-scripts[ \t]*=[ \t]*"?true/m.test(text) };
}

/** True where scripts are switched off by the command or its environment. */
export const ignoresScripts = (reading: ManifestReading): boolean =>
  reading.flagIsOn('--ignore-scripts') || reading.isOn('npm_config_ignore_scripts', 'NPM_CONFIG_IGNORE_SCRIPTS');

/** Takes and checks the package.json of the install's folder: versions, workspaces, scripts of packages. */
export function readPackageFile(reading: ManifestReading, scriptsIgnored: boolean): PackageFile | undefined {
  const path = reading.own('package.json');
  const text = reading.needText(path);
  const table = text === undefined ? undefined : readJsonTable(text);
  if (text !== undefined && table === undefined) reading.refuse(unreadable(path, 'JSON'));
  if (table === undefined) return undefined;
  const file = { path, table };
  checkVersions(reading, file);
  if (hasMembers(table)) reading.refuse(workspaceRoot(path));
  checkMembership(reading);
  if (!scriptsIgnored) checkLookAround(reading, file);
  checkScripts(reading, file, scriptsIgnored);
  return file;
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
