import type { KnownFacts, KnownImage } from './types.ts';

const jovyan = {
  user: 'jovyan', users: 'jovyan', workdir: '/home/jovyan', distribution: 'ubuntu', oneDistribution: true,
  shellCommand: ['/bin/bash', '-o', 'pipefail', '-c'],
} as const satisfies Partial<KnownImage>;

const notebooks = ['base', 'minimal', 'scipy', 'r', 'julia', 'tensorflow', 'pytorch', 'datascience', 'pyspark', 'all-spark']
  .map((kind) => `${kind}-notebook`);

/** Bitnami's servers; its language images run as root. The tag tells the distribution. */
const bitnami = [
  'apache', 'cassandra', 'consul', 'elasticsearch', 'etcd', 'grafana', 'haproxy', 'kafka', 'keycloak', 'kibana', 'kubectl', 'mariadb',
  'mariadb-galera', 'memcached',
  'minio', 'mongodb', 'mysql', 'nginx', 'pgbouncer', 'pgpool', 'postgresql', 'postgresql-repmgr', 'prometheus', 'rabbitmq', 'redis',
  'redis-cluster', 'redis-sentinel',
  'spark', 'tomcat', 'wordpress-nginx', 'zookeeper', 'airflow', 'kubeapps-apis', 'nats', 'solr', 'pytorch', 'tensorflow-serving',
];

const selenium = {
  user: 'seluser', users: 'seluser', distribution: 'ubuntu', oneDistribution: true, bash: true,
} as const satisfies Partial<KnownImage>;

const circle = { user: 'circleci', users: 'circleci', programs: 'git curl sudo' } as const satisfies KnownFacts;

const continuousIntegration: readonly KnownImage[] = [
  {
    names: ['jenkins/jenkins', 'jenkins', 'jenkinsci/jenkins'], user: 'jenkins', users: 'jenkins', distribution: 'debian', bash: true,
    programs: 'java git curl',
  },
  {
    names: ['jenkins/agent', 'jenkins/inbound-agent', 'jenkins/jnlp-slave'], user: 'jenkins', users: 'jenkins', distribution: 'debian',
    workdir: '/home/jenkins', programs: 'java git',
  },
  { names: ['jenkins/ssh-agent'], user: 'root', users: 'jenkins', distribution: 'debian', programs: 'java git' },
  {
    names: ['cimg/*'], ...circle, distribution: 'ubuntu', oneDistribution: true, workdir: '/home/circleci/project',
    shellCommand: ['/bin/bash', '-exo', 'pipefail', '-c'],
  },
  { names: ['circleci/*'], ...circle, shell: 'dash', bash: true, manager: 'apt-get apt' },
  {
    names: ['gitpod/workspace-*'], user: 'gitpod', users: 'gitpod', distribution: 'ubuntu', oneDistribution: true,
    programs: 'git curl sudo',
  },
  {
    names: ['mcr.microsoft.com/devcontainers/base', 'mcr.microsoft.com/vscode/devcontainers/base'], user: 'root', users: 'vscode',
    programs: 'git curl',
  },
  {
    names: [
      'javascript-node', 'typescript-node',
    ].flatMap((name) => [`mcr.microsoft.com/devcontainers/${name}`, `mcr.microsoft.com/vscode/devcontainers/${name}`]),
    user: 'root', users: 'node', distribution: 'debian', programs: 'node npm git curl',
  },
  {
    names: [
      'python', 'go', 'rust', 'cpp', 'java', 'ruby', 'php', 'anaconda', 'miniconda',
    ].flatMap((name) => [`mcr.microsoft.com/devcontainers/${name}`, `mcr.microsoft.com/vscode/devcontainers/${name}`]),
    user: 'root', users: 'vscode', shell: 'dash', bash: true, manager: 'apt-get apt', programs: 'git curl',
  },
  {
    names: ['mcr.microsoft.com/devcontainers/universal'], users: 'codespace', distribution: 'ubuntu', oneDistribution: true,
    programs: 'git curl python node',
  },
  {
    names: ['', '/python', '/java', '/dotnet'].map((kind) => `mcr.microsoft.com/playwright${kind}`), user: 'root', users: 'pwuser',
    distribution: 'ubuntu', workdir: '/',
  },
  {
    names: ['docker'], distribution: 'alpine', user: 'root', workdir: '/', programs: 'docker',
    environment: 'DOCKER_VERSION DOCKER_BUILDX_VERSION DOCKER_COMPOSE_VERSION DOCKER_TLS_CERTDIR DIND_COMMIT DOCKER_CHANNEL',
    tags: [[/rootless/, { user: 'rootless', users: 'rootless', environment: undefined, workdir: undefined }]],
  },
  { names: ['moby/buildkit'], distribution: 'alpine', user: 'root', tags: [[/rootless/, { user: '1000:1000', users: 'user' }]] },
  { names: ['quay.io/buildah/stable', 'quay.io/podman/stable', 'quay.io/skopeo/stable'], distribution: 'fedora', oneDistribution: true },
  {
    names: ['cypress/base', 'cypress/browsers', 'cypress/included', 'cypress/factory'], distribution: 'debian', user: 'root',
    users: 'node', programs: 'node npm',
  },
  {
    names: ['ghcr.io/puppeteer/puppeteer'], distribution: 'debian', oneDistribution: true, user: 'pptruser', users: 'pptruser',
    programs: 'node npm',
  },
];

/** Images that run as a user of their own, and other programs to build on. */
export const applicationImages: readonly KnownImage[] = [
  ...continuousIntegration,
  {
    ...jovyan, programs: 'conda mamba python pip',
    names: ['docker-stacks-foundation', ...notebooks].flatMap((name) => [`jupyter/${name}`, `quay.io/jupyter/${name}`]),
  },
  {
    names: ['jupyterhub/jupyterhub', 'quay.io/jupyterhub/jupyterhub'], user: 'root', programs: 'python3 node npm',
    workdir: '/srv/jupyterhub',
  },
  { names: ['jupyterhub/singleuser', 'quay.io/jupyterhub/singleuser'], ...jovyan },
  { names: bitnami.flatMap((name) => [`bitnami/${name}`, `bitnamilegacy/${name}`]), user: '1001' },
  { names: ['bitnami/*', 'bitnamilegacy/*'] },
  {
    names: [
      'hub', 'base', 'video',
      ...[
        'standalone', 'node',
      ].flatMap((kind) => ['base', 'chrome', 'firefox', 'edge', 'opera', 'chromium'].map((each) => `${kind}-${each}`)),
    ].map((name) => `selenium/${name}`),
    ...selenium,
  },
  {
    names: ['apache/airflow', 'ghcr.io/apache/airflow'], user: 'airflow', users: 'airflow', distribution: 'debian', oneDistribution: true,
    workdir: '/opt/airflow',
    programs: 'python pip airflow', shellCommand: ['/bin/bash', '-o', 'pipefail', '-o', 'errexit', '-o', 'nounset', '-o', 'nolog', '-c'],
  },
  {
    names: ['apache/superset'], user: 'superset', users: 'superset', distribution: 'debian', oneDistribution: true, workdir: '/app',
    programs: 'python',
  },
  {
    names: ['spark', 'apache/spark', 'apache/spark-py', 'apache/spark-r'], user: 'spark', users: 'spark', workdir: '/opt/spark/work-dir',
    programs: 'java',
  },
  { names: ['prefecthq/prefect'], user: 'root', distribution: 'debian', workdir: '/opt/prefect', programs: 'python pip prefect' },
  {
    names: ['nodered/node-red'], user: 'node-red', users: 'node-red', distribution: 'alpine', workdir: '/usr/src/node-red',
    bash: undefined, programs: 'node npm',
  },
  { names: ['n8nio/n8n', 'docker.n8n.io/n8nio/n8n'], user: 'node', users: 'node', workdir: '/home/node', programs: 'node' },
  {
    names: ['zenika/alpine-chrome'], user: 'chrome', users: 'chrome', distribution: 'alpine', oneDistribution: true,
    workdir: '/usr/src/app',
  },
  {
    names: ['curlimages/curl', 'quay.io/curl/curl'], user: 'curl_user', users: 'curl_user', distribution: 'alpine', oneDistribution: true,
    programs: 'curl',
  },
  { names: ['hashicorp/terraform'], user: 'root', distribution: 'alpine', oneDistribution: true, programs: 'terraform git' },
  {
    names: ['pandoc/core', 'pandoc/latex', 'pandoc/minimal', 'pandoc/extra'], user: 'root', distribution: 'alpine', workdir: '/data',
    programs: 'pandoc', bash: undefined,
  },
  { names: ['osgeo/gdal', 'ghcr.io/osgeo/gdal'], user: 'root' },
  { names: ['linuxserver/*', 'lscr.io/linuxserver/*', 'ghcr.io/linuxserver/*'], user: 'root', stepsDown: true, users: 'abc' },
  { names: ['ghcr.io/cross-rs/*', 'rustembedded/cross'], user: 'root', distribution: 'ubuntu' },
  {
    names: ['ekidd/rust-musl-builder'], user: 'rust', users: 'rust', distribution: 'ubuntu', oneDistribution: true,
    workdir: '/home/rust/src', programs: 'cargo rustc rustup gcc make git curl sudo',
  },
  {
    names: ['clux/muslrust', 'messense/rust-musl-cross'], user: 'root', distribution: 'ubuntu', oneDistribution: true,
    programs: 'cargo rustc rustup gcc make curl',
  },
];
