import type { ChangedPath, Commit } from '../context/history.ts';
import { compileGlob, hasWildcard } from '../model/layers/glob.ts';
import type { Selector } from '../model/layers/selection.ts';

/** Whether a change of a path changes what is taken; `perhaps` where only the contents of the context can tell. */
export type Takes = 'no' | 'perhaps' | 'yes';

/** How far a path follows a pattern: all of the pattern, or as far as the path goes. */
type Follows = 'no' | 'part' | 'whole';

function follower({ path, wildcard }: Selector): (path: string) => Follows {
  const names = path.split('/').filter((name) => name !== '');
  const matchers = names.map((name) => (wildcard && hasWildcard(name) ? compileGlob(name) : (other: string) => other === name));
  return (other) => {
    const parts = other.split('/');
    const isLike = matchers.every((matches, index) => parts[index] === undefined || matches(parts[index]));
    return !isLike ? 'no' : parts.length < matchers.length ? 'part' : 'whole';
  };
}

function takerOf(selector: Selector, links: readonly string[]): (path: string) => Takes {
  const follows = follower(selector);
  const isFiltered = selector.include.length > 0 || selector.exclude.length > 0;
  const names = selector.path.split('/').filter((name) => name !== '').length;
  // A link on the way, or found by a wildcard, leads to what stands elsewhere.
  const isLinked = links.some((link) => follows(link) !== 'no' && link.split('/').length <= names);
  if (isLinked) return () => 'perhaps';
  return (path) => (follows(path) !== 'whole' ? 'no' : isFiltered ? 'perhaps' : 'yes');
}

/** Every link of today's context and of its past. */
export function linksOf(today: readonly string[], commits: readonly Commit[]): readonly string[] {
  const links = new Set(today);
  for (const { changes } of commits) {
    for (const { path, before, after } of changes) if (before?.kind === 'link' || after?.kind === 'link') links.add(path);
  }
  return [...links];
}

/** Tells of one changed path after the other whether that changes what selectors take of the context; each is looked at once. */
export function takenBy(selectors: readonly Selector[], links: readonly string[], ignores: (path: string) => boolean): (change: ChangedPath) => Takes {
  const takers = selectors.map((selector) => takerOf(selector, links));
  const known = new Map<string, Takes>();
  const look = (path: string, isThere: boolean): Takes => {
    const all = takers.map((takes) => takes(path));
    if (!all.includes('yes') && !all.includes('perhaps')) return 'no';
    // A file that is never sent may be the first or last of a folder that is.
    if (ignores(path)) return isThere ? 'no' : 'perhaps';
    return all.includes('yes') ? 'yes' : 'perhaps';
  };
  return ({ path, before, after }) => {
    const isThere = before !== undefined && after !== undefined;
    const key = `${isThere ? 'x' : '-'}${path}`;
    let answer = known.get(key);
    if (answer === undefined) known.set(key, (answer = look(path, isThere)));
    return answer;
  };
}
