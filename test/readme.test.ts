import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands, lint } from '../src/cli.ts';
import * as api from '../src/index.ts';
import { formatNames } from '../src/report/formats.ts';
import { runIn } from './support/run.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The blocks of code in a language; none for those without. */
const blocks = (language: string): string[] => [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, name, text]) => (name === language && text !== undefined ? [text] : []));

describe('the README', () => {
  it('tells the truth of the picture, and shows a diff that is one', async () => {
    const report = await runIn(root, ['fixtures/genai-service', '--no-config', '-f', 'gnu']);
    const shown = /!\[Three of the (\d+) findings: [^\]]*\]\(docs\/terminal\.svg\)/.exec(readme)?.[1];
    expect(Number(shown)).toBe(report.output.trimEnd().split('\n').length);
    const { output } = await runIn(root, ['fixtures/genai-service', '--no-config', '--diff']);
    const [diff = ''] = blocks('diff');
    expect(diff).toContain('+COPY requirements.txt ./\n');
    expect(output).toContain(`\n${diff}`);
  });

  it('names only options, commands and formats that there are, and all formats', () => {
    const known = new Set([lint, ...Object.values(commands)].flatMap(({ groups }) => Object.values(groups)).flatMap((table) => Object.entries(table))
      .flatMap(([name, { deniable }]) => [name, ...(deniable === true ? [`no-${name}`] : [])]));
    const lines = [...[...readme.matchAll(/`((?:--|shipshape )[^`\n]+)`/g)].map(([, line]) => line ?? ''), ...blocks('').join('').split('\n').filter((line) => line.includes('shipshape '))];
    const named = lines.map((line) => line.replace(/^docker (?:run .* shipshape|build .*)/, '')).flatMap((line) => [...line.matchAll(/(?<!\S|\[)--([a-z-]+)/g)].map(([, name]) => name ?? ''));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    const words = lines.flatMap((line) => /^shipshape ([a-z]+)\b/.exec(line)?.[1] ?? []);
    expect(words.filter((word) => !Object.hasOwn(commands, word))).toEqual([]);
    const list = /Reports come as (.*? and `\w+`)/s.exec(readme)?.[1] ?? '';
    expect([...list.matchAll(/`([\w-]+)`/g)].map(([, name]) => name)).toEqual(formatNames);
  });

  it('links to what is there', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => link ?? '');
    expect(links).toContain('docs/terminal.svg');
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it('has examples that work', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shipshape-readme-'));
    const [config = ''] = blocks('jsonc');
    writeFileSync(join(folder, 'shipshape.json'), config);
    const [ignoring = ''] = blocks('dockerfile');
    writeFileSync(join(folder, 'Dockerfile'), `${ignoring}RUN apt-get install -y gcc\n`);
    const { code, output, errors } = await runIn(folder, ['.', '-f', 'gnu']);
    rmSync(folder, { recursive: true });
    expect({ code, errors }).toEqual({ code: 1, errors: '' });
    // What the config and the comment switch off stays away; what the config's options ask for is there.
    expect(output).not.toMatch(/size\/apt-recommends|size\/fat-base-image/);
    expect(output).toContain('reproducibility/unpinned-package');
    const [text] = blocks('ts').map((block) => /lint\('(.*)'\)/.exec(block)?.[1]?.replaceAll('\\n', '\n') ?? '');
    const { findings } = await api.lint(text ?? '');
    expect(findings.map(({ rule }) => rule)).toContain('reproducibility/untagged-image');
  });
});
