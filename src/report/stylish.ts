import type { AppliedFix, Diagnostic } from '../lint.ts';
import type { Safety } from '../rule.ts';
import { LineMap } from '../span.ts';
import { colors, type Colors, type Paint } from './colors.ts';
import { excerpt } from './excerpt.ts';
import { paintCode } from './markdown.ts';
import { fixLabels, summarize, type FileReport, type Reporter, type ReportOptions, type Summary } from './report.ts';
import { displayWidth, plural, visible, wrap } from './text.ts';

const severityWidth = 'warning'.length;

const fixPaints: Readonly<Record<Safety, (pen: Colors) => Paint>> = {
  safe: (pen) => pen.good,
  unsafe: (pen) => pen.warning,
  manual: (pen) => pen.info,
};

/** What the lines of one finding have in common. */
interface Frame {
  readonly pen: Colors;
  readonly lines: LineMap;
  readonly columns: number;
  /** Width of `line:column`. */
  readonly placeWidth: number;
}

/** Wraps a text behind a prefix; `below`, as wide as the prefix, stands before its other lines. */
function hang(prefix: string, below: string, text: string, columns: number, pen: Colors): string {
  const lines = wrap(visible(text), Math.max(columns - displayWidth(below), 20));
  return prefix + paintCode(lines.join('\n'), pen).replaceAll('\n', `\n${below}`);
}

/** The message, and the rule behind its last line or below it. */
function messageLines({ rule, severity, at, message }: Diagnostic, { pen, lines, columns, placeWidth }: Frame): string {
  const place = lines.position(at.start);
  const label = severity.padEnd(severityWidth);
  const prefix = `  ${pen.faint(`${place.line}:${place.column}`.padStart(placeWidth))}  ${pen[severity](label)}  `;
  const below = ' '.repeat(placeWidth + severityWidth + 6);
  const width = Math.max(columns - below.length, 20);
  const wrapped = wrap(visible(message), width);
  const fits = displayWidth(wrapped.at(-1) ?? '') + 2 + rule.length <= width;
  const text = paintCode(wrapped.join('\n'), pen).replaceAll('\n', `\n${below}`);
  return `${prefix}${text}${fits ? '  ' : `\n${below}`}${pen.faint(visible(rule))}`;
}

function sourceLines({ at, severity }: Diagnostic, gutter: string, { pen, lines, columns }: Frame): string[] {
  const { line, indent, marks, lastLine } = excerpt(lines, at, Math.max(columns - gutter.length - 2, 20));
  if (line.trim() === '') return [];
  const more = lastLine === undefined ? '' : ` to line ${lastLine}`;
  const room = Math.max(columns - gutter.length - 2 - indent.length - more.length, 1);
  const bar = pen.faint('│');
  return [`${gutter}${bar} ${line}`, `${gutter}${bar} ${indent}${pen[severity](marks.slice(0, room))}${pen.faint(more)}`];
}

/** The proposal, or undefined where a rule has none. */
function fixLines({ fix }: Diagnostic, gutter: string, { pen, columns }: Frame): string[] {
  if (fix === undefined) return [];
  const label = `${fixLabels[fix.safety]}:`;
  const text = hang('', `${gutter}  `, `${label} ${fix.title}`, columns, pen);
  return [`${gutter}${pen.faint('└')} ${fixPaints[fix.safety](pen)(label)}${text.slice(label.length)}`];
}

/** A finding: where, what and which rule; the source with marks; notes; the fix. */
function findingLines(diagnostic: Diagnostic, frame: Frame): string[] {
  const { pen, lines, columns, placeWidth } = frame;
  const gutter = ' '.repeat(placeWidth + 4);
  const bar = `${gutter}${pen.faint('│')} `;
  const notes = diagnostic.related.map(({ at, message }) => {
    const text = `line ${lines.position(at.start).line}: ${message}`;
    return bar + wrap(visible(text), Math.max(columns - gutter.length - 2, 20)).map((line) => paintCode(line, pen)).join(`\n${bar}`);
  });
  return [messageLines(diagnostic, frame), ...sourceLines(diagnostic, gutter, frame), ...notes, ...fixLines(diagnostic, gutter, frame)];
}

/** What was mended, equal ones counted. */
function fixedLines(fixed: readonly AppliedFix[], pen: Colors, columns: number): string[] {
  const counts = new Map<string, { fix: AppliedFix; count: number }>();
  for (const fix of fixed) {
    const key = `${fix.rule} ${fix.title}`;
    counts.set(key, { fix, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].map(({ fix, count }) => {
    const title = `${visible(fix.title)}${count === 1 ? '' : ` (${count} times)`}`;
    const fits = 9 + displayWidth(title) + 2 + fix.rule.length <= columns;
    return `${hang(`  ${pen.good('fixed')}  `, ' '.repeat(9), title, columns, pen)}${fits ? '  ' : `\n${' '.repeat(9)}`}${pen.faint(visible(fix.rule))}`;
  });
}

function fileBlock(file: FileReport, pen: Colors, columns: number): string {
  const lines = new LineMap(file.text);
  const placeWidth = file.diagnostics.reduce((widest, { at }) => {
    const { line, column } = lines.position(at.start);
    return Math.max(widest, `${line}:${column}`.length);
  }, 0);
  const frame: Frame = { pen, lines, columns, placeWidth };
  const findings = file.diagnostics.map((diagnostic) => findingLines(diagnostic, frame).join('\n'));
  const fixed = fixedLines(file.fixed ?? [], pen, columns).join('\n');
  return [pen.heading(visible(file.path)), ...(fixed === '' ? [] : [fixed]), ...findings].join('\n\n');
}

/** Files that could not be checked, those with the same error together. */
function errorBlocks(files: readonly FileReport[], pen: Colors, columns: number): string[] {
  const byError = new Map<string, string[]>();
  for (const { path, error } of files) {
    if (error !== undefined) byError.set(error, [...(byError.get(error) ?? []), path]);
  }
  return [...byError].map(([error, paths]) => {
    const named = paths.slice(0, 3).map((path) => pen.heading(visible(path)));
    const more = paths.length > named.length ? [`and ${plural(paths.length - named.length, 'more file')}`] : [];
    return [...named, ...more, '', hang(`  ${pen.error('failed')}  `, ' '.repeat(10), error, columns, pen)].join('\n');
  });
}

function countLine({ files, errors, warnings, infos, failed, fixed }: Summary, touched: number, pen: Colors): string {
  const total = errors + warnings + infos;
  const mended = fixed > 0 ? [`${fixed} fixed`] : [];
  const broken = failed > 0 ? [`${plural(failed, 'file')} could not be checked`] : [];
  if (total === 0) {
    const parts = [...mended, ...(failed < files || files === 0 ? [`no findings in ${plural(files - failed, 'file')}`] : []), ...broken];
    return failed > 0 ? pen.bad(`✖ ${parts.join(', ')}`) : pen.good(`✔ ${parts.join(', ')}`);
  }
  const counts = [errors > 0 ? pen.error(plural(errors, 'error')) : '', warnings > 0 ? pen.warning(plural(warnings, 'warning')) : '', infos > 0 ? pen.info(`${infos} info`) : ''];
  const where = files > 1 ? ` in ${touched < files ? `${touched} of ` : ''}${plural(files, 'file')}` : '';
  return [...mended.map(pen.good), counts.filter((each) => each !== '').join(', ') + where, ...broken.map(pen.bad)].join('; ');
}

/** What the user may do next. */
function adviceLines({ fixable }: Summary, { applied, columns }: ReportOptions, pen: Colors): string[] {
  const safe = applied === undefined ? fixable.safe : 0;
  const unsafe = applied === 'unsafe' ? 0 : fixable.unsafe;
  const parts = [
    ...(safe > 0 ? [`\`--fix\` mends ${safe}`] : []),
    ...(unsafe > 0 ? [`\`--fix --unsafe\` mends ${unsafe}${safe > 0 ? ' more' : ''}, which may change the image`] : []),
    ...(fixable.manual > 0 ? [`${plural(fixable.manual, 'proposal')} to decide on`] : []),
  ];
  return parts.length === 0 ? [] : [hang('', '', `${parts.join('; ')}.`, columns, pen)];
}

/** The report for people: findings with their source lines, then counts and what a fix would do. */
export const stylish: Reporter = (files, options) => {
  const pen = colors(options.color);
  const touched = files.filter(({ diagnostics }) => diagnostics.length > 0).length;
  const blocks = files.filter(({ diagnostics, fixed }) => diagnostics.length > 0 || (fixed?.length ?? 0) > 0);
  const summary = summarize(files);
  const footer = [countLine(summary, touched, pen), ...adviceLines(summary, options, pen)].join('\n');
  return [...blocks.map((file) => fileBlock(file, pen, options.columns)), ...errorBlocks(files, pen, options.columns), footer].join('\n\n') + '\n';
};
