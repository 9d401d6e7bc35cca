import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { rules } from '../rules/index.ts';
import { commands } from '../src/cli.ts';
import { lintGroups } from '../src/cli/table.ts';
import type { Terminal } from '../src/cli/terminal.ts';
import { formatNames } from '../src/report/formats.ts';
import { runIn, type Outcome } from './support/run.ts';

const run = (words: readonly string[], environment: Terminal['environment'] = {}): Promise<Outcome> => runIn('/', words, { environment });

/** The answers to a line, whose last word is the one at the cursor. */
async function ask(...line: readonly string[]): Promise<string[]> {
  const { code, output, errors } = await run(['--get-yargs-completions', 'shipshape', ...line]);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  return output.split('\n').slice(0, -1);
}

const ids = [...rules.keys()];
const cacheRules = ids.filter((id) => id.startsWith('cache/'));

describe('what is answered to a shell', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('commands, in the first place only', async () => {
    vi.stubEnv('SHELL', '/bin/bash');
    expect(await ask('')).toEqual(Object.keys(commands));
    expect(await ask('exp')).toEqual(['explain']);
    expect(await ask('app/Dockerfile', '')).toEqual([]);
  });

  it('the options of the command', async () => {
    vi.stubEnv('SHELL', '/bin/bash');
    const all = Object.values(lintGroups).flatMap((table) => Object.entries(table))
      .flatMap(([name, { deniable }]) => [`--${name}`, ...(deniable === true ? [`--no-${name}`] : [])]);
    expect(all).toContain('--no-color');
    expect((await ask('--')).sort()).toEqual(all.sort());
    expect(await ask('-')).toEqual(await ask('--'));
    expect(await ask('Dockerfile', '--fix', '--f')).toEqual(['--fail-on', '--format']);
    expect(await ask('rules', '--f')).toEqual(['--format']);
    expect(await ask('lsp', '--s')).toEqual(['--stdio']);
    expect(await ask('--', '--f')).toEqual([]);
  });

  it('the values of options', async () => {
    vi.stubEnv('SHELL', '/bin/bash');
    expect(await ask('--fail-on', '')).toEqual(['error', 'warning', 'info', 'none']);
    expect(await ask('.', '--fail-on', 'w')).toEqual(['warning']);
    expect(await ask('--preset', '')).toEqual(['recommended', 'all', 'hadolint', 'buildkit']);
    expect(await ask('-f', '')).toEqual(formatNames);
    expect(await ask('--format', 'ju')).toEqual(['junit']);
    expect(await ask('rules', '-f', '')).toEqual(['stylish', 'json']);
    expect(await ask('--fail-on=e')).toEqual(['--fail-on=error']);
    for (const option of ['--context', '--config', '-o', '--target']) expect(await ask(option, '')).toEqual([]);
  });

  it('rules, by any of their names, and lists of them', async () => {
    vi.stubEnv('SHELL', '/bin/bash');
    for (const before of ['explain', '--only', '--ignore']) {
      expect(await ask(before, '')).toEqual(ids);
      expect(await ask(before, 'cache/')).toEqual(cacheRules);
      expect(await ask(before, 'shell-f')).toEqual(['shell-form-cmd']);
      expect(await ask(before, 'DL3059')).toEqual(['DL3059']);
      expect(await ask(before, 'no-such')).toEqual([]);
    }
    expect(await ask('--only', 'size/pip-cache,cache/u')).toEqual(cacheRules.filter((id) => id.startsWith('cache/u')).map((id) => `size/pip-cache,${id}`));
    expect(await ask('--rule', 'size/pip')).toEqual(['size/pip-cache=']);
    expect(await ask('--rule', 'size/pip-cache=')).toEqual(['error', 'warning', 'info', 'off'].map((level) => `size/pip-cache=${level}`));
  });

  it('what other commands take', async () => {
    vi.stubEnv('SHELL', '/bin/bash');
    expect(await ask('rules', 's')).toEqual([...new Set(ids.map((id) => id.split('/')[0] ?? ''))].filter((category) => category.startsWith('s')));
    expect(await ask('completion', '')).toEqual(['bash', 'zsh']);
    expect(await ask('help', 'e')).toEqual(['explain']);
    expect(await ask('lsp', '')).toEqual([]);
    expect(await ask('migrate', '--')).toEqual(['--dry-run', '--force', '--help', '--version']);
  });

  it('only the part that bash has not split off', async () => {
    vi.stubEnv('SHELL', '/bin/bash');
    expect(await ask('--only', '=', 'cache/')).toEqual(cacheRules);
    expect(await ask('--fail-on', '=')).toEqual(['error', 'warning', 'info', 'none']);
    expect(await ask('--rule', 'size/pip-cache', '=', 'w')).toEqual(['warning']);
    expect(await ask('--rule', '=', 'size/pip-cache', '=', 'w')).toEqual(['warning']);
    expect(await ask('-f', 'sarif', '=', 'out')).toEqual([]);
  });

  it('for zsh, what they are about', async () => {
    vi.stubEnv('SHELL', '/usr/bin/zsh');
    expect(await ask('ru')).toEqual(['rules:Lists the rules.']);
    expect(await ask('--fi')).toEqual(['--fix:Apply the safe fixes, after which the image behaves the same']);
    expect(await ask('--fail-on', 'e')).toEqual(['error']);
  });
});

describe('shipshape completion', () => {
  it('prints the script of a shell', async () => {
    const bash = await run(['completion', 'bash']);
    const zsh = await run(['completion', 'zsh']);
    expect(bash).toMatchObject({ code: 0, output: expect.stringContaining('complete -o bashdefault -o default -F _shipshape shipshape\n') });
    expect(zsh).toMatchObject({ code: 0, output: expect.stringMatching(/^#compdef shipshape\n/) });
    expect(await run(['completion'], { SHELL: '/bin/zsh' })).toEqual(zsh);
    expect(await run(['completion'])).toEqual(bash);
  });

  it('knows no other', async () => {
    expect(await run(['completion', 'fish'])).toEqual({ code: 2, output: '', errors: 'shipshape: There is no completion for "fish"; there is one for bash and zsh.\n' });
    expect((await run(['completion', 'bsh'])).errors).toContain('bash');
  });
});

describe('in a shell', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shipshape-completion-'));
    execFileSync(process.execPath, ['bench/build.mjs', '--no-types', '--out', join(folder, 'dist')], { cwd: join(import.meta.dirname, '..'), stdio: 'pipe' });
    symlinkSync(join(folder, 'dist/cli.js'), join(folder, 'shipshape'));
    writeFileSync(join(folder, 'Dockerfile'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A shell that is not that of the login. */
  const shell = (program: string, words: readonly string[], script: string): string => {
    const env = { ...process.env, SHELL: '/bin/zsh', PATH: [folder, dirname(process.execPath), process.env['PATH']].join(':') };
    const { status, stdout, stderr } = spawnSync(program, [...words, '-c', script], { cwd: folder, encoding: 'utf8', env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };
  const bash = (...line: readonly string[]): string[] => shell('bash', ['--norc'], `set -u; source <(shipshape completion bash); COMP_WORDS=(shipshape ${line.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${line.length}
    _shipshape; for each in "\${COMPREPLY[@]}"; do echo "$each"; done`).split('\n').slice(0, -1);

  it('bash completes', () => {
    expect(bash('--fail-on', '')).toEqual(['error', 'warning', 'info', 'none']);
    expect(bash('explain', 'cache/')).toEqual(cacheRules);
    expect(bash('--only', '=', 'cache/')).toEqual(cacheRules);
    expect(bash('--fi')).toEqual(['--fix']);
    expect(bash('ru')).toEqual(['rules']);
    expect(bash('Docker')).toEqual([]);
    expect(shell('bash', ['--norc'], 'source <(shipshape completion bash); complete -p shipshape')).toBe('complete -o bashdefault -o default -F _shipshape shipshape\n');
  });

  it.skipIf(spawnSync('zsh', ['--version']).error !== undefined)('zsh completes', () => {
    const script = (line: string, current: number): string => `compdef() {}; source <(shipshape completion zsh); _describe() { print -l -- "\${(@P)2}" }; _files() { print files }
      words=(${line}); CURRENT=${current}; _shipshape`;
    expect(shell('zsh', ['-f'], script('shipshape --fail-on w', 3))).toBe('warning\n');
    expect(shell('zsh', ['-f'], script('shipshape ru', 2))).toBe('rules:Lists the rules.\n');
    expect(shell('zsh', ['-f'], script('shipshape --only=cache/u ignored', 2))).toContain('--only=cache/use-bind-mount\n');
    expect(shell('zsh', ['-f'], script("shipshape Dockerfile ''", 3))).toBe('files\n');
  });
});
