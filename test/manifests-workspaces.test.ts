import { describe, expect, it } from 'vitest';
import { memoryContext } from '../src/context/memory.ts';
import { check, inputsOf, json, type Files, type Row } from './manifest-rows.ts';
import { fixed, instructions, withoutMounts } from './support/traps.ts';

/** A workspace: an app that needs a library beside it. */
const root = { name: 'root', private: true, workspaces: ['packages/*', 'apps/*'], devDependencies: { typescript: '^5.0.0' } };
const library = { name: '@x/library', version: '1.0.0', dependencies: { semver: '^7.0.0' } };
const app = { name: 'web', version: '1.0.0', dependencies: { '@x/library': '1.0.0' } };
const sources = { 'packages/library/src/index.js': '', 'apps/web/index.js': '', 'README.md': '' };
const inPlace = (more: object = {}, ofRoot: object = {}): Files => ({
  ...sources, 'package.json': json({ ...root, ...ofRoot }), 'packages/library/package.json': json({ ...library, ...more }), 'apps/web/package.json': json(app),
});
const members = ['apps/web/package.json', 'packages/library/package.json'];
const npmLock = json({ lockfileVersion: 3, packages: { '': root, 'packages/library': library, 'apps/web': app, 'node_modules/web': { resolved: 'apps/web', link: true } } });
const npmFiles = (more: object = {}, ofRoot: object = {}): Files => ({ ...inPlace(more, ofRoot), 'package-lock.json': npmLock });

const npm: readonly Row[] = [
  { about: 'every member in its place', run: 'npm ci', context: npmFiles(), files: [...members, 'package-lock.json', 'package.json'].sort() },
  { about: 'a lock file up to date', run: 'npm install', context: npmFiles(), files: [...members, 'package-lock.json', 'package.json'].sort() },
  { about: 'a lock file without a change of a member', run: 'npm install', context: npmFiles({ dependencies: { semver: '^6.0.0' } }), doubts: /up to date/ },
  { about: 'a lock file with a member that is gone', run: 'npm install', context: { ...npmFiles({}, { workspaces: ['apps/*'] }) }, doubts: /up to date/ },
  ...['preinstall', 'install', 'postinstall', 'prepare'].map((name): Row =>
    ({ about: `${name} of a member`, run: 'npm ci', context: npmFiles({ scripts: { [name]: 'node x.js' } }), refuses: new RegExp(`\`${name}\` script of \`packages/library/package\\.json\``) })),
  { about: 'prepublish of a member', run: 'npm ci', context: npmFiles({ scripts: { prepublishOnly: 'tsc', prepublish: 'tsc', build: 'tsc' } }), files: [...members, 'package-lock.json', 'package.json'].sort() },
  { about: 'scripts switched off', run: 'npm ci --ignore-scripts', context: npmFiles({ scripts: { prepare: 'tsc' } }), files: [...members, 'package-lock.json', 'package.json'].sort() },
  { about: 'patches of a member', run: 'npm ci', context: { ...npmFiles({ scripts: { postinstall: 'patch-package' } }), 'packages/library/patches/a.patch': '' }, files: [...members, 'package-lock.json', 'package.json', 'packages/library/patches/a.patch'].sort() },
  { about: 'a program of a member', run: 'npm ci', context: npmFiles({ bin: { library: './src/index.js' } }), refuses: /links `packages\/library\/src\/index\.js`, a program of `packages\/library\/package\.json`/ },
  { about: 'a folder of programs', run: 'npm ci', context: npmFiles({ directories: { bin: 'src' } }), refuses: /links `packages\/library\/src`/ },
  { about: 'a program that is built later', run: 'npm ci', context: npmFiles({ bin: 'dist/cli.js' }), files: [...members, 'package-lock.json', 'package.json'].sort() },
  { about: 'a program of the root', run: 'npm ci', context: npmFiles({}, { bin: 'README.md' }), files: [...members, 'package-lock.json', 'package.json'].sort() },
  { about: 'a native module', run: 'npm ci', context: { ...npmFiles(), 'packages/library/binding.gyp': '{}' }, refuses: /packages\/library\/binding\.gyp/ },
  { about: 'a path in a member', run: 'npm ci', context: npmFiles({ dependencies: { y: 'file:../y' } }), refuses: /`packages\/library\/package\.json` takes `file:\.\.\/y`/ },
  { about: 'Prisma in a member', run: 'npm ci', context: { ...npmFiles({ dependencies: { '@prisma/client': '5' } }), 'packages/library/schema.prisma': '' }, refuses: /Prisma schema/ },
  { about: 'no member', run: 'npm ci', context: { ...npmFiles({}, { workspaces: ['packages/*', 'apps/*', 'tools/*'] }) }, doubts: /No member is found for `tools\/\*` of `package\.json`/ },
  { about: 'a member without a name', run: 'npm ci', context: npmFiles({ name: undefined }), doubts: /`packages\/library\/package\.json` is a member of the workspace without a name/ },
  { about: 'a member that can not be read', run: 'npm ci', context: { ...npmFiles(), 'apps/web/package.json': '{' }, refuses: /`apps\/web\/package\.json` can't be read/ },
  { about: 'what was installed in a member', run: 'npm ci', context: { ...npmFiles(), '.dockerignore': 'node_modules\n', 'apps/web/node_modules/a/b.js': '' }, refuses: /`apps\/web\/node_modules`, which no pattern/ },
  { about: 'the same, ignored', run: 'npm ci', context: { ...npmFiles(), '.dockerignore': '**/node_modules\n', 'apps/web/node_modules/a/b.js': '' }, files: [...members, 'package-lock.json', 'package.json'].sort() },
  { about: 'a member that is ignored is in no image', run: 'npm ci', context: { ...npmFiles(), '.dockerignore': 'apps\n' }, doubts: /`apps\/\*`/, files: ['package-lock.json', 'package.json', 'packages/library/package.json'] },
  { about: 'a list by folders, `./` and `/`', run: 'npm ci', context: npmFiles({}, { workspaces: ['./packages/library', 'apps/web/'] }), files: [...members, 'package-lock.json', 'package.json'].sort() },
  { about: 'braces and `**`', run: 'npm ci', context: npmFiles({}, { workspaces: ['{packages,apps}/**'] }), files: [...members, 'package-lock.json', 'package.json'].sort() },
  { about: 'members taken out', run: 'npm ci', context: npmFiles({ scripts: { prepare: 'tsc' } }, { workspaces: ['packages/*', 'apps/*', '!packages/library'] }), doubts: /knows the member/, files: ['apps/web/package.json', 'package-lock.json', 'package.json'] },
  { about: 'a member that only the lock file knows', run: 'npm ci', context: npmFiles({}, { workspaces: ['apps/*'] }), doubts: /knows the member `packages\/library`/ },
  { about: 'members taken back', run: 'npm ci', context: npmFiles({}, { workspaces: ['!packages/library', 'packages/*', 'apps/*'] }), files: [...members, 'package-lock.json', 'package.json'].sort() },
  { about: 'a glob of another kind', run: 'npm ci', context: npmFiles({}, { workspaces: ['@(packages|apps)/*'] }), refuses: /can't be worked out/ },
  { about: 'a folder outside', run: 'npm ci', context: npmFiles({}, { workspaces: ['../x'] }), refuses: /can't be worked out/ },
  { about: 'a member that is a link', run: 'npm ci', context: { ...npmFiles({}, { workspaces: ['packages/*', 'apps/*', 'linked/*'] }), 'linked/other': '-> ../other', 'other/package.json': '{}' }, refuses: /`linked\/other` is a link to a member/ },
  { about: 'a workspace in a workspace', run: 'npm ci', context: npmFiles({ workspaces: ['a'] }), refuses: /inside another one/ },
  { about: 'too many members', run: 'npm ci', context: { ...npmFiles(), ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`packages/p${index}/package.json`, json({ name: `p${index}` })])) }, refuses: /has 42 members/ },
  { about: 'a workspace in a folder', run: 'npm --prefix js ci', context: Object.fromEntries(Object.entries(npmFiles()).map(([path, text]) => [`js/${path}`, text])), files: [...members, 'package-lock.json', 'package.json'].map((path) => `js/${path}`).sort() },
];

const star = { dependencies: { '@x/library': 'workspace:*' } };
const yarnLock = '# yarn lockfile v1\n\n"semver@^7.0.0":\n  version "7.6.0"\n"typescript@^5.0.0":\n  version "5.4.0"\n';
const berry = { ...inPlace(), 'apps/web/package.json': json({ ...app, ...star }), 'yarn.lock': '__metadata:\n  version: 8\n', '.yarnrc.yml': 'nodeLinker: node-modules\n' };
const withLock = (lock: string, files: Files = inPlace()): Files => ({ ...files, [lock]: '' });

const yarnAndBun: readonly Row[] = [
  { about: 'yarn 1', run: 'yarn install --frozen-lockfile', context: { ...inPlace(), 'yarn.lock': yarnLock }, files: [...members, 'package.json', 'yarn.lock'].sort() },
  { about: 'yarn 1, lock file up to date', run: 'yarn', context: { ...inPlace(), 'yarn.lock': yarnLock }, files: [...members, 'package.json', 'yarn.lock'].sort() },
  { about: 'yarn 1, lock file without a range of a member', run: 'yarn', context: { ...inPlace({ dependencies: { semver: '^6.0.0' } }), 'yarn.lock': yarnLock }, doubts: /--frozen-lockfile/ },
  { about: 'yarn 1, nohoist', run: 'yarn --frozen-lockfile', context: { ...inPlace({}, { workspaces: { packages: ['packages/*', 'apps/*'], nohoist: ['**/semver'] } }), 'yarn.lock': yarnLock }, files: [...members, 'package.json', 'yarn.lock'].sort() },
  { about: 'yarn runs no prepare of members', run: 'yarn --frozen-lockfile', context: { ...inPlace({ scripts: { prepare: 'tsc' } }), 'yarn.lock': yarnLock }, files: [...members, 'package.json', 'yarn.lock'].sort() },
  { about: 'yarn, postinstall of a member', run: 'yarn --frozen-lockfile', context: { ...inPlace({ scripts: { postinstall: 'node x' } }), 'yarn.lock': yarnLock }, refuses: /postinstall/ },
  { about: 'yarn 1 does not know `!`', run: 'yarn --frozen-lockfile', context: { ...inPlace({}, { workspaces: ['packages/*', 'apps/*', '!apps/web'] }), 'yarn.lock': yarnLock }, files: [...members, 'package.json', 'yarn.lock'].sort() },
  { about: 'berry', run: 'yarn install --immutable', context: berry, files: ['.yarnrc.yml', ...members, 'package.json', 'yarn.lock'].sort() },
  { about: 'berry, `!`', run: 'yarn install --immutable', context: { ...berry, 'package.json': json({ ...root, workspaces: ['packages/*', 'apps/*', '!apps/*'] }) }, files: ['.yarnrc.yml', 'package.json', 'packages/library/package.json', 'yarn.lock'] },
  { about: 'berry, a patch of a member', run: 'yarn --immutable', context: { ...berry, 'packages/library/package.json': json({ ...library, dependencies: { a: 'patch:a@npm%3A1#./a.patch', b: 'patch:b@npm%3A1#~/b.patch' } }), 'packages/library/a.patch': '', 'b.patch': '' }, files: ['.yarnrc.yml', ...members, 'b.patch', 'package.json', 'packages/library/a.patch', 'yarn.lock'].sort() },
  { about: 'berry, a member by its folder', run: 'yarn --immutable', context: { ...berry, 'apps/web/package.json': json({ name: 'web', dependencies: { library: 'workspace:packages/library' } }) }, files: ['.yarnrc.yml', ...members, 'package.json', 'yarn.lock'].sort() },
  { about: 'a member that is none', run: 'yarn --immutable', context: { ...berry, 'apps/web/package.json': json({ name: 'web', dependencies: { other: 'workspace:^' } }) }, refuses: /takes `workspace:\^`/ },
  { about: 'bun', run: 'bun install --frozen-lockfile', context: withLock('bun.lock', { ...inPlace({}, { workspaces: { packages: ['packages/*', 'apps/*'], catalog: { react: '^19' } } }), 'apps/web/package.json': json({ name: 'web', dependencies: { react: 'catalog:', '@x/library': 'workspace:*' } }) }), files: [...members, 'bun.lock', 'package.json'].sort() },
  { about: 'bun, prepare of a member', run: 'bun install --frozen-lockfile', context: withLock('bun.lock', inPlace({ scripts: { prepare: 'tsc' } })), refuses: /prepare/ },
];

const listed = "packages:\n  - 'packages/*'\n  - apps/*\n  - '!**/test/**'\n";
const pnpmFiles = (more: object = {}, settings = ''): Files => ({
  ...inPlace(more, { workspaces: undefined }), 'apps/web/package.json': json({ ...app, ...star }), 'pnpm-workspace.yaml': `${listed}${settings}`, 'pnpm-lock.yaml': '',
  'packages/library/test/fixture/package.json': '{}',
});
const pnpmTaken = [...members, 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].sort();
const importer = (name: string, dependencies: string): string => `\n  ${name}:\n    ${dependencies}\n`;
const pnpmLock = `lockfileVersion: '9.0'\n\nimporters:\n${importer('.', 'devDependencies:\n      typescript:\n        specifier: ^5.0.0\n        version: 5.4.0')}${
  importer('apps/web', "dependencies:\n      '@x/library':\n        specifier: workspace:*\n        version: link:../../packages/library")}${
  importer('packages/library', 'dependencies:\n      semver:\n        specifier: ^7.0.0\n        version: 7.6.0')}`;

const pnpm: readonly Row[] = [
  { about: 'every member in its place', run: 'pnpm install --frozen-lockfile', context: pnpmFiles(), files: pnpmTaken },
  { about: 'a member that only the lock file knows', run: 'pnpm install --frozen-lockfile', context: { ...pnpmFiles(), 'pnpm-workspace.yaml': 'packages:\n  - packages/library\n', 'pnpm-lock.yaml': pnpmLock }, doubts: /knows the member `apps\/web`/ },
  { about: 'a lock file up to date', run: 'pnpm install', context: { ...pnpmFiles(), 'pnpm-lock.yaml': pnpmLock }, files: pnpmTaken },
  { about: 'a lock file without a change of a member', run: 'pnpm install', context: { ...pnpmFiles({ dependencies: { semver: '^6.0.0' } }), 'pnpm-lock.yaml': pnpmLock }, doubts: /up to date/ },
  { about: 'settings of a member', run: 'pnpm i --frozen-lockfile', context: { ...pnpmFiles(), 'apps/web/.npmrc': 'save-exact=true\n' }, files: ['apps/web/.npmrc', ...pnpmTaken] },
  { about: 'prepare of a member', run: 'pnpm i --frozen-lockfile', context: pnpmFiles({ scripts: { prepare: 'tsc' } }), refuses: /prepare/ },
  { about: 'a program of a member', run: 'pnpm i --frozen-lockfile', context: pnpmFiles({ bin: 'src/index.js' }), refuses: /a program of/ },
  { about: 'members that are copied', run: 'pnpm i --frozen-lockfile', context: pnpmFiles({}, 'injectWorkspacePackages: true\n'), refuses: /copy the members/ },
  { about: 'members that are copied, by .npmrc', run: 'pnpm i --frozen-lockfile', context: { ...pnpmFiles(), '.npmrc': 'inject-workspace-packages=true\n' }, refuses: /copy the members/ },
  { about: 'a member that is copied', run: 'pnpm i --frozen-lockfile', context: pnpmFiles({ dependenciesMeta: { web: { injected: true } } }), refuses: /`packages\/library\/package\.json` has `web` copied/ },
  { about: 'a lock file for each', run: 'pnpm i --frozen-lockfile', context: pnpmFiles({}, 'sharedWorkspaceLockfile: false\n'), refuses: /lock file of its own/ },
  { about: 'a member that is linked elsewhere', run: 'pnpm i --frozen-lockfile', context: pnpmFiles({ publishConfig: { directory: 'dist' } }), refuses: /`dist`/ },
  { about: 'a manifest of another kind', run: 'pnpm i --frozen-lockfile', context: { ...pnpmFiles(), 'packages/other/package.yaml': '' }, refuses: /`packages\/other\/package\.yaml`/ },
  { about: 'an override by a member', run: 'pnpm i --frozen-lockfile', context: pnpmFiles({}, "overrides:\n  '@x/library': 'workspace:*'\n"), files: pnpmTaken },
  { about: 'an override by a path', run: 'pnpm i --frozen-lockfile', context: pnpmFiles({}, 'overrides:\n  a: link:./a\n'), refuses: /link:\.\/a/ },
  { about: 'patches', run: 'pnpm i --frozen-lockfile', context: { ...pnpmFiles({}, 'patchedDependencies:\n  semver: patches/semver.patch\n'), 'patches/semver.patch': '' }, files: [...pnpmTaken, 'patches/semver.patch'].sort() },
  { about: 'some of the members', run: 'pnpm i --frozen-lockfile --filter web...', context: pnpmFiles(), files: pnpmTaken },
  { about: 'members that changed', run: 'pnpm i --frozen-lockfile --filter "...[origin/main]"', context: pnpmFiles(), refuses: /what changed/ },
  { about: 'no workspace wanted', run: 'pnpm i --frozen-lockfile --ignore-workspace', context: pnpmFiles({ scripts: { prepare: 'tsc' } }), files: ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'] },
  { about: 'a list in package.json means nothing', run: 'pnpm i --frozen-lockfile', context: withLock('pnpm-lock.yaml', inPlace({ scripts: { prepare: 'tsc' } })), files: ['package.json', 'pnpm-lock.yaml'] },
  { about: 'a list over several lines in brackets', run: 'pnpm i --frozen-lockfile', context: { ...pnpmFiles(), 'pnpm-workspace.yaml': 'packages: ["packages/*",\n  "apps/*"]\n' }, files: pnpmTaken },
  { about: 'a list that an anchor names', run: 'pnpm i --frozen-lockfile', context: { ...pnpmFiles(), 'pnpm-workspace.yaml': 'packages: &all\n  - packages/*\n' }, refuses: /can't be read with certainty/ },
];

const goWork = { 'go.work': 'go 1.22\n\nuse (\n\t./api\n\t./lib // shared\n)\n', 'api/go.mod': 'module x/api\n', 'api/go.sum': '', 'lib/go.mod': 'module x/lib\n', 'api/main.go': '' };
const goTaken = ['api/go.mod', 'api/go.sum', 'go.work', 'lib/go.mod'];
const pom = (artifact: string, more: string): string => `<project><artifactId>${artifact}</artifactId>${more}</project>`;
const child = (artifact: string, more = ''): string => `<project><parent><artifactId>root</artifactId></parent><artifactId>${artifact}</artifactId>${more}</project>`;
const reactor = { 'pom.xml': pom('root', '<modules><module>core</module><module>tools/pom.xml</module></modules>'), 'core/pom.xml': child('core', '<modules><module>deep</module></modules>'), 'core/deep/pom.xml': child('deep'), 'tools/pom.xml': child('tools'), 'core/src/A.java': '' };

const compiled: readonly Row[] = [
  { about: 'a Go workspace', run: 'go mod download', context: goWork, files: goTaken },
  { about: 'a Go workspace above', run: 'go mod download', context: goWork, folder: 'api', files: goTaken },
  { about: 'sums of the workspace', run: 'go mod download', context: { ...goWork, 'go.work.sum': '' }, doubts: /may add to `go\.work\.sum`/, files: [...goTaken.slice(0, 3), 'go.work.sum', 'lib/go.mod'] },
  { about: 'a module outside', run: 'go mod download', context: { 'go.work': 'use ../x\n' }, refuses: /outside/ },
  { about: 'a module that is not there', run: 'go mod download', context: { 'go.work': 'use ./x\n' }, refuses: /`x\/go\.mod` is not in/ },
  { about: 'a folder in place of a module', run: 'go mod download', context: { ...goWork, 'go.work': 'use ./api\nreplace a => ./a\n' }, refuses: /`go\.work` replaces/ },
  { about: 'a folder in place of a module of a member', run: 'go mod download', context: { ...goWork, 'lib/go.mod': 'module x/lib\nreplace a => ../a\n' }, refuses: /`lib\/go\.mod` replaces/ },
  { about: 'vendored modules of the workspace', run: 'go mod download', context: { ...goWork, 'vendor/modules.txt': '' }, folder: 'api', refuses: /vendor/ },
  { about: 'Maven modules', run: 'mvn dependency:resolve', context: reactor, files: ['core/deep/pom.xml', 'core/pom.xml', 'pom.xml', 'tools/pom.xml'] },
  { about: 'Maven modules that need each other', run: 'mvn dependency:go-offline', context: { ...reactor, 'tools/pom.xml': child('tools', '<dependencies><dependency><artifactId>core</artifactId></dependency></dependencies>') }, doubts: /`tools\/pom\.xml` needs the module `core`/ },
  { about: 'a Maven module that is not there', run: 'mvn dependency:resolve', context: { 'pom.xml': reactor['pom.xml'], 'core/pom.xml': child('core') }, doubts: /`tools\/pom\.xml` of `pom\.xml` is not in/ },
  { about: 'a Maven module by a property', run: 'mvn dependency:resolve', context: { 'pom.xml': pom('root', '<modules><module>${x}</module></modules>') }, refuses: /can't be told/ },
  { about: 'a Maven parent beside', run: 'mvn dependency:resolve', context: { 'pom.xml': pom('root', '<parent><artifactId>p</artifactId><relativePath>parent</relativePath></parent>'), 'parent/pom.xml': pom('p', '') }, files: ['parent/pom.xml', 'pom.xml'] },
  { about: 'a path in a Maven module', run: 'mvn dependency:resolve', context: { ...reactor, 'tools/pom.xml': child('tools', '<systemPath>x.jar</systemPath>') }, refuses: /`tools\/pom\.xml` takes a dependency from a path/ },
  { about: 'what was copied for Maven modules before', run: 'mvn dependency:copy-dependencies', context: { ...reactor, 'core/target/a.jar': '' }, refuses: /`core\/target`/ },
  { about: 'a solution of too many projects', run: 'dotnet restore x.slnx', context: { 'x.slnx': Array.from({ length: 41 }, (_, index) => `<Project Path="p${index}/p.csproj" />`).join('\n'), ...Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`p${index}/p.csproj`, '<Project/>'])) }, refuses: /has 41 members/ },
  { about: 'a Cargo workspace', run: 'cargo fetch', context: { 'Cargo.toml': '[workspace]\nmembers = ["a"]\n', 'a/Cargo.toml': '', 'a/src/lib.rs': '' }, refuses: /only together with source files/ },
];

describe.each(Object.entries({ npm, yarnAndBun, pnpm, compiled }))('readInstallInputs, workspaces: %s', (_, rows) => {
  it.each(rows.map((row) => [row.about, row] as const))('%s', (_about, row) => { check(row); });
});

describe('a workspace whose folder is copied alone', () => {
  it('has no members outside it', () => {
    const context = memoryContext({ 'js/package.json': json({ workspaces: ['a'] }), 'js/package-lock.json': '{}', 'a/package.json': json({ name: 'a' }) });
    expect(inputsOf('npm ci', context, 'js', { root: 'js' }).files).toEqual(['js/package-lock.json', 'js/package.json']);
  });
});

describe('copy-before-install in a workspace', () => {
  const ignore = { '.dockerignore': '.git\n**/node_modules\n' };
  const node = (run: string): string => `FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN ${run}\nUSER node\nCMD ["node", "apps/web/index.js"]\n`;
  const manifests = (run: string, files: Files, level: 'safe' | 'unsafe' = 'safe'): string[] =>
    instructions(withoutMounts(fixed(level, node(run), { ...ignore, ...files }))).slice(2, -2);

  it.each<[string, string, Files, string[]]>([
    ['npm', 'npm ci', npmFiles(), ['COPY package.json package-lock.json ./']],
    ['pnpm', 'corepack enable && pnpm install --frozen-lockfile', pnpmFiles(), ['COPY package.json pnpm-workspace.yaml pnpm-lock.yaml ./']],
    ['yarn 1', 'yarn install --frozen-lockfile', { ...inPlace(), 'yarn.lock': yarnLock }, ['COPY package.json yarn.lock ./']],
    ['berry', 'yarn install --immutable', berry, ['COPY .yarnrc.yml package.json yarn.lock ./']],
  ])('%s: one COPY for each member', (_, run, files, own) => {
    expect(manifests(run, files).toSorted()).toEqual([
      ...own, 'COPY apps/web/package.json ./apps/web/', 'COPY packages/library/package.json ./packages/library/', `RUN ${run}`, 'COPY . .',
    ].toSorted());
    expect(manifests(run, files).slice(-2)).toEqual([`RUN ${run}`, 'COPY . .']);
  });

  it('leaves a workspace with a program alone', () => {
    expect(manifests('npm ci', npmFiles({ bin: 'src/index.js' }), 'unsafe')[0]).toBe('COPY . .');
  });

  it('moves what is only likely to be all when asked to', () => {
    const files = npmFiles({ name: undefined });
    expect(manifests('npm ci', files)).toEqual(['COPY . .', 'RUN npm ci']);
    expect(manifests('npm ci', files, 'unsafe').at(-1)).toBe('COPY . .');
  });

  it('Go: go.work and each go.mod', () => {
    const text = 'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN go mod download\nRUN go build -o /x ./api\n\nFROM scratch\nCOPY --from=build /x /x\nUSER 1000\n';
    expect(instructions(withoutMounts(fixed('safe', text, { ...ignore, ...goWork }))).slice(2, 7)).toEqual([
      'COPY api/go.mod api/go.sum ./api/', 'COPY go.work ./', 'COPY lib/go.mod ./lib/', 'RUN go mod download', 'COPY . .',
    ]);
  });
});
