/** The parts of an image reference; a part that holds a variable is kept as it is written. */
export interface ImageReference {
  /** The whole text. */
  readonly text: string;
  /** `ghcr.io`, `localhost:5000`; undefined for Docker Hub's short names. */
  readonly registry: string | undefined;
  /** `library/python` is given as `python`; `docker.io/` is taken off. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Splits off the first component where it names a registry: it has a dot or a colon, or is `localhost`. */
function splitRegistry(name: string): { registry: string | undefined; rest: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isRegistry = first === 'localhost' || (!first.startsWith('$') && /[.:]/.test(first.replace(/\$\{[^}]*\}/g, '')));
  return isRegistry ? { registry: first, rest: name.slice(slash + 1) } : { registry: undefined, rest: name };
}

/** Index of the colon in front of the tag, outside `${…}` and behind the last slash; -1 without a tag. */
function tagColon(text: string): number {
  let braces = 0;
  let found = -1;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '{') braces += 1;
    else if (character === '}') braces -= 1;
    else if (braces > 0) continue;
    else if (character === '/') found = -1;
    else if (character === ':') found = index;
  }
  return found;
}

/** Reads an image reference after the grammar of the distribution project, variables allowed. */
export function readImage(text: string): ImageReference {
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = tagColon(named);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const { registry, rest } = splitRegistry(colon === -1 ? named : named.slice(0, colon));
  const hub = registry === 'docker.io' || registry === 'index.docker.io' || registry === 'registry.hub.docker.com';
  const short = registry === undefined || hub ? rest.replace(/^library\//, '') : rest;
  return { text, registry: hub ? undefined : registry, name: short, tag, digest };
}
