import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { loadConfig, type ConfigRequest } from '../src/config/config.ts';
import { knownNames } from '../src/config/names.ts';
import { resolveRules, type Config } from '../src/config/settings.ts';
import { fixText } from '../src/fix.ts';
import { lintText, type LintRequest } from '../src/lint.ts';
import type { Finding } from '../src/rule.ts';
import { testRule } from '../src/test-rule.ts';
import { allFixtures, fixturesFolder } from './support/fixtures.ts';

const folder = join(fixturesFolder, 'plugin');
const load = (request: Partial<ConfigRequest> = {}): Promise<Config | undefined> => loadConfig({ directory: folder, rules, allowPlugins: true, ...request });

async function loaded(): Promise<Config> {
  const config = await load();
  if (config === undefined) throw new Error('The config of the fixture is not there.');
  return config;
}

const dockerfile = allFixtures().find(({ name }) => name === 'plugin')?.dockerfile ?? '';

async function request(only: readonly string[] = []): Promise<LintRequest> {
  const config = await loaded();
  return {
    path: join(folder, 'Dockerfile'),
    rules: resolveRules(rules, config, { only, ignore: [], levels: [] }, join(folder, 'Dockerfile')),
    known: knownNames(new Map([...rules, ...config.plugins])),
    context: undefined, contextGiven: false, buildArguments: {}, target: undefined,
  };
}

describe('the plugin of the fixtures', () => {
  it('is not run unless that is allowed', async () => {
    await expect(load({ allowPlugins: false })).rejects.toThrow('--allow-plugins');
  });

  it('has rules whose examples hold', async () => {
    const { plugins } = await loaded();
    expect([...plugins.keys()]).toEqual(['house/own-mirror', 'house/no-owner']);
    for (const [id, rule] of plugins) testRule(id, rule);
  });

  it('runs beside our rules, with the levels and options of the config', async () => {
    const { rules: active } = await request();
    expect(active.find(({ id }) => id === 'house/own-mirror')).toMatchObject({ severity: 'error', options: { mirror: 'registry.example.com/hub' } });
    expect(active.find(({ id }) => id === 'correctness/shell-form-cmd')).toBeDefined();
  });

  it('finds in the Dockerfile beside it what it is there for', async () => {
    const { diagnostics, bugs } = lintText(dockerfile, await request(['house/*']));
    expect(bugs).toEqual([]);
    expect(diagnostics.map(({ rule, severity, message }) => [rule, severity, message])).toEqual([
      ['house/own-mirror', 'error', '`golang:1.23-alpine` comes from Docker Hub; take it from `registry.example.com/hub`.'],
      ['house/no-owner', 'warning', 'No label `com.example.team` says whose image this is; add one.'],
    ]);
  });

  it('fixes it through the same engine', async () => {
    const only = await request(['house/own-mirror']);
    expect(fixText(dockerfile, only, 'safe').text).toBe(dockerfile);
    expect(fixText(dockerfile, only, 'unsafe').text).toBe(dockerfile.replace('FROM golang', 'FROM registry.example.com/hub/golang'));
  });

  it('has rules that ignore comments can name', async () => {
    const text = dockerfile.replace('FROM golang', '# shipshape ignore: house/own-mirror\nFROM golang');
    expect(lintText(text, await request(['house/own-mirror'])).diagnostics).toEqual([]);
  });
});

describe('a rule that no types hold', () => {
  it('is named where its finding has no place', async () => {
    const { rules: [first] } = await request(['house/no-owner']);
    if (first === undefined) throw new Error('The rule is not there.');
    const check = (): Iterable<Finding> => JSON.parse('[{"at": {"span": {"start": 0, "end": 1}}, "message": "x"}]');
    const result = lintText(dockerfile, { ...(await request()), rules: [{ ...first, rule: { ...first.rule, check } }] });
    expect(result.diagnostics).toEqual([]);
    expect(result.bugs.join()).toContain('house/no-owner failed');
  });
});
