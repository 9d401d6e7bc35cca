import { describe, expect, it } from 'vitest';
import { outputsInContext, yarnEdition } from '../src/context/manifests.ts';
import { memoryContext } from '../src/context/memory.ts';
import { check, inputsOf, invocationOf, json, sources, type Files, type Row } from './manifest-rows.ts';

const lockOf = (manifest: object): string => json({ lockfileVersion: 3, packages: { '': manifest } });
const web = { name: 'web', dependencies: { react: '^18.0.0' } };
const npmProject = { 'package.json': json(web), 'package-lock.json': lockOf(web), 'index.js': '' };
const scripted = (scripts: object, more: object = {}): Files => ({ 'package.json': json({ ...web, scripts, ...more }), 'package-lock.json': lockOf(web) });

const npm: readonly Row[] = [
  { about: 'npm ci', run: 'npm ci', context: { ...npmProject, '.npmrc': 'engine-strict=true\n' }, files: ['.npmrc', 'package-lock.json', 'package.json'] },
  { about: 'npm ci without a lock file', run: 'npm ci', context: { 'package.json': json(web) }, refuses: /package-lock\.json` is not in/ },
  { about: 'npm install, lock file up to date', run: 'npm install', context: npmProject, files: ['package-lock.json', 'package.json'] },
  { about: 'npm install, lock file stale', run: 'npm install', context: { ...npmProject, 'package-lock.json': lockOf({ dependencies: { react: '^17.0.0' } }) }, doubts: /may bring `package-lock\.json` up to date/ },
  { about: 'npm install, old lock file', run: 'npm install', context: { ...npmProject, 'package-lock.json': json({ lockfileVersion: 1 }) }, doubts: /up to date/ },
  { about: 'npm install without a lock file makes one, which no COPY overwrites', run: 'npm install', context: { 'package.json': json(web) }, files: ['package.json'] },
  { about: 'npm-shrinkwrap.json', run: 'npm ci', context: { 'package.json': json(web), 'npm-shrinkwrap.json': lockOf(web) }, files: ['npm-shrinkwrap.json', 'package.json'] },
  { about: 'no manifest', run: 'npm install', context: sources, refuses: /`package\.json` is not in/ },
  { about: 'broken JSON', run: 'npm ci', context: { 'package.json': '{', 'package-lock.json': '' }, refuses: /as JSON/ },
  { about: 'a lifecycle script', run: 'npm ci', context: scripted({ postinstall: 'node scripts/x.js' }), refuses: /`postinstall` script .*node scripts\/x\.js/ },
  { about: 'prepare', run: 'npm ci --omit=dev', context: scripted({ prepare: 'npm run build' }), refuses: /prepare/ },
  { about: 'prepublish', run: 'npm install', context: scripted({ prepublish: 'tsc' }), refuses: /prepublish/ },
  { about: 'scripts switched off', run: 'npm ci --ignore-scripts', context: scripted({ postinstall: 'node x.js' }), files: ['package-lock.json', 'package.json'] },
  { about: 'scripts not switched off', run: 'npm ci --ignore-scripts=false', context: scripted({ postinstall: 'node x.js' }), refuses: /postinstall/ },
  { about: 'scripts switched off by .npmrc', run: 'npm ci', context: { ...scripted({ postinstall: 'node x.js' }), '.npmrc': 'ignore-scripts=true\n' }, files: ['.npmrc', 'package-lock.json', 'package.json'] },
  { about: 'scripts switched off by ENV', run: 'npm ci', context: scripted({ postinstall: 'x' }), place: { environment: { npm_config_ignore_scripts: 'true' } }, files: ['package-lock.json', 'package.json'] },
  { about: 'other scripts', run: 'npm ci', context: scripted({ build: 'tsc', test: 'jest', prebuild: 'x' }), files: ['package-lock.json', 'package.json'] },
  { about: 'a guard', run: 'npm ci', context: scripted({ preinstall: 'npx only-allow npm' }), files: ['package-lock.json', 'package.json'] },
  { about: 'hooks without a repository', run: 'npm ci', context: { '.dockerignore': '.git\n', '.git/HEAD': '', ...scripted({ prepare: 'husky' }) }, files: ['package-lock.json', 'package.json'] },
  { about: 'hooks with a repository', run: 'npm ci', context: { '.git/HEAD': '', ...scripted({ prepare: 'husky install' }) }, refuses: /hooks/ },
  { about: 'patches', run: 'npm ci', context: { ...scripted({ postinstall: 'patch-package' }), 'patches/react+18.patch': '' }, files: ['package-lock.json', 'package.json', 'patches/react+18.patch'] },
  { about: 'a native module', run: 'npm ci', context: { ...npmProject, 'binding.gyp': '{}' }, refuses: /binding\.gyp/ },
  { about: 'a path', run: 'npm ci', context: scripted({}, { dependencies: { lib: 'file:../lib' } }), refuses: /file:\.\.\/lib/ },
  { about: 'a link', run: 'npm ci', context: scripted({}, { devDependencies: { lib: 'link:./lib' } }), refuses: /link:/ },
  { about: 'a path in overrides', run: 'npm ci', context: scripted({}, { overrides: { a: { b: './b' } } }), refuses: /`\.\/b`/ },
  { about: 'an archive', run: 'npm ci', context: scripted({}, { dependencies: { lib: 'vendor/lib-1.0.tgz' } }), refuses: /vendor\/lib-1/ },
  { about: 'repositories and aliases', run: 'npm ci', context: scripted({}, { dependencies: { a: 'github:x/y', b: 'npm:c@1', d: 'git+https://x/y.git', e: 'https://x/y.tgz', f: 'x/y' } }), files: ['package-lock.json', 'package.json'] },
  { about: 'a member of a workspace', run: 'npm ci', context: { 'package.json': json({ workspaces: ['api'] }), 'api/package.json': json(web), 'api/package-lock.json': lockOf(web) }, folder: 'api', refuses: /workspace above/ },
  { about: 'Prisma', run: 'npm ci', context: { ...scripted({}, { dependencies: { '@prisma/client': '5' } }), 'prisma/schema.prisma': '' }, refuses: /Prisma schema/ },
  { about: 'Prisma without scripts', run: 'npm ci --ignore-scripts', context: { ...scripted({}, { dependencies: { '@prisma/client': '5' } }), 'prisma/schema.prisma': '' }, files: ['package-lock.json', 'package.json'] },
  { about: 'settings of a package', run: 'npm ci', context: { ...scripted({}, { dependencies: { puppeteer: '22' } }), '.puppeteerrc.cjs': '' }, files: ['.puppeteerrc.cjs', 'package-lock.json', 'package.json'] },
  { about: 'a certificate', run: 'npm ci', context: { ...npmProject, '.npmrc': 'cafile=certs/ca.pem\n' }, refuses: /cafile|certs\/ca\.pem/ },
  { about: 'installed packages in the context', run: 'npm ci', context: { ...npmProject, 'node_modules/react/index.js': '' }, refuses: /`node_modules`, which no pattern/ },
  { about: 'ignored installed packages', run: 'npm ci', context: { ...npmProject, '.dockerignore': '**/node_modules\n', 'node_modules/react/index.js': '' }, files: ['package-lock.json', 'package.json'] },
  { about: 'a folder by flag', run: 'npm --prefix web ci', context: { 'web/package.json': json(web), 'web/package-lock.json': lockOf(web) }, files: ['web/package-lock.json', 'web/package.json'] },
  { about: 'an absolute folder by flag', run: 'npm ci --prefix /app/web', context: { 'web/package.json': json(web), 'web/package-lock.json': lockOf(web) }, place: { directory: '/app' }, files: ['web/package-lock.json', 'web/package.json'] },
  { about: 'an absolute folder unknown', run: 'npm ci --prefix /app/web', context: { 'web/package.json': json(web) }, refuses: /absolute/ },
  { about: 'global packages', run: 'npm install -g serve', context: npmProject, files: [] },
  { about: 'an added package', run: 'npm install express', context: npmProject, refuses: /writes package\.json/ },
  { about: 'an added package that is not saved', run: 'npm install --no-save express', context: npmProject, files: ['package-lock.json', 'package.json'] },
  { about: 'an added package without a project', run: 'npm install express', context: sources, files: [] },
  { about: 'a script is no install', run: 'npm run build', context: npmProject, refuses: /no install/ },
];

const yarnLock = '# yarn lockfile v1\n\n"react@^18.0.0":\n  version "18.2.0"\n';
const yarnProject = { 'package.json': json(web), 'yarn.lock': yarnLock };
const berry = { 'package.json': json(web), 'yarn.lock': '__metadata:\n  version: 8\n', '.yarnrc.yml': 'nodeLinker: node-modules\nyarnPath: .yarn/releases/yarn-4.cjs\n', '.yarn/releases/yarn-4.cjs': '' };

const otherNode: readonly Row[] = [
  { about: 'yarn', run: 'yarn install --frozen-lockfile', context: { ...yarnProject, '.npmrc': '', '.yarnrc': '--modules-folder node_modules\n' }, files: ['.npmrc', '.yarnrc', 'package.json', 'yarn.lock'] },
  { about: 'yarn, lock file up to date', run: 'yarn', context: yarnProject, files: ['package.json', 'yarn.lock'] },
  { about: 'yarn, lock file stale', run: 'yarn', context: { ...yarnProject, 'yarn.lock': '# yarn lockfile v1\n' }, doubts: /--frozen-lockfile/ },
  { about: 'yarn 1 of its own', run: 'yarn', context: { ...yarnProject, '.yarnrc': 'yarn-path ".yarn/releases/yarn-1.cjs"\n', '.yarn/releases/yarn-1.cjs': '' }, files: ['.yarn/releases/yarn-1.cjs', '.yarnrc', 'package.json', 'yarn.lock'] },
  { about: 'an offline mirror', run: 'yarn', context: { ...yarnProject, '.yarnrc': 'yarn-offline-mirror "./mirror"\n' }, refuses: /mirror/ },
  { about: 'berry', run: 'yarn install --immutable', context: berry, files: ['.yarn/releases/yarn-4.cjs', '.yarnrc.yml', 'package.json', 'yarn.lock'] },
  { about: 'berry without --immutable', run: 'yarn', context: berry, doubts: /--immutable/ },
  { about: 'berry, program ignored', run: 'yarn --immutable', context: { ...berry, '.dockerignore': '.yarn\n' }, refuses: /yarn-4\.cjs/ },
  { about: 'berry, cache kept', run: 'yarn --immutable', context: { ...berry, '.yarn/cache/a.zip': '' }, refuses: /\.yarn\/cache/ },
  { about: 'berry, plugins and patches', run: 'yarn --immutable', context: { ...berry, 'package.json': json({ dependencies: { a: 'patch:a@npm%3A1#~/.yarn/patches/a.patch' } }), '.yarnrc.yml': 'plugins:\n  - path: .yarn/plugins/p.cjs\n    spec: "@x/p"\n', '.yarn/plugins/p.cjs': '', '.yarn/patches/a.patch': '' }, files: ['.yarn/patches/a.patch', '.yarn/plugins/p.cjs', '.yarn/releases/yarn-4.cjs', '.yarnrc.yml', 'package.json', 'yarn.lock'] },
  { about: 'berry links the programs of the root too', run: 'yarn --immutable', context: { ...berry, 'package.json': json({ name: 'x', bin: 'cli.js' }), 'cli.js': '' }, refuses: /links `cli\.js`/ },
  { about: 'berry, portal', run: 'yarn --immutable', context: { ...berry, 'package.json': json({ resolutions: { a: 'portal:./a' } }) }, refuses: /portal/ },
  { about: 'settings above', run: 'yarn --immutable', context: { '.yarnrc.yml': '', 'web/package.json': json(web) }, folder: 'web', refuses: /above the install/ },
  { about: 'yarn add', run: 'yarn add x', context: yarnProject, refuses: /writes package\.json/ },
  { about: 'yarn global add', run: 'yarn global add x', context: yarnProject, files: [] },
  { about: 'pnpm', run: 'pnpm install --frozen-lockfile', context: { 'package.json': json(web), 'pnpm-lock.yaml': '', '.npmrc': '', 'pnpm-workspace.yaml': "packages:\n  - '.'\noverrides:\n  a@<1: ^1\n" }, files: ['.npmrc', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'] },
  { about: 'pnpm, empty list of packages', run: 'pnpm install --frozen-lockfile', context: { 'package.json': json(web), 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': 'packages: []\nignoredBuiltDependencies:\n  - esbuild\n' }, files: ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'] },
  { about: 'pnpm, lock file up to date', run: 'pnpm i', context: { 'package.json': json(web), 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      react:\n        specifier: ^18.0.0\n        version: 18.2.0\n\npackages:\n\n  react@18.2.0:\n    resolution: {integrity: sha512-x}\n" }, files: ['package.json', 'pnpm-lock.yaml'] },
  { about: 'pnpm, lock file stale', run: 'pnpm i', context: { 'package.json': json(web), 'pnpm-lock.yaml': 'importers:\n  .: {}\n' }, doubts: /up to date/ },
  { about: 'pnpm under CI', run: 'CI=true pnpm i', context: { 'package.json': json(web), 'pnpm-lock.yaml': '' }, files: ['package.json', 'pnpm-lock.yaml'] },
  { about: 'pnpm patches', run: 'pnpm i --frozen-lockfile', context: { 'package.json': json({ pnpm: { patchedDependencies: { a: 'patches/a.patch' } } }), 'pnpm-lock.yaml': '', 'patches/a.patch': '' }, files: ['package.json', 'patches/a.patch', 'pnpm-lock.yaml'] },
  { about: 'pnpm hooks', run: 'pnpm i --frozen-lockfile', context: { 'package.json': '{}', 'pnpm-lock.yaml': '', '.pnpmfile.cjs': '' }, files: ['.pnpmfile.cjs', 'package.json', 'pnpm-lock.yaml'], doubts: /hooks/ },
  { about: 'pnpm fetch', run: 'pnpm fetch --prod', context: { 'package.json': json({ workspaces: ['a'] }), 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': 'packages:\n  - a\n' }, files: ['pnpm-lock.yaml', 'pnpm-workspace.yaml'] },
  { about: 'pnpm fetch with a chosen version', run: 'pnpm fetch', context: { 'package.json': json({ packageManager: 'pnpm@9.0.0' }), 'pnpm-lock.yaml': '' }, files: ['package.json', 'pnpm-lock.yaml'] },
  { about: 'pnpm, script of the root', run: 'pnpm i --frozen-lockfile', context: { 'package.json': json({ scripts: { prepare: 'tsc' } }), 'pnpm-lock.yaml': '' }, refuses: /prepare/ },
  { about: 'bun', run: 'bun install --frozen-lockfile', context: { 'package.json': json(web), 'bun.lock': '', 'bunfig.toml': '' }, files: ['bun.lock', 'bunfig.toml', 'package.json'] },
  { about: 'bun with its old lock file', run: 'bun install', context: { 'package.json': json(web), 'bun.lockb': '' }, doubts: /bun\.lockb/ },
];

describe.each(Object.entries({ npm, otherNode }))('readInstallInputs: %s', (_, rows) => {
  it.each(rows.map((row) => [row.about, row] as const))('%s', (_about, row) => { check(row); });
});

describe('the context', () => {
  it('that was cut short leaves a doubt', () => {
    const whole = memoryContext(npmProject);
    const cut = new Proxy(whole, {
      get: (target, name) => {
        const value: unknown = name === 'cut' ? true : Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const { doubts, refusals } = inputsOf('npm ci', cut);
    expect(refusals).toEqual([]);
    expect(doubts.join()).toMatch(/too large/);
  });

  it('tells the outputs it holds', () => {
    const context = memoryContext({ '.dockerignore': '.venv\n', '.venv/x': '', 'web/node_modules/a/b.js': '', 'vendor/': '' });
    expect(outputsInContext(invocationOf('npm ci'), 'web', context)).toEqual(['web/node_modules']);
    expect(outputsInContext(invocationOf('npm ci'), '', context)).toEqual([]);
    expect(outputsInContext(invocationOf('uv sync'), '', context)).toEqual([]);
  });

  it('tells the edition of Yarn', () => {
    expect(yarnEdition('', memoryContext(yarnProject))).toBe('classic');
    expect(yarnEdition('', memoryContext(berry))).toBe('berry');
    expect(yarnEdition('a', memoryContext({ 'a/package.json': json({ packageManager: 'yarn@4.1.0' }) }))).toBe('berry');
    expect(yarnEdition('', memoryContext({ 'package.json': '{}' }))).toBeUndefined();
  });
});
