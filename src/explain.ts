import { splitId } from './config/names.ts';
import { memoryContext } from './context/memory.ts';
import { lintText, type Diagnostic } from './lint.ts';
import { colors, type Colors } from './report/colors.ts';
import { excerpt } from './report/excerpt.ts';
import { paintCode, renderMarkdown } from './report/markdown.ts';
import { displayWidth, plural, visible, visibleLines, wrap } from './report/text.ts';
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

/** A text behind a bar, as the report shows sources. */
const barred = (text: string, pen: Colors): string[] =>
  visibleLines(text.trimEnd()).split('\n').map((line) => `  ${pen.faint('│')} ${line.replaceAll('\t', '    ')}`.trimEnd());

/** An example: what is wrong with marks below it, the message, and what one should write. */
function exampleText(id: string, rule: AnyRule, example: Example, pen: Colors, columns: number): string {
  const finding = findingOf(id, rule, example);
  const bad = barred(example.bad, pen);
  if (finding !== undefined) {
    const map = new LineMap(example.bad);
    const { indent, marks } = excerpt(map, finding.at, columns - 4);
    bad.splice(map.position(finding.at.start).line, 0, `  ${pen.faint('│')} ${indent}${pen[finding.severity](marks)}`);
    bad.push(`  ${pen.faint('└')} ${paintCode(wrap(visible(finding.message), columns - 4).join('\n'), pen).replaceAll('\n', '\n    ')}`);
  }
  const files = Object.keys(example.context ?? {});
  const beside = files.length === 0 ? '' : pen.faint(` beside ${files.slice(0, 5).map(visible).join(', ')}${files.length > 5 ? ', …' : ''}`);
  const how = finding?.fix === undefined ? '' : pen.faint(` by the ${fixWords[finding.fix.safety]}`);
  return [`${pen.bad('Bad')}${beside}`, ...bad, `${pen.good('Better')}${how}`, ...barred(example.good, pen)].join('\n');
}

/** The examples to show: the first, and the first of each further kind of fix. */
function tellingExamples(id: string, rule: AnyRule): Example[] {
  const seen = new Set<string>();
  return rule.examples.filter((example) => {
    const kind = findingOf(id, rule, example)?.fix?.safety ?? 'none';
    if (seen.has(kind)) return false;
    seen.add(kind);
    return true;
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
  const off = [
    pen.strong('Switch it off'),
    `  for one instruction:  ${pen.code(`# shipshape ignore: ${visible(id)} -- why`)}`,
    `  in shipshape.json:    ${pen.code(`"rules": { "${visible(id)}": "off" }`)}`,
  ];
  const parts = [
    `${pen.strong(visible(id))}  ${pen.faint(`${levelInWords(rule.severity)} · ${fixesInWords(fixes)}`)}\n${paintCode(visible(rule.summary), pen)}.`,
    renderMarkdown(visibleLines(rule.why), pen, columns),
    ...tellingExamples(id, rule).map((example) => exampleText(id, rule, example, pen, columns)),
    ...(Object.keys(options).length === 0 ? [] : [`${pen.strong('Options')}\n${optionLines(options, pen, columns)}`]),
    ...(sources.length === 0 ? [] : [`${pen.strong('The same check elsewhere')}\n${wrap(visible(sources.join(', ')), columns - 2).map((line) => `  ${line}`).join('\n')}`]),
    off.join('\n'),
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
  return `${blocks.join('\n\n')}\n\n${plural(descriptions.length, 'rule')}. \`shipshape explain RULE\` tells more of one.\n`;
}
