import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runIn, type Outcome } from './support/run.ts';

/** `apt-get install` without a version (DL3008), and an image without a tag (DL3006). */
const bad = 'FROM debian\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n';

let folder = '';
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  folder = mkdtempSync(join(tmpdir(), 'shipshape-hadolint-cli-'));
  write({ '.git/HEAD': '' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const run = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> => runIn(folder, words, { environment });

/** Runs, and gives the lines of the findings of two rules. */
async function found(words: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const { output } = await run(['-f', 'gnu', ...words], environment);
  return [...output.matchAll(/: (\w+): .*\[\w+\/(untagged-image|unpinned-package)\]/g)].map(([, level, rule]) => `${level ?? ''} ${rule ?? ''}`);
}

describe("a run with hadolint's config", () => {
  it('honours what is ignored, and its levels', async () => {
    write({ Dockerfile: bad });
    expect(await found()).toEqual(['warning untagged-image']);
    write({ '.hadolint.yaml': 'ignored:\n  - DL3006\noverride:\n  error:\n    - DL3008\n' });
    expect(await found()).toEqual(['error unpinned-package']);
    expect(await found(['--rule', 'DL3008=off'])).toEqual([]);
    expect(await found(['--no-config'])).toEqual(['warning untagged-image']);
    expect(await found([], { HADOLINT_IGNORE: 'DL3008' })).toEqual([]);
    expect(await found(['--config', '.hadolint.yaml'])).toEqual(['error unpinned-package']);
  });

  it('reads variables where there is no config at all', async () => {
    write({ Dockerfile: bad });
    expect(await found([], { HADOLINT_OVERRIDE_ERROR: 'DL3006' })).toEqual(['error untagged-image']);
    expect((await run(['--verbose'], { HADOLINT_IGNORE: 'DL3006' })).errors).toContain('config HADOLINT_* variables,');
    write({ 'shipshape.json': '{}' });
    expect(await found([], { HADOLINT_OVERRIDE_ERROR: 'DL3006' })).toEqual(['warning untagged-image']);
  });

  it('leaves it unread beside a config of ours, and says so', async () => {
    write({ 'a/Dockerfile': bad, 'shipshape.json': '{"rules": {"DL3006": "error"}}', '.hadolint.yaml': 'ignored: [DL3006]\nno-fail: true\nformat: json\n' });
    expect(await found()).toEqual(['error untagged-image']);
    const { code, errors, output } = await run(['--verbose', 'a']);
    expect(code).toBe(1);
    expect(errors).toContain('config shipshape.json (.hadolint.yaml is not read beside it),');
    expect(output).not.toMatch(/^\{/);
    write({ 'a/.hadolint.yml': 'ignored: [DL3006]\n' });
    expect(await found()).toEqual([]);
  });

  it('takes its threshold, format and colours where the command line says none', async () => {
    write({ Dockerfile: bad, '.hadolint.yaml': 'failure-threshold: error\nformat: json\nno-color: true\n' });
    const { code, output } = await run([]);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ version: 1 });
    expect((await run(['--fail-on', 'warning'])).code).toBe(1);
    expect((await run(['-f', 'gnu'])).output).toMatch(/^Dockerfile:1:/);
    expect((await runIn(folder, ['-f', 'stylish'], { isTerminal: true })).output).not.toContain('\x1b[');
    expect((await run(['--diff'])).output).not.toMatch(/^\{/);
    write({ '.hadolint.yaml': 'no-fail: true\n' });
    expect((await run([])).code).toBe(0);
    expect((await run([], { HADOLINT_FORMAT: 'sarif' })).output).toContain('"runs"');
  });

  it('says what it can not do', async () => {
    write({ Dockerfile: bad, '.hadolint.yaml': 'format: codacy\n' });
    expect(await run([])).toMatchObject({ code: 2, output: '', errors: expect.stringContaining('hadolint\'s format "codacy", which its config asks for, is none of ours; choose with --format') });
    expect((await run(['-f', 'gnu'])).code).toBe(1);
    write({ '.hadolint.yaml': 'ignored:\n  - [DL3006\n' });
    expect(await run([])).toMatchObject({ code: 2, output: '', errors: expect.stringMatching(/\.hadolint\.yaml:2:5: The config is not YAML that can be read: a bracket is not closed here\.\n$/) });
    expect((await run(['--no-config'])).code).toBe(1);
  });

  it('honours them in several runs with a cache', async () => {
    write({ Dockerfile: `FROM debian:12\n# hadolint ignore=DL3008\n${bad.split('\n')[1] ?? ''}\n`, '.hadolint.yaml': 'override: {error: [DL3008]}\n' });
    expect(await found(['--cache'])).toEqual([]);
    write({ '.hadolint.yaml': 'override: {error: [DL3008]}\ndisable-ignore-pragma: true\n' });
    expect(await found(['--cache'])).toEqual(['error unpinned-package']);
  });
});

describe('shipshape migrate', () => {
  const settings = 'ignored:\n  - DL3006\n  - SC9999\n  - DL9999\noverride:\n  error: [DL3008]\n  warning: [DL3013]\nfailure-threshold: warning\nformat: tty\ndisable-ignore-pragma: true\n';
  const config = (): string => readFileSync(join(folder, 'shipshape.json'), 'utf8');

  it('writes a config that finds the same', async () => {
    write({ 'a/Dockerfile': bad, '.hadolint.yaml': settings });
    const { code, output, errors } = await run(['migrate', 'a']);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toBe(`Wrote shipshape.json from .hadolint.yaml: the checks of hadolint at its levels, and 4 settings.
Look at this: No rule does what DL9999 does.
Look at this: disable-ignore-pragma is not carried over: comments that ignore rules count.
Look at this: What makes a run fail is said on the command line: --fail-on warning.
Look at this: The format is said there too: -f tty-compact.
Set "preset" to "recommended" for all that shipshape finds, without what few would mend.
`);
    expect(config()).toBe(`{
  "$schema": "./node_modules/shipshape/shipshape.schema.json",
  "preset": "hadolint",
  "rules": {
    "DL3008": "error",
    "DL3006": "off",
    "SC9999": "off",
    "DL9999": "off"
  }
}
`);
    expect(await found()).toEqual(['error unpinned-package']);
  });

  it('replaces nothing that is there but with --force, and writes nothing with --dry-run', async () => {
    write({ '.hadolint.yml': '', 'shipshape.json': '{}' });
    expect(await run(['migrate'])).toEqual({ code: 2, output: '', errors: 'shipshape: "shipshape.json" is there already; --force replaces it.\n' });
    const dry = await run(['migrate', '--dry-run'], { HADOLINT_IGNORE: 'DL3006' });
    expect(dry.output).toBe('{\n  "$schema": "./node_modules/shipshape/shipshape.schema.json",\n  "preset": "hadolint"\n}\n');
    expect(dry.errors).toContain('Would write shipshape.json from .hadolint.yml');
    expect(dry.errors).toContain('HADOLINT_* variables are no longer read beside it.');
    expect(config()).toBe('{}');
    expect((await run(['migrate', '--force'])).code).toBe(0);
    expect(config()).toBe(dry.output);
  });

  it('goes beside a config of the user, in the folder that is named', async () => {
    write({ 'home/.hadolint.yaml': 'ignored: [DL3006]', 'project/.git/HEAD': '' });
    expect((await run(['migrate', 'project'], { HOME: join(folder, 'home') })).code).toBe(0);
    expect(readFileSync(join(folder, 'project/shipshape.json'), 'utf8')).toContain('"DL3006": "off"');
  });

  it('refuses what it can not do', async () => {
    expect((await run(['migrate'])).errors).toContain('There is no .hadolint.yaml here or above');
    expect((await run(['migrate', 'nowhere'])).errors).toBe('shipshape: "nowhere" is not a folder.\n');
    expect((await run(['migrate', '.', '.'])).errors).toBe('shipshape: Which folder? Name one.\n');
    write({ '.hadolint.yaml': 'ignored: {a: b}\n' });
    expect(await run(['migrate'])).toMatchObject({ code: 2, errors: expect.stringContaining('.hadolint.yaml:1:10: "ignored" must be a list.') });
    expect(existsSync(join(folder, 'shipshape.json'))).toBe(false);
    write({ '.hadolint.yaml': '' });
    symlinkSync('elsewhere.json', join(folder, 'shipshape.json'));
    expect((await run(['migrate', '--force'])).errors).toContain('"shipshape.json" is a symbolic link');
  });
});
