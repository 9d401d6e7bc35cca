import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { levelOf } from '../src/codes.ts';
import { loadConfig } from '../src/config/config.ts';
import { ConfigError, listed, quote } from '../src/config/error.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { checkNames, knownNames, rulesNamed } from '../src/config/names.ts';
import type { CommandLine, Config } from '../src/config/settings.ts';
import { resolveRules, RuleResolver } from '../src/config/settings.ts';
import { suggest } from '../src/suggest.ts';
import type { AnyRule } from '../src/rule.ts';
import { defineRule } from '../src/rule.ts';
import { span } from '../src/span.ts';

const rule = { summary: 'Something', why: 'Because.', examples: [{ bad: 'FROM a\n', good: 'FROM b\n' }] as const, check: () => [] };
const options = { least: { default: 2, about: 'How many.' }, images: { default: ['a'], about: 'Which.' } };
const rules: ReadonlyMap<string, AnyRule> = new Map<string, AnyRule>([
  ['cache/order', defineRule({ ...rule, severity: 'warning', sources: ['hadolint/DL3001', 'kics/quiet'] })],
  ['cache/quiet', defineRule({ ...rule, severity: 'off', sources: ['hadolint/DL3001', 'buildkit/StageNameCasing'] })],
  ['size/merge', defineRule({ ...rule, severity: 'error', options })],
]);
const known = knownNames(rules);

const folder = mkdtempSync(join(tmpdir(), 'shipshape-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(config: unknown): Promise<Config | undefined> {
  const file = join(folder, 'shipshape.json');
  writeFileSync(file, JSON.stringify(config));
  return loadConfig({ directory: folder, file, rules, allowPlugins: false });
}

const commandLine = (some: Partial<CommandLine> = {}): CommandLine => ({ only: [], ignore: [], levels: [], ...some });

/** The rules that run on a path in the config's folder, with their severities. */
async function running(config: unknown, some: Partial<CommandLine> = {}, path = 'Dockerfile'): Promise<Record<string, string>> {
  const active = resolveRules(rules, config === undefined ? undefined : await read(config), commandLine(some), join(folder, path));
  return Object.fromEntries(active.map((each) => [each.id, levelOf(each, { at: span(0, 0), message: '' })]));
}

describe('presets', () => {
  it('recommended is each rule at its own severity', async () => {
    expect(await running(undefined)).toEqual({ 'cache/order': 'warning', 'size/merge': 'error' });
    expect(await running({ preset: 'recommended' })).toEqual(await running({}));
  });

  it('all runs those that are off as info', async () => {
    const all = { 'cache/order': 'warning', 'cache/quiet': 'info', 'size/merge': 'error' };
    expect(await running({ preset: 'all' })).toEqual(all);
    expect(await running({ preset: 'recommended' }, { preset: 'all' })).toEqual(all);
    expect(await running({ preset: 'all' }, { preset: 'recommended' })).not.toHaveProperty('cache/quiet');
  });
});

describe('the config', () => {
  it('sets levels, the closest name last, and switches on', async () => {
    expect(await running({ rules: { order: 'info', 'cache/*': 'error', DL3001: 'warning', 'size/*': 'off' } })).toEqual({
      'cache/order': 'info',
      'cache/quiet': 'warning',
    });
  });

  it('lays overrides over it, later ones last', async () => {
    const config = {
      rules: { order: 'error' },
      overrides: [
        { files: ['**/*.dev', 'dev/**'], preset: 'all', rules: { merge: 'off' } },
        { files: 'dev/{a,b}/**', rules: { merge: ['info', { least: 9 }], quiet: 'warning' } },
      ],
    };
    expect(await running(config)).toEqual({ 'cache/order': 'error', 'size/merge': 'error' });
    expect(await running(config, {}, 'x/y.dev')).toEqual({ 'cache/order': 'error', 'cache/quiet': 'info' });
    expect(await running(config, {}, 'dev/b/Dockerfile')).toEqual({ 'cache/order': 'error', 'cache/quiet': 'warning', 'size/merge': 'info' });
    expect(await running(config, { preset: 'recommended' }, 'dev/c')).toEqual({ 'cache/order': 'error' });
  });

  it('merges options with their defaults and with each other; a level alone keeps them', async () => {
    const config = await read({
      rules: { merge: ['info', { least: 3 }] },
      overrides: [{ files: 'a', rules: { merge: ['warning', { images: [] }] } }, { files: '*', rules: { merge: 'error' } }],
    });
    const [, merge] = resolveRules(rules, config, commandLine(), join(folder, 'a'));
    expect(merge).toEqual({ id: 'size/merge', rule: rules.get('size/merge'), severity: 'error', options: { least: 3, images: [] } });
    expect(resolveRules(rules, undefined, commandLine(), 'a')[1]?.options).toEqual({ least: 2, images: ['a'] });
  });
});

describe('the command line', () => {
  it('--only runs nothing else, and what is off', async () => {
    expect(await running({ rules: { merge: 'off' } }, { only: ['dl3001', 'size/merge'] })).toEqual({
      'cache/order': 'warning',
      'cache/quiet': 'info',
      'size/merge': 'error',
    });
    expect(await running({}, { only: ['SC2086'] })).toEqual({});
  });

  it('--rule sets levels, --ignore wins over all', async () => {
    const some = { levels: ['order=off', 'cache/*=error', 'merge=info'], ignore: ['size/*', 'DL9999'] };
    expect(await running({}, some)).toEqual({ 'cache/quiet': 'error' });
    expect(await running({}, { only: ['order', 'merge'], ...some })).toEqual({});
    expect(await running({}, { only: ['order'], levels: ['merge=info'] })).toEqual({ 'cache/order': 'warning' });
  });

  it.each([
    ['order', '--rule: "order" is not NAME=LEVEL, where LEVEL is "error", "warning", "info" or "off".'],
    ['=off', '--rule: "=off" is not NAME=LEVEL, where LEVEL is "error", "warning", "info" or "off".'],
    ['order=warn', '--rule: There is no level "warn"; did you mean "warning"?'],
    ['order=', '--rule: There is no level ""; use "error", "warning", "info" or "off".'],
  ])('refuses --rule %s', (level, message) => {
    expect(() => new RuleResolver(rules, commandLine({ levels: [level] }))).toThrow(new ConfigError(message));
  });

  it.each([
    [{ only: ['oder'] }, '--only: There is no rule "oder"; did you mean "order"?'],
    [{ ignore: ['DL3001', 'hadolint/DL300'] }, '--ignore: There is no rule "hadolint/DL300"; did you mean "hadolint/DL3001"?'],
    [{ levels: ['nothing-near=off'] }, '--rule: There is no rule "nothing-near"; "shipshape rules" lists them.'],
  ])('refuses %j', (some, message) => {
    const resolver = new RuleResolver(rules, commandLine(some));
    expect(() => resolver.checkNames(undefined)).toThrow(new ConfigError(message));
  });
});

describe('RuleResolver', () => {
  it('gives the same list to all paths that the same overrides match', async () => {
    const config = await read({ overrides: [{ files: 'a/**', rules: { order: 'off' } }, { files: 'b/**' }] });
    const resolver = new RuleResolver(rules, commandLine());
    const inFolder = (path: string): unknown => resolver.resolve(config, join(folder, path));
    expect(inFolder('a/1')).toBe(inFolder('a/2'));
    expect(inFolder('c')).toBe(inFolder('d'));
    expect(inFolder('a/1')).not.toBe(inFolder('b/1'));
    expect(resolver.resolve(undefined, 'x')).toBe(resolver.resolve(undefined, 'y'));
  });

  it('adds the rules of the plugins of a config', async () => {
    const config = await read({});
    const [, plugin] = [...rules.values()];
    if (config === undefined || plugin === undefined) throw new Error('not read');
    const withPlugin = { ...config, plugins: new Map([['acme/no-curl', plugin]]) };
    const resolver = new RuleResolver(rules, commandLine({ only: ['no-curl'] }));
    expect(resolver.resolve(withPlugin, 'x').map(({ id }) => id)).toEqual(['acme/no-curl']);
    expect(resolver.resolve(undefined, 'x')).toEqual([]);
    expect(resolver.known(withPlugin).get('acme/*')).toEqual(['acme/no-curl']);
    expect(() => resolver.checkNames(withPlugin)).not.toThrow();
  });
});

describe('names', () => {
  it.each([
    ['order', ['cache/order']],
    ['Cache/Order', ['cache/order']],
    ['cache/*', ['cache/order', 'cache/quiet']],
    ['DL3001', ['cache/order', 'cache/quiet']],
    ['HADOLINT/dl3001', ['cache/order', 'cache/quiet']],
    ['stagenamecasing', ['cache/quiet']],
    ['buildkit/StageNameCasing', ['cache/quiet']],
    ['kics/quiet', ['cache/order']],
    ['quiet', ['cache/quiet']],
    ['DL4444', []],
    ['shellcheck/sc1000', []],
    ['DL44444', undefined],
    ['xDL4444', undefined],
    ['cache', undefined],
    ['', undefined],
  ])('%s', (name, ids) => {
    expect(rulesNamed(name, known)).toEqual(ids);
  });

  it('finds a code as it is written and in lower case', () => {
    expect(known.get('StageNameCasing')).toEqual(known.get('stagenamecasing'));
    expect(known.get('DL3001')).toHaveLength(2);
  });

  it('checks names', () => {
    expect(() => checkNames(['order', 'SC1234', 'size/*'], known)).not.toThrow();
    expect(() => checkNames(['order', 'StageNameCase'], known)).toThrow(
      new ConfigError('There is no rule "StageNameCase"; did you mean "StageNameCasing"?'),
    );
  });
});

describe('suggest', () => {
  it.each([
    ['warn', 'warning'],
    ['information', 'info'],
    ['OFF', 'off'],
    ['eror', 'error'],
    ['on', undefined],
    ['w', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ])('%.20s: %s', (word, meant) => {
    expect(suggest(word, ['error', 'warning', 'info', 'off'])).toBe(meant);
  });
});

describe('words of others in messages', () => {
  it('are made fit for a terminal and shortened', () => {
    expect(quote('a"b\u001b[2J\u009b\u202e\n')).toBe('"a\\"b\\u001b[2J\\u{9b}\\u{202e}\\n"');
    expect(quote('😀'.repeat(61))).toBe(`"${'😀'.repeat(60)}…"`);
    expect(quote('a'.repeat(1_000_000))).toBe(`"${'a'.repeat(60)}…"`);
  });

  it('are listed', () => {
    expect([listed([], 'or'), listed(['a'], 'or'), listed(['a', 'b', 'c'], 'and')]).toEqual(['', '"a"', '"a", "b" and "c"']);
  });
});

describe('configJsonSchema', () => {
  const schema = configJsonSchema(rules);

  it('knows the keys', () => {
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false });
    expect(Object.keys(Object(schema.properties))).toEqual(['$schema', 'preset', 'rules', 'shellcheck', 'overrides', 'plugins']);
  });

  it('knows the rules and their options', () => {
    expect(schema).toHaveProperty('$defs.rules.properties', {
      'cache/*': { description: 'All rules of the category cache.', $ref: '#/$defs/level' },
      'size/*': { description: 'All rules of the category size.', $ref: '#/$defs/level' },
      'cache/order': { description: 'Something.', default: 'warning', $ref: '#/$defs/level' },
      'order': { $ref: '#/$defs/rules/properties/cache~1order' },
      'cache/quiet': { description: 'Something.', default: 'off', $ref: '#/$defs/level' },
      'quiet': { $ref: '#/$defs/rules/properties/cache~1quiet' },
      'size/merge': {
        description: 'Something.',
        default: 'error',
        anyOf: [
          { $ref: '#/$defs/level' },
          {
            type: 'array',
            prefixItems: [
              { $ref: '#/$defs/level' },
              {
                type: 'object',
                properties: {
                  least: { description: 'How many.', type: 'number', default: 2 },
                  images: { description: 'Which.', type: 'array', items: { type: 'string' }, default: ['a'] },
                },
                additionalProperties: false,
              },
            ],
            items: false,
            minItems: 2,
          },
        ],
      },
      'merge': { $ref: '#/$defs/rules/properties/size~1merge' },
    });
  });

  it('knows every name as it is written', () => {
    const codes = ['hadolint/DL3001', 'DL3001', 'hadolint/*', 'kics/quiet', 'kics/*', 'buildkit/StageNameCasing', 'StageNameCasing', 'buildkit/*'];
    const names = ['order', 'cache/order', 'cache/*', 'quiet', 'cache/quiet', 'merge', 'size/merge', 'size/*', ...codes];
    expect(schema).toHaveProperty('$defs.name.anyOf.0.enum', names);
  });
});
