import { lstatSync, readdirSync, realpathSync, type Dirent } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { readText } from '../files.ts';
import type { BuildContext } from './context.ts';
import { COMMON_IGNORE_FILE, contextOver, ignoreFileOf, LARGEST_TEXT, walk, type Kind, type Listing, type Store } from './stored.ts';

/** What a call of the file system gives; undefined where it throws (missing, no permission, a circle of links …). */
function attempt<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

const realPath = (path: string): string | undefined => attempt(() => realpathSync.native(path));

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Sockets, pipes and devices have no kind: a build does not copy them. */
function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): Kind | undefined {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : undefined;
}

class DiskStore implements Store {
  readonly folder: string;
  readonly #dockerfile: string;
  #real: string | undefined;
  readonly #realFolders = new Map<string, string | undefined>();

  constructor(folder: string, dockerfile: string) {
    this.folder = folder;
    this.#dockerfile = dockerfile;
  }

  list(): Listing {
    return walk((folder) => {
      const found = attempt(() => readdirSync(join(this.folder, folder), { withFileTypes: true }));
      return found?.flatMap((entry) => {
        const kind = kindOf(entry);
        return kind === undefined ? [] : [{ name: entry.name, kind }];
      });
    });
  }

  kind(path: string): Kind | undefined {
    const place = path === '' ? this.#root() : this.#locate(path);
    const stat = place === undefined ? undefined : attempt(() => lstatSync(place, { throwIfNoEntry: false }));
    return stat && kindOf(stat);
  }

  read(path: string): string | undefined {
    const place = this.#locate(path);
    const root = this.#root();
    return place === undefined || root === undefined ? undefined : readInside(root, place);
  }

  ignoreFile(): { path: string; text: string } | undefined {
    const own = ignoreFileOf(this.#dockerfile);
    const beside = realPath(dirname(own));
    const root = this.#root();
    for (const [path, home] of [[own, beside], [join(this.folder, COMMON_IGNORE_FILE), root]] as const) {
      const text = home === undefined ? undefined : readInside(home, join(home, basename(path)));
      if (text !== undefined) return { path: relative(this.folder, path).replaceAll(sep, '/'), text };
    }
    return undefined;
  }

  #root(): string | undefined {
    this.#real ??= realPath(this.folder);
    return this.#real;
  }

  /** The real folder of a path with its last part, which may be a link; undefined where a link on the way leads outside. */
  #locate(path: string): string | undefined {
    const root = this.#root();
    const place = join(this.folder, path);
    const parent = dirname(place);
    if (!this.#realFolders.has(parent)) this.#realFolders.set(parent, parent === this.folder ? root : realPath(parent));
    const real = this.#realFolders.get(parent);
    return root === undefined || real === undefined || !isInside(root, real) ? undefined : join(real, basename(place));
  }
}

/** The text of a file, or of what a link leads to, as long as that is below a real folder. */
function readInside(root: string, path: string): string | undefined {
  const real = realPath(path);
  if (real === undefined || !isInside(root, real)) return undefined;
  const result = readText(real, LARGEST_TEXT);
  return 'text' in result ? result.text : undefined;
}

/**
 * The build context in a folder on disk. Nothing is read before it is asked for, and nothing outside the folder but
 * the ignore file beside the Dockerfile. Never throws: what cannot be read is not there.
 * @param folder absolute, or relative to the working directory
 * @param dockerfilePath absolute, or relative to the working directory; `Dockerfile` in the folder where it is left out
 */
export function openContext(folder: string, dockerfilePath?: string): BuildContext {
  const root = resolve(folder);
  return contextOver(new DiskStore(root, dockerfilePath === undefined ? join(root, 'Dockerfile') : resolve(dockerfilePath)));
}
