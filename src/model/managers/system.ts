import { does, type PackageManager } from './manager.ts';

const apt: PackageManager = {
  name: 'apt-get',
  programs: ['apt-get', 'apt', 'aptitude'],
  kind: 'system',
  actions: {
    ...does('refresh', 'update'),
    ...does('install-named', 'install', 'reinstall', 'build-dep', 'satisfy'),
    ...does('upgrade', 'upgrade', 'dist-upgrade', 'full-upgrade', 'safe-upgrade', 'dselect-upgrade'),
    ...does('remove', 'remove', 'purge', 'autoremove', 'autopurge'),
    ...does('clean', 'clean', 'autoclean', 'auto-clean', 'distclean'),
    ...does('download', 'download', 'source'),
    ...does('configure', 'edit-sources', 'modernize-sources', 'markauto', 'unmarkauto', 'hold', 'unhold'),
    ...does('query', 'list', 'search', 'show', 'check', 'policy', 'depends', 'rdepends', 'showsrc', 'changelog', 'indextargets',
      'versions', 'why'),
  },
  valueFlags: ['-t', '--target-release', '--default-release', '-o', '--option', '-c', '--config-file', '-a', '--host-architecture', '-P',
    '--build-profiles'],
  // docs.docker.com/reference/dockerfile: both folders, locked, as apt wants them for itself.
  caches: [{ path: '/var/cache/apt', locked: true }, { path: '/var/lib/apt', locked: true }],
  outputs: [],
};

const apk: PackageManager = {
  name: 'apk',
  programs: ['apk'],
  kind: 'system',
  actions: {
    ...does('refresh', 'update'),
    ...does('install-named', 'add'),
    ...does('upgrade', 'upgrade', 'fix'),
    ...does('remove', 'del'),
    ...does('clean', 'cache clean', 'cache purge'),
    ...does('refresh', 'cache download', 'cache sync'),
    ...does('download', 'fetch'),
    ...does('query', 'info', 'list', 'search', 'policy', 'version', 'stats', 'dot', 'audit', 'verify', 'index', 'manifest', 'query'),
  },
  valueFlags: [
    '-t', '--virtual', '-X', '--repository', '-p', '--root', '--arch', '--keys-dir', '--cache-dir', '--cache-max-age',
    '--repositories-file', '--wait', '--timeout', '--progress-fd', '--preupgrade-depends', '-o', '--output',
  ],
  caches: [{ path: '/var/cache/apk', locked: true }],
  noCacheFlag: '--no-cache',
  outputs: [],
};

/** dnf, yum and their small relatives share their words; yum is dnf under another name on today's systems. */
const rpmActions: PackageManager['actions'] = {
  ...does('refresh', 'makecache', 'mc', 'check-update', 'check-upgrade'),
  ...does(
    'install-named', 'install', 'in', 'localinstall', 'reinstall', 'rei', 'groupinstall', 'group install', 'groups install', 'grp install',
    'module install', 'builddep', 'build-dep', 'yum-builddep', 'swap', 'downgrade', 'dg',
  ),
  ...does(
    'upgrade', 'update', 'upgrade', 'up', 'upgrade-minimal', 'update-minimal', 'up-min', 'distro-sync', 'distrosync', 'dsync', 'dist-upgrade',
    'system-upgrade', 'groupupdate', 'group update', 'group upgrade',
  ),
  ...does('remove', 'remove', 'rm', 'erase', 'autoremove', 'groupremove', 'group remove', 'module remove'),
  ...does('clean', 'clean', 'clean all', 'clean packages', 'clean metadata', 'clean dbcache', 'clean expire-cache'),
  ...does('download', 'download'),
  ...does(
    'configure', 'config-manager', 'copr enable', 'copr disable', 'module enable', 'module disable', 'module reset', 'module switch-to',
    'mark',
    'mark install', 'mark remove', 'versionlock', 'group mark',
  ),
  ...does(
    'query', 'list', 'ls', 'info', 'if', 'search', 'se', 'provides', 'repolist', 'repoinfo', 'repoquery', 'rq', 'deplist', 'grouplist',
    'group list', 'group info', 'groups list', 'module list', 'module info', 'history', 'check', 'needs-restarting', 'updateinfo',
    'changelog',
  ),
};

const rpmValueFlags = [
  '--repo', '--repoid', '--enablerepo', '--disablerepo', '-x', '--exclude', '--excludepkgs', '--setopt', '--releasever', '--installroot',
  '-c',
  '--config', '-d', '--debuglevel', '-e', '--errorlevel', '--forcearch', '--comment', '--color', '-R', '--randomwait', '--advisory', '--cve',
  '--bz', '--bzs', '--sec-severity', '--repofrompath', '--disableplugin', '--enableplugin', '--destdir', '--downloaddir', '--arch',
  '--archlist',
];

const rpm = (name: string, ...caches: readonly string[]): PackageManager => ({
  name,
  programs: [name],
  kind: 'system',
  actions: rpmActions,
  valueFlags: rpmValueFlags,
  caches: caches.map((path) => ({ path, locked: true })),
  outputs: [],
});

const zypper: PackageManager = {
  name: 'zypper',
  programs: ['zypper'],
  kind: 'system',
  actions: {
    ...does('refresh', 'refresh', 'ref', 'refresh-services', 'refs'),
    ...does('install-named', 'install', 'in', 'source-install', 'si', 'install-new-recommends', 'inr'),
    ...does('upgrade', 'update', 'up', 'dist-upgrade', 'dup', 'patch'),
    ...does('remove', 'remove', 'rm'),
    ...does('clean', 'clean', 'cc'),
    ...does('download', 'download'),
    ...does(
      'configure', 'addrepo', 'ar', 'removerepo', 'rr', 'modifyrepo', 'mr', 'renamerepo', 'nr', 'addservice', 'as', 'removeservice', 'rs',
      'addlock', 'al', 'removelock', 'rl',
    ),
    ...does('query', 'search', 'se', 'info', 'if', 'repos', 'lr', 'list-updates', 'lu', 'list-patches', 'lp', 'packages', 'pa',
      'patterns', 'pt',
      'products', 'pd', 'verify', 've', 'targetos', 'tos', 'ps', 'services', 'ls', 'locks', 'll', 'what-provides', 'wp', 'licenses'),
  },
  valueFlags: [
    '-r', '--repo', '--from', '-t', '--type', '-R', '--root', '--installroot', '-D', '--reposd-dir', '-C', '--cache-dir', '-c', '--config',
    '-p', '--plus-repo', '--plus-content', '--releasever', '--pkg-cache-dir', '--raw-cache-dir', '--solv-cache-dir', '--priority',
  ],
  caches: [{ path: '/var/cache/zypp', locked: true }],
  outputs: [],
};

const pacman: PackageManager = {
  name: 'pacman',
  programs: ['pacman'],
  kind: 'system',
  style: 'letters',
  // The operation's letter, and with it the one that changes its meaning.
  actions: {
    S: 'install-named', Sy: 'refresh', Su: 'upgrade', Sc: 'clean', Ss: 'query', Si: 'query', Sl: 'query', Sg: 'query', Sp: 'query',
    U: 'install-named', R: 'remove', Q: 'query', F: 'query', Fy: 'refresh', T: 'query', D: 'configure', V: 'query', h: 'query',
  },
  valueFlags: [
    '-b', '--dbpath', '-r', '--root', '--cachedir', '--config', '--arch', '--color', '--gpgdir', '--hookdir', '--logfile', '--sysroot',
    '--ignore', '--ignoregroup', '--overwrite', '--assume-installed', '--print-format',
  ],
  caches: [{ path: '/var/cache/pacman/pkg', locked: true }],
  outputs: [],
};

/** The package managers of the distributions. */
export const systemManagers: readonly PackageManager[] = [
  apt,
  apk,
  rpm('dnf', '/var/cache/dnf', '/var/cache/libdnf5'),
  rpm('microdnf', '/var/cache/yum', '/var/cache/dnf'),
  rpm('yum', '/var/cache/yum', '/var/cache/dnf'),
  rpm('tdnf', '/var/cache/tdnf'),
  zypper,
  pacman,
];
