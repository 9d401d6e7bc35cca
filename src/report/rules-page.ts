import { describeRule, findingOf } from '../explain.ts';
import type { AnyRule, Example } from '../rule.ts';

const titles: Readonly<Record<string, string>> = {
  correctness: 'Correctness: the build fails, or the container does not do what the file says',
  security: 'Security',
  size: 'Size',
  cache: 'Cache and layer order',
  reproducibility: 'Reproducibility',
  style: 'Style',
};

const fenced = (text: string, language: string): string => `\`\`\`${language}\n${text.replace(/\n$/, '')}\n\`\`\``;

function exampleText(id: string, rule: AnyRule, example: Example): string {
  const finding = findingOf(id, rule, example);
  const fixed = finding?.fix !== undefined && finding.fix.safety !== 'manual';
  return `${fenced(example.bad, 'dockerfile')}\n\n> ${finding?.message ?? ''}\n\n${fixed ? `Fixed (${finding.fix.safety}):` : 'Better:'}\n\n${fenced(example.good, 'dockerfile')}`;
}

function section(id: string, rule: AnyRule): string {
  const options = Object.entries(rule.options ?? {}).map(([name, option]) => `- \`${name}\` (default \`${JSON.stringify(option.default)}\`): ${option.about}`);
  const { fixes } = describeRule(id, rule);
  const facts = [`Level: ${rule.severity}`, `Fix: ${fixes.length === 0 ? 'none' : fixes.join(', ')}`, ...(rule.sources === undefined ? [] : [`Also known as: ${rule.sources.join(', ')}`])];
  const [first] = rule.examples;
  return [`### ${id}`, `${rule.summary}.`, facts.join(' · '), rule.why, ...(options.length > 0 ? [`Options:\n\n${options.join('\n')}`] : []), exampleText(id, rule, first)].join('\n\n');
}

/** The page that lists and documents all rules. */
export function rulesPage(rules: ReadonlyMap<string, AnyRule>): string {
  const parts = ['# Rules', '<!-- Generated from the rules: `npm test -- -u` writes this page. -->', 'Every rule, by what it guards. `shipshape explain NAME` shows the same in a terminal.'];
  for (const [category, title] of Object.entries(titles)) {
    const members = [...rules].filter(([id]) => id.startsWith(`${category}/`));
    if (members.length === 0) continue;
    const rows = members.map(([id, rule]) => `| [\`${id}\`](#${id.replace('/', '')}) | ${rule.summary} | ${rule.severity} | ${describeRule(id, rule).fixes.join(', ') || '–'} | ${rule.sources?.join(', ') ?? ''} |`);
    parts.push(`## ${title}`, ['| rule | flags | level | fix | also known as |', '|---|---|---|---|---|', ...rows].join('\n'), ...members.map(([id, rule]) => section(id, rule)));
  }
  return `${parts.join('\n\n')}\n`;
}
