import { newlineOf } from '../edits.ts';
import { flag, type Instruction } from '../dockerfile/instruction.ts';
import { copySources, destination, destinationWord } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { Edit } from '../rule.ts';
import { span, textAt, type Span } from '../span.ts';
import { lineRemoval, withComments } from './lines.ts';
import type { NeededFile, SinkPlan, SunkCopy } from './sink.ts';
import { splitEdit } from './split.ts';

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** The destination as the author would write it: relative where the COPY's own is. */
function destinationText(file: Dockerfile, copy: Instruction, folder: string): string {
  const to = destination(file, copy);
  const written = destinationWord(copy)?.text ?? './';
  const below = to === undefined || folder === to.path ? '' : folder.slice(to.path === '/' ? 1 : to.path.length + 1);
  const base = written === '.' ? './' : written.endsWith('/') ? written : `${written}/`;
  return below === '' ? base : `${base === './' ? './' : base}${below}/`;
}

/** Glob characters in a real file's name would match other files. */
const isPlain = (path: string): boolean => !/[\s"'\\[\]?$#]/.test(path);

/** Manifests in front of what is locked to them, as people write it. */
const isLock = (path: string): boolean => /lock|shrinkwrap|\.sum$/i.test(path.slice(path.lastIndexOf('/') + 1));

const inOrder = (files: readonly NeededFile[]): NeededFile[] => [...files].sort((a, b) => Number(isLock(a.path)) - Number(isLock(b.path)));

/** A comment on the install stays where the manifests are copied; any other goes with the sources. */
const speaksOfInstall = (text: string): boolean => /install|depend|requirement|package|manifest|modules|lock/i.test(text) && !/hadolint|shipshape|check\s*=/i.test(text);

function copyLine(file: Dockerfile, copy: Instruction, files: readonly NeededFile[], folder: string): string {
  const keyword = textAt(file.source, copy.keywordSpan);
  const flags = copy.flags.filter(({ name }) => name === 'chown' || name === 'chmod' || name === 'link').map((each) => textAt(file.source, each.span));
  const dotted = copySources(file, copy).some(({ word }) => word.text.startsWith('./') && word.text !== './');
  const names = inOrder(files).map(({ path }) => (dotted ? `./${path}` : path));
  const word = keyword.toUpperCase() === 'ADD' ? (keyword === 'add' ? 'copy' : 'COPY') : keyword;
  return [word, ...flags, ...names, destinationText(file, copy, folder)].join(' ');
}

/** One COPY for each folder that needed files lie in, in order. */
function manifestLines(file: Dockerfile, { copy, needed }: SunkCopy): string[] {
  const folders = new Map<string, NeededFile[]>();
  for (const each of needed) {
    const folder = folderOf(each.place);
    folders.set(folder, [...(folders.get(folder) ?? []), each]);
  }
  return [...folders].map(([folder, files]) => copyLine(file, copy, files, folder));
}

/** The COPY's own text, its destination made absolute where WORKDIR is another one below. */
function movedText(file: Dockerfile, copy: Instruction, run: Instruction, at: Span): string | undefined {
  const text = textAt(file.source, at);
  const word = destinationWord(copy);
  if (word === undefined) return undefined;
  if (word.text.startsWith('/') || file.stateAt(copy).workdir === file.stateAt(run).workdir) return text;
  const to = destination(file, copy);
  if (to === undefined || copy.json !== undefined) return undefined;
  const absolute = `${to.path}${to.folder && to.path !== '/' ? '/' : ''}`;
  return text.slice(0, word.span.start - at.start) + absolute + text.slice(word.span.end - at.start);
}

/** True when a blank line stands between an instruction and what follows it. */
const hasGap = (file: Dockerfile, instruction: Instruction): boolean => /^[ \t]*\r?\n[ \t]*\r?\n/.test(file.source.slice(instruction.span.end));

/** True when a COPY that stays follows on the next line: the comment above may speak of both. */
function headsGroup(file: Dockerfile, plan: SinkPlan, copy: Instruction): boolean {
  const next = file.instructions[copy.index + 1];
  const follows = next !== undefined && (next.keyword === 'COPY' || next.keyword === 'ADD') && !plan.copies.some((each) => each.copy === next);
  return follows && /^[ \t]*\r?\n[ \t]*$/.test(file.source.slice(copy.span.end, next.span.start));
}

/** The edits that carry a plan out; undefined where a text can't be written for sure. */
export function sinkEdits(file: Dockerfile, plan: SinkPlan): Edit[] | undefined {
  const newline = newlineOf(file.source);
  const edits: Edit[] = [];
  let below = '';
  for (const sunk of plan.copies) {
    const whole = withComments(file, sunk.copy);
    const stays = headsGroup(file, plan, sunk.copy) || (sunk.needed.length > 0 && speaksOfInstall(file.source.slice(whole.start, sunk.copy.span.start)));
    const at = stays ? sunk.copy.span : whole;
    const moved = movedText(file, sunk.copy, plan.run, at);
    if (moved === undefined || sunk.copy.comments.length > 0 || flag(sunk.copy, 'parents') !== undefined || !sunk.needed.every(({ path }) => isPlain(path))) return undefined;
    // A COPY of which nothing need be there fails where nothing is.
    if (sunk.needed.length > 0 && sunk.needed.every(({ path }) => path.endsWith('*'))) return undefined;
    const lines = manifestLines(file, sunk);
    edits.push(lines.length === 0 ? lineRemoval(file, at) : { span: at, text: lines.join(newline) });
    below += (hasGap(file, sunk.copy) && below === '' ? newline + newline : newline) + moved;
  }
  edits.push(plan.split === undefined ? { span: span(plan.run.span.end, plan.run.span.end), text: below } : splitEdit(file, plan.split, below));
  return edits;
}
