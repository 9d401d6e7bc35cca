import type { KnownFacts, KnownImage, TagChanges } from './types.ts';

const plain = {
  user: 'root', workdir: '/', environment: '', oneDistribution: true, tagIsRelease: true, usersAreWhole: true,
} as const satisfies Partial<KnownImage>;
/** ENV of images that Fedora's build system makes. */
const containerNames = 'container LANG';
const minimal: readonly [RegExp, KnownFacts] = [/minimal/, { manager: 'microdnf' }];

const ubi = {
  distribution: 'rhel', oneDistribution: true, nameTells: true, workdir: '/', usersAreWhole: true,
} as const satisfies Partial<KnownImage>;
const ubiRegistries = ['registry.access.redhat.com/', 'registry.redhat.io/'];
/** `ubi9`, `ubi9/ubi`; on Docker Hub `redhat/ubi9`. */
const ubiNames = (...kinds: string[]): string[] =>
  ['ubi7', 'ubi8', 'ubi9', 'ubi10'].flatMap((release) => kinds.flatMap((kind) => [
    ...ubiRegistries.flatMap((registry) => [`${registry}${release}${kind}`, `${registry}${release}/ubi${kind}`]),
    `redhat/${release}${kind}`,
  ]));

const debianAndUbuntu: readonly KnownImage[] = [
  {
    ...plain, names: ['debian', 'public.ecr.aws/debian/debian'], distribution: 'debian', variant: 'full',
    slim: {
      // The first slim images came with Debian 9; those with a date from the same time on.
      place: 'last', releaseAlone: true, latest: 'stable-slim', saves: 40,
      releases: ['jessie', 'stretch', 'buster', 'bullseye', 'bookworm', 'trixie', 'forky', 'sid'],
      version: /^(?:8|9|1[0-4]|(?:9|1[0-4])\.\d+|stable|oldstable|oldoldstable|testing|unstable|(?:[a-z]{3,12})-20(?:1[89]|[2-9]\d)\d{4})$/,
    },
  },
  { ...plain, names: ['bitnami/minideb'], distribution: 'debian', environment: undefined },
  {
    ...plain, names: ['ubuntu', 'public.ecr.aws/ubuntu/ubuntu', 'ubuntu/ubuntu'], distribution: 'ubuntu',
    // From 23.04 on there is a user with the number 1000.
    tags: [[/^(?:latest|rolling|devel|noble|plucky|questing|resolute|oracular|mantic|lunar|2[4-9]\.\d\d|23\.)/, { users: 'ubuntu' }]],
  },
  { names: ['phusion/baseimage', 'phusion/passenger*', 'heroku/heroku'], distribution: 'ubuntu', oneDistribution: true, user: 'root' },
  {
    names: ['ros', 'osrf/ros'], distribution: 'ubuntu', user: 'root', workdir: '/', environment: 'LANG LC_ALL ROS_DISTRO',
  },
  { ...plain, names: ['kalilinux/kali-rolling', 'kalilinux/kali-bleeding-edge'], distribution: 'debian', environment: undefined },
  {
    names: ['gcr.io/oss-fuzz-base/*', 'ghcr.io/aixcc-finals/base-*'], distribution: 'ubuntu', oneDistribution: true, user: 'root',
    programs: 'git make',
  },
  {
    names: ['gcr.io/oss-fuzz-base/base-builder*'], distribution: 'ubuntu', oneDistribution: true, user: 'root', workdir: '/src',
    programs: 'git make clang python3 curl wget',
  },
  {
    names: ['google/cloud-sdk', 'gcr.io/google.com/cloudsdktool/*'], distribution: 'debian', user: 'root',
    programs: 'gcloud curl python3',
  },
  { names: ['balenalib/*', 'resin/*'], distribution: 'debian', nameTells: true, user: 'root' },
];

const small: readonly KnownImage[] = [
  { ...plain, names: ['alpine'], distribution: 'alpine', variant: 'alpine' },
  {
    names: ['alpine/git', 'alpine/helm', 'alpine/k8s', 'alpine/curl', 'alpine/openssl', 'alpine/socat', 'frolvlad/alpine-*'],
    distribution: 'alpine', oneDistribution: true, user: 'root', variant: 'alpine',
  },
  { ...plain, names: ['bash'], distribution: 'alpine', variant: 'alpine', tagIsRelease: undefined, environment: undefined, bash: true },
  { ...plain, names: ['busybox', 'gcr.io/google-containers/busybox', 'quay.io/prometheus/busybox'], distribution: 'busybox' },
  {
    names: ['cgr.dev/chainguard/wolfi-base', 'chainguard/wolfi-base'], distribution: 'wolfi', oneDistribution: true, user: 'root',
    workdir: '/', users: 'nonroot',
  },
  {
    names: [
      'static', 'glibc-dynamic', 'python', 'node', 'nginx', 'jre', 'jdk', 'ruby', 'cc-dynamic', 'php', 'dotnet-runtime', 'aspnet-runtime',
    ].flatMap((name) => [`cgr.dev/chainguard/${name}`, `chainguard/${name}`]),
    distribution: 'wolfi', oneDistribution: true, user: 'nonroot', users: 'nonroot', manager: '', bash: undefined, shell: undefined,
    tags: [[/-dev$/, { manager: 'apk', shell: 'ash' }], [/^latest$/, { shell: 'none', bash: false }]],
  },
  {
    names: ['cgr.dev/chainguard/*', 'chainguard/*'], distribution: 'wolfi', oneDistribution: true, users: 'nonroot', manager: '',
    bash: undefined, shell: undefined,
  },
  {
    names: ['gcr.io/distroless/static*', 'gcr.io/distroless/base*', 'gcr.io/distroless/cc*'], distribution: 'distroless',
    oneDistribution: true, nameTells: true, users: 'nonroot',
    environment: 'SSL_CERT_FILE', tags: distrolessTags(),
  },
  {
    names: ['gcr.io/distroless/*'], distribution: 'distroless', oneDistribution: true, nameTells: true, users: 'nonroot',
    tags: distrolessTags(),
  },
  {
    // Programs to copy from; nothing else is in them.
    names: ['docker/buildx-bin', 'docker/compose-bin', 'moby/moby-bin', 'dockereng/cli-bin', 'tonistiigi/xx', 'hello-world'],
    user: 'root', shell: 'none', bash: false, environment: '', workdir: '/',
  },
];

/** Root unless the tag says so. Those for debugging have BusyBox in a folder of its own: `sh` is there, `/bin/sh` is not. */
function distrolessTags(): TagChanges {
  return [
    [/^(?:latest|debug|root|(?:latest|debug)-root)(?:-(?:amd64|arm64|arm|s390x|ppc64le))?$/, { user: 'root', workdir: '/' }],
    [/(?:^|-)nonroot(?:-|$)/, { user: 'nonroot', workdir: '/home/nonroot' }],
    [/(?:^|-)debug(?:-|$)/, { shell: undefined, programs: 'busybox' }],
  ];
}

/** Red Hat's images that build from sources: they run as 1001. */
function sourceToImage(): KnownImage[] {
  const programs = { python: 'python pip', nodejs: 'node npm', ruby: 'ruby gem bundle', php: 'php', perl: 'perl' };
  return Object.entries(programs).map(([kind, has]) => ({
    ...ubi, usersAreWhole: undefined, user: '1001', workdir: '/opt/app-root/src', manager: '', programs: has,
    names: [
      ...['ubi8', 'ubi9', 'ubi10'].flatMap((release) => ubiRegistries.map((registry) => `${registry}${release}/${kind}-*`)),
      `quay.io/sclorg/${kind}-*`,
    ],
  }));
}

const redHat: readonly KnownImage[] = [
  {
    ...plain, names: ['centos', 'quay.io/centos/centos', 'quay.io/centos-bootc/centos-bootc'], distribution: 'rhel',
    environment: containerNames,
  },
  {
    ...plain, distribution: 'rhel', environment: containerNames, tags: [minimal],
    names: [
      'rockylinux', 'rockylinux/rockylinux', 'quay.io/rockylinux/rockylinux', 'almalinux', 'almalinux/almalinux',
      'quay.io/almalinuxorg/almalinux',
    ],
  },
  {
    ...plain, names: ['almalinux/8-base', 'almalinux/9-base', 'almalinux/10-base', 'almalinux/8-init', 'almalinux/9-init'],
    distribution: 'rhel', environment: containerNames, tagIsRelease: undefined,
  },
  {
    ...plain, names: ['almalinux/8-minimal', 'almalinux/9-minimal', 'almalinux/10-minimal'], distribution: 'rhel',
    environment: containerNames, tagIsRelease: undefined, manager: 'microdnf',
  },
  {
    ...plain, names: ['oraclelinux', 'container-registry.oracle.com/os/oraclelinux', 'ghcr.io/oracle/oraclelinux'], distribution: 'rhel',
    tags: [[/^(?:[89]|10)(?:\.\d+)?-slim/, { manager: 'microdnf' }]],
  },
  {
    ...plain, names: ['fedora', 'quay.io/fedora/fedora', 'registry.fedoraproject.org/fedora', 'quay.io/fedora/fedora-bootc'],
    distribution: 'fedora',
    environment: `${containerNames} DISTTAG FGC FBR`,
  },
  {
    ...plain, names: ['quay.io/fedora/fedora-minimal', 'registry.fedoraproject.org/fedora-minimal'], distribution: 'fedora', manager: '',
    environment: `${containerNames} DISTTAG FGC FBR`,
  },
  {
    ...plain, names: ['amazonlinux', 'public.ecr.aws/amazonlinux/amazonlinux'], distribution: 'amazon', programs: 'curl', tags: [minimal],
  },
  {
    names: [
      'python', 'nodejs', 'java', 'dotnet', 'ruby', 'go', 'provided',
    ].flatMap((name) => [`public.ecr.aws/lambda/${name}`, `amazon/aws-lambda-${name}`]),
    distribution: 'amazon', oneDistribution: true, user: 'root', workdir: '/var/task',
    environment: 'LANG TZ LD_LIBRARY_PATH LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR', manager: '',
  },
  {
    names: ['amazon/aws-cli', 'public.ecr.aws/aws-cli/aws-cli'], distribution: 'amazon', oneDistribution: true, user: 'root',
    workdir: '/aws',
  },
  { names: ['public.ecr.aws/sam/*', 'amazon/aws-sam-cli-build-image-*'], distribution: 'amazon', user: 'root', oneDistribution: true },
  { ...ubi, names: ubiNames('', '-init'), user: 'root', environment: containerNames, programs: 'curl' },
  { ...ubi, names: ubiNames('-minimal'), user: 'root', environment: containerNames, manager: 'microdnf', programs: 'curl' },
  { ...ubi, names: ubiNames('-micro'), user: 'root', environment: containerNames, manager: '' },
  ...sourceToImage(),
  {
    ...ubi, usersAreWhole: undefined, workdir: undefined,
    names: ['ubi7', 'ubi8', 'ubi9', 'ubi10'].flatMap((release) => ubiRegistries.map((registry) => `${registry}${release}/*`)),
    manager: '',
  },
  {
    names: [
      'quay.io/pypa/manylinux1_*', 'quay.io/pypa/manylinux2010_*', 'quay.io/pypa/manylinux2014_*', 'quay.io/pypa/manylinux_2_28_*',
      'quay.io/pypa/manylinux_2_34_*',
    ],
    distribution: 'rhel', oneDistribution: true, user: 'root', programs: 'gcc g++ make git curl',
  },
  {
    names: ['quay.io/pypa/musllinux_*'], distribution: 'alpine', oneDistribution: true, user: 'root', bash: true,
    programs: 'gcc g++ make git curl',
  },
];

const others: readonly KnownImage[] = [
  {
    ...plain,
    names: ['opensuse/leap', 'opensuse/tumbleweed', 'registry.opensuse.org/opensuse/leap', 'registry.opensuse.org/opensuse/tumbleweed'],
    distribution: 'suse',
  },
  { ...plain, names: ['registry.suse.com/bci/bci-base', 'registry.suse.com/suse/sle15'], distribution: 'suse', environment: undefined },
  {
    names: ['registry.suse.com/bci/bci-micro', 'registry.suse.com/bci/bci-minimal'], distribution: 'suse', oneDistribution: true,
    user: 'root', manager: '',
  },
  {
    ...plain, names: ['archlinux', 'archlinux/archlinux', 'archlinux/base', 'ghcr.io/archlinux/archlinux'], distribution: 'arch',
    environment: 'LANG', tags: [[/devel/, { programs: 'gcc g++ make' }]],
  },
  {
    names: [
      'photon', 'vmware/photon', 'mcr.microsoft.com/azurelinux/base/core', 'mcr.microsoft.com/cbl-mariner/base/core',
      'mcr.microsoft.com/azurelinux-beta/base/core',
    ],
    user: 'root', workdir: '/', shell: 'bash', bash: true, manager: 'tdnf', environment: '',
  },
  {
    names: ['mcr.microsoft.com/azurelinux/distroless/*', 'mcr.microsoft.com/cbl-mariner/distroless/*'], shell: 'none', bash: false,
    manager: '',
    variant: 'distroless',
  },
  {
    names: ['gcr.io/kaniko-project/executor', 'martizih/kaniko'], user: 'root',
    tags: [[/^(?:(?!debug|\$).)*$/, { shell: 'none', bash: false }]],
  },
  { names: ['nixos/nix', 'lnl7/nix'], user: 'root', shell: 'bash', bash: true, programs: 'nix' },
  { names: ['gentoo/stage3*'], user: 'root', shell: 'bash', bash: true },
  {
    names: ['mcr.microsoft.com/windows/*', 'mcr.microsoft.com/windows', 'microsoft/windowsservercore', 'microsoft/nanoserver'],
    distribution: 'windows', oneDistribution: true,
  },
];

export const distributionImages: readonly KnownImage[] = [...debianAndUbuntu, ...small, ...redHat, ...others];
