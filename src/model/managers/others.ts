import { hasFlag } from '../../dockerfile/command.ts';
import { does, type CacheFolder, type PackageManager } from './manager.ts';

/** The archives a gem is unpacked from stay beside the gems, here as the Ruby images set GEM_HOME. */
const gemCache: CacheFolder = { path: '/usr/local/bundle/cache', movedBy: [{ variable: 'GEM_HOME', below: 'cache' }], locked: true };

const bundler: PackageManager = {
  name: 'bundler',
  programs: ['bundle', 'bundler'],
  kind: 'language',
  selector: /^_.*_$/,
  actions: {
    ...does('install-manifest', '', 'install', 'i', 'package', 'cache', 'pack'),
    ...does('install-named', 'add'),
    ...does('edit', 'lock', 'init', 'inject', 'binstubs', 'binstub', 'plugin install', 'plugin uninstall'),
    ...does('upgrade', 'update'),
    ...does('remove', 'remove', 'clean'),
    // With `--local` it writes .bundle/config, an output like those of the install.
    ...does('configure', 'config', 'config set', 'config unset'),
    ...does('query', 'config get', 'config list', 'check', 'list', 'ls', 'info', 'show', 'outdated', 'env', 'platform', 'doctor',
      'licenses', 'help', 'version'),
  },
  valueFlags: [
    '-j', '--jobs', '--retry', '--path', '--without', '--with', '--shebang', '-P', '--trust-policy', '--target-rbconfig', '-g', '--group',
    '-s', '--source', '-v', '--version', '--only', '--cache-path',
  ],
  fileFlags: ['--gemfile'],
  noOperands: ['', 'install', 'i', 'package', 'cache', 'pack'],
  caches: [gemCache],
  outputs: ['vendor/bundle', '.bundle'],
  manifestVariables: ['BUNDLE_GEMFILE', 'BUNDLE_APP_CONFIG', 'BUNDLE_LOCKFILE'],
};

const gem: PackageManager = {
  name: 'gem',
  programs: ['gem'],
  kind: 'language',
  actions: {
    ...does('install-named', 'install', 'i'),
    ...does('upgrade', 'update'),
    ...does('remove', 'uninstall', 'cleanup'),
    ...does('download', 'fetch', 'unpack'),
    ...does('build', 'build'),
    ...does('configure', 'sources', 'pristine', 'rdoc', 'signin', 'setup'),
    ...does('query', 'list', 'search', 'info', 'environment', 'env', 'outdated', 'specification', 'contents', 'which', 'help', 'check',
      'dependency', 'query'),
  },
  valueFlags: [
    '-v', '--version', '-i', '--install-dir', '-n', '--bindir', '-s', '--source', '-P', '--trust-policy', '-p', '--http-proxy', '--platform',
    '--build-root', '-B', '--bulk-threshold', '--without', '--config-file', '--target-rbconfig', '--add', '--remove',
  ],
  requirementFlags: ['-g', '--file'],
  dashesEnd: true,
  refine: ({ subcommand, words }) => (subcommand === 'sources' && hasFlag(words, '-l', '--list') ? 'query' : undefined),
  caches: [gemCache],
  outputs: [],
};

const composer: PackageManager = {
  name: 'composer',
  programs: ['composer', 'composer.phar'],
  kind: 'language',
  actions: {
    ...does('install-manifest', 'install', 'i', 'global install'),
    ...does('install-named', 'require', 'r', 'req', 'global require'),
    ...does('install-project', 'create-project'),
    ...does('build', 'dump-autoload', 'dumpautoload', 'run-script', 'run', 'archive'),
    ...does('edit', 'init', 'bump', 'repository', 'repo'),
    ...does('upgrade', 'update', 'u', 'upgrade', 'self-update', 'selfupdate', 'global update', 'reinstall'),
    ...does('remove', 'remove', 'rm', 'global remove'),
    ...does('clean', 'clear-cache', 'clearcache', 'cc', 'global clear-cache'),
    ...does('configure', 'config', 'global config'),
    ...does('query', 'show', 'info', 'validate', 'diagnose', 'audit', 'check-platform-reqs', 'licenses', 'outdated', 'search', 'status',
      'why', 'depends',
      'why-not', 'prohibits', 'fund', 'about', 'list', 'help', 'browse', 'suggests', 'global show'),
  },
  valueFlags: ['--prefer-install', '--ignore-platform-req', '--apcu-autoloader-prefix', '--stability', '-s', '--repository',
    '--repository-url', '--format', '-f', '--audit-format'],
  directoryFlags: ['-d', '--working-dir'],
  noOperands: ['install', 'i', 'global install'],
  refine: ({ subcommand, words }) => (subcommand === 'config' && !hasFlag(words, '-g', '--global') ? 'edit' : undefined),
  caches: [{
    path: '~/.composer/cache', variable: 'COMPOSER_CACHE_DIR', inImage: { composer: '/tmp/cache' },
    movedBy: [{ variable: 'COMPOSER_HOME', below: 'cache' }, { variable: 'XDG_CACHE_HOME', below: 'composer' }],
  }],
  noCacheFlag: '--no-cache',
  outputs: ['vendor'],
  manifestVariables: ['COMPOSER'],
};

const huggingface: PackageManager = {
  name: 'huggingface',
  programs: ['hf', 'huggingface-cli'],
  kind: 'model',
  actions: {
    ...does('download', 'download'),
    ...does('remove', 'cache rm', 'delete-cache', 'cache delete'),
    ...does('clean', 'cache prune'),
    ...does('configure', 'login', 'logout', 'auth login', 'auth logout', 'auth switch', 'lfs-enable-largefiles'),
    ...does('query', 'env', 'version', 'whoami', 'auth whoami', 'auth list', 'cache ls', 'cache scan', 'cache verify', 'scan-cache',
      'models ls', 'datasets ls'),
  },
  valueFlags: ['--repo-type', '--type', '--revision', '--include', '--exclude', '--cache-dir', '--local-dir', '--local-dir-use-symlinks',
    '--token', '--max-workers'],
  caches: [{
    path: '~/.cache/huggingface/hub', variable: 'HF_HUB_CACHE', readLater: true,
    movedBy: [{ variable: 'HF_HOME', below: 'hub' }, { variable: 'XDG_CACHE_HOME', below: 'huggingface/hub' }],
  }],
  outputs: [],
};

/** The package managers of Ruby and PHP, and the one of Hugging Face. */
export const otherManagers: readonly PackageManager[] = [bundler, gem, composer, huggingface];
