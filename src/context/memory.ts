import { posix } from 'node:path';
import type { BuildContext } from './context.ts';
import { COMMON_IGNORE_FILE, contextOver, contextPath, ignoreFileOf, joinPath, plainText, walk, type Kind, type Listing, type Store } from './stored.ts';

/** A value such as `-> ../shared` stands for a link, as `ls -l` shows one. */
const LINK = /^-> (\S+)$/;

/** Linux gives up after as many links on the way to a file. */
const MOST_LINKS = 40;

class MemoryStore implements Store {
  readonly folder = undefined;
  readonly #dockerfile: string;
  readonly #texts = new Map<string, string>();
  readonly #links = new Map<string, string>();
  readonly #folders = new Map<string, Map<string, Kind>>([['', new Map()]]);

  constructor(files: Readonly<Record<string, string>>, dockerfile: string) {
    this.#dockerfile = dockerfile;
    for (const [given, value] of Object.entries(files)) {
      const path = contextPath(given);
      if (path === undefined || path === '') throw new Error(`\`${given}\` is not a path inside a build context; give a relative one.`);
      const target = LINK.exec(value)?.[1];
      if (given.endsWith('/')) this.#add(path, 'folder');
      else if (target === undefined) this.#texts.set(path, value);
      else this.#links.set(path, target);
      if (!given.endsWith('/')) this.#add(path, target === undefined ? 'file' : 'link');
    }
  }

  list(): Listing {
    return walk((folder) => [...this.#folders.get(folder) ?? []].map(([name, kind]) => ({ name, kind })));
  }

  kind(path: string): Kind | undefined {
    if (path === '') return 'folder';
    const place = this.#resolve(path, false);
    return place === undefined ? undefined : this.#kindAt(place);
  }

  read(path: string): string | undefined {
    return plainText(this.#texts.get(this.#resolve(path, true) ?? ''));
  }

  ignoreFile(): { path: string; text: string } | undefined {
    for (const path of [contextPath(ignoreFileOf(this.#dockerfile)), COMMON_IGNORE_FILE]) {
      const text = path === undefined ? undefined : this.read(path);
      if (path !== undefined && text !== undefined) return { path, text };
    }
    return undefined;
  }

  /** Enters a path, and the folders above it. */
  #add(path: string, kind: Kind): void {
    const parent = posix.dirname(path) === '.' ? '' : posix.dirname(path);
    if (parent !== '' && !this.#folders.has(parent)) this.#add(parent, 'folder');
    this.#folders.get(parent)?.set(posix.basename(path), kind);
    if (kind === 'folder' && !this.#folders.has(path)) this.#folders.set(path, new Map());
  }

  #kindAt(path: string): Kind | undefined {
    const parent = posix.dirname(path);
    return path === '' ? 'folder' : this.#folders.get(parent === '.' ? '' : parent)?.get(posix.basename(path));
  }

  /** The path behind the links on the way, and behind the last part if wanted; undefined when it leads outside or in a circle. */
  #resolve(path: string, last: boolean): string | undefined {
    let waiting = path.split('/');
    let done = '';
    for (let links = 0; waiting.length > 0; ) {
      const [name = '', ...rest] = waiting;
      const here = joinPath(done, name);
      const target = rest.length > 0 || last ? this.#links.get(here) : undefined;
      waiting = rest;
      if (target === undefined) {
        done = here;
        continue;
      }
      links += 1;
      const led = target.startsWith('/') ? undefined : contextPath(joinPath(done, target));
      if (led === undefined || links > MOST_LINKS) return undefined;
      waiting = [...led.split('/').filter((part) => part !== ''), ...rest];
      done = '';
    }
    return done;
  }
}

/**
 * A build context in memory, for tests, examples and editors.
 * @param files texts by path; a path that ends in `/` is an empty folder; a text such as `-> ../shared` makes it a link
 * @param dockerfileName path of the Dockerfile in the context, which chooses the ignore file
 * @throws Error when a path is absolute or leaves the context
 */
export const memoryContext = (files: Readonly<Record<string, string>>, dockerfileName = 'Dockerfile'): BuildContext =>
  contextOver(new MemoryStore(files, dockerfileName));
