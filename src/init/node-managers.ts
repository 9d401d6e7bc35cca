import type { BuildContext } from '../context/context.ts';
import { isTable, readJsonTable, tableAt, textAt, textsOf, type Table } from '../context/manifests/values.ts';
import { yarnEdition } from '../context/manifests.ts';
import { ConfigError } from '../config/error.ts';
import { cache, isVersion, run } from './text.ts';
import { versions } from './versions.ts';

/** A package.json with what its managers need to be told. */
export interface NodeProject {
  readonly context: BuildContext;
  readonly manifest: Table;
  readonly scripts: Readonly<Record<string, string>>;
  /** Names of the dependencies, those for development among them. */
  readonly packages: ReadonlySet<string>;
}

/** How a manager installs, builds and cleans up. */
export interface NodeManager {
  readonly name: 'npm' | 'yarn' | 'pnpm';
  /** Lines that bring the manager into the image, or set it up. */
  readonly setup: readonly string[];
  readonly cacheFolder: string;
  readonly install: string;
  readonly installForRun: string;
  /** Makes of a whole installation one to run; undefined where the manager can't. */
  readonly prune: string | undefined;
  readonly notes: readonly string[];
}

export function readProject(context: BuildContext): NodeProject {
  const manifest = readJsonTable(context.read('package.json') ?? '') ?? {};
  const scripts = Object.fromEntries(Object.entries(tableAt(manifest, 'scripts')).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
  return {
    context, manifest, scripts,
    packages: new Set([...Object.keys(tableAt(manifest, 'dependencies')), ...Object.keys(tableAt(manifest, 'devDependencies'))]),
  };
}

export const isWorkspace = ({ context, manifest }: NodeProject): boolean =>
  isTable(manifest['workspaces']) || textsOf(manifest['workspaces']).length > 0 || /^packages:/m.test(context.read('pnpm-workspace.yaml') ?? '');

/** The version behind `pnpm@9.1.0+sha512…` in `packageManager`. */
function statedManager({ manifest }: NodeProject, name: string): string | undefined {
  const [, found, version = ''] = /^(\w+)@(\d[\d.]*)/.exec(textAt(manifest, 'packageManager') ?? '') ?? [];
  return found === name && isVersion(version) ? version : undefined;
}

const noLock = (file: string, command: string): string => `There is no \`${file}\`: run \`${command}\` and commit it, so that each build installs the same.`;

function npm({ context }: NodeProject): NodeManager {
  const locked = context.has('package-lock.json') || context.has('npm-shrinkwrap.json');
  const install = locked ? 'npm ci' : 'npm install --no-package-lock';
  return {
    name: 'npm', setup: [], cacheFolder: '/root/.npm', install, installForRun: `${install} --omit=dev`, prune: 'npm prune --omit=dev',
    notes: locked ? [] : [noLock('package-lock.json', 'npm install')],
  };
}

/** Node brings Yarn up to 25. */
function classicYarn(project: NodeProject, node: string): NodeManager {
  const brings = Number(node.split('.')[0]) < 26;
  const version = statedManager(project, 'yarn') ?? versions.yarn.usual;
  const install = 'yarn install --frozen-lockfile';
  return {
    name: 'yarn', setup: brings ? [] : [run([cache('/root/.npm')], `npm install -g yarn@${version}`)], cacheFolder: '/usr/local/share/.cache/yarn',
    install, installForRun: `${install} --production`, prune: `${install} --production --ignore-scripts --prefer-offline`, notes: [],
  };
}

/** Yarn from 2 on lies in the project, or is fetched as the project says. */
function modernYarn(project: NodeProject, node: string): NodeManager {
  const inProject = /^yarnPath:/m.test(project.context.read('.yarnrc.yml') ?? '');
  const stated = statedManager(project, 'yarn');
  // Node brings Corepack up to 24.
  const corepack = Number(node.split('.')[0]) < 25 ? 'RUN corepack enable' : run([cache('/root/.npm')], 'npm install -g corepack@0', 'corepack enable');
  const setup = inProject || stated === undefined ? [] : [corepack];
  const focuses = (stated ?? '').startsWith('4');
  return {
    name: 'yarn', setup: [...setup, '# Packages in node_modules, where every tool finds them', 'ENV YARN_NODE_LINKER=node-modules YARN_ENABLE_GLOBAL_CACHE=true'],
    cacheFolder: '/root/.yarn/berry/cache', install: 'yarn install --immutable',
    installForRun: focuses ? 'yarn workspaces focus --production' : 'yarn install --immutable',
    prune: focuses ? 'yarn workspaces focus --production' : undefined,
    notes: focuses ? [] : ['The image holds the development packages too: this version of Yarn can\'t leave them out by itself.'],
  };
}

/** The format of a lock file tells the pnpm that wrote it. */
const pnpmOfLock: readonly (readonly [RegExp, string])[] = [[/^lockfileVersion:\s*'?5/m, '7'], [/^lockfileVersion:\s*'?6/m, '8']];

function pnpm(project: NodeProject): NodeManager {
  const lock = project.context.read('pnpm-lock.yaml')?.slice(0, 200);
  const version = statedManager(project, 'pnpm') ?? pnpmOfLock.find(([form]) => form.test(lock ?? ''))?.[1] ?? versions.pnpm.usual;
  const locked = project.context.has('pnpm-lock.yaml');
  const install = `pnpm install${locked ? ' --frozen-lockfile' : ''}`;
  return {
    name: 'pnpm', setup: [run([cache('/root/.npm')], `npm install -g pnpm@${version}`), 'ENV CI=true'], cacheFolder: '/root/.local/share/pnpm/store',
    install, installForRun: `${install} --prod`,
    // Pruning would run `prepare`, whose tools are gone by then.
    prune: 'pnpm prune --prod --ignore-scripts', notes: locked ? [] : [noLock('pnpm-lock.yaml', 'pnpm install')],
  };
}

/**
 * The manager of a project, by its lock file or what it states.
 * @param node the version of the image
 * @throws {ConfigError} for Bun, which has an image of its own
 */
export function managerOf(project: NodeProject, node: string): NodeManager {
  const { context, manifest } = project;
  const stated = /^\w+/.exec(textAt(manifest, 'packageManager') ?? '')?.[0];
  const has = (path: string): boolean => context.has(path);
  if (has('pnpm-lock.yaml') || (stated === 'pnpm' && !has('package-lock.json'))) return pnpm(project);
  if (has('package-lock.json') || has('npm-shrinkwrap.json')) return npm(project);
  if (has('yarn.lock')) {
    return yarnEdition('', context) === 'berry' ? modernYarn(project, node) : classicYarn(project, node);
  }
  if (has('bun.lock') || has('bun.lockb') || stated === 'bun') {
    throw new ConfigError('The packages are installed by Bun, for which there is no Dockerfile here; there are npm, Yarn and pnpm.');
  }
  return npm(project);
}
