import { posix } from 'node:path';
import type { BuildContext } from './context.ts';
import { COMMON_IGNORE_FILE, contextOver, contextPath, plainText, type Kind, type Listing, type Store } from './stored.ts';

class OverlayStore implements Store {
  readonly #below: BuildContext;
  readonly #texts = new Map<string, string>();
  /** Folders that the files stand in, which may be new. */
  readonly #folders = new Set<string>();
  readonly #given: ReadonlyMap<string, string>;

  constructor(below: BuildContext, files: ReadonlyMap<string, string>) {
    this.#below = below;
    this.#given = files;
    for (const [given, text] of files) {
      const path = contextPath(given);
      // The ignore file of a Dockerfile that lies outside is none of the context's files.
      if (path === undefined || path === '') continue;
      this.#texts.set(path, text);
      for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) this.#folders.add(folder);
    }
  }

  get folder(): string | undefined {
    return this.#below.folder;
  }

  list(): Listing {
    const { files, heavyFolders, cut } = this.#below;
    const added = [...this.#texts.keys()].filter((path) => !heavyFolders.some((folder) => path.startsWith(`${folder}/`)));
    return { files: [...new Set([...files, ...added])].sort(), heavyFolders, cut };
  }

  kind(path: string): Kind | undefined {
    // A link stays one: what is written goes to the file it leads to.
    if (this.#below.isLink(path)) return 'link';
    if (this.#texts.has(path)) return 'file';
    if (this.#folders.has(path) || this.#below.isFolder(path)) return 'folder';
    return this.#below.has(path) ? 'file' : undefined;
  }

  read(path: string): string | undefined {
    const text = this.#texts.get(path);
    return text === undefined ? this.#below.read(path) : plainText(text);
  }

  ignoreFile(): { readonly path: string; readonly text: string } | undefined {
    const path = this.#below.ignoreFile?.path ?? COMMON_IGNORE_FILE;
    const text = this.#texts.get(path) ?? this.#given.get(path);
    return text === undefined ? this.#below.ignoreFile : { path, text };
  }
}

/**
 * A context with some files changed or added, as fixes leave them before they are written. The ignore file in force
 * is read anew when it is among them; where there is none, a new `.dockerignore` comes into force.
 * @param files texts by path, relative to the context
 */
export const overlayContext = (context: BuildContext, files: ReadonlyMap<string, string>): BuildContext =>
  contextOver(new OverlayStore(context, files));
