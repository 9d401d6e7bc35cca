import type { Instruction } from '../../dockerfile/instruction.ts';
import { newlineOf } from '../../edits.ts';
import { joinPath } from '../../model/state.ts';
import type { Edit } from '../../rule.ts';
import { span, textAt } from '../../span.ts';
import { blockRemovals, withComments } from '../lines.ts';
import { platformText } from './common.ts';
import type { Draft, StageCopy } from './draft.ts';
import { isAtEnd, placesOf, type Placed } from './place.ts';

/** Writes keywords the way the file does. */
const inCaseOf = (draft: Draft) => (text: string): string => {
  const { file, stage } = draft;
  const isSmall = textAt(file.source, stage.from.keywordSpan) === 'from';
  return isSmall ? text.replace(/^[A-Z]+(?= )/, (keyword) => keyword.toLowerCase()) : text;
};

const stageName = (draft: Draft): string => draft.stage.nameWord?.text ?? 'build';

function copyText(draft: Draft, { from, to, owner }: StageCopy): string {
  const chown = owner === undefined ? '' : `--chown=${owner} `;
  return `COPY --from=${stageName(draft)} ${chown}${from} ${to ?? from}`;
}

/** An instruction of the first stage as the second has it: with its comments where it moves. */
function textIn(draft: Draft, { instruction, place }: Placed): string {
  const { file, rewritten } = draft;
  const { start } = withComments(file, instruction);
  const comments = place === 'both' ? '' : file.source.slice(start, instruction.span.start);
  if (place === 'none') return comments.trimEnd();
  return comments + (rewritten.get(instruction) ?? textAt(file.source, instruction.span));
}

const isBlankAbove = (source: string, at: number): boolean => /\n[ \t]*\r?\n[ \t]*$/.test(source.slice(0, at));

const dependsOnFolder = /^(?:WORKDIR|RUN|COPY|ADD|CMD|ENTRYPOINT|HEALTHCHECK)$/;

/** Of the WORKDIRs that only lead to the next one the last is enough, and none where another follows. */
function withoutPassing(draft: Draft, placed: readonly Placed[], late: readonly Placed[]): Placed[] {
  const needed = placed.some(({ instruction: { keyword }, place }) => place !== 'none' && (keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD'));
  if (needed) return [...placed];
  const next = late.find(({ instruction, place }) => place !== 'none' && dependsOnFolder.test(instruction.keyword))?.instruction;
  if (next?.keyword === 'WORKDIR' && next.words[0]?.text.startsWith('/') === true) return placed.filter(({ instruction, place }) => instruction.keyword !== 'WORKDIR' || place !== 'both');
  const last = placed.findLast(({ instruction }) => instruction.keyword === 'WORKDIR')?.instruction;
  const given = last?.words[0]?.text;
  if (last !== undefined && given !== undefined && !/^[/$"']/.test(given)) {
    const path = joinPath(draft.file.stateAt(last).workdir, given);
    if (path !== undefined) draft.rewritten.set(last, `WORKDIR ${path}`);
  }
  return placed.filter(({ instruction, place }) => instruction.keyword !== 'WORKDIR' || instruction === last || place !== 'both');
}

/**
 * The instructions of the second stage up to the end of what it copies. What is installed there comes first: it changes least, and needs
 * root. Of files those of the first stage come first.
 */
function shippedText(draft: Draft, early: readonly Placed[], late: readonly Placed[], newline: string): string {
  const write = inCaseOf(draft);
  const { source } = draft.file;
  const lines = [write(`FROM ${platformText(draft)}${draft.image}`), ...draft.shippedFirst.map((text) => write(text.replaceAll('\n', newline)))];
  const copies = draft.copies.map((copy) => write(copyText(draft, copy)));
  const kept = withoutPassing(draft, early, late);
  const isLast = ({ instruction }: Placed): boolean => draft.workdirLast && instruction.keyword === 'WORKDIR';
  const inTime = draft.copies.every(({ owner }) => owner === undefined);
  for (const placed of kept.filter((each) => !isLast(each))) {
    const text = textIn(draft, placed);
    if (text === '') continue;
    if (inTime && /^(?:COPY|ADD)$/.test(placed.instruction.keyword)) lines.push(...copies.splice(0));
    const hasBlank = placed.place === 'run' && lines.length > 1 && isBlankAbove(source, withComments(draft.file, placed.instruction).start);
    lines.push(...(hasBlank ? [''] : []), text);
  }
  lines.push(...copies, ...kept.filter(isLast).map((each) => textIn(draft, each)));
  return lines.map((line) => line + newline).join('');
}

/** The edits of the instructions behind the cut, which stay where they are. */
function lateEdits(draft: Draft, late: readonly Placed[]): Edit[] {
  return late.flatMap(({ instruction, place }) => {
    if (place === 'none') return blockRemovals(draft.file, [instruction.span]);
    const text = draft.rewritten.get(instruction);
    return text === undefined ? [] : [{ span: instruction.span, text }];
  });
}

/** Where the second stage begins: in front of the first instruction that is only its own, with its comments. */
function cutAt(draft: Draft, late: readonly Placed[], last: Instruction | undefined): number {
  const { file } = draft;
  const first = late[0]?.instruction;
  if (first !== undefined) return file.source.lastIndexOf('\n', withComments(file, first).start - 1) + 1;
  const newline = file.source.indexOf('\n', last?.span.end ?? file.source.length);
  return newline === -1 ? file.source.length : newline + 1;
}

/** The edits that make two stages of one. */
export function stageEdits(draft: Draft): Edit[] {
  const { file, stage } = draft;
  const { source } = file;
  const newline = newlineOf(source);
  const placed = placesOf(draft);
  const cut = placed.findLastIndex(({ instruction, place }) => !isAtEnd(instruction, place)) + 1;
  const early = placed.slice(0, cut);
  const late = placed.slice(cut);
  const moved = early.filter(({ place }) => place === 'run' || place === 'none').map(({ instruction }) => withComments(file, instruction));
  const builderLast = early.findLast(({ place }) => place === 'build' || place === 'both')?.instruction ?? stage.from;
  const word = stage.imageWord;
  const edits: Edit[] = [];
  if (stage.nameWord === undefined && word !== undefined) {
    edits.push({ span: span(word.span.end, word.span.end), text: textAt(source, stage.from.keywordSpan) === 'from' ? ' as build' : ' AS build' });
  }
  if (draft.builderFirst !== undefined) {
    const at = source.lastIndexOf('\n', withComments(file, draft.builderFirst.before).start - 1) + 1;
    edits.push({ span: span(at, at), text: draft.builderFirst.lines.map((line) => inCaseOf(draft)(line) + newline).join('') });
  }
  if (draft.builderEnd.length > 0) {
    const text = draft.builderEnd.map((line) => newline + inCaseOf(draft)(line)).join('');
    edits.push({ span: span(builderLast.span.end, builderLast.span.end), text });
  }
  const at = cutAt(draft, late, builderLast);
  const hasBlank = isBlankAbove(source, at);
  const lead = source.slice(0, at).endsWith('\n') ? '' : newline;
  const text = `${lead}${hasBlank ? '' : newline}${shippedText(draft, early.filter(({ place }) => place !== 'build'), late, newline)}`;
  edits.push({ span: span(at, at), text: text + (hasBlank && late.length > 0 ? newline : '') });
  return [...edits, ...blockRemovals(file, moved), ...lateEdits(draft, late)];
}
