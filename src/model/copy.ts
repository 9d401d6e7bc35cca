import { flag, type Instruction } from '../dockerfile/instruction.ts';
import type { Word } from '../dockerfile/words.ts';
import type { Dockerfile } from './dockerfile.ts';
import { joinPath } from './state.ts';

/** One source of a COPY or ADD that reads the build context. */
export interface CopySource {
  readonly word: Word;
  /** Relative to the context, `''` for all of it; undefined where a variable decides. */
  readonly path: string | undefined;
  readonly glob: boolean;
}

const isRemote = (text: string): boolean => /^(?:https?|ftp|git|ssh):\/\/|^git@/.test(text);

/** True for COPY and ADD that take files of the build context, not of a stage or an image. */
export const readsContext = (instruction: Instruction): boolean =>
  (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') && flag(instruction, 'from') === undefined;

/** Words of a COPY or ADD that are heredocs. */
const isHeredoc = (instruction: Instruction, word: Word): boolean =>
  instruction.heredocs.some((heredoc) => heredoc.word.start <= word.span.start && word.span.end <= heredoc.word.end);

/** A context path as BuildKit cleans it: no leading slash, no `.` and `..`. */
export const cleanContextPath = (text: string): string => (joinPath('/', text) ?? '/').slice(1);

/** Many ask for the same; what was read goes with the instruction. */
const known = new WeakMap<Instruction, readonly CopySource[]>();

/** The sources a COPY or ADD takes of the build context; none for `--from`, remote files and heredocs. */
export function copySources(file: Dockerfile, instruction: Instruction): readonly CopySource[] {
  if (!readsContext(instruction)) return [];
  let sources = known.get(instruction);
  if (sources === undefined) {
    sources = readSources(file, instruction);
    known.set(instruction, sources);
  }
  return sources;
}

function readSources(file: Dockerfile, instruction: Instruction): CopySource[] {
  return instruction.words.slice(0, -1).flatMap((word) => {
    const text = file.expand(word.raw, instruction);
    if (isHeredoc(instruction, word) || isRemote(text ?? word.text)) return [];
    return [{ word, path: text === undefined ? undefined : cleanContextPath(text), glob: /[*?[]/.test(text ?? word.text) }];
  });
}

/** The last word of a COPY or ADD. */
export const destinationWord = (instruction: Instruction): Word | undefined =>
  instruction.words.length > 1 || instruction.heredocs.length > 0 ? instruction.words.at(-1) : undefined;

/** Where a COPY or ADD writes: absolute, `folder` true where it certainly is one; undefined where unknown. */
export function destination(file: Dockerfile, instruction: Instruction): { readonly path: string; readonly folder: boolean } | undefined {
  const word = destinationWord(instruction);
  const text = word === undefined ? undefined : file.expand(word.raw, instruction);
  if (text === undefined) return undefined;
  const path = joinPath(file.stateAt(instruction).workdir, text);
  const folder = /(?:^|\/)\.?$/.test(text) || instruction.words.length > 2;
  return path === undefined ? undefined : { path, folder };
}

/** A source that brings the whole context: `.`, `./`, `/` or `*`. */
export const isWholeContext = (source: CopySource): boolean => source.path === '' || source.path === '*';

/** True when BuildKit's COPY would match a context path with a glob; only `*`, `?` and `[…]`, no folder crossed. */
export function matchesGlob(glob: string, path: string): boolean {
  const globParts = glob.split('/');
  const pathParts = path.split('/');
  if (globParts.length !== pathParts.length) return false;
  return globParts.every((part, index) => {
    const source = part.replace(/[.+^${}()|\\]/g, '\\$&').replace(/\*+/g, '[^/]*').replace(/\?/g, '[^/]');
    try {
      return part.split('*').length < 6 && new RegExp(`^${source}$`).test(pathParts[index] ?? '');
    } catch {
      return false;
    }
  });
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * Where a COPY or ADD puts a file of the context.
 * @param isFolder tells whether a source of the instruction is a folder; its contents are copied, not itself
 * @returns the absolute path in the image; undefined when the file is not among what is copied, or nobody can tell
 */
export function placeInImage(file: Dockerfile, instruction: Instruction, path: string, isFolder: (source: string) => boolean): string | undefined {
  const to = destination(file, instruction);
  if (to === undefined || flag(instruction, 'parents') !== undefined) return undefined;
  for (const { path: source, glob } of copySources(file, instruction)) {
    if (source === undefined) continue;
    if (glob) {
      if (matchesGlob(source, path)) return joinPath(to.path, lastPart(path));
    } else if (source === '' || isFolder(source)) {
      if (source === '' || path.startsWith(`${source}/`)) return joinPath(to.path, source === '' ? path : path.slice(source.length + 1));
    } else if (source === path) return to.folder ? joinPath(to.path, lastPart(path)) : to.path;
  }
  return undefined;
}
