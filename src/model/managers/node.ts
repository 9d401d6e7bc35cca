import { flagValue, hasFlag } from '../../dockerfile/command.ts';
import { does, type Action, type PackageManager, type Seen } from './manager.ts';

/** A folder or archive on disk; `owner/repository` is one on GitHub. */
const localPackage = /^(?:\.{1,2}(?:$|\/)|~?\/|(?:file|link|portal):)/;

const npmValueFlags = [
  '--registry', '--loglevel', '--cache', '-w', '--workspace', '--omit', '--include', '--only', '--tag', '--location', '--script-shell',
  '--fetch-retries', '--fetch-timeout', '--fetch-retry-mintimeout', '--fetch-retry-maxtimeout', '--fetch-retry-factor', '--maxsockets',
  '--network-timeout', '--otp', '--before', '--cpu', '--os', '--libc', '--install-strategy', '--depth', '--audit-level', '--proxy',
  '--https-proxy', '--noproxy', '--cafile', '--ca', '--node-options', '--auth-type', '--min-release-age', '--message', '-m', '--access',
];

/** Scripts most projects have; any other word is a program of node_modules or unknown. */
const scripts = does('build', 'build', 'compile', 'bundle', 'dist', 'prod', 'start', 'dev', 'test', 'lint', 'typecheck', 'generate');

/** `npm config set --location=project` writes the project's .npmrc. */
const settingsOfProject = ({ action, words }: Seen): Action | undefined =>
  action === 'configure' && flagValue(words, '--location', '-L')?.text === 'project' ? 'edit' : undefined;

const npm: PackageManager = {
  name: 'npm',
  programs: ['npm'],
  kind: 'language',
  actions: {
    ...does('install-manifest', 'install', 'i', 'in', 'ins', 'inst', 'insta', 'instal', 'isnt', 'isnta', 'isntal', 'isntall', 'add'),
    ...does('install-manifest', 'ci', 'clean-install', 'ic', 'install-clean', 'isntall-clean'),
    ...does('install-project', 'link', 'ln', 'install-test', 'it', 'install-ci-test', 'cit'),
    ...does('build', 'run', 'run-script', 'rum', 'urn', 'start', 'test', 't', 'tst', 'stop', 'restart', 'pack', 'publish', 'rebuild', 'rb'),
    ...does('edit', 'pkg', 'pkg set', 'pkg delete', 'shrinkwrap', 'version', 'init', 'dedupe', 'ddp'),
    ...does('upgrade', 'update', 'up', 'upgrade', 'udpate', 'audit fix'),
    ...does('remove', 'uninstall', 'un', 'unlink', 'remove', 'rm', 'r', 'prune'),
    ...does('clean', 'cache clean', 'cache clear', 'cache verify', 'cache rm'),
    ...does('download', 'cache add'),
    ...does('configure', 'config', 'config set', 'config delete', 'set', 'login', 'logout', 'adduser', 'completion'),
    ...does('query', 'config get', 'config list', 'config ls', 'get', 'ls', 'list', 'll', 'la', 'view', 'show', 'info', 'outdated',
      'audit', 'root', 'bin',
      'prefix', 'ping', 'whoami', 'search', 'explain', 'why', 'fund', 'doctor', 'help', 'pkg get', 'cache ls', 'query', 'sbom', 'dist-tag'),
  },
  valueFlags: npmValueFlags,
  fileFlags: ['--userconfig', '--globalconfig'],
  directoryFlags: ['--prefix', '-C'],
  noOperands: ['ci', 'clean-install', 'ic', 'install-clean', 'isntall-clean'],
  localPackage,
  refine: settingsOfProject,
  caches: [{ path: '~/.npm', variable: 'npm_config_cache' }],
  outputs: ['node_modules'],
  manifestVariables: ['npm_config_userconfig', 'npm_config_globalconfig', 'NPM_CONFIG_USERCONFIG', 'NPM_CONFIG_GLOBALCONFIG'],
};

const yarn: PackageManager = {
  name: 'yarn',
  programs: ['yarn', 'yarnpkg'],
  kind: 'language',
  actions: {
    ...does('install-manifest', '', 'install', 'workspaces focus'),
    ...does('install-named', 'add', 'global add'),
    ...does('install-project', 'link'),
    ...does('build', 'run', 'pack', 'publish', 'rebuild', 'workspaces run', 'workspaces foreach', ...Object.keys(scripts)),
    ...does('edit', 'version', 'init', 'import', 'dedupe', 'generate-lock-entry', 'patch', 'patch-commit', 'set version',
      'policies set-version',
      'plugin import', 'plugin remove'),
    ...does('upgrade', 'upgrade', 'up', 'global upgrade'),
    ...does('remove', 'remove', 'unlink', 'global remove', 'autoclean'),
    ...does('clean', 'cache clean', 'cache clear'),
    ...does('configure', 'config set', 'config unset', 'config delete', 'config', 'login', 'logout', 'npm login'),
    ...does('query', 'config get', 'config list', 'list', 'info', 'why', 'outdated', 'audit', 'check', 'bin', 'global bin', 'global dir',
      'global list',
      'cache dir', 'cache list', 'licenses', 'licenses list', 'versions', 'help', 'workspaces info', 'workspaces list', 'plugin list',
      'npm info', 'npm audit'),
  },
  valueFlags: [
    '--registry', '--network-timeout', '--network-concurrency', '--cache-folder', '--preferred-cache-folder', '--mutex', '--modules-folder',
    '--global-folder', '--link-folder', '--link-duplicates-folder', '--use-yarnrc', '--proxy', '--https-proxy', '--otp', '--mode', '--tag',
    '--har-path', '--scripts-prepend-node-path',
  ],
  directoryFlags: ['--cwd'],
  noOperands: ['', 'install'],
  localPackage,
  refine: ({ subcommand, action, words }) => {
    // The words behind it are workspaces.
    if (subcommand === 'workspaces focus') return 'install-manifest';
    // Yarn 1 keeps settings in the home folder, later ones in the project's .yarnrc.yml unless told otherwise.
    const ofUser = hasFlag(words, '-H', '--home', '-g', '--global') || /(?:login|logout)$/.test(subcommand);
    return action === 'configure' && !ofUser ? 'edit' : undefined;
  },
  caches: [
    // Yarn 1 keeps root's cache below /usr/local/share (its util/user-home-dir).
    { path: '/usr/local/share/.cache/yarn', variable: 'YARN_CACHE_FOLDER', locked: true, user: 'root', edition: 'classic' },
    { path: '~/.cache/yarn', variable: 'YARN_CACHE_FOLDER', locked: true, user: 'other', edition: 'classic' },
    // From Yarn 4 on the cache is shared by default; 2 and 3 keep it in the project's .yarn/cache.
    {
      path: '~/.yarn/berry/cache', variable: 'YARN_CACHE_FOLDER', movedBy: [{ variable: 'YARN_GLOBAL_FOLDER', below: 'cache' }],
      locked: true, edition: 'berry',
    },
  ],
  outputs: ['node_modules', '.pnp.cjs', '.pnp.js', '.pnp.loader.mjs', '.yarn/cache', '.yarn/unplugged', '.yarn/install-state.gz',
    '.yarn/build-state.yml'],
  manifestVariables: ['YARN_RC_FILENAME', 'YARN_YARN_PATH', 'YARN_LOCKFILE_FILENAME'],
};

const pnpm: PackageManager = {
  name: 'pnpm',
  programs: ['pnpm'],
  kind: 'language',
  actions: {
    ...does('install-manifest', 'install', 'i', 'ci', 'clean-install', 'fetch'),
    ...does('install-named', 'add'),
    ...does('install-project', 'link', 'ln', 'install-test', 'it'),
    ...does('build', 'run', 'run-script', 'pack', 'publish', 'rebuild', 'rb', 'deploy', 't', 'tst', ...Object.keys(scripts)),
    ...does('edit', 'import', 'dedupe', 'init', 'patch', 'patch-commit', 'patch-remove', 'pkg set', 'pkg delete', 'approve-builds'),
    ...does('upgrade', 'update', 'up', 'upgrade', 'self-update', 'audit fix'),
    ...does('remove', 'remove', 'rm', 'uninstall', 'un', 'prune', 'unlink'),
    ...does('clean', 'store prune', 'cache delete'),
    ...does('download', 'store add', 'env add', 'runtime set'),
    ...does('configure', 'config', 'config set', 'config delete', 'set', 'setup', 'env use', 'login', 'completion'),
    ...does('query', 'config get', 'config list', 'get', 'list', 'ls', 'll', 'la', 'outdated', 'why', 'audit', 'licenses',
      'licenses list', 'store path',
      'store status', 'root', 'bin', 'doctor', 'env list', 'help', 'view', 'info', 'show', 'cache list'),
  },
  valueFlags: [
    ...npmValueFlags.filter((flag) => flag !== '-w' && flag !== '--workspace'), '--filter', '-F', '--filter-prod', '--store-dir', '--virtual-store-dir',
    '--network-concurrency', '--child-concurrency', '--workspace-concurrency', '--reporter', '--lockfile-dir', '--modules-dir',
    '--package-import-method', '--node-linker', '--hoist-pattern', '--public-hoist-pattern', '--global-dir', '--use-node-version',
    '--test-pattern',
    '--changed-files-ignore-pattern', '--resolution-mode', '--allow-build',
  ],
  directoryFlags: ['-C', '--dir', '--prefix'],
  noOperands: ['ci', 'clean-install', 'fetch'],
  localPackage,
  refine: settingsOfProject,
  caches: [{
    path: '~/.local/share/pnpm/store', variable: 'npm_config_store_dir', readLater: true,
    movedBy: [{ variable: 'PNPM_HOME', below: 'store' }, { variable: 'XDG_DATA_HOME', below: 'pnpm/store' }],
  }],
  outputs: ['node_modules', '.pnp.cjs', '.pnpm-store'],
  manifestVariables: ['npm_config_userconfig', 'npm_config_globalconfig', 'NPM_CONFIG_USERCONFIG', 'npm_config_lockfile_dir',
    'npm_config_global_pnpmfile'],
};

const bun: PackageManager = {
  name: 'bun',
  programs: ['bun'],
  kind: 'language',
  actions: {
    ...does('install-manifest', 'install', 'i', 'ci'),
    ...does('install-named', 'add', 'a'),
    ...does('install-project', 'link'),
    ...does('build', 'run', 'pack', 'publish', ...Object.keys(scripts)),
    ...does('edit', 'init', 'patch', 'pm migrate', 'pm trust', 'pm pkg set', 'pm version'),
    ...does('upgrade', 'update', 'upgrade'),
    ...does('remove', 'remove', 'rm', 'unlink'),
    ...does('clean', 'pm cache rm'),
    ...does('query', 'pm ls', 'pm cache', 'pm bin', 'pm hash', 'pm whoami', 'pm untrusted', 'outdated', 'audit', 'why', 'info', 'pm'),
  },
  valueFlags: [
    '--registry', '--backend', '--cache-dir', '--filter', '--omit', '--network-concurrency', '--concurrent-scripts', '--linker', '--cpu',
    '--os', '--ca',
    '--cafile', '--minimum-release-age', '--outdir', '--outfile', '--target', '--env-file',
  ],
  fileFlags: ['-c', '--config'],
  directoryFlags: ['--cwd'],
  localPackage,
  caches: [{ path: '~/.bun/install/cache', variable: 'BUN_INSTALL_CACHE_DIR', movedBy: [{ variable: 'BUN_INSTALL', below: 'install/cache' }] }],
  noCacheFlag: '--no-cache',
  outputs: ['node_modules'],
};

/** The package managers of JavaScript. */
export const nodeManagers: readonly PackageManager[] = [npm, yarn, pnpm, bun];
