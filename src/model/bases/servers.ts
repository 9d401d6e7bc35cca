import type { KnownFacts, KnownImage } from './types.ts';

/** They start as root; the entrypoint gives the server to its own user. */
const stepsDown = { user: 'root', stepsDown: true } as const satisfies KnownFacts;

const nginxNames = 'NGINX_VERSION NJS_VERSION NJS_RELEASE PKG_RELEASE DYNPKG_RELEASE ACME_VERSION OTEL_VERSION';

const web: readonly KnownImage[] = [
  {
    names: ['nginx', 'public.ecr.aws/nginx/nginx'], distribution: 'debian', user: 'root', users: 'nginx', usersAreWhole: true,
    workdir: '/', programs: 'nginx',
    environment: nginxNames,
  },
  {
    names: ['nginxinc/nginx-unprivileged', 'ghcr.io/nginxinc/nginx-unprivileged', 'public.ecr.aws/nginx/nginx-unprivileged'],
    distribution: 'debian',
    user: 'nginx', users: 'nginx', workdir: '/', programs: 'nginx', environment: nginxNames,
  },
  { names: ['openresty/openresty'], user: 'root', programs: 'nginx' },
  {
    names: ['httpd'], distribution: 'debian', user: 'root', workdir: '/usr/local/apache2',
    environment: 'HTTPD_PREFIX HTTPD_VERSION HTTPD_SHA256 HTTPD_PATCHES',
    tags: [[/alpine/, { users: 'www-data' }]],
  },
  {
    names: ['caddy'], distribution: 'alpine', user: 'root', programs: 'caddy', workdir: undefined,
    tags: [[/^[^$]*$/, { workdir: '/srv' }], [/builder/, { workdir: '/usr/bin', programs: 'go xcaddy' }]],
  },
  { names: ['traefik'], user: 'root', programs: 'traefik', tags: [[/^(?:latest|v?[23])(?=[-.]|$)/, { distribution: 'alpine' }]] },
  {
    names: ['haproxy'], distribution: 'debian', users: 'haproxy',
    environment: 'HAPROXY_VERSION HAPROXY_URL HAPROXY_SHA256 HAPROXY_MD5 HAPROXY_MAJOR', programs: 'haproxy',
    // Root before 2.4.
    tags: [
      [/^(?:latest|lts|alpine|2\.[4-9]|[3-9])(?=[-.]|$)/, { user: 'haproxy', workdir: '/var/lib/haproxy' }],
      [/^(?:1\.\d|2\.[0-3])(?=[-.]|$)/, { user: 'root', workdir: '/' }],
    ],
  },
  {
    names: ['wordpress'], distribution: 'debian', user: 'root', workdir: undefined, programs: 'php curl',
    tags: [
      [/^(?:(?!cli|\$).)*$/, { workdir: '/var/www/html' }],
      [/(?:^|-)cli(?=-|$)/, { user: 'www-data', distribution: 'alpine', workdir: '/var/www/html' }],
      [/alpine|cli/, { users: 'www-data', bash: true }],
    ],
  },
  {
    names: ['nextcloud', 'drupal', 'joomla', 'phpmyadmin', 'phpmyadmin/phpmyadmin', 'matomo'], distribution: 'debian', user: 'root',
    programs: 'php',
  },
  { names: ['ghost'], distribution: 'debian', ...stepsDown, users: 'node', workdir: '/var/lib/ghost', programs: 'node npm' },
];

const databases: readonly KnownImage[] = [
  {
    names: ['redis'], distribution: 'debian', ...stepsDown, users: 'redis', usersAreWhole: true, workdir: '/data',
    programs: 'redis-server redis-cli',
    environment: 'GOSU_VERSION REDIS_VERSION REDIS_DOWNLOAD_URL REDIS_DOWNLOAD_SHA REDIS_DOWNLOAD_SHA1',
  },
  {
    names: ['valkey/valkey'], distribution: 'debian', ...stepsDown, users: 'valkey', workdir: '/data',
    programs: 'valkey-server valkey-cli',
  },
  {
    names: ['postgres'], distribution: 'debian', ...stepsDown, users: 'postgres', usersAreWhole: true, workdir: '/', bash: true,
    programs: 'postgres psql',
    environment: 'GOSU_VERSION LANG PG_MAJOR PG_VERSION PG_SHA256 PGDATA DOCKER_PG_LLVM_DEPS',
  },
  {
    names: ['pgvector/pgvector', 'postgis/postgis', 'ankane/pgvector'], distribution: 'debian', ...stepsDown, users: 'postgres',
    workdir: '/', bash: true, programs: 'postgres psql',
  },
  {
    names: ['timescale/timescaledb'], distribution: 'alpine', ...stepsDown, users: 'postgres', workdir: '/', bash: true,
    programs: 'postgres psql',
  },
  {
    // Debian once; the tags that still move are Oracle Linux.
    names: ['mysql'], ...stepsDown, users: 'mysql', workdir: '/', bash: true, programs: 'mysql mysqld', manager: '',
    environment: 'GOSU_VERSION MYSQL_MAJOR MYSQL_VERSION MYSQL_SHELL_VERSION',
    tags: [
      [/^(?:latest|lts|innovation|[89]|8\.[0-4]|9\.\d+|8\.4\.\d+|9\.\d+\.\d+)$/, { distribution: 'rhel', manager: 'microdnf' }],
      [/debian|bookworm|bullseye|buster/, { manager: undefined }],
    ],
  },
  {
    names: ['mariadb'], ...stepsDown, users: 'mysql', workdir: '/', bash: true, programs: 'mariadb',
    tags: [[/^(?:latest|lts|1[01]|10\.(?:[4-9]|1[01])|1[12]\.\d+)(?=[-.]|$)/, { distribution: 'ubuntu' }]],
  },
  {
    names: ['mongo'], ...stepsDown, users: 'mongodb', workdir: '/', programs: 'mongod',
    tags: [[/^(?:latest|[5-9]|4\.[0-4])(?=[-.]|$)/, { distribution: 'ubuntu' }]],
  },
  {
    names: ['memcached'], distribution: 'debian', user: 'memcache', users: 'memcache', workdir: '/',
    environment: 'MEMCACHED_VERSION MEMCACHED_URL MEMCACHED_SHA1', programs: 'memcached',
  },
  { names: ['rabbitmq'], distribution: 'ubuntu', ...stepsDown, users: 'rabbitmq', workdir: '/', bash: true, programs: 'rabbitmq-server' },
  { names: ['cassandra'], ...stepsDown, users: 'cassandra', programs: 'java' },
  { names: ['influxdb'], distribution: 'debian', workdir: '/', programs: 'influx' },
  { names: ['neo4j'], users: 'neo4j', programs: 'java' },
  { names: ['minio/minio', 'quay.io/minio/minio'], user: 'root', programs: 'minio' },
  { names: ['qdrant/qdrant'], workdir: '/qdrant' },
];

const elastic = (name: string, users: string): KnownImage => ({
  names: [name, `docker.elastic.co/${name}/${name}`], users, workdir: `/usr/share/${name}`,
  // From 7 or 8 on none of them runs as root.
  tags: [[/^(?:[89]|1\d)\./, { user: users }]],
});

/** Servers: web, data, search, monitoring. */
export const serverImages: readonly KnownImage[] = [
  ...web,
  ...databases,
  elastic('elasticsearch', 'elasticsearch'),
  elastic('kibana', 'kibana'),
  elastic('logstash', 'logstash'),
  { names: ['opensearchproject/opensearch'], user: '1000', users: 'opensearch', workdir: '/usr/share/opensearch' },
  {
    names: ['grafana/grafana', 'grafana/grafana-oss', 'grafana/grafana-enterprise'], user: '472', users: 'grafana',
    workdir: '/usr/share/grafana', programs: 'grafana',
    tags: [[/^(?:latest|main|[7-9]|1\d)(?=[-.]|$)/, { distribution: 'alpine', bash: undefined }]],
  },
  {
    names: ['prom/prometheus', 'quay.io/prometheus/prometheus'], distribution: 'busybox', oneDistribution: true, user: 'nobody',
    workdir: '/prometheus',
  },
  {
    names: ['prom/alertmanager', 'quay.io/prometheus/alertmanager'], distribution: 'busybox', oneDistribution: true, user: 'nobody',
    workdir: '/alertmanager',
  },
  {
    names: ['prom/pushgateway', 'quay.io/prometheus/pushgateway'], distribution: 'busybox', oneDistribution: true, user: 'nobody',
    workdir: '/pushgateway',
  },
  {
    names: [
      'node-exporter', 'statsd-exporter', 'mysqld-exporter', 'memcached-exporter',
    ].flatMap((name) => [`prom/${name}`, `quay.io/prometheus/${name}`]),
    distribution: 'busybox', oneDistribution: true, user: 'nobody', workdir: '/',
  },
  { names: ['quay.io/keycloak/keycloak'], user: '1000', users: 'keycloak', workdir: undefined, shell: 'bash', bash: true },
  { names: ['jboss/base*', 'jboss/wildfly', 'quay.io/wildfly/wildfly', 'jboss/keycloak'], user: 'jboss', users: 'jboss' },
  // Root before 6.
  { names: ['confluentinc/cp-*'], tags: [[/^(?:latest|[6-9]\.)/, { user: 'appuser', users: 'appuser' }]] },
  { names: ['apache/kafka'], user: 'appuser', users: 'appuser', distribution: 'alpine', oneDistribution: true, bash: true },
];
