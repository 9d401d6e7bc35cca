import type { ImageReference } from '../../dockerfile/image.ts';

/** Prefixes below which registries give what Docker Hub has; behind `library/` are its official images. */
const mirrors = ['public.ecr.aws/docker/', 'mirror.gcr.io/'];

/** Names below which Docker Hub has each official image for one processor. */
const architectures = /^(?:amd64|arm32v[567]|arm64v8|i386|mips64le|ppc64le|riscv64|s390x|windows-amd64)\/(?=[^/]+$)/;

/** The image's name as the tables have it: the registry in front unless it is Docker Hub or a mirror of it. */
export function nameOf(image: ImageReference): string {
  const whole = (image.registry === undefined ? image.name : `${image.registry}/${image.name}`).toLowerCase();
  const proxied = whole.lastIndexOf('/docker.io/');
  const mirror = mirrors.find((prefix) => whole.startsWith(prefix));
  const hub = proxied === -1 ? whole.slice(mirror?.length ?? 0) : whole.slice(proxied + '/docker.io/'.length);
  return hub.replace(/^library\//, '').replace(architectures, '');
}

/** A text with each of its variables put as `$`. */
export function withoutVariables(text: string): string {
  let result = text;
  // Innermost first, so `${A:-${B}}` becomes one variable.
  for (let round = 0; round < 5 && result.includes('${'); round += 1) result = result.replace(/\$\{[^${}]*(?:\$[^${}]*)*\}/g, '$$');
  return result.replace(/\$\w+/g, '$$');
}
