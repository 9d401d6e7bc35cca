import type { KnownFacts, KnownImage, SlimHabit } from './types.ts';

/** What buildpack-deps, below the full language images, has. */
const compilers = 'gcc g++ make git curl wget unzip xz';
const suites = ['stretch', 'buster', 'bullseye', 'bookworm', 'trixie'];
const version = /^\d+(?:\.\d+){0,2}(?:-?(?:a|b|rc|alpha|beta|preview)\d*)?$/;

const beforeRelease = (saves: number, habit: Partial<SlimHabit> = {}): SlimHabit =>
  ({ place: 'before-release', version, releases: suites, releaseAlone: true, latest: 'slim', saves, ...habit });

/** What all of a family share: Debian unless the tag says otherwise, root, in `/`. */
const official = { distribution: 'debian', user: 'root', workdir: '/', variant: 'full', usersAreWhole: true } as const satisfies KnownFacts;

const pythonNames = [
  'LANG GPG_KEY PYTHON_VERSION PYTHON_SHA256 PYTHON_PIP_VERSION PYTHON_SETUPTOOLS_VERSION PYTHON_GET_PIP_URL PYTHON_GET_PIP_SHA256',
  'PYTHONIOENCODING',
].join(' ');
const golangNames = [
  'GOLANG_VERSION GOTOOLCHAIN GOPATH GOLANG_DOWNLOAD_URL GOLANG_DOWNLOAD_SHA1 GOLANG_DOWNLOAD_SHA256',
  'GOLANG_SRC_URL GOLANG_SRC_SHA256',
].join(' ');
const rustNames = 'RUSTUP_HOME CARGO_HOME RUST_VERSION';
const erlangNames = 'OTP_VERSION REBAR_VERSION REBAR3_VERSION LANG';
const phpNames = [
  'PHPIZE_DEPS PHP_INI_DIR PHP_CFLAGS PHP_CPPFLAGS PHP_LDFLAGS GPG_KEYS PHP_VERSION PHP_URL PHP_ASC_URL PHP_SHA256 PHP_MD5',
  'PHP_FILENAME PHP_EXTRA_CONFIGURE_ARGS PHP_EXTRA_BUILD_DEPS APACHE_CONFDIR APACHE_ENVVARS',
].join(' ');

export const languageImages: readonly KnownImage[] = [
  {
    ...official, names: ['python'], environment: pythonNames, programs: 'python python3 pip pip3', fullPrograms: compilers,
    slim: beforeRelease(900),
  },
  {
    ...official, names: ['pypy'], environment: undefined, programs: 'pypy pip', fullPrograms: compilers,
    slim: beforeRelease(800, { version: /^\d+(?:\.\d+)?(?:-\d+(?:\.\d+){0,2})?$/ }),
  },
  {
    // Their tags: `python3.11`, `python3.11-slim`, with a date behind.
    ...official, names: ['tiangolo/uvicorn-gunicorn', 'tiangolo/uvicorn-gunicorn-fastapi', 'tiangolo/uvicorn-gunicorn-starlette'],
    workdir: '/app',
    environment: `${pythonNames} PYTHONPATH`, programs: 'python python3 pip pip3 uvicorn gunicorn', fullPrograms: compilers,
    slim: { place: 'last', version: /^python3\.\d+$/, releases: [], releaseAlone: false, latest: undefined, saves: 850 },
  },
  {
    ...official, names: ['tiangolo/meinheld-gunicorn*', 'tiangolo/uwsgi-nginx*'], usersAreWhole: undefined, workdir: '/app',
    programs: 'python python3 pip pip3',
    fullPrograms: compilers,
  },
  {
    ...official, names: ['nikolaik/python-nodejs'], users: 'pn', workdir: undefined,
    programs: 'python python3 pip pip3 node npm npx yarn', fullPrograms: compilers,
  },
  {
    ...official, names: ['node'], environment: 'NODE_VERSION YARN_VERSION NPM_CONFIG_LOGLEVEL',
    programs: 'node npm npx', fullPrograms: `${compilers} python3`,
    // The user came with Node 4, Yarn left with Node 26.
    tags: [[/^(?!0\.)/, { users: 'node' }], [/^(?:[6-9]|1\d|2[0-5])(?=[.-]|$)/, { programs: 'yarn' }]],
    slim: {
      place: 'last', releases: suites, releaseAlone: true, latest: 'slim', saves: 850,
      version: /^(?:\d+(?:\.\d+){0,2}|lts|current|argon|boron|carbon|dubnium|erbium|fermium|gallium|hydrogen|iron|jod|krypton)$/,
    },
  },
  { names: ['mhart/alpine-node'], distribution: 'alpine', oneDistribution: true, user: 'root', variant: 'alpine', programs: 'node' },
  {
    ...official, names: ['golang'], workdir: '/go', programs: 'go', fullPrograms: 'gcc g++ make git curl wget',
    environment: golangNames,
  },
  { names: ['mcr.microsoft.com/oss/go/microsoft/golang'], user: 'root', workdir: '/go', programs: 'go' },
  {
    ...official, names: ['rust'], environment: rustNames, programs: 'cargo rustc rustup gcc', fullPrograms: compilers,
    // There was no slim twin before 1.25.
    slim: beforeRelease(700, { version: /^(?:1|1\.(?:2[5-9]|[3-9]\d|\d{3})(?:\.\d+)?)$/ }),
  },
  {
    ...official, names: ['rustlang/rust'], environment: rustNames, programs: 'cargo rustc rustup gcc', fullPrograms: compilers,
    slim: beforeRelease(700, { version: /^nightly$/, releases: [], releaseAlone: false, latest: undefined }),
  },
  {
    ...official, names: ['lukemathwalker/cargo-chef'], environment: rustNames, programs: 'cargo rustc rustup gcc cargo-chef',
    fullPrograms: compilers,
  },
  {
    ...official, names: ['ruby'], programs: 'ruby gem bundle bundler irb rake', fullPrograms: compilers,
    environment: [
      'LANG RUBY_VERSION RUBY_MAJOR RUBY_DOWNLOAD_URL RUBY_DOWNLOAD_SHA256 RUBYGEMS_VERSION BUNDLER_VERSION',
      'GEM_HOME BUNDLE_SILENCE_ROOT_WARNING BUNDLE_APP_CONFIG BUNDLE_PATH BUNDLE_BIN',
    ].join(' '),
    slim: beforeRelease(750),
  },
  { ...official, names: ['jruby'], workdir: undefined, programs: 'ruby gem bundle java' },
  {
    // There is no slim one: the full one is built on Debian's slim, with a compiler for extensions.
    ...official, names: ['php'], environment: phpNames, workdir: undefined, programs: 'php pecl pear curl docker-php-ext-install',
    fullPrograms: 'gcc g++ make xz',
    tags: [
      [/^[^$]*$/, { workdir: '/' }],
      [/(?:^|-)(?:apache|fpm)(?=-|$)/, { workdir: '/var/www/html' }],
      [/(?:^|-)alpine/, { users: 'www-data' }],
    ],
  },
  {
    ...official, names: ['composer', 'composer/composer'], distribution: 'alpine', oneDistribution: true, workdir: '/app',
    variant: 'alpine', bash: true,
    users: 'www-data', programs: 'php composer git unzip',
    environment: `${phpNames} COMPOSER_ALLOW_SUPERUSER COMPOSER_HOME COMPOSER_VERSION COMPOSER_MAX_PARALLEL_HTTP`,
  },
  {
    ...official, names: ['perl'], environment: 'PERL_VERSION', workdir: undefined, programs: 'perl cpan cpanm', fullPrograms: compilers,
    slim: beforeRelease(750, { version: /^(?:5|5\.(?:2[89]|[3-9]\d)(?:\.\d+)?)$/ }),
  },
  {
    ...official, names: ['erlang'], environment: erlangNames, programs: 'erl rebar3', fullPrograms: compilers,
    slim: beforeRelease(1200, { version: /^\d+(?:\.\d+){0,3}$/, releases: [], releaseAlone: false }),
  },
  {
    ...official, names: ['elixir'], environment: `${erlangNames} ELIXIR_VERSION`, programs: 'elixir mix iex erl', fullPrograms: compilers,
    slim: {
      place: 'last', version: /^(?:\d+(?:\.\d+){0,2}(?:-otp-\d+)?|otp-\d+)$/, releases: [], releaseAlone: false, latest: 'slim',
      saves: 1200,
    },
  },
  { names: ['hexpm/elixir'], user: 'root', workdir: '/', programs: 'elixir mix iex erl' },
  { names: ['hexpm/erlang'], user: 'root', workdir: '/', programs: 'erl' },
  {
    ...official, names: ['haskell'], programs: 'ghc cabal stack gcc make git curl', oneDistribution: true,
    // There was no slim twin before GHC 9.
    slim: beforeRelease(130, { version: /^9(?:\.\d+){0,2}$/, releases: ['buster', 'bullseye', 'bookworm'] }),
  },
  {
    // The slim image has no compiler, only what programs need to run: no twin.
    names: ['swift', 'swiftlang/swift'], distribution: 'ubuntu', user: 'root', workdir: '/', variant: 'full', fullPrograms: 'swift git',
  },
  {
    ...official, names: ['gcc'], oneDistribution: true, variant: undefined, environment: 'GPG_KEYS GCC_MIRRORS GCC_VERSION',
    programs: compilers,
  },
  { ...official, names: ['julia'], environment: 'JULIA_PATH JULIA_GPG JULIA_VERSION JULIA_DEPOT_PATH', programs: 'julia' },
  {
    ...official, names: ['r-base'], oneDistribution: true, variant: undefined, users: 'docker', workdir: undefined,
    environment: 'LC_ALL LANG R_BASE_VERSION', programs: 'R Rscript',
  },
  {
    names: ['rocker/r-ver', 'rocker/rstudio', 'rocker/tidyverse', 'rocker/verse', 'rocker/shiny', 'rocker/r-base', 'rocker/geospatial'],
    user: 'root', shell: 'dash', bash: true, manager: 'apt-get apt', programs: 'R Rscript',
  },
  { ...official, names: ['dart', 'google/dart'], oneDistribution: true, variant: undefined, workdir: '/root', programs: 'dart' },
  { ...official, names: ['mono'], oneDistribution: true, programs: 'mono' },
  { ...official, names: ['clojure'], usersAreWhole: undefined, workdir: undefined, distribution: undefined, programs: 'java clojure' },
  { ...official, names: ['denoland/deno'], users: 'deno', programs: 'deno' },
  {
    ...official, names: ['oven/bun'], users: 'bun', workdir: '/home/bun/app', programs: 'bun bunx',
    tags: [[/distroless/, { user: undefined }]],
    slim: { place: 'last', version: /^\d+(?:\.\d+){0,2}$/, releases: [], releaseAlone: false, latest: 'slim', saves: 40 },
  },
  {
    ...official, names: ['buildpack-deps'], variant: undefined, environment: '', programs: 'curl wget',
    tags: [
      [/^(?:(?!-curl|\$).)*$/, { programs: 'git' }],
      [/^(?:(?!-curl|-scm|\$).)*$/, { programs: compilers }],
      [/(?:noble|plucky|questing|resolute|24\.04|2[5-9]\.\d\d)/, { users: 'ubuntu' }],
    ],
  },
  { ...official, names: ['golangci/golangci-lint'], variant: undefined, workdir: '/go', programs: 'golangci-lint go git' },
  {
    // Without a distribution in the tag it holds the two programs and nothing else.
    names: ['ghcr.io/astral-sh/uv', 'astral/uv'], user: 'root', programs: 'uv uvx', distribution: undefined,
    tags: [
      [/^(?:latest|\d+(?:\.\d+){0,2})$/, { shell: 'none', bash: false, workdir: '/io', environment: '' }],
      [/(?:^|-)(?:python|alpine|debian|bookworm|bullseye|trixie)/, { workdir: '/', environment: 'UV_TOOL_BIN_DIR', variant: 'full' }],
      [/(?:^|-)python3/, { programs: 'python python3 pip', environment: `${pythonNames} UV_TOOL_BIN_DIR` }],
    ],
    fullPrograms: compilers,
    slim: {
      place: 'last', version: /^(?:\d+(?:\.\d+){0,2}-)?python3\.\d+-(?:bullseye|bookworm|trixie)$/, releases: [], releaseAlone: false,
      latest: undefined, saves: 850,
    },
  },
];
