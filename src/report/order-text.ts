import type { Move, Refusal } from '../optimize/plan.ts';
import { colors, type Colors } from './colors.ts';
import { shownDiff } from './diff.ts';
import { paintCode } from './markdown.ts';
import { amount, orderRows, percent, refusalWords, rowsByStage, saving, sourceText, unitText, type OrderFailure, type OrderOptions, type OrderReporter, type OrderResult, type OrderRow, type Share } from './order.ts';
import { characterWidth, displayWidth, plural, visible, wrap } from './text.ts';

interface Frame {
  readonly pen: Colors;
  readonly columns: number;
}

/** Widths of the columns behind the step, blanks in front of them included. */
const widths = { class: 19, share: 7, cost: 8 };
const behindStep = widths.class + 2 * widths.share + 2 * widths.cost;

/** A text of exactly so many columns. */
function cell(text: string, width: number): string {
  const shown = visible(text);
  if (displayWidth(shown) <= width) return shown + ' '.repeat(width - displayWidth(shown));
  let kept = '';
  let used = 0;
  for (const character of shown) {
    used += characterWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…${' '.repeat(Math.max(width - 1 - displayWidth(kept), 0))}`;
}

function hang(prefix: string, text: string, { pen, columns }: Frame): string {
  const below = ' '.repeat(displayWidth(prefix));
  return prefix + paintCode(wrap(visible(text), Math.max(columns - below.length, 20)).join('\n'), pen).replaceAll('\n', `\n${below}`);
}

const shareCell = (share: Share | undefined): string => (share === undefined ? '–' : percent(share.share)).padStart(widths.share);
const costCell = (share: Share | undefined): string => (share === undefined ? '–' : amount(share.cost)).padStart(widths.cost);

function rowLine(row: OrderRow, { pen, columns }: Frame): string {
  const mark = row.after === undefined ? '-' : row.before === undefined ? '+' : row.moved ? '↓' : ' ';
  const step = `${mark} ${cell(row.step, columns - behindStep - 4)}`;
  const numbers = shareCell(row.before) + shareCell(row.after) + costCell(row.before) + costCell(row.after);
  const line = `  ${step}  ${cell(row.class, widths.class - 2)}${numbers}`;
  if (row.after === undefined) return pen.bad(line);
  if (row.before !== undefined && !row.moved && row.before.share === row.after.share) return line;
  return (row.before === undefined || row.after.cost < row.before.cost || row.moved ? pen.good : pen.warning)(line);
}

function tableLines(result: OrderResult, frame: Frame): string[] {
  const { pen, columns } = frame;
  const blank = ' '.repeat(columns - 2 * widths.share - 2 * widths.cost);
  const titles = `${blank}${'share of commits'.padStart(2 * widths.share)}${'cost a commit'.padStart(2 * widths.cost)}`.replace(/^ {2}/, '');
  const names = ['before', 'after'];
  const heads = names.map((name) => name.padStart(widths.share)).join('') + names.map((name) => name.padStart(widths.cost)).join('');
  const lines = [pen.faint(titles), pen.faint(blank + heads)];
  for (const [stage, rows] of rowsByStage(orderRows(result))) {
    const bases = rows.filter((row) => row.class !== 'base image');
    if (bases.length > 0) lines.push(`  ${pen.strong(visible(stage))}`, ...bases.map((row) => rowLine(row, frame)));
  }
  const { costBefore, costAfter } = result.plan;
  lines.push(pen.strong(`  ${'all'.padEnd(columns - 2 - 2 * widths.cost)}${amount(costBefore).padStart(widths.cost)}${amount(costAfter).padStart(widths.cost)}`));
  return lines;
}

function moveLines({ title, safety, line, message, notes, before, after }: Move, frame: Frame): string {
  const { pen } = frame;
  const label = safety === 'safe' ? pen.good('safe  ') : pen.warning('unsafe');
  const gain = after < before ? ` saves ${percent(1 - after / before)} (${amount(before)} → ${amount(after)})` : ' makes way for the others';
  const inner = { ...frame, columns: frame.columns - 10 };
  const indented = (text: string): string => `          ${hang('', text, inner).replaceAll('\n', '\n          ')}`;
  const proof = safety === 'safe' ? 'Proven: the image stays the same.' : '';
  return [
    `  ${label}  ${hang('', `${title}:${gain}`, inner).replaceAll('\n', '\n          ')}`,
    indented(`${line === undefined ? '' : `line ${line}: `}${message}`),
    ...[proof, ...notes].filter((text) => text !== '').map(indented),
  ].join('\n');
}

function refusalLines({ line, message, kind, reasons }: Refusal, frame: Frame): string {
  const inner = { ...frame, columns: frame.columns - 10 };
  const indented = (text: string): string => `          ${hang('', text, inner).replaceAll('\n', '\n          ')}`;
  const head = `${line === undefined ? '' : `line ${line}, `}${refusalWords[kind]}: ${message}`;
  return [`  ${frame.pen.faint('left  ')}  ${hang('', head, inner).replaceAll('\n', '\n          ')}`, ...reasons.map((reason) => indented(reason))].join('\n');
}

/** What is saved, and what the user may do next. */
function closing(result: OrderResult, { unsafe }: OrderOptions, { pen }: Frame): string {
  const { plan, isWritten } = result;
  const more = !unsafe && plan.before.commits > 0 && plan.refusals.some(({ kind }) => kind === 'unsafe') ? ' `--unsafe` may move more.' : '';
  if (plan.before.commits === 0) return `Nothing was replayed, so no move was weighed.${more}`;
  if (plan.moves.length === 0) return `${pen.good('✔ no move would save anything')}.${more}`;
  const saved = `${percent(saving(plan))} less to build a commit again: ${amount(plan.costBefore)} → ${amount(plan.costAfter)}`;
  const next = isWritten ? `${plural(plan.moves.length, 'move')} made.` : `\`--write\` makes ${plural(plan.moves.length, 'move')}.`;
  return `${pen.good(saved)}. ${next}${more}`;
}

function block(result: OrderResult, options: OrderOptions, frame: Frame): string {
  const { pen } = frame;
  const { plan, path, text } = result;
  const about = hang('', `${sourceText(result)}; costs are ${unitText(result)}`, frame);
  const notes = result.notes.map((note) => hang('', note, frame));
  const parts = [
    [pen.heading(visible(path)), about, ...notes].join('\n'),
    ...(plan.before.commits === 0 ? [] : [tableLines(result, frame).join('\n')]),
    ...plan.moves.map((move) => moveLines(move, frame)),
    ...plan.refusals.map((refusal) => refusalLines(refusal, frame)),
    ...(plan.text === text || result.isWritten ? [] : [shownDiff({ path, before: text, after: plan.text }, pen).trimEnd()]),
    paintCode(closing(result, options, frame), pen),
  ];
  return parts.join('\n\n');
}

const failureText = ({ path, error }: OrderFailure, pen: Colors): string => `${pen.heading(visible(path))}\n${pen.error('failed')}  ${visible(error)}`;

/** The report of `optimize` for a terminal. */
export const orderText: OrderReporter = (results, failures, options) => {
  const pen = colors(options.color);
  const frame: Frame = { pen, columns: Math.max(options.columns, 72) };
  return `${[...results.map((result) => block(result, options, frame)), ...failures.map((failure) => failureText(failure, pen))].join('\n\n')}\n`;
};
