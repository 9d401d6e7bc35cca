import { digest } from '../digest.ts';
import type { BuildContext } from './context.ts';
import type { Kind } from './stored.ts';

/** What was asked of a context, with digests of the answers: as long as it answers the same, whatever was concluded from it holds. */
export interface Asked {
  /** Of the list of files; undefined where nobody asked for it. */
  readonly listing: string | undefined;
  /** Of the ignore file; undefined where nobody asked for it. */
  readonly ignoreFile: string | undefined;
  readonly kinds: readonly (readonly [path: string, kind: Kind | null])[];
  /** Of texts; null for a file that could not be read. */
  readonly texts: readonly (readonly [path: string, text: string | null])[];
}

/** Digests of what a context answers, each made once: many Dockerfiles ask the same context. */
export class Answers {
  readonly #context: BuildContext;
  #listing: string | undefined;
  #ignoreFile: string | undefined;
  readonly #texts = new Map<string, string | null>();

  constructor(context: BuildContext) {
    this.#context = context;
  }

  listing(): string {
    const { files, heavyFolders, cut } = this.#context;
    this.#listing ??= digest(JSON.stringify([files, heavyFolders, cut]));
    return this.#listing;
  }

  ignoreFile(): string {
    const file = this.#context.ignoreFile;
    this.#ignoreFile ??= digest(JSON.stringify(file === undefined ? null : [file.path, file.text]));
    return this.#ignoreFile;
  }

  kind(path: string): Kind | null {
    if (this.#context.isFolder(path)) return 'folder';
    if (this.#context.isLink(path)) return 'link';
    return this.#context.has(path) ? 'file' : null;
  }

  text(path: string): string | null {
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const text = this.#context.read(path);
    const answer = text === undefined ? null : digest(text);
    this.#texts.set(path, answer);
    return answer;
  }

  /** Tells whether the context still answers as it did. */
  agree({ listing, ignoreFile, kinds, texts }: Asked): boolean {
    return (ignoreFile === undefined || ignoreFile === this.ignoreFile())
      && kinds.every(([path, kind]) => kind === this.kind(path))
      && texts.every(([path, text]) => text === this.text(path))
      && (listing === undefined || listing === this.listing());
  }
}

/** A context that remembers what it is asked. Its folder is taken to be known to whoever keeps the answers. */
export class RecordedContext implements BuildContext {
  readonly #context: BuildContext;
  readonly #answers: Answers;
  readonly #kinds = new Map<string, Kind | null>();
  readonly #texts = new Map<string, string | null>();
  #needsListing = false;
  #needsIgnoreFile = false;

  /** @param answers those of the same context */
  constructor(context: BuildContext, answers: Answers) {
    this.#context = context;
    this.#answers = answers;
  }

  /** All that was asked up to now. */
  get asked(): Asked {
    return {
      listing: this.#needsListing ? this.#answers.listing() : undefined,
      ignoreFile: this.#needsIgnoreFile ? this.#answers.ignoreFile() : undefined,
      kinds: [...this.#kinds],
      texts: [...this.#texts],
    };
  }

  get folder(): string | undefined {
    return this.#context.folder;
  }

  get files(): readonly string[] {
    this.#needsListing = true;
    return this.#context.files;
  }

  get heavyFolders(): readonly string[] {
    this.#needsListing = true;
    return this.#context.heavyFolders;
  }

  get cut(): boolean {
    this.#needsListing = true;
    return this.#context.cut;
  }

  get ignoreFile(): BuildContext['ignoreFile'] {
    this.#needsIgnoreFile = true;
    return this.#context.ignoreFile;
  }

  has(path: string): boolean {
    return this.#kind(path) !== null;
  }

  isFolder(path: string): boolean {
    return this.#kind(path) === 'folder';
  }

  isLink(path: string): boolean {
    return this.#kind(path) === 'link';
  }

  ignored(path: string): boolean {
    this.#needsIgnoreFile = true;
    return this.#context.ignored(path);
  }

  sends(path: string): boolean {
    // Of an ignored folder, what is below may be sent.
    if (this.ignored(path) && this.isFolder(path)) this.#needsListing = true;
    return this.has(path) && this.#context.sends(path);
  }

  sentBelow(folder: string): readonly string[] {
    this.#needsListing = true;
    this.#needsIgnoreFile = true;
    return this.#context.sentBelow(folder);
  }

  read(path: string): string | undefined {
    const text = this.#context.read(path);
    // What was read counts, not what is there by the time that somebody looks again.
    if (!this.#texts.has(path)) this.#texts.set(path, text === undefined ? null : digest(text));
    return text;
  }

  #kind(path: string): Kind | null {
    const known = this.#kinds.get(path);
    if (known !== undefined) return known;
    const kind = this.#answers.kind(path);
    this.#kinds.set(path, kind);
    return kind;
  }
}
