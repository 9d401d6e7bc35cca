import { environmentOf, filesNamedBy, keepCache, readIfThere, split, toolDigest, upwards } from './locate.ts';
import type { Process, Program } from './process.ts';
import { digest, Failure, normal } from './tree.ts';

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value);

const tableAt = (value: unknown, ...keys: readonly string[]): Table =>
  keys.reduce<Table>((table, key) => { const inner = table[key]; return isTable(inner) ? inner : {}; }, isTable(value) ? value : {});

function readJson(text: string, path: string): Table {
  try {
    const value: unknown = JSON.parse(text);
    return isTable(value) ? value : {};
  } catch {
    throw new Failure(`${path}: no JSON`);
  }
}

/** What npm takes the project's folder for: the nearest one with a manifest or modules. */
const projectFolder = ({ tree, folder }: Process): string =>
  upwards(folder).find((each) => tree.get(normal(each, 'package.json')) !== undefined || tree.isFolder(normal(each, 'node_modules'))) ?? folder;

interface Project {
  readonly folder: string;
  readonly manifest: Table;
  readonly dependencies: Table;
  /** All that is read of the project, as a text. */
  readonly texts: string[];
  readonly lock: string | undefined;
  readonly lockName: string;
  readonly ignoresScripts: boolean;
}

/** Dependencies that are folders, and members of a workspace: their manifests are read. */
function readLocal(process: Process, folder: string, manifest: Table, texts: string[]): void {
  for (const version of Object.values(tableAt(manifest, 'dependencies'))) {
    if (typeof version !== 'string' || !version.startsWith('file:')) continue;
    texts.push(process.tree.read(normal(folder, `${version.slice('file:'.length)}/package.json`), process.actor));
  }
  for (const above of upwards(folder)) {
    const path = normal(above, 'package.json');
    const text = readIfThere(process, path);
    const members = text === undefined ? undefined : readJson(text, path)['workspaces'];
    if (!Array.isArray(members)) continue;
    texts.push(path, text ?? '');
    const base = process.tree.real(above);
    for (const each of process.tree.below(base)) if (each.endsWith('/package.json') && !each.includes('/node_modules/')) texts.push(process.tree.read(each, process.actor));
  }
}

function readProject(process: Process, words: readonly string[], lockNames: readonly string[]): Project {
  const folder = projectFolder(process);
  const path = normal(folder, 'package.json');
  const text = process.tree.read(path, process.actor);
  const manifest = readJson(text, path);
  const settings = ['.npmrc', '.yarnrc', '.yarnrc.yml'].map((name) => readIfThere(process, normal(folder, name)) ?? '');
  const lockName = lockNames.find((name) => process.tree.get(normal(folder, name)) !== undefined) ?? '';
  const lock = lockName === '' ? undefined : process.tree.read(normal(folder, lockName), process.actor);
  const texts = [text, ...settings, lock ?? ''];
  for (const line of settings.join('\n').split('\n')) {
    const [, certificates] = /^cafile=(\S+)$/.exec(line) ?? [];
    if (certificates !== undefined) texts.push(process.tree.read(normal(folder, certificates), process.actor));
  }
  readLocal(process, folder, manifest, texts);
  const ignoresScripts = words.includes('--ignore-scripts') || /^ignore-scripts=true$/m.test(settings.join('\n')) ||
    [...process.environment].some(([name, value]) => /^npm_config_ignore_scripts$/i.test(name) && value === 'true');
  return { folder, manifest, dependencies: { ...tableAt(manifest, 'dependencies'), ...tableAt(manifest, 'devDependencies') }, texts, lock, lockName: lockName || lockNames[0] || '', ignoresScripts };
}

const lifecycle = ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare'];
const harmless = /^(?:echo [\w ]+|exit 0|true)$/;

/** Scripts of the project that run with the install read what they like. */
function runScripts(process: Process, project: Project, otherwise: Program): void {
  if (project.ignoresScripts) return;
  const { folder } = process;
  for (const name of lifecycle) {
    const script = tableAt(project.manifest, 'scripts')[name];
    if (typeof script !== 'string' || harmless.test(script)) continue;
    process.folder = project.folder;
    if (script === 'patch-package') {
      const patches = process.tree.below(process.tree.real(normal(project.folder, 'patches')));
      const texts = patches.map((path) => `${path} ${readIfThere(process, path) ?? ''}`);
      process.tree.write(normal(project.folder, 'node_modules/.patched'), digest(...texts), process.actor);
    } else otherwise(process, [name, script]);
    process.folder = folder;
  }
}

function installModules(process: Process, project: Project, seen: string, clean: boolean): void {
  const { tree, actor } = process;
  const modules = normal(project.folder, 'node_modules');
  const kept = clean ? '' : tree.listing([tree.real(modules)]);
  if (clean && tree.get(modules) !== undefined) {
    if (tree.isFolder(modules)) for (const name of tree.names(tree.real(modules))) tree.remove(normal(tree.real(modules), name), actor);
  }
  tree.makeFolders(modules, actor);
  for (const name of ['.package-lock', ...Object.keys(project.dependencies)]) {
    tree.makeFolders(normal(modules, name), actor);
    tree.write(normal(modules, `${name}/index.js`), digest(name, seen, kept), actor);
  }
}

const variables = /^(?:NODE_|npm_config_|NPM_CONFIG_|YARN_|CI$|PATH$|HOME$)/;
const fileVariables = /^(?:NODE_OPTIONS|NODE_EXTRA_CA_CERTS|npm_config_userconfig|NPM_CONFIG_USERCONFIG)$/;

const surroundings = (process: Process, words: readonly string[]): string =>
  [words.join(' '), environmentOf(process, variables), filesNamedBy(process, fileVariables), toolDigest(process)].join('\n');

/** True for a lock file that `npm install` leaves as it is. */
function isFresh({ lock, dependencies }: Project): boolean {
  const table = readJson(lock ?? '{}', 'package-lock.json');
  const own = tableAt(table, 'packages', '');
  const named = { ...tableAt(own, 'dependencies'), ...tableAt(own, 'devDependencies') };
  const same = JSON.stringify(Object.entries(named).sort()) === JSON.stringify(Object.entries(dependencies).sort());
  const all = Object.keys(dependencies).every((name) => tableAt(table, 'packages')[`node_modules/${name}`] !== undefined);
  return Number(table['lockfileVersion']) >= 2 && same && all;
}

function npmProject(process: Process, words: readonly string[], strict: boolean, otherwise: Program): void {
  const project = readProject(process, words, ['npm-shrinkwrap.json', 'package-lock.json']);
  if (strict && project.lock === undefined) throw new Failure('npm ci: there is no lock file');
  installModules(process, project, [surroundings(process, words), ...project.texts].join('\n'), strict);
  keepCache(process, '.npm/_cacache/index', digest(...project.texts));
  if (!strict && !words.includes('--no-package-lock') && !isFresh(project)) {
    process.tree.write(normal(project.folder, project.lockName), digest('lock', ...project.texts), process.actor);
  }
  runScripts(process, project, otherwise);
}

/** Packages that the command names: `-g` reads nothing of a project, else the manifest gets another line. */
function npmNamed(process: Process, words: readonly string[], names: readonly string[]): void {
  const { tree, actor } = process;
  const isGlobal = words.some((word) => word === '-g' || word === '--global');
  const folder = isGlobal ? '/usr/local/lib' : projectFolder(process);
  for (const name of names) {
    tree.makeFolders(normal(folder, `node_modules/${name}`), actor);
    tree.write(normal(folder, `node_modules/${name}/index.js`), digest(surroundings(process, words), name), actor);
  }
  keepCache(process, `.npm/_cacache/${names.join('-')}`, digest(...names));
  if (isGlobal) return;
  const path = normal(folder, 'package.json');
  tree.write(path, `${readIfThere(process, path) ?? '{}'}\n${names.join('\n')}`, actor);
}

export const npm = (otherwise: Program): Program => (process, words) => {
  const { files: [command = '', ...names] } = split(words);
  if (command === 'ci') npmProject(process, words, true, otherwise);
  else if ((command === 'install' || command === 'i') && names.length === 0) npmProject(process, words, false, otherwise);
  else if (command === 'install' || command === 'i') npmNamed(process, words, names);
  else if (command === 'cache') process.tree.remove(normal(process.environment.get('HOME') ?? '/', '.npm/_cacache'), process.actor);
  else {
    const folder = projectFolder(process);
    const path = normal(folder, 'package.json');
    const script = tableAt(readJson(process.tree.read(path, process.actor), path), 'scripts')[names[0] ?? command];
    if (script === undefined) throw new Failure(`npm run ${names.join(' ')}: there is no such script`);
    otherwise(process, words);
  }
};

/** Yarn 1: without `--frozen-lockfile` it writes a lock file that lacks something. */
export const yarn = (otherwise: Program): Program => (process, words) => {
  const { files: [command = 'install'] } = split(words);
  if (command !== 'install') return otherwise(process, words);
  const project = readProject(process, words, ['yarn.lock']);
  const frozen = words.includes('--frozen-lockfile');
  const complete = Object.keys(project.dependencies).every((name) => project.lock?.includes(`${name}@`) === true);
  if (frozen && project.lock !== undefined && !complete) throw new Failure('yarn: the lock file needs to be updated');
  installModules(process, project, [surroundings(process, words), ...project.texts].join('\n'), false);
  keepCache(process, '.cache/yarn', digest(...project.texts));
  if (!frozen && !complete) process.tree.write(normal(project.folder, 'yarn.lock'), digest('lock', ...project.texts), process.actor);
  runScripts(process, project, otherwise);
  return undefined;
};

