import { digest } from './digest.ts';

/** What stands at a path of a build context. */
export interface ContextEntry {
  readonly kind: 'file' | 'folder' | 'link';
  /** Permission bits, as `0o644`; a link's count for nothing. */
  readonly mode: number;
  /** For a file: any text that two files share only if their contents are the same. States that are compared need the same kind of hash. */
  readonly hash?: string;
  /** For a link: where it leads, as it is written. */
  readonly link?: string;
}

/** A place in the tree. Trees share what is the same in them; a node is never changed. */
export interface ContextNode {
  readonly entry: ContextEntry;
  readonly children: ReadonlyMap<string, ContextNode>;
}

/** What the build gets of a folder. */
export interface FolderView {
  /** Of its header and all that is sent of it. */
  readonly digest: string;
  /** What is sent, by name, sorted. */
  readonly sent: ReadonlyMap<string, ContextNode>;
}

/** The rules of the ignore file in force; `IgnoreRules` of the context fits. */
export interface StateRules {
  readonly patterns: readonly { readonly negated: boolean }[];
  readonly ignores: (path: string) => boolean;
}

const none: ReadonlyMap<string, ContextNode> = new Map();
/** A folder that nobody gave, above a file that somebody did. It goes with its last file, as in git. */
const plainFolder: ContextEntry = { kind: 'folder', mode: 0o755 };

/** Mode and kind of an entry, and for a file its content: what BuildKit's content hash takes of it, its name left out. */
function headerDigest(entry: ContextEntry): string {
  if (entry.kind === 'link') return `link ${entry.link ?? ''}`;
  return `${entry.kind} ${(entry.mode & 0o7777).toString(8)} ${entry.hash ?? ''}`;
}

/** A tree that is being made of another one: folders that are changed are copied, once. */
class TreeBuilder {
  readonly #fresh = new Map<ContextNode, Map<string, ContextNode>>();

  root: ContextNode;

  constructor(root: ContextNode) {
    this.root = this.#copy(root);
  }

  set(path: string, entry: ContextEntry | undefined): void {
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    const name = names.pop();
    if (name === undefined) return;
    const trail = [this.root];
    for (const folder of names) {
      const children = this.#children(trail.at(-1));
      const known = children.get(folder);
      if (known === undefined && entry === undefined) return;
      const next = this.#copy(known?.entry.kind === 'folder' ? known : { entry: plainFolder, children: none });
      children.set(folder, next);
      trail.push(next);
    }
    const children = this.#children(trail.at(-1));
    if (entry === undefined) this.#remove(trail, [...names, name]);
    else if (entry.kind !== 'folder') children.set(name, { entry, children: none });
    else children.set(name, this.#copy({ entry, children: children.get(name)?.children ?? none }));
  }

  /** Takes away the last of `names`, and the folders above that are only there because of it. */
  #remove(trail: readonly ContextNode[], names: readonly string[]): void {
    for (let depth = names.length - 1; depth >= 0; depth -= 1) {
      const folder = trail[depth];
      this.#children(folder).delete(names[depth] ?? '');
      if (folder?.entry !== plainFolder || folder.children.size > 0) return;
    }
  }

  #copy(node: ContextNode): ContextNode {
    if (this.#fresh.has(node)) return node;
    const children = new Map(node.children);
    const copy = { entry: node.entry, children };
    this.#fresh.set(copy, children);
    return copy;
  }

  /** Of a folder that was copied. */
  #children(node: ContextNode | undefined): Map<string, ContextNode> {
    return (node && this.#fresh.get(node)) ?? new Map<string, ContextNode>();
  }
}

const byName = (a: readonly [string, ContextNode], b: readonly [string, ContextNode]): number => (a[0] < b[0] ? -1 : 1);

/**
 * The files of a build context at one moment: names, modes and hashes of contents. It is never changed; `with` gives another
 * one that shares all that stays the same, digests too, so that a long history of small changes is cheap.
 */
export class ContextState {
  readonly #root: ContextNode;
  readonly #rules: StateRules | undefined;
  readonly #readmits: boolean;
  /** A node stands at one path, so what is sent of it depends on the rules alone; all states with the same rules share this. */
  readonly #views: WeakMap<ContextNode, FolderView>;

  private constructor(root: ContextNode, rules: StateRules | undefined, views: WeakMap<ContextNode, FolderView>) {
    this.#root = root;
    this.#rules = rules;
    this.#readmits = rules?.patterns.some(({ negated }) => negated) === true;
    this.#views = views;
  }

  /**
   * @param entries by path relative to the context; folders above them that are not given have mode 755, and go with their last file
   * @param rules of the ignore file in force
   */
  static of(entries: Iterable<readonly [path: string, entry: ContextEntry]>, rules?: StateRules): ContextState {
    const builder = new TreeBuilder({ entry: plainFolder, children: none });
    for (const [path, entry] of entries) builder.set(path, entry);
    return new ContextState(builder.root, rules, new WeakMap());
  }

  /** The state with some paths changed, added, or removed (undefined); a removed folder takes all below it along. */
  with(changes: Iterable<readonly [path: string, entry: ContextEntry | undefined]>): ContextState {
    const builder = new TreeBuilder(this.#root);
    for (const [path, entry] of changes) builder.set(path, entry);
    return new ContextState(builder.root, this.#rules, this.#views);
  }

  /** The same files under another ignore file. */
  ignoring(rules: StateRules | undefined): ContextState {
    return new ContextState(this.#root, rules, new WeakMap());
  }

  /**
   * The state as an engine sees it that kept the files of a former build of this folder and is sent only what differs: the mode
   * of a folder that was there before stays what it was [fsutil, `DiskWriter.HandleChange`: a folder that is there already is
   * changed without a notice to the content hash; checked with an engine]. A change of a folder's mode alone rebuilds nothing
   * there, and everything on a fresh machine.
   */
  sentAfter(former: ContextState): ContextState {
    const keep = (node: ContextNode, old: ContextNode | undefined): ContextNode => {
      if (old === undefined || old === node || node.entry.kind !== 'folder' || old.entry.kind !== 'folder') return node;
      let isSame = old.entry.mode === node.entry.mode;
      const children = new Map([...node.children].map(([name, child]) => {
        const kept = keep(child, old.children.get(name));
        isSame &&= kept === child;
        return [name, kept];
      }));
      return isSame ? node : { entry: { ...node.entry, mode: old.entry.mode }, children };
    };
    return new ContextState(keep(this.#root, former.#root), this.#rules, this.#views);
  }

  /** What stands at a path, ignored or not. */
  entry(path: string): ContextEntry | undefined {
    let node: ContextNode | undefined = this.#root;
    for (const name of path.split('/')) if (name !== '' && name !== '.') node = node?.children.get(name);
    return node?.entry;
  }

  get root(): ContextNode {
    return this.#root;
  }

  /**
   * What the build gets of a folder that stands at `path`. A file is sent unless the ignore file excludes it; a folder too, or
   * when something below it is sent (fsutil's walk, which gives the folders above a file that a `!` pattern takes back).
   */
  view(node: ContextNode, path: string): FolderView {
    const known = this.#views.get(node);
    if (known !== undefined) return known;
    const sent: [string, ContextNode][] = [];
    for (const [name, child] of node.children) {
      if (this.#sends(child, path === '' ? name : `${path}/${name}`)) sent.push([name, child]);
    }
    sent.sort(byName);
    const parts = [headerDigest(node.entry)];
    for (const [name, child] of sent) parts.push(name, this.digest(child, path === '' ? name : `${path}/${name}`));
    const view = { digest: digest(parts.join('\0')), sent: new Map(sent) };
    this.#views.set(node, view);
    return view;
  }

  /**
   * The content hash of what stands at `path`, its own name left out. The context's own mode counts for nothing [BuildKit
   * cache/contenthash: the root is no part of the transfer, its header is the digest of nothing].
   */
  digest(node: ContextNode, path: string): string {
    if (node.entry.kind === 'folder') return this.view(node, path).digest;
    return headerDigest(node.entry);
  }

  /** Of a folder's own header. */
  header(node: ContextNode): string {
    return headerDigest(node.entry);
  }

  #sends(node: ContextNode, path: string): boolean {
    if (this.#rules?.ignores(path) !== true) return true;
    return node.entry.kind === 'folder' && this.#readmits && this.view(node, path).sent.size > 0;
  }
}

/** A file with a text that is only proposed, as a fix leaves it. Its hash is none of a file that was read from a disk. */
export const textEntry = (text: string, mode = 0o644): ContextEntry => ({ kind: 'file', mode, hash: `text ${digest(text)}` });
