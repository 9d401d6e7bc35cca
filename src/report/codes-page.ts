import type { AnyRule } from '../rule.ts';

/** How the tools call themselves, in the order of the page. */
const tools: Readonly<Record<string, string>> = { hadolint: 'hadolint', buildkit: 'BuildKit', trivy: 'Trivy', checkov: 'Checkov', kics: 'KICS', dockle: 'Dockle' };

const link = (id: string): string => `[\`${id}\`](../rules/README.md#${id.replace('/', '')})`;

/** The rules by the code of a tool, the codes in order. */
function rulesByCode(tool: string, rules: ReadonlyMap<string, AnyRule>): readonly (readonly [code: string, ids: readonly string[]])[] {
  const byCode = new Map<string, string[]>();
  for (const [id, { sources = [] }] of rules) {
    for (const source of sources) {
      if (!source.startsWith(`${tool}/`)) continue;
      const code = source.slice(tool.length + 1);
      byCode.set(code, [...byCode.get(code) ?? [], id]);
    }
  }
  return [...byCode].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The page that leads from the codes of other tools to our rules. */
export function codesPage(rules: ReadonlyMap<string, AnyRule>): string {
  const parts = [
    '# Codes of other tools',
    '<!-- Generated from the rules: `npm test -- -u` writes this page. -->',
    'Which rule makes the check you know from another tool. Each code is accepted wherever a rule\'s name is: in `--only`, `--ignore`, `--rule`,\nin `shipshape.json`, in ignore comments, and by `shipshape explain`. [hadolint.md](hadolint.md) tells where we differ from hadolint.',
  ];
  for (const [tool, title] of Object.entries(tools)) {
    const rows = rulesByCode(tool, rules).map(([code, ids]) => `| ${code} | ${ids.map(link).join(', ')} | ${ids.map((id) => rules.get(id)?.summary ?? '').join('; ')} |`);
    if (rows.length > 0) parts.push(`## ${title}`, ['| code | rule | flags |', '| --- | --- | --- |', ...rows].join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}
