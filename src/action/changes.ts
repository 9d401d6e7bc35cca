import type { FileReport } from '../report/report.ts';
import { LineMap, textAt } from '../span.ts';
import { listOf, numberOf, textOf } from './answer.ts';
import { ApiError, type Api } from './api.ts';
import type { Change } from './event.ts';

/** A line of the new file that the diff shows: one that is new, or one around it. */
export interface DiffLine {
  readonly text: string;
  readonly added: boolean;
}

/** The lines that a diff shows of a file, by their number in the new one; undefined where there is no diff to read. */
export type DiffLines = ReadonlyMap<number, DiffLine> | undefined;

/** What GitHub tells of a pull request, and of a comparison, at most. */
const mostFilesOfPull = 3000;
const mostFilesOfRange = 300;

/** Reads the hunks of a unified diff of one file. */
export function readPatch(patch: string): ReadonlyMap<number, DiffLine> {
  const lines = new Map<number, DiffLine>();
  let number = 0;
  for (const line of patch.split('\n')) {
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk !== null) number = Number(hunk[1]);
    else if (line.startsWith('+') || line.startsWith(' ')) {
      lines.set(number, { text: line.slice(1).replace(/\r$/, ''), added: line.startsWith('+') });
      number += 1;
    }
  }
  return lines;
}

function linesOf(file: unknown): DiffLines {
  const patch = textOf(file, 'patch');
  if (patch !== undefined) return readPatch(patch);
  // Of a file that was only renamed there is nothing to show; of a large one GitHub does not show it.
  return numberOf(file, 'changes') === 0 ? new Map() : undefined;
}

/**
 * Asks GitHub which files a change touches.
 * @returns their diffs by path from the repository's root, without files that are gone; undefined where it can't tell all
 * @throws {ApiError}
 */
export async function changedFiles(api: Api, change: Change): Promise<ReadonlyMap<string, DiffLines> | undefined> {
  const files = 'pull' in change
    ? await api.all(`/pulls/${change.pull}/files`, mostFilesOfPull)
    : listOf(await compared(api, change), 'files');
  if (files.length >= ('pull' in change ? mostFilesOfPull : mostFilesOfRange)) return undefined;
  return new Map(files.flatMap((file): [string, DiffLines][] => {
    const path = textOf(file, 'filename');
    return path === undefined || textOf(file, 'status') === 'removed' ? [] : [[path, linesOf(file)]];
  }));
}

/** The comparison of two commits; undefined where one is gone, as after a forced push. */
async function compared(api: Api, { base, head }: { readonly base: string; readonly head: string }): Promise<unknown> {
  try {
    return await api.get(`/compare/${base}...${head}`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Tells whether a diff speaks of this text: on a merge of both sides its lines may stand elsewhere. */
export function speaksOf(diff: ReadonlyMap<number, DiffLine>, lines: LineMap): boolean {
  return [...diff].every(([number, { text }]) => number <= lines.count && textAt(lines.source, lines.line(number)) === text);
}

/** The file with only those findings that touch a line which the change adds; all of them where that can't be told. */
export function onlyNew(file: FileReport, changed: ReadonlyMap<string, DiffLines>): FileReport {
  const diff = changed.has(file.path) ? changed.get(file.path) : new Map<number, DiffLine>();
  const lines = new LineMap(file.text);
  if (diff === undefined || !speaksOf(diff, lines)) return file;
  const isNew = ({ at }: FileReport['diagnostics'][number]): boolean => {
    const first = lines.position(at.start).line;
    const last = lines.position(Math.max(at.end - 1, at.start)).line;
    return [...diff].some(([number, { added }]) => added && number >= first && number <= last);
  };
  return { ...file, diagnostics: file.diagnostics.filter(isNew) };
}
