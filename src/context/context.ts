/** A build context: the files a build may copy. Paths are relative, with `/`, without `./` in front. */
export interface BuildContext {
  /** The folder on disk, for messages; undefined for one in memory. */
  readonly folder: string | undefined;
  /** Every file, links included, before the ignore file; sorted; what heavy folders hold is left out (see `heavyFolders`). */
  readonly files: readonly string[];
  /** Folders of downloaded or generated files (`.git`, `node_modules`, `.venv` …), sorted: they are there, but not looked into. */
  readonly heavyFolders: readonly string[];
  /** The walk was cut short, or a folder could not be read: a file that is not in `files` may exist. */
  readonly cut: boolean;
  /**
   * The ignore file in force: `<Dockerfile>.dockerignore` or `.dockerignore`; undefined when there is none.
   * Its path starts with `../` when it stands beside a Dockerfile outside the context.
   */
  readonly ignoreFile: { readonly path: string; readonly text: string } | undefined;
  /** A file, folder or link of this name is there, ignored or not; also inside a heavy folder. */
  has(path: string): boolean;
  /** It is a folder itself, not a link to one. */
  isFolder(path: string): boolean;
  isLink(path: string): boolean;
  /** The ignore file excludes this path from the build. What is below an ignored folder may be taken back by a later `!` pattern. */
  ignored(path: string): boolean;
  /** It is there and a COPY can see it, or, for a folder, something below it. */
  sends(path: string): boolean;
  /** The files below a folder (`''` or `.`: all) that a COPY of it takes: those not ignored, without what heavy folders hold. */
  sentBelow(folder: string): readonly string[];
  /** Text of a file (at most 1 MB); undefined when it is not there, too large, not UTF-8 text, or outside the folder. */
  read(path: string): string | undefined;
}
