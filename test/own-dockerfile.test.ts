import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openContext } from '../src/context/disk.ts';
import { runIn } from './support/run.ts';

const root = join(import.meta.dirname, '..');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

/** A program that is no service is asked nothing; who uses the image pins it; its user is known by name. */
const contested = ['unpinned-digest', 'missing-healthcheck', 'named-user'];

/** The report of a run in which every rule is on, but for those. */
async function report(words: readonly string[], input = ''): Promise<string> {
  const { output, errors } = await runIn(root, [...words, '--preset', 'all', '--no-config', '--fail-on', 'info', '--ignore', contested.join(',')], { input });
  return output + errors;
}

describe('our own Dockerfile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-own-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has no finding, whatever else is switched on', async () => {
    expect(await report(['Dockerfile'])).toBe('✔ no findings in 1 file\n');
  });

  it('would have one if it were worse', async () => {
    const words = ['-', '--stdin-filename', 'Dockerfile', '--context', '.', '-f', 'gnu'];
    expect(await report(words, dockerfile)).toBe('');
    expect(await report(words, dockerfile.replace('USER node', 'USER root'))).toContain('[security/no-root-user]');
    expect(await report(words, dockerfile.replaceAll('-bookworm-slim', ''))).toContain('[size/fat-base-image]');
  });

  it('builds with what the ignore file sends', () => {
    const context = openContext(root, join(root, 'Dockerfile'));
    const sent = context.sentBelow('');
    expect(sent.filter((path) => !/^(?:src|rules|bench)\/|^(?:package(?:-lock)?\.json|\.npmrc|LICENSE|tsconfig\.json)$/.test(path))).toEqual([]);
    for (const path of sent) {
      mkdirSync(dirname(join(folder, 'build', path)), { recursive: true });
      copyFileSync(join(root, path), join(folder, 'build', path));
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'build/node_modules'));
    const [program = '', ...words] = /^RUN (node bench.*)$/m.exec(dockerfile)?.[1]?.split(' ') ?? [];
    execFileSync(program, words, { cwd: join(folder, 'build'), stdio: 'pipe' });
    const { status, stdout } = spawnSync('node', [join(folder, 'build/dist/cli.js'), '-', '--no-config', '-f', 'gnu'], { cwd: folder, input: 'FROM debian\n', encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining('[reproducibility/untagged-image]') });
  });
});
