import type { ImageReference } from '../dockerfile/image.ts';

/** Images that Docker Hub serves under a bare name, those it has withdrawn included. */
const official = new Set(`
  adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bash bonita
  buildpack-deps busybox caddy cassandra celery centos chronograf cirros clearlinux clefos clojure composer consul convertigo couchbase couchdb crate crux
  dart debian django docker drupal eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir emqx erlang euleros express-gateway fedora flink fluentd
  friendica fsharp gazebo gcc geonetwork ghost glassfish golang gradle groovy haproxy haskell haxe hello-seattle hello-world hipache hitch hola-mundo httpd
  hylang ibm-semeru-runtimes ibmjava influxdb iojs irssi java jenkins jetty jobber joomla jruby julia kaazing-gateway kapacitor kibana kong krakend
  lightstreamer liquibase logstash mageia mariadb matomo maven mediawiki memcached mongo mongo-express monica mono mysql nats nats-streaming neo4j
  neurodebian nextcloud nginx node notary nuxeo odoo open-liberty openjdk opensuse oraclelinux orientdb owncloud percona perl photon php php-zendserver
  phpmyadmin piwik plone postfixadmin postgres pypy python r-base rabbitmq rails rakudo-star rapidoid redis redmine registry rethinkdb rocket.chat rockylinux
  ros ruby rust sapmachine satosa sentry silverpeas sl solr sonarqube sourcemage spark spiped storm swarm swift swipl telegraf thrift tomcat tomee traefik
  ubuntu ubuntu-debootstrap ubuntu-upstart unit varnish vault vertx3 voidlinux websphere-liberty wordpress xwiki yourls znc zookeeper
`.trim().split(/\s+/));

/** Those whose tags are releases by name: `debian:bookworm` is as good as `debian:12`. */
const distributions = new Set(['almalinux', 'alpine', 'amazonlinux', 'archlinux', 'buildpack-deps', 'busybox', 'centos', 'debian', 'fedora', 'neurodebian', 'oraclelinux', 'rockylinux', 'ubuntu']);

/** What a tag may say besides a version: the distribution and the make of the image. */
const variants = new Set([
  'alpine', 'slim', 'jessie', 'stretch', 'buster', 'bullseye', 'bookworm', 'trixie', 'bionic', 'focal', 'jammy', 'noble', 'onbuild',
  'fpm', 'apache', 'cli', 'zts', 'dind', 'rootless', 'management', 'perl', 'jre', 'jdk',
]);

const isOfficial = ({ registry, name }: ImageReference): boolean => registry === undefined && official.has(name);

/**
 * True for a bare name that no registry serves: a context given to the build by that name, or an image that was built beside this one.
 * Neither has versions to choose from.
 */
export const isLocalName = (image: ImageReference): boolean =>
  image.registry === undefined && !/[/$]/.test(image.text) && !isOfficial(image);

/** True for a tag that is put on every new release: `latest`, `latest-gpu`, and `alpine` of an image that is no distribution. */
export function isMovingTag(image: ImageReference): boolean {
  const { tag, name } = image;
  if (tag === undefined) return false;
  if (/^latest(?:-[a-z]+)*$/.test(tag)) return true;
  return isOfficial(image) && !distributions.has(name) && tag.split('-').every((word) => variants.has(word));
}
