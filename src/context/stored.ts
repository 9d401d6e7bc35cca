import { posix } from 'node:path';
import type { BuildContext } from './context.ts';
import { readIgnoreFile, type IgnoreRules } from './dockerignore.ts';

export type Kind = 'file' | 'folder' | 'link';

export interface Entry {
  readonly name: string;
  readonly kind: Kind;
}

/** Where the files of a context are kept. Paths given to it went through `contextPath`; `''` is the context itself. */
export interface Store {
  readonly folder: string | undefined;
  /** Its files and heavy folders, mostly by `walk`. */
  list(): Listing;
  /** What stands there, a link itself and not what it leads to; undefined for nothing. */
  kind(path: string): Kind | undefined;
  /** The text of a file; links are followed as long as they stay inside the context. */
  read(path: string): string | undefined;
  /** The ignore file in force. */
  ignoreFile(): { readonly path: string; readonly text: string } | undefined;
}

/** No text larger than this is read, in characters or bytes. */
export const LARGEST_TEXT = 1_000_000;

/** A walk ends after so many files and folders. */
const MOST_ENTRIES = 20_000;

/** Where a run may keep its results; no walk finds it, or having kept them would change them. */
export const CACHE_FILE = '.shipshape-cache';

/** Folders that hold what tools downloaded or made, wherever they stand. */
const HEAVY = new Set([
  '.git', '.hg', '.svn',
  'node_modules', 'bower_components', '.pnpm-store', '.parcel-cache', '.turbo', '.next', '.nuxt', '.svelte-kit', '.angular',
  '.venv', 'venv', '__pycache__', '.tox', '.nox', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.eggs',
  '.cache', '.gradle', '.m2', '.terraform', '.direnv', '.dart_tool', '.stack-work',
]);

/** Names that are heavy only beside one of these files. */
const HEAVY_BESIDE: ReadonlyMap<string, readonly string[]> = new Map([
  ['target', ['Cargo.toml']],
  ['vendor', ['composer.json']],
  ['Pods', ['Podfile']],
]);

/** A Python virtual environment of any name holds this file. */
const ENVIRONMENT_FILE = 'pyvenv.cfg';

/** What a walk found; the words are those of `BuildContext`. */
export type Listing = Pick<BuildContext, 'files' | 'heavyFolders' | 'cut'>;

/** A path in the form the context uses (`''` for the context itself); undefined when it is absolute or leaves the folder. */
export function contextPath(path: string): string | undefined {
  if (path.startsWith('/') || path.includes('\0')) return undefined;
  const clean = posix.normalize(path);
  if (clean === '..' || clean.startsWith('../')) return undefined;
  if (clean === '.' || clean === './') return '';
  return clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

export const joinPath = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** The ignore files that may be in force for a Dockerfile, the first one that is there wins. */
export const ignoreFileOf = (dockerfile: string): string => `${dockerfile}.dockerignore`;
export const COMMON_IGNORE_FILE = '.dockerignore';

/** A text as a context gives it: not too large, and not binary. */
export const plainText = (text: string | undefined): string | undefined =>
  text === undefined || text.length > LARGEST_TEXT || text.includes('\0') ? undefined : text;

/**
 * Looks through the folders level by level, so that a cut leaves out the deepest.
 * @param entriesOf what a folder holds (`''`: the context itself); undefined when it cannot be read
 */
export function walk(entriesOf: (folder: string) => readonly Entry[] | undefined): Listing {
  const files: string[] = [];
  const heavyFolders: string[] = [];
  const waiting = [''];
  let cut = false;
  let seen = 0;
  for (const folder of waiting) {
    const entries = entriesOf(folder);
    const names = new Set(entries?.map((entry) => entry.name));
    if (folder !== '' && names.has(ENVIRONMENT_FILE)) {
      heavyFolders.push(folder);
      continue;
    }
    cut ||= entries === undefined;
    for (const { name, kind } of entries ?? []) {
      if (name === CACHE_FILE) continue;
      seen += 1;
      if (seen > MOST_ENTRIES) return { files: files.sort(), heavyFolders: heavyFolders.sort(), cut: true };
      const heavy = HEAVY.has(name) || HEAVY_BESIDE.get(name)?.some((file) => names.has(file)) === true;
      const list = kind !== 'folder' ? files : heavy ? heavyFolders : waiting;
      list.push(joinPath(folder, name));
    }
  }
  return { files: files.sort(), heavyFolders: heavyFolders.sort(), cut };
}

/** What every build context has in common; nothing is looked at before it is asked for, and nothing twice. */
class StoredContext implements BuildContext {
  readonly #store: Store;
  #listing: Listing | undefined;
  #sent: readonly string[] | undefined;
  #ignore: { readonly file: BuildContext['ignoreFile']; readonly rules: IgnoreRules | undefined } | undefined;
  readonly #kinds = new Map<string, Kind | undefined>();

  constructor(store: Store) {
    this.#store = store;
  }

  get folder(): string | undefined {
    return this.#store.folder;
  }

  get files(): readonly string[] {
    return this.#list().files;
  }

  get heavyFolders(): readonly string[] {
    return this.#list().heavyFolders;
  }

  get cut(): boolean {
    return this.#list().cut;
  }

  get ignoreFile(): BuildContext['ignoreFile'] {
    return this.#ignoring().file;
  }

  has(path: string): boolean {
    return this.#kind(path) !== undefined;
  }

  isFolder(path: string): boolean {
    return this.#kind(path) === 'folder';
  }

  isLink(path: string): boolean {
    return this.#kind(path) === 'link';
  }

  ignored(path: string): boolean {
    const clean = contextPath(path);
    return clean !== undefined && clean !== '' && this.#ignoring().rules?.ignores(clean) === true;
  }

  sends(path: string): boolean {
    const kind = this.#kind(path);
    if (kind === undefined || !this.ignored(path)) return kind !== undefined;
    const takesBack = this.#ignoring().rules?.patterns.some(({ negated }) => negated) === true;
    return kind === 'folder' && takesBack && this.sentBelow(path).length > 0;
  }

  sentBelow(folder: string): readonly string[] {
    const clean = contextPath(folder);
    if (clean === undefined) return [];
    this.#sent ??= this.files.filter((file) => !this.ignored(file));
    return clean === '' ? this.#sent : this.#sent.filter((file) => file.startsWith(`${clean}/`));
  }

  read(path: string): string | undefined {
    const clean = contextPath(path);
    return clean === undefined ? undefined : this.#store.read(clean);
  }

  #list(): Listing {
    this.#listing ??= this.#store.list();
    return this.#listing;
  }

  #ignoring(): { readonly file: BuildContext['ignoreFile']; readonly rules: IgnoreRules | undefined } {
    if (this.#ignore === undefined) {
      const file = this.#store.ignoreFile();
      this.#ignore = { file, rules: file && readIgnoreFile(file.text) };
    }
    return this.#ignore;
  }

  #kind(path: string): Kind | undefined {
    const clean = contextPath(path);
    if (clean === undefined) return undefined;
    if (!this.#kinds.has(clean)) this.#kinds.set(clean, this.#store.kind(clean));
    return this.#kinds.get(clean);
  }
}

/** A build context over the files of a store. */
export const contextOver = (store: Store): BuildContext => new StoredContext(store);
