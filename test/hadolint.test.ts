import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigLoader, type ConfigRequest } from '../src/config/config.ts';
import { ConfigError } from '../src/config/error.ts';
import { readHadolint, type HadolintSettings } from '../src/config/hadolint.ts';
import { rulesTable } from '../src/config/hadolint-rules.ts';
import { resolveRules } from '../src/config/settings.ts';
import { lintText } from '../src/lint.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { defineRule, type AnyRule } from '../src/rule.ts';

const read = (text: string, environment: Readonly<Record<string, string>> = {}): HadolintSettings =>
  readHadolint(text, environment, (offset, sentence) => new ConfigError(`${offset}: ${sentence}`));

const nothing: HadolintSettings = {
  ignored: [], levels: [], trusted: [], labels: {}, strictLabels: false, comments: true, failOn: undefined, noColor: false, formats: [],
};

describe("hadolint's file", () => {
  it.each<[text: string, settings: Partial<HadolintSettings>]>([
    ['', {}],
    ['---\n# nothing\n', {}],
    ['ignored:\n', {}],
    ['ignored:\n  - DL3008 # why\n  - "SC2086"\n', { ignored: ['DL3008', 'SC2086'] }],
    ['ignored:\n- DL3008\n', { ignored: ['DL3008'] }],
    ['ignored: [DL3008,\n  \'DL3013\'] # why\n', { ignored: ['DL3008', 'DL3013'] }],
    ['\uFEFFignored: [DL3008]\r\nno-fail: false\r\n', { ignored: ['DL3008'] }],
    ['override:\n  error:\n    - DL3001\n  warning: [DL3042, DL3001]\n  info:\n  style: [DL3015]\n', { levels: [['DL3015', 'info'], ['DL3042', 'warning'], ['DL3001', 'warning'], ['DL3001', 'error']] }],
    ['override: {error: [DL3001]}', { levels: [['DL3001', 'error']] }],
    ['trustedRegistries:\n  - docker.io\n  - my-company.com:5000\n  - "*.gcr.io"\n', { trusted: ['docker.io', 'my-company.com:5000', '*.gcr.io'] }],
    ['trustedRegistries: docker.io\n', { trusted: ['docker.io'] }],
    ['label-schema:\n  author: text\n  contact: email\n  empty: ""\n  none:\nstrict-labels: true\n', { labels: { author: 'text', contact: 'email', empty: 'text', none: 'text' }, strictLabels: true }],
    ['disable-ignore-pragma: true\nno-color: True\n', { comments: false, noColor: true }],
    ['failure-threshold: error\n', { failOn: 'error' }],
    ['failure-threshold: style\n', { failOn: 'info' }],
    ['failure-threshold: ignore\n', { failOn: 'none' }],
    ['failure-threshold: warning\nno-fail: true\n', { failOn: 'none' }],
    ['format: tty\nformats:\n  - gitlab_codeclimate\n  - sarif\n', { formats: ['tty-compact', 'gitlab', 'sarif'] }],
    ['verbose: true\nwhatever:\n  a: [b, {c: d}]\n', {}],
  ])('%j', (text, settings) => {
    expect(read(text)).toEqual({ ...nothing, ...settings });
  });

  it.each([
    ['ignored: [DL3008\n', '9: The config is not YAML that can be read: a bracket is not closed here.'],
    ['ignored:\n  - DL3008: x\n', '13: "ignored" must be a text here.'],
    ['no-fail:\ttrue\n', '8: The config is not YAML that can be read: a tab does not belong here.'],
    ['ignored: &a [DL3008]\n', '9: The config is not YAML that can be read: anchors, aliases and tags are not taken here.'],
    ['ignored:\n  - DL3008\n - DL3009\n', '21: The config is not YAML that can be read: the indentation fits none above here.'],
    ['DL3008\n', '0: The config is not YAML that can be read: a key with a colon and a blank is missing here.'],
    ['- DL3008\n', '0: The config must have keys with values.'],
    ['ignored:\n  DL3008: off\n', '11: "ignored" must be a list.'],
    ['ignored:\n  - [DL3008]\n', '13: "ignored" must be a text here.'],
    ['override: [DL3008]\n', '10: "override" must have keys with values.'],
    ['failure-threshold: warnin\n', '19: "failure-threshold" must be "error", "warning", "info", "style", "ignore" or "none", not "warnin"; did you mean "warning"?'],
    ['no-fail: 1\n', '9: "no-fail" must be "true" or "false", not "1".'],
    ['label-schema:\n  a: urls\n', /^19: "a" must be .*not "urls"; did you mean "url"\?$/],
    [`a:${' ['.repeat(200)}`, /it is nested too deeply here/],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(typeof message === 'string' ? new ConfigError(message) : message);
  });

  it('is read in time, whatever it holds', () => {
    for (const piece of ['[', '{', '- ', 'a: ', '"', "'", '\\', '#', ' #', 'a:\n ', '[a,', '{a: ', '&a [*a,']) {
      const start = performance.now();
      try {
        read(`ignored: ${piece.repeat(100_000)}`);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });
});

describe("hadolint's variables", () => {
  it('say what the file does not, and more', () => {
    const environment = {
      HADOLINT_IGNORE: 'DL3008, SC2086', HADOLINT_OVERRIDE_ERROR: 'DL3001', HADOLINT_OVERRIDE_STYLE: 'DL3002', HADOLINT_TRUSTED_REGISTRIES: 'docker.io,*.gcr.io',
      HADOLINT_REQUIRE_LABELS: 'author:text,version:semver,bad:none,:x', HADOLINT_STRICT_LABELS: 'Yes', HADOLINT_DISABLE_IGNORE_PRAGMA: 'on',
      HADOLINT_FAILURE_THRESHOLD: 'error', HADOLINT_FORMAT: 'json,tty',
    };
    expect(read('', environment)).toEqual({
      ignored: ['DL3008', 'SC2086'], levels: [['DL3002', 'info'], ['DL3001', 'error']], trusted: ['docker.io', '*.gcr.io'], labels: { author: 'text', version: 'semver' },
      strictLabels: true, comments: false, failOn: 'error', noColor: false, formats: ['json', 'tty-compact'],
    });
    const both = read('ignored: [DL3009]\nfailure-threshold: info\nstrict-labels: false\nlabel-schema: {author: url}\nformat: sarif\n', environment);
    expect(both).toMatchObject({ ignored: ['DL3009', 'DL3008', 'SC2086'], failOn: 'info', strictLabels: false, labels: { author: 'text' }, formats: ['sarif', 'json', 'tty-compact'] });
  });

  it('drop what is nothing', () => {
    expect(read('', { HADOLINT_NOFAIL: 'maybe', HADOLINT_FAILURE_THRESHOLD: 'x', HADOLINT_IGNORE: ' , ' })).toEqual(nothing);
    expect(read('', { HADOLINT_NOFAIL: '1' }).failOn).toBe('none');
  });
});

const examples = [{ bad: 'FROM a\n', good: 'FROM b\n' }] as const;
const finds = (code: string, about: string, options: AnyRule['options'] = {}, sources = [code]): AnyRule => defineRule({
  summary: about, why: 'Because.', severity: 'warning', sources: sources.map((each) => `hadolint/${each}`), examples, options,
  * check({ file }) {
    for (const { keyword, keywordSpan } of file.instructions) if (keyword === 'RUN') yield { at: keywordSpan, message: about, sources: [`hadolint/${code}`] };
  },
});
const rules: ReadonlyMap<string, AnyRule> = new Map([
  ['size/apt', finds('DL3015', 'apt')],
  ['reproducibility/unpinned-package', finds('DL3008', 'pins', { system: { default: false, about: 'System.' }, tools: { default: false, about: 'Tools.' } }, ['DL3008', 'DL3013'])],
  ['security/untrusted-registry', { ...finds('DL3026', 'registry', { trusted: { default: [], about: 'Trusted.' } }), severity: 'off' }],
  ['correctness/label-schema', { ...finds('DL3049', 'label', { schema: { default: {}, about: 'Labels.' }, strict: { default: false, about: 'Only these.' } }, ['DL3049', 'DL3050', 'DL3051']), severity: 'off' }],
]);

describe('rules for them', () => {
  it('are set by code; the stricter level counts, and what is ignored is', () => {
    const text = 'ignored: [DL3015, DL9999, XY1, SC2086]\noverride:\n  error: [DL3015, DL3008]\n  style: [DL3008]\n';
    expect(rulesTable(read(text), rules, 'recommended')).toEqual({ DL3015: 'off', DL9999: 'off', SC2086: 'off', DL3008: ['error', expect.objectContaining({ system: true })] });
    expect(rulesTable(read(text), rules, 'hadolint')).toEqual({ DL3015: 'off', DL9999: 'off', SC2086: 'off', DL3008: 'error' });
    expect(rulesTable(read('override:\n  warning: [DL3008]\n'), rules, 'hadolint')).toEqual({});
  });

  it('know trusted registries and labels', () => {
    const text = 'trustedRegistries: [docker.io]\nlabel-schema:\n  author: text\nstrict-labels: true\nignored: [DL3049]\n';
    for (const preset of ['recommended', 'hadolint'] as const) {
      expect(rulesTable(read(text), rules, preset)).toMatchObject({
        DL3026: ['error', { trusted: ['docker.io'] }], DL3049: 'off', DL3051: ['warning', { schema: { author: 'text' }, strict: true }],
      });
    }
    expect(rulesTable(read(text), new Map([...rules].slice(0, 1)), 'hadolint')).toEqual({ DL3049: 'off' });
  });
});

const root = mkdtempSync(join(tmpdir(), 'shipshape-hadolint-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String((folders += 1)));
  for (const [name, text] of Object.entries({ '.git/HEAD': '', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const loaderIn = (folder: string, environment: Readonly<Record<string, string>> = {}, more: Partial<ConfigRequest> = {}): ConfigLoader =>
  new ConfigLoader({ rules, allowPlugins: false, hadolint: { folder, environment }, ...more });

describe("which of hadolint's configs counts", () => {
  it('is the nearest up to the root of the repository', async () => {
    const folder = folderWith({ '.hadolint.yaml': 'ignored: [DL3015]', 'a/.hadolint.yml': '', 'a/b/Dockerfile': '', 'c/Dockerfile': '', 'd/.git': 'gitdir: elsewhere', 'd/Dockerfile': '' });
    const loader = loaderIn(join(folder, 'c'));
    const fileOf = async (path: string): Promise<string> => relative(folder, (await loader.load(join(folder, path)))?.file ?? '?');
    expect(await fileOf('a/b')).toBe(join('a', '.hadolint.yml'));
    expect(await fileOf('c')).toBe('.hadolint.yaml');
    expect(await loader.load(join(folder, 'd'))).toBeUndefined();
    expect(await loader.load(join(folder, 'c'))).toBe(await loader.load(folder));
    expect((await loader.load(folder))?.settings).toMatchObject([{ ids: ['size/apt'], name: 'DL3015', severity: 'off' }]);
  });

  it('is none where a config of ours is as near', async () => {
    const folder = folderWith({ 'shipshape.json': '{}', '.hadolint.yaml': 'broken: [', 'a/.hadolint.yaml': '', 'a/b/shipshape.json': '{}' });
    const loader = loaderIn(folder);
    expect(await loader.load(folder)).toMatchObject({ file: join(folder, 'shipshape.json'), passedOver: join(folder, '.hadolint.yaml') });
    expect(await loader.load(join(folder, 'a'))).toMatchObject({ file: join(folder, 'a', '.hadolint.yaml') });
    expect(await loader.load(join(folder, 'a', 'b'))).toMatchObject({ file: join(folder, 'a', 'b', 'shipshape.json'), passedOver: join(folder, 'a', '.hadolint.yaml') });
    expect(await loader.hadolintSettings(folder)).toBeUndefined();
    expect(await loader.hadolintSettings(join(folder, 'a'))).toEqual(nothing);
  });

  it('is that of the working folder, else that of the user, else what variables say', async () => {
    const folder = folderWith({ 'Dockerfile': '', 'cwd/.hadolint.yaml': '', 'home/.config/hadolint.yml': '', 'home/.hadolint.yaml': '', 'xdg/hadolint.yaml': '', 'old/.hadolint/config.yaml': '' });
    const fileFor = async (cwd: string, environment: Readonly<Record<string, string>>): Promise<string | undefined> => {
      const config = await loaderIn(join(folder, cwd), environment).load(folder);
      return config && (config.file === undefined ? 'variables' : relative(folder, config.file));
    };
    const home = { HOME: join(folder, 'home') };
    expect(await fileFor('cwd', home)).toBe(join('cwd', '.hadolint.yaml'));
    expect(await fileFor('', home)).toBe(join('home', '.config', 'hadolint.yml'));
    expect(await fileFor('', { ...home, XDG_CONFIG_HOME: join(folder, 'xdg') })).toBe(join('xdg', 'hadolint.yaml'));
    expect(await fileFor('', { ...home, XDG_CONFIG_HOME: join(folder, 'none') })).toBe(join('home', '.hadolint.yaml'));
    expect(await fileFor('', { HOME: join(folder, 'old') })).toBe(join('old', '.hadolint', 'config.yaml'));
    expect(await fileFor('', { HADOLINT_IGNORE: 'DL3015' })).toBe('variables');
    expect(await fileFor('', { HADOLINT_IGNORE: '' })).toBeUndefined();
  });

  it('is the one that is given, or none', async () => {
    const folder = folderWith({ '.hadolint.yaml': 'ignored: [DL3015]', 'other.yml': 'disable-ignore-pragma: true' });
    expect(await loaderIn(folder, {}, { file: join(folder, 'other.yml') }).load(folder)).toMatchObject({ settings: [], hadolintComments: false });
    expect(await loaderIn(folder, { HADOLINT_IGNORE: 'DL3015' }, { none: true }).load(folder)).toBeUndefined();
    expect(await loaderIn(folder, {}, { hadolint: undefined }).load(folder)).toBeUndefined();
  });

  it('is refused with its place where it is broken', async () => {
    const folder = folderWith({ '.hadolint.yaml': 'ignored:\n  - DL3008\n  - "DL\n' });
    const place = relative(process.cwd(), join(folder, '.hadolint.yaml'));
    await expect(loaderIn(folder).load(folder)).rejects.toThrow(new ConfigError(`${place}:3:5: The config is not YAML that can be read: a quote is not closed here.`));
  });
});

describe('what it does to a lint', () => {
  async function messages(config: string, text: string): Promise<string[]> {
    const folder = folderWith({ '.hadolint.yaml': config });
    const loaded = await loaderIn(folder).load(folder);
    const active = resolveRules(rules, loaded, { only: [], ignore: [], levels: [] }, join(folder, 'Dockerfile'));
    const known = new Map([['dl3015', ['size/apt']]]);
    const request = { path: 'Dockerfile', rules: active, known, context: undefined, contextGiven: false, buildArguments: {}, target: undefined, hadolintComments: loaded?.hadolintComments };
    return lintText(text, request).diagnostics.map(({ severity, message }) => `${severity} ${message}`);
  }

  it('sets levels, and leaves other rules as they are', async () => {
    expect(await messages('', 'FROM a\nRUN x\n')).toEqual(['warning pins', 'warning apt']);
    expect(await messages('ignored: [DL3008]\noverride:\n  error: [DL3015]\ntrustedRegistries: [x]\n', 'FROM a\nRUN x\n')).toEqual(['error registry', 'error apt']);
  });

  it('lets comments ignore nothing where it says so', async () => {
    const text = 'FROM a\n# hadolint ignore=DL3015\nRUN x\n';
    expect(await messages('', text)).toEqual(['warning pins']);
    expect(await messages('disable-ignore-pragma: true', text)).toEqual(['warning pins', 'warning apt']);
  });
});

describe('comments that name the shell', () => {
  const shells = (text: string): string[] => {
    const file = readDockerfile(text);
    return file.instructions.filter(({ keyword }) => keyword === 'RUN').map((run) => file.stateAt(run).shell.join(' '));
  };
  const sh = '/bin/sh -c';

  it.each([
    ['FROM a\nRUN x\n# hadolint shell=powershell\nRUN y\nRUN z\nFROM b\nRUN x\n', [sh, 'powershell -c', 'powershell -c', sh]],
    ['# hadolint shell=bash\nFROM a AS b\nRUN x\nFROM c\nRUN x\nFROM b\nRUN x\n', ['bash -c', 'bash -c', 'bash -c']],
    ['ARG A\n# hadolint shell = /bin/bash -e # why\nFROM a\nRUN x\n', ['/bin/bash -c']],
    ['# hadolint shell=powershell\nFROM a\nSHELL ["sh", "-c"]\nRUN x\n', ['sh -c']],
    ['FROM a AS b\n# hadolint shell=bash\nRUN x\nFROM b\nRUN x\n', ['bash -c', 'bash -c']],
    ['FROM a\nRUN x \\\n# hadolint shell=bash\n  y\nRUN z\n', [sh, sh]],
    ['FROM a\n# hadolint shell=\nRUN x\n', [sh]],
  ])('%j', (text, expected) => {
    expect(shells(text)).toEqual(expected);
  });

  it('keep PowerShell from being read as a script of sh', () => {
    const text = 'FROM a\n# hadolint shell=powershell\nRUN apt-get install x\n';
    expect(readDockerfile(text).commands).toEqual([]);
    expect(readDockerfile(text.replace(/#.*\n/, '')).commands).toHaveLength(1);
  });
});
