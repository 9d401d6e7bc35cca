/** What lies at a path of an image. Owners are numbers as text: `1000:1000`. */
export interface Entry {
  readonly kind: 'file' | 'folder' | 'link';
  /** A file's text, or where a link leads. */
  readonly text: string;
  readonly owner: string;
  readonly mode: number;
}

/** Why a command, a COPY, or a whole build fails. */
export class Failure extends Error {}

/** Who acts: root may do all. */
export interface Actor {
  readonly user: string;
  readonly group: string;
}

export const root: Actor = { user: '0', group: '0' };

export const ownerOf = ({ user, group }: Actor): string => `${user}:${group}`;

/** A digest of 53 bits (cyrb53), which is enough to tell two builds apart. */
export function digest(...parts: readonly string[]): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (const part of parts) {
    for (let index = 0; index <= part.length; index += 1) {
      // The end of a part counts as a character of its own.
      const code = index < part.length ? part.charCodeAt(index) : 0x1_0000;
      a = Math.imul(a ^ code, 2_654_435_761);
      b = Math.imul(b ^ code, 1_597_334_677);
    }
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & b) + (a >>> 0)).toString(36);
}

/** An absolute path without `.`, `..` and doubled slashes. */
export function normal(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const isIn = (path: string, folder: string): boolean => folder === '/' || path === folder || path.startsWith(`${folder}/`);

const mostLinks = 20;

/** The files of an image, or of a build while it runs. */
export class Tree {
  readonly entries: Map<string, Entry>;

  constructor(entries: Iterable<readonly [string, Entry]> = [['/', { kind: 'folder', text: '', owner: '0:0', mode: 0o755 }]]) {
    this.entries = new Map(entries);
  }

  copy(): Tree {
    return new Tree(this.entries);
  }

  /**
   * The path behind links on the way, and behind the last part too if `last` is set.
   * @throws Failure when links lead in a circle
   */
  real(path: string, last = true): string {
    let waiting = path.split('/').filter((part) => part !== '');
    let done = '';
    for (let links = 0; waiting.length > 0; ) {
      const [name = '', ...rest] = waiting;
      const here = `${done}/${name}`;
      const entry = rest.length > 0 || last ? this.entries.get(here) : undefined;
      waiting = rest;
      if (entry?.kind !== 'link') {
        done = here;
        continue;
      }
      links += 1;
      if (links > mostLinks) throw new Failure(`${path}: too many links`);
      waiting = [...normal(done || '/', entry.text).split('/').filter((part) => part !== ''), ...rest];
      done = '';
    }
    return done || '/';
  }

  get(path: string): Entry | undefined {
    return this.entries.get(this.real(path));
  }

  isFolder(path: string): boolean {
    return this.get(path)?.kind === 'folder';
  }

  /** All paths below a real folder, sorted; without itself. */
  below(folder: string): string[] {
    const start = folder === '/' ? '/' : `${folder}/`;
    return [...this.entries.keys()].filter((path) => path !== '/' && path.startsWith(start)).sort();
  }

  /** Names of what lies in a real folder, sorted. */
  names(folder: string): string[] {
    return this.below(folder).filter((path) => parentOf(path) === folder).map(nameOf);
  }

  /** @throws Failure when the file is not there, or the actor may not read it */
  read(path: string, actor: Actor): string {
    const entry = this.get(path);
    if (entry === undefined) throw new Failure(`${path}: no such file`);
    if (entry.kind === 'folder') throw new Failure(`${path}: is a folder`);
    if (!allows(entry, actor, 4)) throw new Failure(`${path}: permission denied`);
    return entry.text;
  }

  /** Writes a file through links, keeping owner and mode of one that is there. */
  write(path: string, text: string, actor: Actor, mode = 0o644): void {
    const place = this.real(path);
    const before = this.entries.get(place);
    if (before?.kind === 'folder') throw new Failure(`${path}: is a folder`);
    if (before !== undefined) {
      if (!allows(before, actor, 2)) throw new Failure(`${path}: permission denied`);
      this.entries.set(place, { ...before, text });
    } else this.put(place, { kind: 'file', text, owner: ownerOf(actor), mode }, actor);
  }

  /** Makes or replaces the entry at a path whose folder must be there and open to the actor. */
  put(path: string, entry: Entry, actor: Actor): void {
    this.mayChange(parentOf(path), actor);
    const place = normal('/', `${this.real(parentOf(path))}/${nameOf(path)}`);
    this.entries.set(place, entry);
  }

  mayChange(folder: string, actor: Actor): void {
    const entry = this.get(folder);
    if (entry === undefined) throw new Failure(`${folder}: no such folder`);
    if (entry.kind !== 'folder') throw new Failure(`${folder}: is no folder`);
    if (!allows(entry, actor, 2)) throw new Failure(`${folder}: permission denied`);
  }

  /** Makes a folder and those above it, as `mkdir -p` does. */
  makeFolders(path: string, actor: Actor, as = actor, mode = 0o755): void {
    const place = this.real(path);
    const entry = this.entries.get(place);
    if (entry?.kind === 'folder') return;
    if (entry !== undefined) throw new Failure(`${path}: is no folder`);
    this.makeFolders(parentOf(place), actor, as);
    this.put(place, { kind: 'folder', text: '', owner: ownerOf(as), mode }, actor);
  }

  /** Takes a path and all below it away; links are not followed at the end. */
  remove(path: string, actor: Actor): void {
    const place = normal('/', `${this.real(parentOf(path))}/${nameOf(path)}`);
    if (place === '/' || !this.entries.has(place)) return;
    this.mayChange(parentOf(place), actor);
    for (const each of this.below(place)) this.entries.delete(each);
    this.entries.delete(place);
  }

  /** A text that says all there is below some places, owners and modes included. */
  listing(places: readonly string[] = ['/']): string {
    const found = [...this.entries].filter(([path]) => places.some((place) => isIn(path, place)));
    return found.map(([path, { kind, text, owner, mode }]) => `${path} ${kind} ${owner} ${mode.toString(8)} ${text}`).sort().join('\n');
  }
}

/** Read is 4, write 2, execute 1. */
export function allows({ owner, mode }: Entry, { user, group }: Actor, wanted: number): boolean {
  if (user === '0') return wanted !== 1 || (mode & 0o111) !== 0;
  const [ownUser, ownGroup] = owner.split(':');
  const shift = ownUser === user ? 6 : ownGroup === group ? 3 : 0;
  return ((mode >> shift) & wanted) !== 0;
}
