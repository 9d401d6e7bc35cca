import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigLoader, loadConfig } from '../src/config/config.ts';
import { ConfigError } from '../src/config/error.ts';
import type { AnyRule } from '../src/rule.ts';
import { defineRule } from '../src/rule.ts';

const examples = [{ bad: 'FROM a\n', good: 'FROM b\n' }] as const;
const rule = { summary: 'Something', why: 'Because.', examples, check: () => [] };
const rules: ReadonlyMap<string, AnyRule> = new Map<string, AnyRule>([
  ['cache/copy-before-install', defineRule({ ...rule, severity: 'warning', sources: ['other/COPY_1'] })],
  ['cache/volatile-arg-early', defineRule({ ...rule, severity: 'warning' })],
  [
    'size/mergeable-runs',
    defineRule({
      ...rule,
      severity: 'info',
      sources: ['hadolint/DL3059'],
      options: {
        least: { default: 2, about: 'How many.' },
        name: { default: 'x', about: 'A name.' },
        strict: { default: false, about: 'More.' },
        images: { default: ['a'], about: 'Which.' },
        labels: { default: { a: 'b' }, about: 'Labels.' },
      },
    }),
  ],
]);

const root = mkdtempSync(join(tmpdir(), 'shipshape-config-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

/** Writes files into a new folder, `shipshape.json` first. */
function folderWith(config: string | Uint8Array, files: Readonly<Record<string, string>> = {}): string {
  const folder = join(root, String((folders += 1)));
  mkdirSync(folder);
  writeFileSync(join(folder, 'shipshape.json'), config);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The message of the refusal, with `CONFIG` for the path of the config as messages name it. */
async function refusal(directory: string, allowPlugins = false): Promise<string> {
  const error: unknown = await loadConfig({ directory, rules, allowPlugins }).then(
    () => 'accepted',
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error('not refused', { cause: error });
  return error.message.replaceAll(relative(process.cwd(), join(directory, 'shipshape.json')), 'CONFIG');
}

describe('finding a config', () => {
  it('takes the nearest one upward, and each only once', async () => {
    const folder = folderWith('{"preset": "all"}', { 'a/b/Dockerfile': '', 'c/shipshape.json': '{}' });
    mkdirSync(join(folder, 'a', 'shipshape.json'));
    const loader = new ConfigLoader({ rules, allowPlugins: false });
    const [here, below, other] = await Promise.all(['.', 'a/b', 'c'].map((name) => loader.load(join(folder, name))));
    expect(here).toMatchObject({ file: join(folder, 'shipshape.json'), folder, preset: 'all' });
    expect(below).toBe(here);
    expect(other?.folder).toBe(join(folder, 'c'));
    writeFileSync(join(folder, 'shipshape.json'), 'changed');
    expect(await loader.load(join(folder, 'a', 'b'))).toBe(here);
  });

  it('takes the given file for every directory, or none', async () => {
    const folder = folderWith('broken', { 'other.json': '{}' });
    const file = join(folder, 'other.json');
    expect(await loadConfig({ directory: folder, file, rules, allowPlugins: false })).toMatchObject({ file });
    expect(await loadConfig({ directory: folder, none: true, rules, allowPlugins: false })).toBeUndefined();
  });

  it('gives undefined where there is none', async () => {
    expect(await loadConfig({ directory: join(root, 'nowhere'), rules, allowPlugins: false })).toBeUndefined();
  });

  it.each([
    ['missing.json', 'The config FILE cannot be read: there is no such file.'],
    ['folder', 'The config FILE is not a file.'],
    ['large.json', 'The config FILE is larger than 1 MiB.'],
  ])('refuses %s', async (name, message) => {
    const folder = folderWith('{}', { 'folder/a': '', 'large.json': ' '.repeat(1024 * 1024 + 1) });
    const file = join(folder, name);
    const loaded = loadConfig({ directory: folder, file, rules, allowPlugins: false });
    await expect(loaded).rejects.toThrow(new ConfigError(message.replace('FILE', relative(process.cwd(), file))));
  });
});

describe('reading a config', () => {
  it('takes comments, trailing commas and a byte order mark', async () => {
    const text = '\uFEFF{\n  // why\n  "$schema": "x", /* and */ "rules": {"mergeable-runs": "off",},\n}\n';
    const config = await loadConfig({ directory: folderWith(text), rules, allowPlugins: false });
    expect(config?.settings).toMatchObject([{ ids: ['size/mergeable-runs'], severity: 'off' }]);
  });

  it('takes every kind of name, in any case, and puts the closest last', async () => {
    const text = `{"rules": {
      "copy-before-install": "off", "size/mergeable-runs": "info", "dl3059": "error", "hadolint/DL3059": "warning", "copy_1": "info",
      "cache/*": "error", "DL3001": "off", "SC2086": "info", "shellcheck/SC1000": ["off", {"any": 1}], "hadolint/dl9999": "off"}}`;
    const config = await loadConfig({ directory: folderWith(text), rules, allowPlugins: false });
    expect(config?.settings.map(({ ids, severity }) => `${ids.join('+')}=${severity}`)).toEqual([
      'cache/copy-before-install+cache/volatile-arg-early=error',
      'size/mergeable-runs=error',
      'size/mergeable-runs=warning',
      'cache/copy-before-install=info',
      '=off',
      '=info',
      '=off',
      '=off',
      'cache/copy-before-install=off',
      'size/mergeable-runs=info',
    ]);
  });

  it('takes options of every type', async () => {
    const options = { least: 3, name: 'y', strict: true, images: [], labels: { c: 'd' } };
    const directory = folderWith(JSON.stringify({ rules: { DL3059: ['warning', options] } }));
    const config = await loadConfig({ directory, rules, allowPlugins: false });
    expect(config?.settings).toMatchObject([{ severity: 'warning', options }]);
  });

  it.each([
    ['', '1:1: The config is not valid JSON: a value is missing here.'],
    ['{"preset": "all" "rules": {}}', '1:18: The config is not valid JSON: a comma is missing here.'],
    ['{"preset" "all"}', '1:11: The config is not valid JSON: a colon is missing here.'],
    ['{\n  rules: {}\n}', '2:3: The config is not valid JSON: a word is neither in double quotes nor true, false or null here.'],
    ['{"preset": }', '1:12: The config is not valid JSON: a value is missing here.'],
    ['{"rules": {}', '1:13: The config is not valid JSON: a closing brace is missing here.'],
    ['{"plugins": ["a"', '1:17: The config is not valid JSON: a closing bracket is missing here.'],
    ['{} {}', '1:4: The config is not valid JSON: the text should end here.'],
    ['{"preset": "all', '1:12: The config is not valid JSON: a string is not closed here.'],
    ['{} /*', '1:4: The config is not valid JSON: a comment is not closed here.'],
    ['{"preset": "a\\x"}', '1:12: The config is not valid JSON: a character does not belong here.'],
    ['{"rules": {}, "preset": "all", "rules": {}}', '1:32: The key "rules" is given twice; keep one of them.'],
    ['{"rules": {"__proto__": "off"}}', '1:12: There is no key "__proto__"; remove it.'],
    ['[]', '1:1: The config must be an object, not a list.'],
    ['null', '1:1: The config must be an object, not null.'],
    ['{"rulez": {}}', '1:2: There is no key "rulez" here; did you mean "rules"?'],
    [
      '{"x\\u001b\\u009b\\u202e": 1}',
      '1:2: There is no key "x\\u001b\\u{9b}\\u{202e}" here; the keys are "$schema", "preset", "rules", "shellcheck", "overrides" and "plugins".',
    ],
    ['{"$schema": 1}', '1:13: "$schema" must be a string, not 1.'],
    ['{"preset": "recomended"}', '1:12: "preset" must be "recommended", "all", "hadolint" or "buildkit", not "recomended"; did you mean "recommended"?'],
    ['{"preset": true}', '1:12: "preset" must be "recommended", "all", "hadolint" or "buildkit", not true.'],
    ['{"rules": ["a"]}', '1:11: "rules" must be an object of rule names and levels, not a list.'],
    ['{"plugins": "a"}', '1:13: "plugins" must be a list of module names and paths, not "a".'],
    ['{"plugins": ["a", 1]}', '1:19: An entry of "plugins" must be a module name or path, not 1.'],
    ['{"plugins": [""]}', '1:14: An entry of "plugins" must be a module name or path, not "".'],
    [
      '{\n  "plugins": ["a"]\n}',
      '2:3: This config loads plugins, which run code; if you trust it, allow that with --allow-plugins.',
    ],
  ])('refuses %j', async (text, message) => {
    expect(await refusal(folderWith(text))).toBe(`CONFIG:${message}`);
  });

  it('refuses endless nesting', async () => {
    expect(await refusal(folderWith('['.repeat(200_000)))).toBe('The config CONFIG is nested too deeply.');
  });
});

describe('settings of rules', () => {
  const levels = '"error", "warning", "info" or "off"';
  it.each([
    ['{"copy-befor-install": "off"}', '2:2: There is no rule "copy-befor-install"; did you mean "copy-before-install"?'],
    ['{"DL3O59": "off"}', '2:2: There is no rule "DL3O59"; did you mean "DL3059"?'],
    ['{"cash/*": "off"}', '2:2: There is no rule "cash/*"; did you mean "cache/*"?'],
    ['{"something": "off"}', '2:2: There is no rule "something"; "shipshape rules" lists them.'],
    ['{"mergeable-runs": "warn"}', `2:20: "mergeable-runs" must be ${levels}, not "warn"; did you mean "warning"?`],
    ['{"mergeable-runs": 2}', `2:20: "mergeable-runs" must be ${levels}, not 2.`],
    ['{"mergeable-runs": ["offf", {}]}', `2:21: "mergeable-runs" must be ${levels}, not "offf"; did you mean "off"?`],
    ['{"mergeable-runs": ["off"]}', `2:20: "mergeable-runs" must be ${levels}, or a list of a level and an object of options.`],
    ['{"mergeable-runs": ["off", {}, 1]}', `2:20: "mergeable-runs" must be ${levels}, or a list of a level and an object of options.`],
    ['{"mergeable-runs": ["off", 3]}', '2:28: "mergeable-runs" must be an object of options, not 3.'],
    ['{"mergeable-runs": ["off", {"lest": 3}]}', '2:29: The rule "size/mergeable-runs" has no option "lest"; did you mean "least"?'],
    [
      '{"mergeable-runs": ["off", {"x": 3}]}',
      '2:29: The rule "size/mergeable-runs" has no option "x"; it has "least", "name", "strict", "images" and "labels".',
    ],
    ['{"cache/copy-before-install": ["off", {"x": 3}]}', '2:40: The rule "cache/copy-before-install" has no option "x"; it has none.'],
    ['{"cache/*": ["off", {}]}', '2:21: Options can be given to one rule only, and "cache/*" stands for 2.'],
    ['{"DL3059": ["off", {"least": "3"}]}', '2:30: The option "least" of "size/mergeable-runs" must be a number, not "3".'],
    ['{"DL3059": ["off", {"name": 3}]}', '2:29: The option "name" of "size/mergeable-runs" must be a string, not 3.'],
    ['{"DL3059": ["off", {"strict": "yes"}]}', '2:31: The option "strict" of "size/mergeable-runs" must be true or false, not "yes".'],
    ['{"DL3059": ["off", {"images": "a"}]}', '2:31: The option "images" of "size/mergeable-runs" must be a list of strings, not "a".'],
    [
      '{"DL3059": ["off", {"images": ["a", {}]}]}',
      '2:37: An entry of the option "images" of "size/mergeable-runs" must be a string, not an object.',
    ],
    ['{"DL3059": ["off", {"labels": []}]}', '2:31: The option "labels" of "size/mergeable-runs" must be an object of strings, not a list.'],
    [
      '{"DL3059": ["off", {"labels": {"a": null}}]}',
      '2:37: An entry of the option "labels" of "size/mergeable-runs" must be a string, not null.',
    ],
  ])('refuses %s', async (text, message) => {
    expect(await refusal(folderWith(`{"rules":\n${text}}`))).toBe(`CONFIG:${message}`);
  });
});

describe('overrides', () => {
  const glob = `a glob for paths relative to the config's folder, of at most 1000 characters, not beginning with "!" or "/"`;
  it.each([
    ['{}', '2:1: "overrides" must be a list of objects, not an object.'],
    ['["rule"]', '2:2: An entry of "overrides" must be an object with "files" and "rules", not "rule".'],
    ['[{"rules": {}}]', '2:2: An entry of "overrides" needs the key "files".'],
    ['[{"file": "*.dev"}]', '2:3: There is no key "file" here; did you mean "files"?'],
    ['[{"files": "a", "extends": "b"}]', '2:17: There is no key "extends" here; the keys are "files", "preset" and "rules".'],
    ['[{"files": 1}]', `2:12: "files" must be ${glob}, not 1.`],
    ['[{"files": "!a"}]', `2:12: "files" must be ${glob}, not "!a".`],
    ['[{"files": ["a", "/b"]}]', `2:18: An entry of "files" must be ${glob}, not "/b".`],
    [`[{"files": "${'a'.repeat(1001)}"}]`, `2:12: "files" must be ${glob}, not "${'a'.repeat(60)}…".`],
    ['[{"files": []}]', '2:12: "files" must be a glob or a list of at least one glob, not a list.'],
    ['[{"files": "a", "preset": "al"}]', '2:27: "preset" must be "recommended", "all", "hadolint" or "buildkit", not "al"; did you mean "all"?'],
    [
      '[{"files": "a", "rules": {"DL3059": "style"}}]',
      '2:37: "DL3059" must be "error", "warning", "info" or "off", not "style".',
    ],
    ['[{"files": "a"}, {"files": "b", "rules": {"nothing": "off"}}]', '2:43: There is no rule "nothing"; "shipshape rules" lists them.'],
  ])('refuses %s', async (text, message) => {
    expect(await refusal(folderWith(`{"overrides":\n${text}}`))).toBe(`CONFIG:${message}`);
  });
});

describe('plugins', () => {
  const body = `summary: 'x', why: 'x', severity: 'info', examples: [{ bad: '', good: '' }], check: () => []`;
  const config = (name: string): string => `{\n  "plugins": [${JSON.stringify(name)}], "rules": {"no-curl": "error"}\n}`;
  const pluginFiles = {
    'named.mjs': `export const rules = { 'acme/no-curl': { ${body} } };`,
    'default.mjs': `export default { rules: { 'acme/no-curl': { ${body} } } };`,
    'common.cjs': `exports.rules = { 'acme/no-curl': { ${body} } };`,
    'node_modules/common/index.js': `module.exports = { rules: { 'acme/no-curl': { ${body} } } };`,
    'node_modules/@acme/modern/package.json': '{"type": "module", "exports": {".": {"types": "./x.d.ts", "import": {"default": "./main.js"}}}}',
    'node_modules/@acme/modern/main.js': `export const rules = { 'acme/no-curl': { ${body} } };`,
  };

  it.each(['./named.mjs', './default.mjs', './common.cjs', 'common', '@acme/modern'])('loads %s', async (name) => {
    const loaded = await loadConfig({ directory: folderWith(config(name), pluginFiles), rules, allowPlugins: true });
    expect([...(loaded?.plugins.keys() ?? [])]).toEqual(['acme/no-curl']);
    expect(loaded?.settings).toMatchObject([{ ids: ['acme/no-curl'], severity: 'error' }]);
  });

  it('runs nothing unless it is allowed to', async () => {
    const directory = folderWith('{"plugins": ["./a.mjs"]}', { 'a.mjs': 'globalThis.pluginRan = true;' });
    expect(await refusal(directory)).toContain('--allow-plugins');
    expect(globalThis).not.toHaveProperty('pluginRan');
  });

  it.each([
    [undefined, 'is not there; install it, or write "./" before the path of a file.'],
    ['throw new Error("no\\u001b[2J luck.\\nsecond line")', 'failed to load: no\\u{1b}[2J luck.'],
    ['throw 1', 'failed to load: it gives no reason.'],
    ['export const rule = {};', 'exports no "rules", an object of rules by "category/name".'],
    ['export const rules = [];', 'exports no "rules", an object of rules by "category/name".'],
    ['export default 3;', 'exports no "rules", an object of rules by "category/name".'],
    ['export const rules = { "No": {} };', 'exports a rule "No"; write "category/name", in small letters, digits and "-".'],
    ['export const rules = { "a/b": 3 };', 'exports "a/b", which is no rule: it must be an object.'],
    [`export const rules = { "a/b": { ${body}, why: undefined } };`, 'exports "a/b", which is no rule: "why" must be a string.'],
    ['export const rules = { "a/b": {} };', 'exports "a/b", which is no rule: "summary" is missing.'],
    [
      `export const rules = { "a/b": { ${body}, severity: "style" } };`,
      'exports "a/b", which is no rule: "severity" must be "error", "warning", "info" or "off".',
    ],
    [`export const rules = { "a/b": { ${body}, check: 1 } };`, 'exports "a/b", which is no rule: "check" must be a function.'],
    [
      `export const rules = { "a/b": { ${body}, examples: [] } };`,
      'exports "a/b", which is no rule: "examples" must be a list of at least one.',
    ],
    [
      `export const rules = { "a/b": { ${body}, options: { x: 1 } } };`,
      'exports "a/b", which is no rule: "options.x" must be an object with "default" and "about".',
    ],
    [
      `export const rules = { "a/b": { ${body}, options: { x: { about: "x", default: null } } } };`,
      'exports "a/b", which is no rule: "options.x.default" must be a string, a number, true or false, a list of strings or an object of strings.',
    ],
    [`export const rules = { "cache/copy-before-install": { ${body} } };`, 'brings a second rule "cache/copy-before-install"; rename it.'],
  ])('refuses %j', async (text, message) => {
    const directory = folderWith('{\n  "plugins": [\n    "./p.mjs"]}', text === undefined ? {} : { 'p.mjs': text });
    expect(await refusal(directory, true)).toBe(`CONFIG:3:5: The plugin "./p.mjs" ${message}`);
  });

  it.each(['nothing', 'fs', 'p.mjs', './'])('finds no plugin %s', async (name) => {
    const directory = folderWith(config(name), { 'p.mjs': '' });
    expect(await refusal(directory, true)).toBe(
      `CONFIG:2:15: The plugin ${JSON.stringify(name)} is not there; install it, or write "./" before the path of a file.`,
    );
  });
});
