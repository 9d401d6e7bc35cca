import { hasFlag } from '../../dockerfile/command.ts';
import { does, type CacheFolder, type PackageManager } from './manager.ts';

/** A folder or archive of a Python project on disk: pip takes any word with a slash that is no address for a path. */
const localPackage = /^(?:\.{1,2}(?:$|[/[])|~?\/|file:|(?!\S*:\/\/)(?!\S*\s@\s)[^@\s]*\/)/;

const pipCache: CacheFolder = { path: '~/.cache/pip', variable: 'PIP_CACHE_DIR' };

const indexFlags = ['-i', '--index-url', '--extra-index-url', '-f', '--find-links', '--no-binary', '--only-binary', '--trusted-host',
  '--keyring-provider'];
const targetFlags = ['-t', '--target', '--prefix', '--root', '--src', '--python-version', '--platform', '--implementation', '--abi'];

const pip: PackageManager = {
  name: 'pip',
  programs: ['pip'],
  versioned: true,
  kind: 'language',
  actions: {
    ...does('install-named', 'install', 'wheel', 'download'),
    ...does('remove', 'uninstall'),
    ...does('clean', 'cache purge', 'cache remove'),
    ...does('configure', 'config', 'config set', 'config unset', 'config edit'),
    ...does('edit', 'lock'),
    ...does('query', 'list', 'show', 'freeze', 'check', 'inspect', 'debug', 'search', 'index', 'index versions', 'hash', 'help',
      'cache dir', 'cache info', 'cache list', 'config list', 'config get', 'config debug'),
  },
  valueFlags: [
    ...indexFlags, ...targetFlags, '--group', '--upgrade-strategy', '-C', '--config-setting', '--config-settings', '--global-option',
    '--install-option', '--build-option', '--root-user-action', '--report', '--log', '--log-file', '--proxy', '--retries',
    '--resume-retries', '--timeout', '--default-timeout',
    '--exists-action', '--cert', '--client-cert', '--cache-dir', '--python', '--use-feature', '--use-deprecated', '--progress-bar', '-d',
    '--dest', '-w', '--wheel-dir', '-b', '--build', '--download', '--path', '--format', '--uploaded-prior-to',
  ],
  requirementFlags: ['-r', '--requirement', '--requirements-from-script'],
  fileFlags: ['-c', '--constraint', '--build-constraint'],
  packageFlags: ['-e', '--editable'],
  localPackage,
  caches: [pipCache],
  noCacheFlag: '--no-cache-dir',
  noCacheVariable: 'PIP_NO_CACHE_DIR',
  outputs: [],
  manifestVariables: ['PIP_REQUIREMENT', 'PIP_CONSTRAINT', 'PIP_BUILD_CONSTRAINT', 'PIP_EDITABLE', 'PIP_CONFIG_FILE', 'PIP_FIND_LINKS'],
};

const pipx: PackageManager = {
  name: 'pipx',
  programs: ['pipx'],
  kind: 'language',
  actions: {
    ...does('install-named', 'install', 'inject', 'install-all'),
    ...does('upgrade', 'upgrade', 'upgrade-all', 'upgrade-shared', 'reinstall', 'reinstall-all'),
    ...does('remove', 'uninstall', 'uninstall-all', 'uninject'),
    ...does('configure', 'ensurepath', 'pin', 'unpin', 'completions'),
    ...does('query', 'list', 'environment'),
  },
  valueFlags: ['--python', '--pip-args', '-i', '--index-url', '--suffix', '--fetch-missing-python', '--backend'],
  requirementFlags: ['-r', '--requirement'],
  packageFlags: ['--spec', '--preinstall'],
  localPackage,
  caches: [pipCache],
  outputs: [],
};

const uv: PackageManager = {
  name: 'uv',
  programs: ['uv'],
  kind: 'language',
  actions: {
    ...does('install-named', 'pip install', 'tool install', 'add'),
    ...does('install-manifest', 'pip sync'),
    ...does('install-project', 'sync'),
    ...does('edit', 'lock', 'pip compile', 'version', 'python pin', 'venv', 'init'),
    ...does('upgrade', 'tool upgrade', 'self update', 'python upgrade'),
    ...does('remove', 'pip uninstall', 'remove', 'tool uninstall', 'python uninstall'),
    ...does('clean', 'cache clean', 'cache prune', 'clean'),
    ...does('download', 'python install'),
    ...does('build', 'build'),
    ...does('configure', 'tool update-shell', 'python update-shell'),
    ...does('query', 'pip list', 'pip show', 'pip freeze', 'pip check', 'pip tree', 'tree', 'export', 'cache dir', 'cache size',
      'tool list', 'tool dir',
      'python list', 'python find', 'python dir', 'self version', 'help'),
  },
  valueFlags: [
    ...indexFlags, ...targetFlags, '-p', '--python', '--extra', '--no-extra', '--group', '--no-group', '--only-group', '--package',
    '--script',
    '--index', '--default-index', '--index-strategy', '-P', '--upgrade-package', '--reinstall-package', '--refresh-package', '--resolution',
    '--prerelease', '--fork-strategy', '--exclude-newer', '--exclude-newer-package', '--link-mode', '-C', '--config-setting',
    '--config-settings-package', '--no-build-isolation-package', '--no-build-package', '--no-binary-package', '--no-install-package',
    '--no-editable-package', '--no-sources-package', '--allow-insecure-host', '--cache-dir', '--python-platform', '--color',
    '--torch-backend',
    '--python-preference', '--python-fetch', '--output-format', '-o', '--output-file', '--format', '--out-dir', '--with', '--with-editable',
    '--with-executables-from', '--optional', '--branch', '--tag', '--rev', '--bounds', '--marker', '-m', '--install-dir', '--mirror', '-b',
  ],
  requirementFlags: ['-r', '--requirement', '--requirements', '--with-requirements'],
  fileFlags: ['-c', '--constraint', '--constraints', '--override', '--overrides', '--build-constraint', '--build-constraints',
    '--excludes', '--config-file'],
  packageFlags: ['-e', '--editable', '--from'],
  directoryFlags: ['--directory', '--project'],
  fileOperands: ['pip sync', 'pip compile'],
  noOperands: ['sync'],
  dependenciesOnlyFlags: ['--no-install-project', '--no-install-workspace', '--no-install-local', '--only-group', '--only-dev'],
  localPackage,
  refine: ({ subcommand, packages, words }) => {
    if (subcommand === 'version') return hasFlag(words, '--bump') ? undefined : 'query';
    // Without a version and a place of its own, `uv venv` follows the project's files.
    const apart = hasFlag(words, '-p', '--python') && packages.length === 1 && packages[0]?.text.startsWith('/') === true;
    return subcommand === 'venv' && apart ? 'configure' : undefined;
  },
  caches: [{ path: '~/.cache/uv', variable: 'UV_CACHE_DIR' }],
  noCacheFlag: '--no-cache',
  noCacheAliases: ['--no-cache-dir', '-n'],
  noCacheVariable: 'UV_NO_CACHE',
  outputs: ['.venv'],
  manifestVariables: [
    'UV_CONSTRAINT', 'UV_BUILD_CONSTRAINT', 'UV_OVERRIDE', 'UV_EXCLUDE', 'UV_CONFIG_FILE', 'UV_FIND_LINKS', 'UV_PROJECT', 'UV_WORKING_DIR',
    'UV_WORKING_DIRECTORY',
  ],
};

const poetry: PackageManager = {
  name: 'poetry',
  programs: ['poetry'],
  kind: 'language',
  actions: {
    ...does('install-project', 'install', 'sync'),
    ...does('install-named', 'add', 'self add'),
    ...does('edit', 'lock', 'version', 'env use', 'env activate', 'source add', 'source remove', 'init'),
    ...does('upgrade', 'update', 'self update'),
    ...does('remove', 'remove', 'self remove', 'env remove'),
    ...does('clean', 'cache clear'),
    ...does('build', 'build', 'publish'),
    ...does('configure', 'config', 'self sync', 'self install'),
    ...does('query', 'show', 'check', 'export', 'about', 'search', 'help', 'list', 'env info', 'env list', 'cache list', 'source show',
      'self show'),
  },
  valueFlags: [
    '--with', '--without', '--only', '-E', '--extras', '-G', '--group', '--source', '--python', '-f', '--format', '-o', '--output',
    '--platform',
  ],
  directoryFlags: ['-C', '--directory', '-P', '--project'],
  noOperands: ['install', 'sync'],
  dependenciesOnlyFlags: ['--no-root'],
  refine: ({ subcommand, packages, words }) => {
    if (subcommand === 'config' && hasFlag(words, '--local')) return 'edit';
    return subcommand === 'version' && packages.length === 0 ? 'query' : undefined;
  },
  caches: [{ path: '~/.cache/pypoetry', variable: 'POETRY_CACHE_DIR' }],
  noCacheFlag: '--no-cache',
  outputs: ['.venv'],
};

const pipenv: PackageManager = {
  name: 'pipenv',
  programs: ['pipenv'],
  kind: 'language',
  actions: {
    ...does('install-manifest', 'install', 'sync'),
    ...does('edit', 'lock'),
    ...does('upgrade', 'update', 'upgrade'),
    ...does('remove', 'uninstall', 'clean'),
    ...does('query', 'requirements', 'graph', 'check', 'verify', 'scripts', 'audit'),
  },
  valueFlags: ['-i', '--index', '--pypi-mirror', '--python', '--extra-pip-args', '--categories', '--category'],
  requirementFlags: ['-r', '--requirements'],
  packageFlags: ['-e', '--editable'],
  noOperands: ['sync'],
  localPackage,
  caches: [{ path: '~/.cache/pipenv', variable: 'PIPENV_CACHE_DIR' }, pipCache],
  outputs: ['.venv'],
  manifestVariables: ['PIPENV_PIPFILE'],
};

const pdm: PackageManager = {
  name: 'pdm',
  programs: ['pdm'],
  kind: 'language',
  actions: {
    ...does('install-project', 'install', 'sync'),
    ...does('install-named', 'add', 'self add', 'plugin add'),
    ...does('edit', 'lock', 'import', 'use', 'venv create', 'init'),
    ...does('upgrade', 'update', 'self update'),
    ...does('remove', 'remove', 'self remove', 'venv remove'),
    ...does('clean', 'cache clear', 'cache remove', 'venv purge'),
    ...does('download', 'python install'),
    ...does('build', 'build', 'publish'),
    ...does('configure', 'config', 'completion'),
    ...does('query', 'list', 'show', 'info', 'search', 'export', 'outdated', 'cache info', 'cache list', 'python list', 'venv list'),
  },
  valueFlags: [
    '-G', '--group', '--with', '--without', '-L', '--lockfile', '--venv', '-c', '--config', '--override', '-S', '--strategy', '-x',
    '--exclude-newer',
    '-C', '--config-setting', '-k', '--skip', '-o', '--output', '-f', '--format', '--python',
  ],
  packageFlags: ['-e', '--editable'],
  directoryFlags: ['-p', '--project'],
  noOperands: ['install', 'sync'],
  dependenciesOnlyFlags: ['--no-self'],
  caches: [{ path: '~/.cache/pdm', variable: 'PDM_CACHE_DIR' }],
  outputs: ['.venv', '__pypackages__'],
  manifestVariables: ['PDM_PROJECT', 'PDM_LOCKFILE', 'PDM_OVERRIDE', 'PDM_CONFIG_FILE'],
};

const conda: PackageManager = {
  name: 'conda',
  programs: ['conda', 'mamba', 'micromamba'],
  kind: 'language',
  actions: {
    ...does('install-named', 'install', 'create'),
    ...does('install-manifest', 'env create', 'env update'),
    ...does('upgrade', 'update', 'upgrade', 'self-update'),
    ...does('remove', 'remove', 'uninstall', 'env remove'),
    ...does('clean', 'clean'),
    ...does('build', 'build'),
    ...does('configure', 'config', 'init', 'shell', 'shell init', 'activate', 'deactivate', 'env config', 'rename'),
    ...does('query', 'list', 'info', 'search', 'repoquery', 'env list', 'env export', 'export', 'compare', 'notices', 'doctor'),
  },
  valueFlags: [
    '-n', '--name', '-p', '--prefix', '-c', '--channel', '--solver', '--experimental-solver', '--platform', '--subdir', '--repodata-fn',
    '--rc-file', '-r', '--root-prefix', '--clone', '--revision', '--category', '--cacert',
  ],
  requirementFlags: ['-f', '--file'],
  noOperands: ['env create', 'env update'],
  // `conda create -n name` with nothing to install makes an empty environment.
  refine: ({ subcommand, action, packages, words }) =>
    subcommand === 'create' && action === 'install-named' && packages.length === 0 && !hasFlag(words, '--clone') ? 'configure' : undefined,
  caches: [{
    path: '/opt/conda/pkgs', variable: 'CONDA_PKGS_DIRS', locked: true,
    movedBy: [{ variable: 'MAMBA_ROOT_PREFIX', below: 'pkgs' }],
  }],
  outputs: [],
  manifestVariables: ['CONDA_ENV_FILE', 'CONDARC'],
};

/** The package managers of Python. */
export const pythonManagers: readonly PackageManager[] = [pip, pipx, uv, poetry, pipenv, pdm, conda];
