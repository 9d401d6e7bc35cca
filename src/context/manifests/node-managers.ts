import { readYaml } from '../yaml.ts';
import { yarnEdition } from './node-editions.ts';
import { checkLockedMembers, isFreshNpmLock, isFreshPnpmLock, isFreshYarnLock, npmMembers } from './node-locks.ts';
import { checkInjected, type NodeProject } from './node-workspaces.ts';
import { checkVersions, ignoresScripts, readAddition, readProject, takeNpmSettings, takePatches } from './node.ts';
import { below, code, folderOf, type ManifestReading } from './reading.ts';
import { mayRelock, workspaceAbove } from './sentences.ts';
import { isTable, itemsOf, readJsonTable, textAt, textsOf, valueAt, type Table } from './values.ts';

/** npm: package.json, its lock file and .npmrc. Without a lock file it makes one, which no COPY overwrites. */
export function readNpm(reading: ManifestReading): void {
  const { subcommandKey, action } = reading.invocation;
  if (action === 'install-project') reading.refuse('The install takes the project, or a folder of it, as a package, so it reads the sources.');
  if (action === 'install-named' && !reading.flag('--no-save')) return readAddition(reading, 'package-lock.json');
  if (reading.flagIsOn('-g', '--global')) return;
  const settings = takeNpmSettings(reading);
  const project = readProject(reading, ignoresScripts(reading) || settings.ignoresScripts);
  const locks = ['npm-shrinkwrap.json', 'package-lock.json'].map((name) => reading.own(name)).filter((path) => reading.take(path));
  const strict = /^(?:ci|ic|clean-install|install-clean|isntall-clean)$/.test(subcommandKey);
  const [lock] = locks;
  if (strict && lock === undefined) reading.need(reading.own('package-lock.json'));
  const text = lock === undefined ? undefined : reading.context.read(lock);
  if (project !== undefined && lock !== undefined && text !== undefined) checkLockedMembers(reading, project, lock, npmMembers(text));
  if (strict || lock === undefined || reading.flag('--no-package-lock', '--no-save')) return;
  if (project === undefined || text === undefined || !isFreshNpmLock(project, text)) reading.doubt(mayRelock(lock, '`npm ci`'));
}

/** Settings of later Yarns: the program itself, plugins, certificates; anything else that is a path is refused. */
function readBerrySettings(reading: ManifestReading): void {
  const path = reading.own('.yarnrc.yml');
  const text = reading.takeText(path);
  if (text === undefined) return;
  const settings = readYaml(text);
  if (settings === undefined) reading.refuse(`${code(path)} can't be read with certainty.`);
  const plugins = itemsOf(valueAt(settings, 'plugins')).map((plugin) => (typeof plugin === 'string' ? plugin : textAt(plugin, 'path')));
  const own = ['yarnPath', 'httpsCaFilePath', 'caFilePath'].map((key) => textAt(settings, key));
  for (const name of [...own, ...plugins]) {
    // Plugins of a bare or scoped name come with Yarn.
    if (name === undefined || !/^[^@/][^@]*(?:\/|\.[cm]?js$|\.pem$|\.crt$)/.test(name)) continue;
    const file = reading.path(name);
    if (file !== undefined) reading.need(file);
  }
  for (const key of ['lockfileFilename', 'injectEnvironmentFiles', 'virtualFolder', 'pnpDataPath', 'installStatePath', 'enableConstraintsChecks']) {
    if (valueAt(settings, key) !== undefined) reading.doubt(`${code(path)} sets ${code(key)}, which may change what the install reads.`);
  }
  const cache = textAt(settings, 'cacheFolder');
  if (cache !== undefined && !cache.startsWith('/')) reading.output(cache);
}

function readClassicSettings(reading: ManifestReading): void {
  const path = reading.own('.yarnrc');
  for (const line of (reading.takeText(path) ?? '').split(/\r?\n/)) {
    const setting = /^\s*"?([\w.-]+)"?\s+"?([^"\s]+)/.exec(line);
    const name = setting?.[1]?.replace(/^--(?:install\.)?/, '') ?? '';
    const value = setting?.[2] ?? '';
    if (name === 'yarn-path') reading.need(reading.path(value) ?? path);
    else if (name === 'modules-folder') reading.wordOutput(value);
    else if (name === 'ignore-scripts') continue;
    else if (/^\.{0,2}\//.test(value) && name !== 'cache-folder') reading.refuse(`${code(path)} names ${code(value)}, a path the install reads.`);
  }
}

/** Yarn: settings of the folder and of those above it; releases, plugins and patches it keeps beside the project. */
export function readYarn(reading: ManifestReading): void {
  const { action, subcommandKey } = reading.invocation;
  if (action === 'install-named') {
    readAddition(reading, 'yarn.lock');
    reading.takeEach('.npmrc', '.yarnrc');
    return;
  }
  if (action === 'install-project') reading.refuse('The install links the project, so it reads the sources.');
  const settings = takeNpmSettings(reading);
  readClassicSettings(reading);
  readBerrySettings(reading);
  for (const folder of ['.yarn/releases', '.yarn/plugins', '.yarn/patches']) reading.takeBelow(reading.own(folder));
  const modules = reading.flagText('--modules-folder');
  if (modules !== undefined) reading.wordOutput(modules);
  const skipped = ignoresScripts(reading) || settings.ignoresScripts || (reading.flagText('--mode') ?? '') === 'skip-build';
  const project = readProject(reading, skipped);
  for (const folder of reading.ancestors()) {
    for (const name of ['.npmrc', '.yarnrc', '.yarnrc.yml']) {
      if (reading.sends(below(folder, name) ?? '')) reading.refuse(`Yarn also reads the ${code(name)} above the install's folder.`);
    }
  }
  if (subcommandKey === 'workspaces focus') reading.takeEach('yarn.config.cjs');
  readYarnLock(reading, project);
}

function readYarnLock(reading: ManifestReading, project: NodeProject | undefined): void {
  const lock = reading.own('yarn.lock');
  const strict = reading.flagIsOn('--frozen-lockfile', '--immutable', '--pure-lockfile', '--no-lockfile');
  if (!reading.take(lock) || strict || reading.isOn('YARN_ENABLE_IMMUTABLE_INSTALLS')) return;
  const edition = yarnEdition(reading.folder, reading.context);
  const text = reading.context.read(lock);
  if (edition === 'classic' && project !== undefined && text !== undefined && isFreshYarnLock(project, text)) return;
  reading.doubt(mayRelock(lock, edition === 'berry' ? '`--immutable`' : '`--frozen-lockfile`'));
}

/** pnpm's own settings. */
function readPnpmSettings(reading: ManifestReading): unknown {
  const path = reading.own('pnpm-workspace.yaml');
  const text = reading.takeText(path);
  if (text === undefined) return undefined;
  const settings = readYaml(text);
  if (settings === undefined) reading.refuse(`${code(path)} can't be read with certainty.`);
  takePatches(reading, valueAt(settings, 'patchedDependencies'));
  return settings;
}

/** The package, and the members that pnpm's settings list; a list in package.json means nothing to it (pnpm.io/workspaces). */
function readPnpmProject(reading: ManifestReading, settings: unknown): NodeProject | undefined {
  const npm = takeNpmSettings(reading);
  const path = reading.own('pnpm-workspace.yaml');
  const patterns = reading.flag('--ignore-workspace') ? [] : textsOf(valueAt(settings, 'packages'));
  const project = readProject(reading, ignoresScripts(reading) || npm.ignoresScripts, { path, patterns });
  if (project === undefined) return undefined;
  checkVersions(reading, project, path, valueAt(settings, 'overrides'));
  checkInjected(reading, project, settings, npm.text);
  for (const member of project.members) takeNpmSettings(reading, folderOf(member.path));
  // What was changed since a commit is told by the history and all files.
  if (project.members.length > 0 && reading.invocation.command.words.some(({ text }) => /\[/.test(text))) {
    reading.refuse('Which members are installed hangs on what changed in the sources.');
  }
  return project;
}

/** pnpm: package.json, lock file, settings, hooks and patches; `pnpm fetch` goes by the lock file. */
export function readPnpm(reading: ManifestReading): void {
  const { subcommandKey, action } = reading.invocation;
  if (action === 'install-named') return readAddition(reading, 'pnpm-lock.yaml');
  if (action === 'install-project') reading.refuse('The install links the project, so it reads the sources.');
  const fetches = subcommandKey === 'fetch';
  const settings = readPnpmSettings(reading);
  reading.takeEach('.pnpmfile.cjs', '.pnpmfile.mjs', '.pnpmfile.js', 'pnpmfile.js');
  if (['.pnpmfile.cjs', '.pnpmfile.mjs', '.pnpmfile.js'].some((name) => reading.sends(reading.own(name)))) {
    reading.doubt('The hooks of pnpm are a program, which may read other files.');
  }
  if (!reading.flag('--ignore-workspace')) {
    for (const folder of reading.ancestors()) {
      const path = below(folder, 'pnpm-workspace.yaml') ?? '';
      if (reading.sends(path)) reading.refuse(workspaceAbove(path));
    }
  }
  const project = fetches ? undefined : readPnpmProject(reading, settings);
  takePatches(reading, valueAt(fetches ? fetchManifest(reading) : project?.root.table, 'pnpm', 'patchedDependencies'));
  readPnpmLock(reading, project, settings);
}

function readPnpmLock(reading: ManifestReading, project: NodeProject | undefined, settings: unknown): void {
  const lock = reading.own('pnpm-lock.yaml');
  const inCi = reading.isOn('CI') && !reading.flag('--no-frozen-lockfile');
  const strict = inCi || reading.flagIsOn('--frozen-lockfile') || /^(?:fetch|ci|clean-install)$/.test(reading.invocation.subcommandKey);
  const text = reading.sends(lock) ? reading.context.read(lock) : undefined;
  const importers = text === undefined || project === undefined ? undefined : valueAt(readYaml(text), 'importers');
  if (project !== undefined && isTable(importers)) checkLockedMembers(reading, project, lock, Object.keys(importers));
  if (strict) reading.need(lock);
  else if (reading.take(lock)) {
    const fresh = project !== undefined && text !== undefined && isFreshPnpmLock(project, readYaml(text), settings);
    if (!fresh) reading.doubt(mayRelock(lock, '`--frozen-lockfile`'));
  }
}

/** `pnpm fetch` installs nothing of the manifest, but its `packageManager` and `pnpm` fields choose and set up the program. */
function fetchManifest(reading: ManifestReading): Table | undefined {
  takeNpmSettings(reading);
  const path = reading.own('package.json');
  const text = reading.sends(path) ? reading.context.read(path) : undefined;
  const table = text === undefined ? undefined : readJsonTable(text);
  const chooses = table === undefined || ['packageManager', 'devEngines', 'pnpm'].some((key) => table[key] !== undefined);
  if (text !== undefined && chooses) reading.take(path);
  return table;
}

/** Bun: package.json, its lock file, bunfig.toml and .npmrc. */
export function readBun(reading: ManifestReading): void {
  const { subcommandKey, action } = reading.invocation;
  reading.takeEach('bunfig.toml');
  if (action === 'install-named') return readAddition(reading, 'bun.lock');
  if (action === 'install-project') reading.refuse('The install links the project, so it reads the sources.');
  const npm = takeNpmSettings(reading);
  const project = readProject(reading, ignoresScripts(reading) || npm.ignoresScripts);
  takePatches(reading, valueAt(project?.root.table, 'patchedDependencies'));
  const locks = ['bun.lock', 'bun.lockb'].map((name) => reading.own(name)).filter((path) => reading.take(path));
  const strict = reading.flagIsOn('--frozen-lockfile') || subcommandKey === 'ci' || reading.flag('--no-save');
  const [lock] = locks;
  if (lock === undefined && strict && !reading.flag('--no-save')) reading.need(reading.own('bun.lock'));
  if (lock !== undefined && !strict) reading.doubt(mayRelock(lock, '`--frozen-lockfile`'));
  // Without a lock file of its own, Bun takes over one of another manager.
  if (lock === undefined) reading.takeEach('package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'pnpm-workspace.yaml');
}
