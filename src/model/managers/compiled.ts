import { flagValue, hasFlag } from '../../dockerfile/command.ts';
import { does, type CacheFolder, type PackageManager } from './manager.ts';

const goValueFlags = [
  'ldflags', 'tags', 'o', 'p', 'gcflags', 'asmflags', 'gccgoflags', 'mod', 'overlay', 'pkgdir', 'toolexec', 'buildmode', 'compiler',
  'installsuffix',
  'exec', 'run', 'count', 'timeout', 'covermode', 'coverprofile', 'coverpkg', 'vettool', 'pgo', 'bench', 'cpu', 'parallel', 'skip',
  'fuzz', 'reuse', 'shuffle',
];
const isVersioned = /@[^/]/;

const go: PackageManager = {
  name: 'go',
  programs: ['go'],
  kind: 'language',
  singleDash: true,
  actions: {
    ...does('install-manifest', 'mod download'),
    ...does('install-named', 'install', 'get'),
    ...does('install-project', 'mod vendor', 'work vendor'),
    ...does('build', 'build', 'run', 'test', 'vet', 'generate', 'fmt', 'fix', 'tool'),
    ...does('edit', 'mod tidy', 'mod init', 'mod edit', 'work init', 'work use', 'work sync', 'work edit'),
    ...does('remove', 'clean'),
    ...does('configure', 'telemetry', 'telemetry on', 'telemetry off', 'telemetry local'),
    ...does('query', 'env', 'version', 'list', 'doc', 'help', 'mod graph', 'mod verify', 'mod why', 'bug'),
  },
  valueFlags: goValueFlags.flatMap((flag) => [`-${flag}`, `--${flag}`]),
  fileFlags: ['-modfile', '--modfile'],
  directoryFlags: ['-C'],
  localPackage: /^(?:\.{1,2}(?:$|\/)|\/)/,
  // `go install` without a version builds what go.mod and the sources say; `go get` without a name likewise.
  refine: ({ subcommand, packages, words }) => {
    if (subcommand === 'clean' && words.some(({ text }) => /^--?(?:mod|test|fuzz)?cache$/.test(text))) return 'clean';
    if (subcommand === 'env' && hasFlag(words, '-w', '-u')) return 'configure';
    if (subcommand === 'install' && !(packages.length > 0 && packages.every(({ text }) => isVersioned.test(text)))) return 'build';
    return subcommand === 'get' && packages.length === 0 ? 'install-project' : undefined;
  },
  caches: [
    {
      path: '~/go/pkg/mod', variable: 'GOMODCACHE', movedBy: [{ variable: 'GOPATH', below: 'pkg/mod' }],
      inImage: { golang: '/go/pkg/mod' }, readLater: true,
    },
    { path: '~/.cache/go-build', variable: 'GOCACHE' },
  ],
  outputs: [],
  manifestVariables: ['GOENV'],
};

const cargoHome = (path: string): CacheFolder => ({
  path: `~/.cargo/${path}`, movedBy: [{ variable: 'CARGO_HOME', below: path }], inImage: { rust: `/usr/local/cargo/${path}`, 'lukemathwalker/cargo-chef': `/usr/local/cargo/${path}` }, readLater: true,
});

const cargo: PackageManager = {
  name: 'cargo',
  programs: ['cargo'],
  kind: 'language',
  selector: /^\+/,
  actions: {
    ...does('install-manifest', 'fetch', 'chef cook', 'vendor'),
    ...does('install-named', 'install', 'binstall'),
    ...does('build', 'build', 'b', 'run', 'r', 'test', 't', 'check', 'c', 'bench', 'doc', 'd', 'rustc', 'rustdoc', 'clippy', 'fmt',
      'package', 'publish',
      'chef prepare', 'zigbuild', 'auditable build', 'nextest run', 'cbuild', 'cinstall', 'fix'),
    ...does('edit', 'update', 'generate-lockfile', 'add'),
    ...does('remove', 'uninstall', 'remove', 'rm', 'clean'),
    ...does('clean', 'cache clean'),
    ...does('configure', 'login', 'logout'),
    ...does('query', 'metadata', 'tree', 'search', 'info', 'pkgid', 'locate-project', 'verify-project', 'version', 'help', 'audit',
      'read-manifest', 'deny check'),
  },
  valueFlags: [
    '-p', '--package', '-F', '--features', '--target', '--target-dir', '--profile', '-j', '--jobs', '-Z', '--bin', '--example', '--test',
    '--bench',
    '--color', '--message-format', '--version', '--vers', '--branch', '--tag', '--rev', '--root', '--index', '--registry', '--exclude',
    '--out-dir', '--artifact-dir', '--precise', '--rename', '--base-path', '--member',
  ],
  fileFlags: ['--manifest-path', '--recipe-path', '--config', '--lockfile-path'],
  packageFlags: ['--git', '--path'],
  noOperands: ['fetch', 'chef cook', 'vendor'],
  directoryFlags: ['-C'],
  refine: ({ subcommand, words }) => (subcommand === 'install' && flagValue(words, '--path') !== undefined ? 'install-project' : undefined),
  caches: [cargoHome('registry'), cargoHome('git/db')],
  outputs: ['target'],
};

const mix: PackageManager = {
  name: 'mix',
  programs: ['mix'],
  kind: 'language',
  actions: {
    ...does('install-manifest', 'deps.get', 'deps.compile'),
    ...does('install-named', 'archive.install', 'escript.install'),
    ...does('download', 'local.hex', 'local.rebar'),
    ...does('build', 'compile', 'release', 'test', 'assets.build', 'assets.deploy', 'phx.digest', 'escript.build', 'esbuild', 'tailwind',
      'format', 'docs'),
    ...does('edit', 'deps.unlock'),
    ...does('upgrade', 'deps.update'),
    ...does('remove', 'clean', 'deps.clean', 'phx.digest.clean'),
    ...does('query', 'deps', 'deps.tree', 'hex.outdated', 'hex.info', 'help', 'hex.audit'),
  },
  valueFlags: ['--only', '--target', '--sha512', '--repo', '--organization', '--path', '--name'],
  caches: [{ path: '~/.hex/packages', movedBy: [{ variable: 'HEX_HOME', below: 'packages' }] }],
  outputs: ['deps', '_build'],
  manifestVariables: ['MIX_EXS'],
};

const maven: PackageManager = {
  name: 'maven',
  programs: ['mvn', 'mvnw', 'mvnd'],
  kind: 'language',
  style: 'goals',
  singleDash: true,
  actions: {
    ...does('install-manifest', 'dependency:go-offline', 'dependency:resolve', 'dependency:resolve-plugins', 'dependency:copy-dependencies',
      'dependency:resolve-sources', 'go-offline:resolve-dependencies'),
    ...does('build', 'validate', 'initialize', 'generate-sources', 'process-sources', 'generate-resources', 'process-resources', 'compile',
      'process-classes', 'test-compile', 'test', 'prepare-package', 'package', 'pre-integration-test', 'integration-test', 'verify',
      'install', 'deploy',
      'site', 'spring-boot:repackage', 'spring-boot:run', 'spring-boot:build-image', 'assembly:single', 'jib:build', 'war:war',
      'quarkus:build'),
    ...does('install-named', 'dependency:get'),
    ...does('edit', 'versions:set', 'wrapper:wrapper'),
    ...does('remove', 'clean', 'clean:clean'),
    ...does('clean', 'dependency:purge-local-repository'),
    ...does('query', 'dependency:tree', 'dependency:list', 'dependency:analyze', 'help:evaluate', 'help:effective-pom', 'help:describe'),
  },
  valueFlags: [
    '-pl', '--projects', '-P', '--activate-profiles', '-T', '--threads', '-l', '--log-file', '-rf', '--resume-from', '-D', '--define',
    '-b', '--builder',
    '-gt', '--global-toolchains', '-t', '--toolchains', '--color',
  ],
  requirementFlags: ['-f', '--file'],
  fileFlags: ['-s', '--settings', '-gs', '--global-settings'],
  caches: [{ path: '~/.m2/repository', locked: true, readLater: true }],
  outputs: [],
  manifestVariables: ['MAVEN_BASEDIR'],
};

const gradleHome = (path: string): CacheFolder => ({
  path: `~/.gradle/${path}`, movedBy: [{ variable: 'GRADLE_USER_HOME', below: path }],
  inImage: { gradle: `/home/gradle/.gradle/${path}` }, locked: true, readLater: true,
});

const gradle: PackageManager = {
  name: 'gradle',
  programs: ['gradle', 'gradlew'],
  kind: 'language',
  style: 'tasks',
  singleDash: true,
  actions: {
    ...does('install-manifest', 'dependencies', 'resolveDependencies', 'downloadDependencies', 'buildEnvironment', 'androidDependencies'),
    ...does('build', 'build', 'assemble', 'jar', 'bootJar', 'bootWar', 'war', 'shadowJar', 'installDist', 'distTar', 'distZip', 'classes',
      'compileJava',
      'compileKotlin', 'test', 'check', 'run', 'bootRun', 'publish', 'publishToMavenLocal', 'assembleDist', 'nativeCompile', 'jib',
      'processResources',
      'installShadowDist', 'buildFatJar', 'quarkusBuild', 'assembleRelease', 'assembleDebug', 'installBootDist', 'javadoc'),
    ...does('edit', 'wrapper', 'init'),
    ...does('remove', 'clean'),
    ...does('query', '', 'tasks', 'projects', 'properties', 'help', 'dependencyInsight', 'javaToolchains'),
  },
  valueFlags: [
    '-c', '--settings-file', '-g', '--gradle-user-home', '-x', '--exclude-task', '--max-workers', '--console', '--warning-mode', '--priority',
    '--dependency-verification', '-F', '-M', '--write-verification-metadata', '--project-cache-dir', '--configuration', '-P',
    '--project-prop', '-D',
    '--system-prop', '--tests', '--include-build', '--gradle-version', '--distribution-type',
  ],
  fileFlags: ['-b', '--build-file', '-I', '--init-script'],
  directoryFlags: ['-p', '--project-dir'],
  caches: [gradleHome('caches'), gradleHome('wrapper')],
  outputs: ['.gradle'],
};

const dotnet: PackageManager = {
  name: 'dotnet',
  programs: ['dotnet'],
  kind: 'language',
  singleDash: true,
  actions: {
    ...does('install-manifest', 'restore', 'tool restore', 'workload restore'),
    ...does('install-named', 'tool install', 'workload install', 'add package', 'package add', 'new install'),
    ...does('build', 'build', 'publish', 'test', 'pack', 'run', 'msbuild', 'vstest', 'format', 'store'),
    ...does('edit', 'add reference', 'reference add', 'sln add', 'solution add', 'sln remove', 'new', 'new sln', 'new console', 'new web',
      'new webapi'),
    ...does('upgrade', 'tool update', 'workload update', 'package update'),
    ...does('remove', 'tool uninstall', 'workload uninstall', 'remove package', 'package remove', 'clean'),
    ...does('clean', 'nuget locals'),
    // The settings nearest to the folder are changed, which may be the project's.
    ...does('edit', 'nuget add source', 'nuget update source', 'nuget remove source', 'nuget enable source', 'nuget disable source',
      'nuget config set'),
    ...does('configure', 'dev-certs https', 'dev-certs', 'user-secrets'),
    ...does('query', 'tool list', 'list package', 'package list', 'list', 'sln list', 'nuget list source', 'workload list', 'sdk check',
      'help', 'package search'),
  },
  valueFlags: [
    '-c', '--configuration', '-o', '--output', '-r', '--runtime', '-f', '--framework', '-v', '--verbosity', '-s', '--source',
    '--packages', '-a', '--arch',
    '--os', '--tool-path', '--version', '--add-source', '--lock-file-path', '--artifacts-path', '--version-suffix', '--logger',
    '--filter', '--settings', '--results-directory', '--project', '-n', '--name', '-u', '--username', '--package-directory',
  ],
  fileFlags: ['--configfile', '--tool-manifest'],
  fileOperands: ['restore'],
  caches: [
    { path: '~/.nuget/packages', variable: 'NUGET_PACKAGES', readLater: true },
    {
      path: '~/.local/share/NuGet/v3-cache', variable: 'NUGET_HTTP_CACHE_PATH',
      movedBy: [{ variable: 'XDG_DATA_HOME', below: 'NuGet/v3-cache' }],
    },
  ],
  noCacheFlag: '--no-cache',
  outputs: ['obj'],
  manifestVariables: ['RestoreConfigFile'],
};

/** The package managers of languages that are compiled. */
export const compiledManagers: readonly PackageManager[] = [go, cargo, maven, gradle, dotnet, mix];
