import type { ContextNode, ContextState } from './context-state.ts';
import { compileGlob } from './glob.ts';
import type { Selector } from './selection.ts';

/** What happened to a path of the context between two builds. */
export interface PathChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'content' | 'mode';
}

/** Nobody reads a longer list. */
const mostChanges = 50;

const below = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`);

/** Whether a selector may take what stands at a path or below it. */
function mayTake(selector: Selector): (path: string) => boolean {
  const parts = selector.path.split('/').filter((part) => part !== '');
  const matchers = parts.map((part) => (selector.wildcard ? compileGlob(part) : (name: string) => name === part));
  return (path) => path === '' || path.split('/').every((name, index) => matchers[index]?.(name) ?? true);
}

const changeOf = (before: ContextNode | undefined, after: ContextNode | undefined): PathChange['change'] => {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return before.entry.kind === after.entry.kind && before.entry.hash === after.entry.hash && before.entry.link === after.entry.link ? 'mode' : 'content';
};

class Difference {
  readonly found: PathChange[] = [];
  readonly #before: ContextState;
  readonly #after: ContextState;
  readonly #takes: (path: string) => boolean;

  constructor(before: ContextState, after: ContextState, takes: (path: string) => boolean) {
    this.#before = before;
    this.#after = after;
    this.#takes = takes;
  }

  visit(path: string, before: ContextNode | undefined, after: ContextNode | undefined): void {
    if (this.found.length >= mostChanges || !this.#takes(path)) return;
    const same = before !== undefined && after !== undefined && this.#before.digest(before, path) === this.#after.digest(after, path);
    if (same) return;
    const olds = before?.entry.kind === 'folder' ? this.#before.view(before, path).sent : undefined;
    const news = after?.entry.kind === 'folder' ? this.#after.view(after, path).sent : undefined;
    const bothFolders = olds !== undefined && news !== undefined;
    const isOwn = !bothFolders || (before !== undefined && after !== undefined && this.#before.header(before) !== this.#after.header(after));
    if (isOwn && path !== '') this.found.push({ path, change: changeOf(before, after) });
    if (bothFolders) for (const name of new Set([...olds.keys(), ...news.keys()])) this.visit(below(path, name), olds.get(name), news.get(name));
  }
}

/** The paths among those selected that are not the same in two states; a folder that came or went stands for all in it. */
export function changedPaths(before: ContextState, after: ContextState, selectors: readonly Selector[]): readonly PathChange[] {
  const takers = selectors.map(mayTake);
  const difference = new Difference(before, after, (path) => takers.some((takes) => takes(path)));
  difference.visit('', before.root, after.root);
  return difference.found;
}
