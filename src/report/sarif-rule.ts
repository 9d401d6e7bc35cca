import { codeIn, pageOf } from '../codes.ts';
import { splitId } from '../config/names.ts';
import type { AnyRule, Severity } from '../rule.ts';
import { colors } from './colors.ts';
import { renderMarkdown } from './markdown.ts';
import { visibleLines } from './text.ts';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note', off: 'none' };

/** Code between fences longer than any in it. */
function fenced(code: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}dockerfile\n${code.trimEnd()}\n${fence}`;
}

const offLines = (id: string): string => `Switch it off for one instruction with \`# shipshape ignore: ${id} -- why\` above it.`;

const helpMarkdown = (id: string, { why, examples: [{ bad, good }] }: AnyRule): string =>
  [why.trim(), '**Bad**', fenced(bad), '**Better**', fenced(good), offLines(id)].join('\n\n');

const plainText = (markdown: string): string => renderMarkdown(visibleLines(markdown), colors(false), 100).replace(/\*\*([^*]+)\*\*/g, '$1');

/** The first paragraph of a rule's reasons, on one line. */
const firstParagraph = (why: string): string => plainText(why.trim().split(/\n\s*\n/, 1)[0] ?? '').replace(/\s+/g, ' ');

/** A rule as SARIF describes one; only its name where nothing is known of it. */
export function sarifRule(id: string, rule: AnyRule | undefined): object {
  const [category, name] = splitId(id);
  const code = codeIn(id);
  if (code !== undefined) return { id, name, shortDescription: { text: `What ShellCheck calls ${code}.` }, helpUri: pageOf(code) };
  if (rule === undefined) return { id };
  const markdown = helpMarkdown(id, rule);
  return {
    id,
    name,
    shortDescription: { text: rule.summary },
    fullDescription: { text: firstParagraph(rule.why) },
    help: { text: `${plainText(rule.why)}\n\n${offLines(id)}`, markdown },
    defaultConfiguration: { enabled: rule.severity !== 'off', level: levels[rule.severity] },
    properties: { category, sources: rule.sources ?? [], tags: [category] },
  };
}
