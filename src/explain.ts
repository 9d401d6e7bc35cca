import { splitId } from './config/names.ts';
import { memoryContext } from './context/memory.ts';
import { lintText, type Diagnostic } from './lint.ts';
import { colors, type Colors } from './report/colors.ts';
import { excerpt } from './report/excerpt.ts';
import { paintCode, renderMarkdown } from './report/markdown.ts';
import { displayWidth, visible, visibleLines, wrap } from './report/text.ts';
import type { AnyRule, Example, Option, Safety, Severity } from './rule.ts';
import { LineMap } from './span.ts';

/** A rule as other programs get it. */
export interface RuleDescription {
  readonly rule: string;
  readonly summary: string;
  readonly severity: Severity;
  /** How safe its fixes are, as its examples show; empty for a rule without fixes. */
  readonly fixes: readonly Safety[];
  readonly sources: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
}

export interface TextStyle {
  readonly color: boolean;
  readonly columns: number;
}

/** The first finding that a rule has in its bad example. */
export function findingOf(id: string, rule: AnyRule, example: Example): Diagnostic | undefined {
  const result = lintText(example.bad, {
    path: 'Dockerfile',
    rules: [{ id, rule, severity: rule.severity === 'off' ? 'info' : rule.severity, options: example.options ?? {} }],
    known: new Map([[id, [id]]]),
    context: example.context === undefined ? undefined : memoryContext(example.context),
    contextGiven: true,
    buildArguments: {},
    target: undefined,
  });
  return result.diagnostics[0];
}

const safeties: readonly Safety[] = ['safe', 'unsafe', 'manual'];

/** What a rule is, without its texts. */
export function describeRule(id: string, rule: AnyRule): RuleDescription {
  const seen = new Set(rule.examples.map((example) => findingOf(id, rule, example)?.fix?.safety));
  return {
    rule: id,
    summary: rule.summary,
    severity: rule.severity,
    fixes: safeties.filter((safety) => seen.has(safety)),
    sources: rule.sources ?? [],
    options: rule.options ?? {},
  };
}

const fixWords: Readonly<Record<Safety, string>> = { safe: 'safe fix', unsafe: 'unsafe fix', manual: 'proposal' };

const fixesInWords = (fixes: readonly Safety[]): string => (fixes.length === 0 ? 'no fix' : fixes.map((safety) => fixWords[safety]).join(', '));

const levelInWords = (severity: Severity): string => (severity === 'off' ? 'off by default' : severity);

const indent = (text: string, by: string): string => text.split('\n').map((line) => (line === '' ? '' : by + line)).join('\n');

/** An example: what is wrong with marks below it, the message, and what the fix makes of it. */
function exampleText(id: string, rule: AnyRule, example: Example, pen: Colors, columns: number): string {
  const finding = findingOf(id, rule, example);
  const lines = visibleLines(example.bad.trimEnd()).split('\n').map((line) => `  ${line.replaceAll('\t', '    ')}`);
  if (finding !== undefined) {
    const map = new LineMap(example.bad);
    const { indent: blanks, marks } = excerpt(map, finding.at, columns - 2);
    const message = wrap(visible(finding.message), columns - 2).map((line) => `  ${paintCode(line, pen)}`);
    lines.splice(map.position(finding.at.start).line, 0, `  ${blanks}${pen[finding.severity](marks)}`, ...message);
  }
  const how = finding?.fix === undefined ? 'Better' : `Better, by a ${fixWords[finding.fix.safety]}`;
  const files = Object.keys(example.context ?? {});
  const beside = files.length === 0 ? '' : pen.faint(` (beside it: ${files.slice(0, 5).map(visible).join(', ')}${files.length > 5 ? ', …' : ''})`);
  return `${pen.bad('Bad')}${beside}\n${lines.join('\n')}\n${pen.good(how)}\n${indent(visibleLines(example.good.trimEnd()), '  ')}`;
}

/** The examples to show: the first, and the first of each further kind of fix. */
function tellingExamples(id: string, rule: AnyRule): Example[] {
  const seen = new Set<string>();
  return rule.examples.filter((example) => {
    const kind = findingOf(id, rule, example)?.fix?.safety ?? 'none';
    return seen.has(kind) ? false : seen.add(kind);
  });
}

function optionLines(options: Readonly<Record<string, Option>>, pen: Colors, columns: number): string {
  return Object.entries(options).map(([name, { about, default: value }]) => {
    const text = wrap(visible(`${about} Default: ${JSON.stringify(value)}`), columns - 4).map((line) => `    ${paintCode(line, pen)}`);
    return `  ${pen.strong(visible(name))}\n${text.join('\n')}`;
  }).join('\n');
}

/**
 * Everything about a rule, for a terminal: what it finds, why, examples with the finding, options, the same check in
 * other tools, how to switch it off.
 */
export function explainRule(id: string, rule: AnyRule, { color, columns }: TextStyle): string {
  const pen = colors(color);
  const { fixes, sources, options } = describeRule(id, rule);
  const off = `Switch it off for one instruction with a comment before it, \`# shipshape ignore: ${id} -- why\`, or in shipshape.json: \`"rules": { "${id}": "off" }\``;
  const parts = [
    `${pen.strong(visible(id))}  ${pen.faint(`${levelInWords(rule.severity)} · ${fixesInWords(fixes)}`)}\n${paintCode(visible(rule.summary), pen)}.`,
    renderMarkdown(visibleLines(rule.why), pen, columns),
    ...tellingExamples(id, rule).map((example) => exampleText(id, rule, example, pen, columns)),
    ...(Object.keys(options).length === 0 ? [] : [`${pen.strong('Options')}\n${optionLines(options, pen, columns)}`]),
    ...(sources.length === 0 ? [] : [wrap(`The same check elsewhere: ${visible(sources.join(', '))}`, columns).join('\n')]),
    paintCode(wrap(visible(off), columns).join('\n'), pen),
  ];
  return `${parts.join('\n\n')}\n`;
}

function ruleLines({ rule, severity, fixes, summary }: RuleDescription, nameWidth: number, pen: Colors, columns: number): string {
  const [, name] = splitId(rule);
  const level = severity === 'off' ? pen.faint('off    ') : pen[severity](severity.padEnd(7));
  const fix = (fixes[0] ?? '').padEnd(6);
  const below = ' '.repeat(nameWidth + 21);
  const text = wrap(visible(summary), Math.max(columns - below.length, 20));
  return `  ${pen.strong(name.padEnd(nameWidth))}  ${level}  ${pen.faint(fix)}  ${text.map((line) => paintCode(line, pen)).join(`\n${below}`)}`;
}

/** The table of rules by category: name, level, how safe the fix is, summary. */
export function rulesTable(rules: ReadonlyMap<string, AnyRule>, { color, columns }: TextStyle): string {
  const pen = colors(color);
  const descriptions = [...rules].map(([id, rule]) => describeRule(id, rule));
  const nameWidth = Math.max(...descriptions.map(({ rule }) => displayWidth(splitId(rule)[1])), 0);
  const categories = new Map<string, RuleDescription[]>();
  for (const each of descriptions) {
    const [category] = splitId(each.rule);
    categories.set(category, [...(categories.get(category) ?? []), each]);
  }
  const blocks = [...categories].map(([category, members]) =>
    [pen.heading(visible(category)), ...members.map((each) => ruleLines(each, nameWidth, pen, columns))].join('\n'));
  return `${blocks.join('\n\n')}\n\n${descriptions.length} rules. \`shipshape explain RULE\` tells more of one.\n`;
}
