import { factOf } from '../../fact.ts';
import { readIgnoreFile } from '../../context/dockerignore.ts';
import type { ContextNode, ContextState } from './context-state.ts';
import { digest, digestOf } from './digest.ts';
import { compileGlob, hasWildcard } from './glob.ts';

/** A source of a COPY, or of a bind mount: which files of a context, a stage or an image are taken. */
export interface Selector {
  /** Cleaned, without a slash in front; `''` is everything. */
  readonly path: string;
  /** `*`, `?` and `[…]` in the path are wildcards: in COPY and ADD, not in a mount. */
  readonly wildcard: boolean;
  /** `--parents`: patterns below the path, of which one must match. */
  readonly include: readonly string[];
  /** `--exclude`. */
  readonly exclude: readonly string[];
}

/** A selector as a text: two that say the same are the same text. */
export const selectorText = ({ path, wildcard, include, exclude }: Selector): string =>
  JSON.stringify([path, wildcard, include, exclude]);

/** Linux gives up after as many links on the way to a file. */
const MOST_LINKS = 40;

interface Place {
  readonly node: ContextNode;
  readonly path: string;
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');

const below = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`);

/** What a path leads to among what is sent; links are followed, the last one too, and lead nowhere outside. */
function resolve(state: ContextState, path: string): Place | undefined {
  const root: Place = { node: state.root, path: '' };
  const waiting = partsOf(path);
  const trail: Place[] = [root];
  let links = 0;
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (name === '..') {
      if (trail.length > 1) trail.pop();
      continue;
    }
    const here = trail.at(-1) ?? root;
    const node = here.node.entry.kind === 'folder' ? state.view(here.node, here.path).sent.get(name) : undefined;
    if (node === undefined) return undefined;
    const { kind, link = '' } = node.entry;
    if (kind === 'link') {
      links += 1;
      if (links > MOST_LINKS) return undefined;
      if (link.startsWith('/')) trail.length = 1;
      waiting.unshift(...partsOf(link));
    } else trail.push({ node, path: below(here.path, name) });
  }
  return trail.at(-1);
}

/** What a path with wildcards finds; a wildcard never crosses a slash. */
function find(state: ContextState, pattern: string): Place[] {
  const parts = partsOf(pattern);
  const fixed = parts.findIndex(hasWildcard);
  const start = resolve(state, parts.slice(0, fixed).join('/'));
  let places = start === undefined ? [] : [start];
  for (const part of parts.slice(fixed)) {
    const matches = compileGlob(part);
    places = places.flatMap(({ node, path }) =>
      (node.entry.kind === 'folder' ? [...state.view(node, path).sent] : [])
        .filter(([name]) => matches(name))
        .map(([name, child]) => ({ node: child, path: below(path, name) })));
  }
  return places;
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A link among what a wildcard found counts as what it leads to. */
function placeDigest(state: ContextState, { node, path }: Place): string {
  const end = node.entry.kind === 'link' ? resolve(state, path) ?? { node, path } : { node, path };
  return state.digest(end.node, end.path);
}

type Matches = (path: string) => boolean;

/** The patterns are those of an ignore file. */
const matcherOf = (patterns: readonly string[]): Matches => readIgnoreFile(patterns.join('\n')).ignores;

/** Names and digests of what is left below a place once `include` and `exclude` were asked: folders by their header, files whole. */
function filtered(state: ContextState, place: Place, includes: Matches, excludes: Matches): string[] {
  const found: string[] = [];
  const visit = (at: Place, relative: string): void => {
    const taken = includes(relative) && !excludes(relative);
    if (at.node.entry.kind !== 'folder') {
      if (taken) found.push(baseOf(at.path), placeDigest(state, at));
      return;
    }
    const before = found.length;
    for (const [name, child] of state.view(at.node, at.path).sent) visit({ node: child, path: below(at.path, name) }, below(relative, name));
    const header = at.path === '' ? '' : state.header(at.node);
    if (taken || found.length > before) found.splice(before, 0, baseOf(at.path), header);
  };
  visit(place, '');
  return found;
}

function filteredDigest(state: ContextState, selector: Selector, places: readonly Place[]): string {
  const includes = selector.include.length === 0 ? () => true : matcherOf(selector.include);
  const excludes = matcherOf(selector.exclude);
  return digest(places.flatMap((place) => filtered(state, place, includes, excludes)).join('\0'));
}

/**
 * The content hash of what a selector takes of a context, as BuildKit's cache compares it [cache/contenthash]: for one file its
 * mode and content, not its name; for a folder its mode and all below with names; for a wildcard the last names and hashes of
 * what it finds. Times and owners count for nothing.
 */
export function selectionDigest(state: ContextState, selector: Selector): string {
  const isWildcard = selector.wildcard && hasWildcard(selector.path);
  const isFiltered = selector.include.length > 0 || selector.exclude.length > 0;
  if (isWildcard) {
    const places = find(state, selector.path);
    if (isFiltered) return filteredDigest(state, selector, places);
    return digest(places.flatMap((place) => [baseOf(place.path), placeDigest(state, place)]).join('\0'));
  }
  const place = resolve(state, selector.path);
  if (place === undefined) return 'missing';
  return isFiltered ? filteredDigest(state, selector, [place]) : state.digest(place.node, place.path);
}

/** A selector that another one of the same step covers adds nothing; the rest in order of their paths [solver/llbsolver/ops/file.go]. */
function withoutCovered(selectors: readonly Selector[]): Selector[] {
  const isPlain = ({ path, wildcard, include, exclude }: Selector): boolean =>
    !(wildcard && hasWildcard(path)) && include.length === 0 && exclude.length === 0;
  const plain = [...new Set(selectors.filter(isPlain).map(({ path }) => path))];
  const uncovered = plain.filter((path) => !plain.some((other) => other !== path && (other === '' || path.startsWith(`${other}/`))));
  const all = [
    ...uncovered.flatMap((path) => selectors.find((selector) => selector.path === path && isPlain(selector)) ?? []),
    ...selectors.filter((selector) => !isPlain(selector)),
  ];
  return all.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

const digestsOf = factOf((_state: ContextState) => new Map<string, string>());

/** The hash of all that the sources of one step take of a context. */
export function contentDigest(state: ContextState, selectors: readonly Selector[]): string {
  const digests = digestsOf(state);
  const text = selectors.map(selectorText).join();
  let found = digests.get(text);
  if (found === undefined) {
    found = digestOf(...withoutCovered(selectors).map((selector) => selectionDigest(state, selector)));
    digests.set(text, found);
  }
  return found;
}
