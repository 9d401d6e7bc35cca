import { isUtf8 } from 'node:buffer';
import { relative, resolve, sep } from 'node:path';
import { quote } from '../config/error.ts';
import { findDockerfiles, isIgnoreFile } from '../files.ts';
import type { FileReport } from '../report/report.ts';
import { visible } from '../report/text.ts';
import type { Target } from './check.ts';
import type { LintOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

export interface Targets {
  readonly targets: readonly Target[];
  /** Paths that lead to no file, as files that failed. */
  readonly failures: readonly FileReport[];
}

const failure = (path: string, error: string): FileReport => ({ path, text: '', diagnostics: [], fixed: undefined, error });

/** A path with `/`, as reports have it. */
export const toSlashes = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));

/** Words that are commands, and are a path only by mistake. */
const commandNames = new Set(['lint', 'check', 'fix', 'help', 'version']);

const hintFor = (path: string): string => (commandNames.has(path) ? ' Linting needs no command: give paths, or none for this folder.' : '');

/** Reads what comes through standard input. */
async function readInput({ stdinFilename }: LintOptions, { folder, readInput: read }: Terminal): Promise<Target | FileReport> {
  const bytes = await read();
  const path = stdinFilename ?? '-';
  if (bytes.includes(0) || !isUtf8(bytes)) return failure(path, 'Cannot read the standard input: it is not UTF-8 text.');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return { path, file: stdinFilename === undefined ? undefined : resolve(folder, stdinFilename), text };
}

/** The files of one path; a failure where it leads to none. */
async function filesAt(path: string, folder: string): Promise<readonly string[] | FileReport> {
  const { files, problems: [problem] } = await findDockerfiles([path], folder);
  if (problem !== undefined) return failure(path, problem.message + hintFor(path));
  // Hooks name every file that changed: an ignore file without a Dockerfile beside it is no mistake.
  if (files.length > 0 || isIgnoreFile(path)) return files;
  const where = relative(folder, resolve(folder, path)) === '' ? 'this folder' : `the folder ${quote(path)}`;
  return failure(path, `No Dockerfile or Containerfile was found in ${where}.`);
}

/** Finds what the options' paths name, each file once, in the order of the paths; no path is the working folder. */
export async function findTargets(options: LintOptions, terminal: Terminal): Promise<Targets> {
  const targets = new Map<string, Target>();
  const failures: FileReport[] = [];
  for (const path of options.paths.length === 0 ? ['.'] : options.paths) {
    const found = path === '-' ? await readInput(options, terminal) : await filesAt(path, terminal.folder);
    if ('error' in found) failures.push({ ...found, error: visible(found.error ?? '') });
    else if ('path' in found) targets.set('-', found);
    else for (const file of found) {
      const absolute = resolve(terminal.folder, file);
      if (!targets.has(absolute)) targets.set(absolute, { path: toSlashes(file), file: absolute });
    }
  }
  return { targets: [...targets.values()], failures };
}
