import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const hasNeovim = spawnSync('nvim', ['--version']).status === 0;
/** Where every client has to be there, one that is missing is a failure. */
const isSkipped = !hasNeovim && (process.env['SHIPSHAPE_MISSING_CLIENT'] ?? '0') === '0';
if (isSkipped) console.warn('The test with a real editor is skipped: there is no nvim on the PATH (Debian: apt-get install neovim).');

describe.skipIf(isSkipped)('Neovim', () => {
  it('is installed', () => expect(hasNeovim, 'there is no nvim on the PATH (Debian: apt-get install neovim)').toBe(true));

  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shipshape-nvim-'));
    execFileSync(process.execPath, ['bench/build.mjs', '--no-types', '--out', join(folder, 'dist')], { cwd: root, stdio: 'pipe' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([['\n'], ['\r\n']])('shows a finding, applies the fix and saves (lines end with %j)', (newline) => {
    const dockerfile = join(folder, 'Dockerfile');
    const text = ['FROM debian:12', 'LABEL who="👩‍🚀"', 'RUN echo "😀"', 'CMD uvicorn "😀" main:app', ''].join(newline);
    writeFileSync(dockerfile, text);
    const { stdout, stderr, status } = spawnSync('nvim', ['--clean', '--headless', '-n', '-S', join(root, 'test/editors/neovim.lua')], {
      encoding: 'utf8',
      timeout: 90_000,
      env: {
        ...process.env, HOME: folder, NODE: process.execPath, SHIPSHAPE: join(folder, 'dist/cli.js'), DOCKERFILE: dockerfile,
        CODE: 'correctness/shell-form-cmd', ACTION: 'Write CMD as a JSON array (safe)',
      },
    });
    expect({ seen: JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), status }, stderr).toMatchObject({
      seen: { line: 3, titles: expect.arrayContaining(['Write CMD as a JSON array (safe)', 'Ignore correctness/shell-form-cmd for this instruction']), exit: 0 },
      status: 0,
    });
    expect(readFileSync(dockerfile, 'utf8')).toBe(text.replace('CMD uvicorn "😀" main:app', 'CMD ["uvicorn", "😀", "main:app"]'));
  }, 120_000);
});
