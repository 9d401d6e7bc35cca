import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { codesPage } from '../src/report/codes-page.ts';
import { defineRule } from '../src/rule.ts';

/** hadolint 2.15's codes but for DL1000, its parse error; numbers it does not use are left out. */
const unused = new Set(['DL3005', 'DL3017', 'DL3031', 'DL3039', 'DL4002']);
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, index) => `DL${from + index}`);
const hadolint = ['DL1001', ...numbers(3000, 3067), ...numbers(4000, 4006)].filter((code) => !unused.has(code));

const buildkit = [
  'ConsistentInstructionCasing', 'CopyIgnoredFile', 'DuplicateStageName', 'ExposeInvalidFormat', 'ExposeProtoCasing', 'FromAsCasing',
  'FromPlatformFlagConstDisallowed', 'InvalidBaseImagePlatform', 'InvalidDefaultArgInFrom', 'InvalidDefinitionDescription', 'JSONArgsRecommended',
  'LegacyKeyValueFormat', 'MaintainerDeprecated', 'MultipleInstructionsDisallowed', 'NoEmptyContinuation', 'RedundantTargetPlatform',
  'ReservedStageName', 'SecretsUsedInArgOrEnv', 'StageNameCasing', 'UndefinedArgInFrom', 'UndefinedVar', 'WorkdirRelativePath',
];

const sources = new Set([...rules.values()].flatMap((rule) => rule.sources ?? []));

describe('codes of other tools', () => {
  it('have a rule each', () => {
    const all = [...hadolint.map((code) => `hadolint/${code}`), ...buildkit.map((name) => `buildkit/${name}`)];
    expect(all.filter((code) => !sources.has(code))).toEqual([]);
  });

  it('are called as the tools call them', () => {
    const known = new Set(['hadolint/DL1000', ...hadolint.map((code) => `hadolint/${code}`), ...buildkit.map((name) => `buildkit/${name}`)]);
    expect([...sources].filter((source) => /^(?:hadolint|buildkit)\//.test(source) && !known.has(source))).toEqual([]);
    const others = /^(?:trivy\/DS-\d{4}|checkov\/CKV2?_DOCKER_\d+|kics\/\S.*\S|dockle\/[A-Z]+(?:-[A-Z]+)*-\d{4}|semgrep\/[\w-]+|shellcheck\/SC\d{4})$/;
    expect([...sources].filter((source) => !known.has(source) && !others.test(source))).toEqual([]);
  });

  it('stand on a page, in order, each with all its rules', () => {
    const rule = (summary: string, ...names: string[]) => defineRule({ summary, why: '', severity: 'info', sources: names, examples: [{ bad: '', good: '' }], check: () => [] });
    const page = codesPage(new Map([['size/b', rule('B', 'checkov/CKV_DOCKER_10', 'hadolint/DL3000')], ['style/a', rule('A', 'checkov/CKV_DOCKER_9', 'checkov/CKV_DOCKER_10')]]));
    expect(page.slice(page.indexOf('## Checkov'))).toBe(`## Checkov

| code | rule | flags |
| --- | --- | --- |
| CKV_DOCKER_9 | [\`style/a\`](../rules/README.md#stylea) | A |
| CKV_DOCKER_10 | [\`size/b\`](../rules/README.md#sizeb), [\`style/a\`](../rules/README.md#stylea) | B; A |
`);
    expect(page.indexOf('## hadolint')).toBeLessThan(page.indexOf('## Checkov'));
    expect(page).not.toContain('## Trivy');
  });
});
