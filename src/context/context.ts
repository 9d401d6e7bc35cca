/** A build context: the files a build may copy. Paths are relative, with `/`, without `./` in front. */
export interface BuildContext {
  /** The folder on disk, for messages; undefined for one in memory. */
  readonly folder: string | undefined;
  /** Every file, links included, before the ignore file; sorted; what heavy folders hold is left out (see `heavyFolders`). */
  readonly files: readonly string[];
  /** The walk was cut short: a file that is not in `files` may exist. */
  readonly cut: boolean;
  /** The ignore file in force: `<Dockerfile>.dockerignore` or `.dockerignore`; undefined when there is none. */
  readonly ignoreFile: { readonly path: string; readonly text: string } | undefined;
  /** A file or folder of this name is there, ignored or not. */
  has(path: string): boolean;
  isFolder(path: string): boolean;
  isLink(path: string): boolean;
  /** The ignore file excludes this path from the build. */
  ignored(path: string): boolean;
  /** It is there and a COPY can see it. */
  sends(path: string): boolean;
  /** The files below a folder (`''` or `.`: all) that a COPY of it takes: those not ignored. */
  sentBelow(folder: string): readonly string[];
  /** Text of a file (at most 1 MB); undefined when it is not there, too large or binary. */
  read(path: string): string | undefined;
}
