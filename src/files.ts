import { isUtf8 } from 'node:buffer';
import {
  accessSync, closeSync, constants, existsSync, fchmodSync, fchownSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync,
  realpathSync, renameSync, rmSync, statSync, writeFileSync, type Dirent, type Stats,
} from 'node:fs';
import { basename, dirname, join, normalize, relative, resolve, sep } from 'node:path';
import type { Ignore } from 'ignore';

/** A path that cannot be used, with one sentence that names it, says why and what to do. */
export interface FileProblem {
  readonly path: string;
  readonly message: string;
}

export interface FoundFiles {
  /** Sorted, each once; absolute where the path that led to it was, otherwise relative to the working directory. */
  readonly files: readonly string[];
  readonly problems: readonly FileProblem[];
}

export type ReadResult = { readonly text: string } | { readonly problem: string };

const DOCKERFILE_NAMES = ['Dockerfile', 'dockerfile', 'Dockerfile.*', '*.Dockerfile', '*.dockerfile', 'Containerfile*'];
const OTHER_NAMES = ['**/*.dockerignore', '**/*.containerignore'];
const IGNORE_FILE = /\.(?:docker|container)ignore$/;

const NEVER_SEARCHED = new Set(['.git', 'node_modules']);

/** Folders nested deeper are not searched: what git ignores takes long to tell there. */
const DEEPEST = 32;

/** Lines with more runs of stars are left out: the time to match them grows with the power of their number. */
const MOST_STARS_OF_GITIGNORE = 4;

const LARGEST_FILE = 10_000_000;
const MOST_LINKS = 40;

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is nothing of this name; check the path'],
  ['ENOTDIR', 'a part of the path is not a folder; check the path'],
  ['EACCES', 'permission is denied; change its mode or run as its owner'],
  ['EPERM', 'the system does not permit it; change its mode or run as its owner'],
  ['EISDIR', 'it is a folder; name a file in it'],
  ['ELOOP', 'its symbolic links lead in a circle; mend them'],
  ['ENAMETOOLONG', 'the name is too long; check the path'],
  ['EROFS', 'the file system is read-only; remount it or work on a copy'],
  ['ERR_INVALID_ARG_VALUE', 'the system takes no such path; check it'],
  ['ENOSPC', 'no space is left; free some'],
]);

/** The name as it may go to a terminal. */
const shown = (path: string): string => `\`${path.replace(/\p{Cc}/gu, '\uFFFD')}\``;

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return REASONS.get(code) ?? `the system says ${code}; check the path`;
}

/** Why a file is not worth opening: what follows "Cannot read …:". */
function refusal(stat: Stats, limit: number): string | undefined {
  if (stat.isDirectory()) return REASONS.get('EISDIR');
  if (!stat.isFile()) return 'it is a device, pipe or socket; name a regular file';
  return stat.size > limit ? `it is larger than ${limit / 1_000_000} MB; leave it out` : undefined;
}

/**
 * Reads a text file. Never throws.
 * @param path links are followed
 * @param limit the largest size to read, in bytes
 * @returns the text, with its byte order mark and line endings; or one sentence that says why there is none
 */
export function readText(path: string, limit = LARGEST_FILE): ReadResult {
  const refuse = (reason: string): ReadResult => ({ problem: `Cannot read ${shown(path)}: ${reason}.` });
  try {
    const reason = refusal(statSync(path), limit);
    if (reason !== undefined) return refuse(reason);
    const bytes = readFileSync(path);
    if (bytes.includes(0)) return refuse('it is binary, or not UTF-8; save it as UTF-8 text or leave it out');
    return isUtf8(bytes) ? { text: bytes.toString('utf8') } : refuse('it is not valid UTF-8; save it as UTF-8');
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

/** Where a path leads in the end; the file there need not exist. */
function targetOf(path: string): string {
  let target = resolve(path);
  for (let links = 0; links < MOST_LINKS; links += 1) {
    if (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return target;
    target = resolve(realpathSync(dirname(target)), readlinkSync(target));
  }
  return realpathSync(target);
}

/** Writes a new file beside the target; what is there of it is removed when that fails. */
function writeBeside(target: string, text: string, like: Stats | undefined): string {
  const temporary = join(dirname(target), `.shipshape-${process.pid}-${Math.random().toString(36).slice(2)}.tmp`);
  const file = openSync(temporary, 'wx', like === undefined ? 0o666 : 0o600);
  try {
    fill(file, text, like);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return temporary;
}

/** Writes and closes an open file; its owner is set before its mode, which a change of owner may clear. */
function fill(file: number, text: string, like: Stats | undefined): void {
  try {
    writeFileSync(file, text);
    if (like === undefined) return;
    keepOwner(file, like);
    fchmodSync(file, like.mode & 0o7777);
  } finally {
    closeSync(file);
  }
}

/** Only the superuser may give files away; for anyone else the file becomes their own. */
function keepOwner(file: number, like: Stats): void {
  try {
    fchownSync(file, like.uid, like.gid);
  } catch {
    return;
  }
}

/**
 * Writes a text file in one step: a reader sees the old text or the new one, and a failure leaves the old one.
 * Mode and, where permitted, owner are kept; a symbolic link stays one, and the file it leads to is written.
 * @throws Error with one sentence for the user, when the file or its folder cannot be written
 */
export function writeAtomically(path: string, text: string): void {
  try {
    const target = targetOf(path);
    const like = statSync(target, { throwIfNoEntry: false });
    const reason = like && refusal(like, Infinity);
    if (reason !== undefined) throw new Error(`Cannot write ${shown(path)}: ${reason}.`);
    // A rename would also replace a file that its owner made read-only.
    if (like !== undefined) accessSync(target, constants.W_OK);
    const temporary = writeBeside(target, text, like);
    try {
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    if (error instanceof Error && !('code' in error)) throw error;
    throw new Error(`Cannot write ${shown(path)}: ${reasonOf(error)}.`, { cause: error });
  }
}

const toSlashes = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));

/** The nearest folder, this one or above, that holds `.git`. */
function gitRoot(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  return dirname(folder) === folder ? undefined : gitRoot(dirname(folder));
}

/** The rules of one `.gitignore`, which count from its folder. */
interface GitRules {
  readonly folder: string;
  readonly rules: Ignore;
}

/** What git ignores at and below a folder, after the `.gitignore` files there and above it in the same work tree. */
class GitIgnore {
  readonly #create: () => Ignore;
  readonly #known = new Map<string, readonly GitRules[]>();
  #top: string;

  constructor(start: string, create: () => Ignore) {
    this.#create = create;
    this.#top = gitRoot(start) ?? start;
    // A folder that the user names is searched even if git ignores it.
    if (this.#top === start || !this.ignores(start, true)) return;
    this.#top = start;
    this.#known.clear();
  }

  ignores(path: string, isFolder: boolean): boolean {
    for (const { folder, rules } of this.#rulesFor(dirname(path))) {
      const { ignored, unignored } = rules.test(toSlashes(relative(folder, path)) + (isFolder ? '/' : ''));
      if (ignored || unignored) return ignored;
    }
    return false;
  }

  /** The rules that count in a folder, the nearest first. */
  #rulesFor(folder: string): readonly GitRules[] {
    const known = this.#known.get(folder);
    if (known !== undefined) return known;
    const above = folder === this.#top ? [] : this.#rulesFor(dirname(folder));
    const read = readText(join(folder, '.gitignore'), LARGEST_FILE / 10);
    const rules = 'text' in read ? [{ folder, rules: this.#create().add(quickLines(read.text)) }, ...above] : above;
    this.#known.set(folder, rules);
    return rules;
  }
}

const quickLines = (text: string): readonly string[] =>
  text.split(/\r?\n/).filter((line) => (line.match(/\*+/g)?.length ?? 0) <= MOST_STARS_OF_GITIGNORE);

/** The Dockerfiles below an absolute folder, relative to it; links are not followed. */
async function search(folder: string, deep = DEEPEST): Promise<readonly string[]> {
  const [{ default: fastGlob }, { default: ignore }] = await Promise.all([import('fast-glob'), import('ignore')]);
  const git = new GitIgnore(folder, () => ignore({ allowRelativePaths: true, ignorecase: false }));
  const isSearched = (parent: string, entry: Dirent): boolean =>
    !entry.isDirectory() || !(NEVER_SEARCHED.has(entry.name) || git.ignores(resolve(parent, entry.name), true));
  // Ignored folders are hidden from the walk, so that it does not enter them.
  function list(parent: string, options: { withFileTypes: true }): Dirent[];
  function list(parent: string): string[];
  function list(parent: string, options?: { withFileTypes: true }): Dirent[] | string[] {
    return options === undefined ? readdirSync(parent) : readdirSync(parent, options).filter((entry) => isSearched(parent, entry));
  }
  const found = fastGlob.sync(DOCKERFILE_NAMES.map((name) => `**/${name}`), {
    cwd: folder, ignore: OTHER_NAMES, dot: true, deep, followSymbolicLinks: false, suppressErrors: true, fs: { readdirSync: list },
  });
  return found.filter((file) => !git.ignores(join(folder, file), false));
}

/** True for a `.dockerignore`, also one that belongs to a single Dockerfile. */
export const isIgnoreFile = (path: string): boolean => IGNORE_FILE.test(path);

/** The Dockerfiles that an ignore file counts for, relative to its folder: the one that it is named after, or all beside it. */
async function besideIgnoreFile(place: string): Promise<readonly string[]> {
  const named = basename(place).replace(IGNORE_FILE, '');
  if (named === '') return search(dirname(place), 1);
  return existsSync(join(dirname(place), named)) ? [named] : [];
}

/** What a path stands for: files relative to a folder, which is given from the path. */
async function filesOf(place: string): Promise<{ readonly folder: string; readonly files: readonly string[] }> {
  if (statSync(place).isDirectory()) return { folder: '.', files: await search(place) };
  return isIgnoreFile(place) ? { folder: '..', files: await besideIgnoreFile(place) } : { folder: '.', files: [''] };
}

/**
 * Finds the files to lint. A file is taken as it is given, whatever its name; an ignore file stands for the Dockerfiles
 * beside it; a folder is searched for Dockerfiles and Containerfiles, without `.git`, `node_modules` and what git ignores.
 * Never throws: what is not there is reported.
 * @param paths files and folders, absolute or relative to `cwd`
 * @param cwd the working directory, absolute
 */
export async function findDockerfiles(paths: readonly string[], cwd: string): Promise<FoundFiles> {
  const files = new Map<string, string>();
  const problems: FileProblem[] = [];
  for (const path of paths) {
    const place = resolve(cwd, path);
    try {
      const found = await filesOf(place);
      for (const file of found.files) files.set(join(place, found.folder, file), normalize(join(path, found.folder, file)));
    } catch (error) {
      problems.push({ path, message: `Cannot read ${shown(path)}: ${reasonOf(error)}.` });
    }
  }
  return { files: [...files.values()].sort(), problems };
}
