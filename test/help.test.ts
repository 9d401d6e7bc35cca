import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manualPage } from '../bench/manual.ts';
import { commands, lint, type Command } from '../src/cli.ts';
import { runIn, type Outcome } from './support/run.ts';

const run = (...words: readonly string[]): Promise<Outcome> => runIn('/', words);

const optionsOf = ({ groups }: Command): string[] => Object.values(groups).flatMap((table) => Object.keys(table));

describe('shipshape help', () => {
  it('says what --help says', async () => {
    expect(await run('help')).toEqual(await run('--help'));
    for (const name of Object.keys(commands)) {
      const { code, output } = await run('help', name);
      expect({ code, output }).toEqual({ code: 0, output: (await run(name, '--help')).output });
      expect(output).toMatch(new RegExp(`^Usage: shipshape ${name}\\b`));
      for (const option of optionsOf(commands[name] ?? lint)) expect(output).toContain(`--${option}`);
    }
  });

  it('lists every command', async () => {
    const { output } = await run('help');
    for (const name of Object.keys(commands)) expect(output).toMatch(new RegExp(`^ {7}shipshape ${name}\\b`, 'm'));
  });

  it('fits into 80 columns', async () => {
    for (const words of [[], ...Object.keys(commands).map((name) => [name])]) {
      const { output } = await run('help', ...words);
      expect(output.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
    }
  });

  it('knows what is no command', async () => {
    const { code, output, errors } = await run('help', 'explian');
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toBe('shipshape: There is no command "explian"; did you mean "explain"?\n');
    expect((await run('help', 'constructor')).errors).toContain('There is no command "constructor"; there are "explain", "rules"');
  });
});

describe('the manual page', () => {
  const page = manualPage(lint, commands, '1.2.3');

  it('has all sections, commands and options', () => {
    expect([...page.matchAll(/^\.SH (.*)$/gm)].map(([, heading]) => heading))
      .toEqual(['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'EXIT STATUS', 'FILES', 'ENVIRONMENT', 'EXAMPLES']);
    for (const name of Object.keys(commands)) expect(page).toContain(`.SS shipshape ${name}\n`);
    for (const option of [lint, ...Object.values(commands)].flatMap(optionsOf)) expect(page).toContain(`\\fB\\-\\-${option.replaceAll('-', '\\-')}\\fR`);
  });

  it('lets no text become a request, an escape, or a dash that cannot be copied', () => {
    const odd: Command = { ...lint, about: "'quoted\n.so /etc/passwd\\n", groups: { Odd: { 'a-b': { about: '.dot \\fB…' } } } };
    const text = manualPage(odd, {}, '1');
    expect(text).toContain("\n\\&'quoted\n\\&.so /etc/passwd\\en\n");
    expect(text).toContain('\\fB\\-\\-a\\-b\\fR\n\\&.dot \\efB....\n');
    expect(/[^\n -~]/.test(text)).toBe(false);
  });

  it.skipIf(spawnSync('groff', ['--version']).error !== undefined)('is set without a warning', () => {
    const { status, stdout, stderr } = spawnSync('groff', ['-man', '-Tascii', '-P-cbou', '-ww', join(import.meta.dirname, '../shipshape.1')], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^SHIPSHAPE\(1\) +User Commands +SHIPSHAPE\(1\)$/m);
    expect(stdout).toContain('shipshape - lint Dockerfiles and fix them');
    expect(stdout).toContain('--fix --only "cache/*"');
  });
});
