import { fixText } from '../fix.ts';
import { lintText, type LintRequest } from '../lint.ts';
import { memoryContext } from '../context/memory.ts';
import type { AnyRule, Example } from '../rule.ts';

const titles: Readonly<Record<string, string>> = {
  correctness: 'Correctness: the build fails, or the container does not do what the file says',
  security: 'Security',
  size: 'Size',
  cache: 'Cache and layer order',
  reproducibility: 'Reproducibility',
  style: 'Style',
};

function requestFor(id: string, rule: AnyRule, example: Example): LintRequest {
  return {
    path: 'Dockerfile',
    rules: [{ id, rule, severity: 'warning', options: example.options ?? {} }],
    known: new Map([[id, [id]]]),
    context: example.context === undefined ? undefined : memoryContext(example.context),
    contextGiven: true, buildArguments: {}, target: undefined,
  };
}

/** The safeties of the fixes that a rule's examples show, so that the page can't say more than is true. */
export function fixSafeties(id: string, rule: AnyRule): string[] {
  const found = rule.examples.flatMap((example) => lintText(example.bad, requestFor(id, rule, example)).diagnostics.flatMap(({ fix }) => (fix === undefined ? [] : [fix.safety])));
  return ['safe', 'unsafe', 'manual'].filter((safety) => found.some((each) => each === safety));
}

const fenced = (text: string, language: string): string => `\`\`\`${language}\n${text.replace(/\n$/, '')}\n\`\`\``;

function exampleText(id: string, rule: AnyRule, example: Example): string {
  const request = requestFor(id, rule, example);
  const message = lintText(example.bad, request).diagnostics[0]?.message ?? '';
  const fixed = fixText(example.bad, request, 'unsafe').fixed.length > 0;
  return `${fenced(example.bad, 'dockerfile')}\n\n> ${message}\n\n${fixed ? 'Fixed:' : 'Better:'}\n\n${fenced(example.good, 'dockerfile')}`;
}

function section(id: string, rule: AnyRule): string {
  const options = Object.entries(rule.options ?? {}).map(([name, option]) => `- \`${name}\` (default \`${JSON.stringify(option.default)}\`): ${option.about}`);
  const fixes = fixSafeties(id, rule);
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
    const rows = members.map(([id, rule]) => `| [\`${id}\`](#${id.replace('/', '')}) | ${rule.summary} | ${rule.severity} | ${fixSafeties(id, rule).join(', ') || '–'} | ${rule.sources?.join(', ') ?? ''} |`);
    parts.push(`## ${title}`, ['| rule | flags | level | fix | also known as |', '|---|---|---|---|---|', ...rows].join('\n'), ...members.map(([id, rule]) => section(id, rule)));
  }
  return `${parts.join('\n\n')}\n`;
}
