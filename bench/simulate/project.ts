import type { Random } from './random.ts';
import type { ContextFiles } from './sources.ts';

export type Kind = 'node' | 'python' | 'go' | 'plain';

/** A build context, and where in it the manifests lie. */
export interface Project {
  readonly files: ContextFiles;
  readonly kind: Kind;
  /** The folder of the manifests: '' is the root. */
  readonly root: string;
  /** Folders at the top of the context. */
  readonly folders: readonly string[];
}

type Files = Record<string, string>;

const names = ['express', 'lodash', 'flask', 'pytest', 'left-pad', 'zod'];

function nodeLock(random: Random, dependencies: Readonly<Record<string, string>>): string {
  const entries = Object.entries(dependencies).map(([name, version]) => [`node_modules/${name}`, { version }] as const);
  // A lock file may be older than the manifest, or of an old format.
  const own = random.chance(0.1) ? {} : dependencies;
  const packages = { '': { dependencies: own }, ...Object.fromEntries(entries) };
  return JSON.stringify({ lockfileVersion: random.chance(0.07) ? 1 : 3, packages });
}

function nodeScripts(random: Random): Record<string, string> {
  const build = random.chance(0.7) ? { build: 'node build.js' } : {};
  const name = random.pick(['preinstall', 'install', 'postinstall', 'prepare']);
  return { ...build, ...(random.chance(0.12) && { [name]: random.pick(['node build.js', 'echo done', 'patch-package', 'exit 0']) }) };
}

function addNode(random: Random, files: Files, at: string): void {
  const dependencies: Record<string, string> = Object.fromEntries(random.some(names, 3).map((name) => [name, '1.2.0']));
  if (random.chance(0.05)) dependencies['lib'] = 'file:./lib';
  const manifest = { dependencies, scripts: nodeScripts(random), ...(random.chance(0.04) && { workspaces: ['packages/*'] }) };
  files[`${at}package.json`] = JSON.stringify(manifest);
  if (random.chance(0.9)) files[`${at}package-lock.json`] = nodeLock(random, dependencies);
  if (random.chance(0.2)) files[`${at}yarn.lock`] = Object.keys(dependencies).map((name) => `${name}@1.2.0:\n  version "1.2.0"\n`).join('');
  if (random.chance(0.15)) files[`${at}.npmrc`] = random.pick(['fund=false', 'ignore-scripts=true', 'cafile=certs/ca.pem']);
  if (random.chance(0.06)) files[`${at}npm-shrinkwrap.json`] = nodeLock(random, dependencies);
  if (random.chance(0.1)) files[`${at}patches/express.patch`] = 'diff';
  if (random.chance(0.12)) files[`${at}node_modules/express/index.js`] = 'local';
  if (random.chance(0.05)) files[`${at}packages/one/package.json`] = '{}';
  if (random.chance(0.1)) files[`${at}lib/package.json`] = '{"name": "lib"}';
}

function addPython(random: Random, files: Files, at: string): void {
  const lines = random.some(names, 4).map((name) => `${name}==1.${random.below(9)}`);
  if (random.chance(0.25)) lines.unshift(random.pick(['-r base.txt', '-c constraints.txt', '-r requirements/base.txt', '--constraint=constraints.txt']));
  if (random.chance(0.06)) lines.push(random.pick(['-e .', './lib', '.']));
  if (random.chance(0.1)) lines.push('# a comment');
  files[`${at}requirements.txt`] = `${lines.join('\n')}\n`;
  for (const name of ['base.txt', 'constraints.txt', 'requirements/base.txt', 'requirements/prod.txt']) {
    if (random.chance(0.5)) files[at + name] = `zod==2.${random.below(9)}\n`;
  }
  if (random.chance(0.15)) files[`${at}setup.py`] = 'setup()';
  if (random.chance(0.1)) files[`${at}lib/setup.py`] = 'setup()';
  if (random.chance(0.08)) files[`${at}.venv/pyvenv.cfg`] = 'home = /usr/bin';
}

function addGo(random: Random, files: Files, at: string): void {
  files[`${at}go.mod`] = `module app\nrequire example.com/a v1.${random.below(9)}.0\n${random.chance(0.1) ? 'replace example.com/a => ./lib\n' : ''}`;
  if (random.chance(0.8)) files[`${at}go.sum`] = 'example.com/a h1:x\n';
  if (random.chance(0.06)) files[`${at}go.work`] = random.pick(['use .\n', 'use .\nuse ./lib\n']);
  if (random.chance(0.08)) files[`${at}vendor/modules.txt`] = '# a';
  if (random.chance(0.1)) files[`${at}lib/go.mod`] = 'module a\n';
  files[`${at}main.go`] = 'package main';
}

const adders: Readonly<Record<Kind, (random: Random, files: Files, at: string) => void>> = { node: addNode, python: addPython, go: addGo, plain: () => undefined };

const others = [
  'src/index.js', 'src/util/a.js', 'README.md', 'build.sh', 'Makefile', 'config/app.conf', 'data/seed.json', 'public/index.html', 'certs/ca.pem',
  'entrypoint.sh', 'app.py', 'etc/app.conf', 'bin/tool', '.env', 'build.js', 'setup.cfg',
];

const patterns = [
  'node_modules', '**/node_modules', '.git', '*.md', 'data', '.venv', 'dist', '!README.md', '**/*.pem', 'config/*',
  '*.lock', 'package-lock.json', '.env', '**/.venv', 'vendor',
];

/** A small project of files, the same for the same chance. */
export function makeProject(random: Random, kind: Kind): Project {
  const files: Files = {};
  const root = random.weigh([6, ''], [1, 'server'], [1, 'app']);
  adders[kind](random, files, root === '' ? '' : `${root}/`);
  if (random.chance(0.08)) adders[random.pick(['node', 'python'] as const)](random, files, 'frontend/');
  for (const path of others) if (random.chance(0.45)) files[path] = path === 'data/seed.json' ? '{"a": 1}' : `text of ${path}`;
  if (root !== '') for (const path of ['src/index.js', 'build.sh', 'Makefile']) if (random.chance(0.5)) files[`${root}/${path}`] = path;
  files['src/main.js'] = 'main';
  if (random.chance(0.08)) files['tools.tgz'] = 'archive';
  if (random.chance(0.45)) files['.dockerignore'] = `${random.some(patterns, 5).join('\n')}\n`;
  const folders = [...new Set(Object.keys(files).filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/'))))];
  return { files, kind, root, folders };
}
