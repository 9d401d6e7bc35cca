import type { KnownFacts, KnownImage, TagChanges } from './types.ts';

const javaNames = 'JAVA_HOME JAVA_VERSION LANG LANGUAGE LC_ALL';
const openjdkNames = [
  javaNames, 'JAVA_BASE_URL JAVA_URL_VERSION JAVA_URL JAVA_SHA256 JAVA_DEBIAN_VERSION JAVA_ALPINE_VERSION CA_CERTIFICATES_JAVA_VERSION',
].join(' ');
/** Java images whose tags leave out the compiler. */
const withCompiler = [/^(?:(?!jre|headless|\$).)*$/, { programs: 'javac' }] as const;

const java = { user: 'root', workdir: '/', programs: 'java', usersAreWhole: true } as const satisfies KnownFacts;

const javaImages: readonly KnownImage[] = [
  {
    ...java, names: ['openjdk'], environment: openjdkNames, variant: 'full', distribution: undefined,
    tags: [
      // Oracle Linux from 12 on, Debian before; slim is Debian always.
      [/^(?:[678]|9|1[01])(?=[-.u]|$)/, { distribution: 'debian' }],
      [/^(?:latest|jdk|1[2-9](?=[-.]|$)|2\d(?=[-.]|$))/, { distribution: 'rhel' }],
      [/(?:^|-)oracle$/, { distribution: 'rhel' }],
      [/(?:^|-)slim(?=-|$)/, { distribution: 'debian' }],
      withCompiler,
    ],
    slim: {
      place: 'before-release', version: /^(?:\d+(?:\.\d+)*|\d+u\d+|\d+-ea(?:-\d+)?)(?:-jdk|-jre)?$/,
      releases: ['buster', 'bullseye', 'bookworm'], releaseAlone: true, latest: 'slim', saves: 150,
    },
  },
  { ...java, names: ['java'], distribution: 'debian', tags: [withCompiler] },
  {
    ...java, names: ['eclipse-temurin'], distribution: 'ubuntu', environment: javaNames,
    tags: [
      withCompiler, [/(?:^|-)alpine/, { bash: undefined }], [/-minimal/, { manager: 'microdnf' }],
      [/(?:24\.04|noble)/, { users: 'ubuntu' }],
    ],
  },
  {
    ...java, names: ['adoptopenjdk', 'adoptopenjdk/openjdk*'], distribution: 'ubuntu', environment: `${javaNames} JAVA_TOOL_OPTIONS`,
    tags: [withCompiler, [/(?:^|-)alpine/, { bash: undefined }], [/ubi|minimal/, { manager: '' }], [/debian/, { distribution: 'debian' }]],
  },
  {
    ...java, names: ['amazoncorretto'], distribution: 'amazon', environment: 'LANG JAVA_HOME', tags: [withCompiler],
  },
  {
    ...java, names: ['ibmjava', 'sapmachine', 'ibm-semeru-runtimes'], usersAreWhole: undefined, workdir: undefined,
    distribution: 'ubuntu', tags: [withCompiler],
  },
  { ...java, names: ['azul/zulu-openjdk'], workdir: undefined, distribution: 'ubuntu', oneDistribution: true, tags: [withCompiler] },
  {
    ...java, names: ['azul/zulu-openjdk-*', 'bellsoft/liberica-openjdk-*', 'bellsoft/liberica-openjre-*'], workdir: undefined,
    nameTells: true,
  },
  { ...java, names: ['ghcr.io/graalvm/*'], usersAreWhole: undefined, workdir: undefined, distribution: 'rhel', manager: 'microdnf' },
  { names: ['mcr.microsoft.com/openjdk/jdk'], programs: 'java javac' },
  {
    // Built on many Java images, by the tag.
    names: ['maven'], user: 'root', workdir: '/', programs: 'mvn java javac',
    tags: [
      [/(?:^|-)(?:eclipse-temurin|adoptopenjdk|sapmachine|ibmjava)/, { distribution: 'ubuntu' }],
      [/(?:^|-)(?:amazoncorretto|corretto)/, { distribution: 'amazon' }],
      [/(?:^|-)(?:open)?jdk-(?:8|11)(?=-|$)/, { distribution: 'debian' }],
      [/(?:^|-)slim$/, { distribution: 'debian' }],
      [/^(?:latest|3|3\.9)$/, { distribution: 'ubuntu' }],
      [/alpine/, { bash: undefined }],
    ],
  },
  {
    names: ['gradle'], users: 'gradle', workdir: '/home/gradle', programs: 'gradle java javac',
    tags: [
      [/^(?:[6-9]|1\d)(?=[-.]|$)/, { user: 'root' }],
      [/^(?:latest|jdk)/, { user: 'root' }],
      [/^(?:latest|jdk\d+|(?:[7-9]|1\d)(?:\.\d+)*(?:-jdk\d+)?)$/, { distribution: 'ubuntu' }],
      [/(?:^|-)corretto/, { distribution: 'amazon' }],
      [/alpine/, { bash: undefined }],
    ],
  },
  {
    names: ['tomcat', 'tomee'], user: 'root', workdir: '/usr/local/tomcat', programs: 'java',
    tags: [
      [/(?:^|-)openjdk-slim$/, { distribution: 'debian' }],
      [/-temurin$/, { distribution: 'ubuntu' }],
      [/(?:^|-)corretto/, { distribution: 'amazon' }],
    ],
  },
  { names: ['jetty'], user: 'jetty', users: 'jetty', workdir: '/var/lib/jetty', programs: 'java' },
];

const dotnetNames = [
  'DOTNET_VERSION DOTNET_SDK_VERSION ASPNET_VERSION ASPNETCORE_URLS ASPNETCORE_HTTP_PORTS DOTNET_RUNNING_IN_CONTAINER APP_UID LANG LC_ALL',
  'DOTNET_SYSTEM_GLOBALIZATION_INVARIANT DOTNET_GENERATE_ASPNET_CERTIFICATE DOTNET_NOLOGO DOTNET_USE_POLLING_FILE_WATCHER',
  'NUGET_XMLDOC_MODE POWERSHELL_DISTRIBUTION_CHANNEL DOTNET_ROLL_FORWARD DOTNET_ROLL_FORWARD_TO_PRERELEASE COMPlus_EnableDiagnostics',
].join(' ');

/** The user `app` came with .NET 8; images without a shell run as it. */
const dotnetTags: TagChanges = [
  [/^(?:[8-9]|1\d)(?=[-.]|$)/, { users: 'app' }],
  [/^(?:[23]\.|[5-9](?=[-.]|$))/, { distribution: 'debian' }],
  [/^1\d(?=[-.]|$)/, { distribution: 'ubuntu' }],
  [/(?:chiseled|distroless)/, { user: 'app', users: 'app' }],
];
const dotnet = { user: 'root', workdir: '/', environment: dotnetNames, distribution: undefined, tags: dotnetTags } as const;

const dotnetImages: readonly KnownImage[] = [
  {
    ...dotnet, programs: 'dotnet',
    names: [
      '', 'nightly/', 'core/', 'core-nightly/',
    ].flatMap((part) => ['runtime', 'aspnet', 'monitor'].map((each) => `mcr.microsoft.com/dotnet/${part}${each}`)),
  },
  {
    ...dotnet,
    names: [
      'mcr.microsoft.com/dotnet/runtime-deps', 'mcr.microsoft.com/dotnet/nightly/runtime-deps',
      'mcr.microsoft.com/dotnet/core/runtime-deps',
    ],
  },
  {
    ...dotnet, names: ['mcr.microsoft.com/dotnet/sdk', 'mcr.microsoft.com/dotnet/nightly/sdk', 'mcr.microsoft.com/dotnet/core/sdk'],
    programs: 'dotnet',
  },
  { names: ['mcr.microsoft.com/dotnet/framework/*'], distribution: 'windows', oneDistribution: true },
  { names: ['microsoft/dotnet', 'microsoft/aspnetcore', 'microsoft/aspnetcore-build'], user: 'root', workdir: '/', programs: 'dotnet' },
];

const condaImages: readonly KnownImage[] = [
  {
    names: ['continuumio/miniconda3', 'continuumio/anaconda3', 'continuumio/miniconda', 'continuumio/anaconda'], distribution: 'debian',
    user: 'root',
    workdir: '/', environment: 'LANG LC_ALL', programs: 'conda python pip', tags: [[/^(?:(?!alpine|\$).)*$/, { programs: 'git wget' }]],
  },
  {
    // Debian once, Ubuntu now.
    names: [
      'condaforge/miniforge3', 'condaforge/miniforge-pypy3', 'condaforge/mambaforge', 'condaforge/mambaforge-pypy3',
      'quay.io/condaforge/miniforge3',
    ],
    user: 'root', workdir: '/', shell: 'dash', bash: true, manager: 'apt-get apt', environment: 'CONDA_DIR LANG LC_ALL',
    programs: 'conda mamba python pip git wget',
    tags: [[/^(?:latest|2[3-9]\.)/, { distribution: 'ubuntu' }]],
  },
  {
    names: ['mambaorg/micromamba', 'ghcr.io/mamba-org/micromamba'], distribution: 'debian', user: 'mambauser', users: 'mambauser',
    workdir: '/tmp', programs: 'micromamba',
    environment: 'MAMBA_USER MAMBA_USER_ID MAMBA_USER_GID MAMBA_ROOT_PREFIX MAMBA_EXE ENV_NAME LANG LC_ALL',
    shellCommand: ['/usr/local/bin/_dockerfile_shell.sh'],
    tags: [[/cuda/, { programs: 'cuda', distribution: 'ubuntu', environment: undefined }], [/alpine/, { bash: true }]],
  },
  { names: ['mambaorg/mambaforge', 'condaforge/miniforge*'], user: 'root', programs: 'conda mamba python pip' },
];

/** Java, .NET and conda. */
export const runtimeImages: readonly KnownImage[] = [...javaImages, ...dotnetImages, ...condaImages];
