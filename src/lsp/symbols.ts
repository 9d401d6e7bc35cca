import type { Instruction } from '../dockerfile/instruction.ts';
import type { Stage } from '../model/stages.ts';
import { visible } from '../report/text.ts';
import { span, textAt, type Span } from '../span.ts';
import type { Analysis } from './analysis.ts';
import { rangeOf } from './documents.ts';
import type { DocumentSymbol, FoldingRange } from './types.ts';

const longestName = 60;

/** The first line of what an instruction says, shortened. */
function said({ file }: Analysis, instruction: Instruction): string {
  const [line = ''] = textAt(file.source, span(instruction.keywordSpan.end, instruction.span.end)).trim().split(/\r?\n/, 1);
  const text = visible(line.replace(/\s*[\\`]?\s*$/, ''));
  return text.length > longestName ? `${text.slice(0, longestName)}…` : text;
}

const kinds: Readonly<Record<string, DocumentSymbol['kind']>> = { RUN: 12, CMD: 12, ENTRYPOINT: 12, HEALTHCHECK: 12, ARG: 13, ENV: 13 };

function instructionSymbol(analysis: Analysis, instruction: Instruction): DocumentSymbol {
  return {
    name: instruction.keyword === '' ? '?' : visible(instruction.keyword),
    detail: said(analysis, instruction),
    kind: kinds[instruction.keyword] ?? 7,
    range: rangeOf(analysis.document, instruction.span),
    selectionRange: rangeOf(analysis.document, instruction.keywordSpan),
  };
}

/** How a stage is called in an editor: by its name, or by its number. */
export const stageName = ({ nameWord, index }: Pick<Stage, 'nameWord' | 'index'>): string => visible(nameWord?.text ?? `stage ${index}`);

function stageSymbol(analysis: Analysis, stage: Stage): DocumentSymbol {
  return {
    name: stageName(stage),
    detail: said(analysis, stage.from),
    kind: 2,
    range: rangeOf(analysis.document, stage.span),
    selectionRange: rangeOf(analysis.document, stage.nameWord?.span ?? stage.from.keywordSpan),
    children: stage.instructions.map((each) => instructionSymbol(analysis, each)),
  };
}

/** The stages with their instructions, and what stands in front of the first. */
export function symbolsOf(analysis: Analysis): DocumentSymbol[] {
  const { file } = analysis;
  const first = file.stages[0]?.from.index ?? file.instructions.length;
  return [
    ...file.instructions.slice(0, first).map((each) => instructionSymbol(analysis, each)),
    ...file.stages.map((stage) => stageSymbol(analysis, stage)),
  ];
}

/** What an editor can fold: stages, instructions of several lines, blocks of comments. */
export function foldsOf({ file, document }: Analysis): FoldingRange[] {
  const lines = ({ start, end }: Span): FoldingRange => ({ startLine: document.positionAt(start).line, endLine: document.positionAt(end).line });
  const folds = [...file.stages, ...file.instructions].map((each) => lines(each.span));
  const comments: FoldingRange[] = [];
  for (const { startLine } of file.comments.map((comment) => lines(comment.span))) {
    const last = comments.at(-1);
    if (last?.endLine === startLine - 1) last.endLine = startLine;
    else comments.push({ startLine, endLine: startLine, kind: 'comment' });
  }
  return [...folds, ...comments].filter(({ startLine, endLine }) => endLine > startLine);
}
