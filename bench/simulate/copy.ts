import { ignoring, isPattern, matching } from './sources.ts';
import { digest, Failure, nameOf, normal, ownerOf, parentOf, root, type Actor, type Entry, type Tree } from './tree.ts';

/** What a COPY or ADD says, its words expanded. */
export interface Copying {
  readonly sources: readonly string[];
  readonly destination: string;
  readonly workdir: string;
  /** The owner named by `--chown`. */
  readonly owner: Actor | undefined;
  readonly mode: number | undefined;
  readonly link: boolean;
  readonly excluded: readonly string[];
  /** ADD takes archives of the context apart. */
  readonly unpacks: boolean;
}

const archive = /\.(?:tar|tgz|tar\.gz)$/;

/** Entries that a source brings, by their paths below it; '' is the source itself. */
function brought(from: Tree, source: string, { owner, mode, excluded }: Copying): Map<string, Entry> {
  const path = normal('/', source);
  const entry = from.entries.get(from.real(path));
  if (entry === undefined) throw new Failure(`COPY ${source}: not found`);
  const leftOut = ignoring(excluded.join('\n'));
  const place = from.real(path);
  const found = new Map<string, Entry>();
  for (const each of [place, ...(entry.kind === 'folder' ? from.below(place) : [])]) {
    const below = each === place ? '' : each.slice(place === '/' ? 1 : place.length + 1);
    const one = from.entries.get(each);
    if (one === undefined || (below !== '' && leftOut(below)) || (entry.kind !== 'folder' && leftOut(nameOf(each)))) continue;
    found.set(below, { ...one, owner: owner === undefined ? one.owner : ownerOf(owner), mode: mode === undefined || one.kind === 'link' ? one.mode : mode });
  }
  return found;
}

/** Lays one entry over what is there. Folders are merged; a file and a folder exclude each other, but for `--link`. */
function lay(tree: Tree, path: string, entry: Entry, link: boolean): void {
  const place = normal('/', `${tree.real(parentOf(path))}/${nameOf(path)}`);
  const before = tree.entries.get(place);
  if (before !== undefined && (before.kind === 'folder') !== (entry.kind === 'folder')) {
    if (!link) throw new Failure(`${path}: a folder and something else can't be one`);
    tree.remove(place, root);
  }
  tree.entries.set(place, entry);
}

/** With `--link` the folders on the way are those of a layer of its own, which lies over the image. */
function layFolders(tree: Tree, folder: string, owner: Actor, link: boolean): void {
  if (!link) return tree.makeFolders(folder, root, owner);
  const parts = folder.split('/').filter((part) => part !== '');
  for (const [index] of parts.entries()) {
    lay(tree, `/${parts.slice(0, index + 1).join('/')}`, { kind: 'folder', text: '', owner: ownerOf(owner), mode: 0o755 }, true);
  }
}

function copyOne(tree: Tree, from: Tree, source: string, copying: Copying): void {
  const { destination, workdir, link, unpacks } = copying;
  const owner = copying.owner ?? root;
  const to = normal(workdir, destination);
  const entries = brought(from, source, copying);
  const whole = from.get(normal('/', source));
  const isFolder = /(?:^|\/)\.?\/?$/.test(destination) || copying.sources.length > 1 || (!link && tree.isFolder(to));
  if (whole?.kind === 'folder') {
    layFolders(tree, to, owner, link);
    for (const [below, entry] of entries) if (below !== '') lay(tree, normal(to, below), entry, link);
    return;
  }
  const entry = entries.get('');
  if (entry === undefined) return;
  if (unpacks && archive.test(source)) {
    layFolders(tree, to, owner, link);
    lay(tree, normal(to, `${nameOf(source).replace(archive, '')}.unpacked`), { ...entry, text: digest(entry.text) }, link);
    return;
  }
  const target = isFolder ? normal(to, nameOf(normal('/', source))) : to;
  layFolders(tree, parentOf(target), owner, link);
  lay(tree, target, entry, link);
}

/**
 * Copies into an image, as BuildKit does.
 * @throws Failure where it would fail
 */
export function copyInto(tree: Tree, from: Tree, copying: Copying): void {
  const paths = [...from.entries.keys()].map((path) => path.slice(1)).filter((path) => path !== '');
  let count = 0;
  for (const source of copying.sources) {
    if (/^https?:/.test(source)) {
      addAddress(tree, source, copying);
      count += 1;
      continue;
    }
    const found = matching(paths, source);
    for (const each of found) copyOne(tree, from, each, copying);
    count += found.length;
    if (!isPattern(source) && found.length === 0) throw new Failure(`COPY ${source}: not found`);
  }
  if (count === 0) throw new Failure(`COPY ${copying.sources.join(' ')}: nothing found`);
  if (copying.sources.length > 1 && !/(?:^|\/)\.?\/?$/.test(copying.destination)) throw new Failure('COPY of several needs a folder');
}

/** ADD of an address: a file that its owner alone may use. */
function addAddress(tree: Tree, source: string, { destination, workdir, owner = root, mode }: Copying): void {
  const to = normal(workdir, destination);
  const path = destination.endsWith('/') || tree.isFolder(to) ? normal(to, nameOf(source)) : to;
  tree.makeFolders(parentOf(path), root, owner);
  lay(tree, path, { kind: 'file', text: digest(source), owner: ownerOf(owner), mode: mode ?? 0o600 }, false);
}
