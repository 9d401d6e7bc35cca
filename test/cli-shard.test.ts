import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatNames } from '../src/report/formats.ts';
import { Place } from './support/cli.ts';

const bad = 'FROM debian\nCMD server --port 8000\n';
const one = ['--only', 'shell-form-cmd,untagged-image'];
const place = new Place();

const many = (count: number): Record<string, string> => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}/Dockerfile`, bad]));

/** Writes the reports of all shares; gives their names. */
async function reports(count: number, ...words: readonly string[]): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `${index + 1}.json`);
  for (const [index, name] of names.entries()) await place.run(['--shard', `${index + 1}/${count}`, '-f', `json=${name}`, ...one, ...words]);
  return names;
}

const refusal = async (...words: readonly string[]): Promise<string> => {
  const { code, output, errors } = await place.run(words);
  expect([code, output]).toEqual([2, '']);
  expect(errors.trimEnd().split('\n')).toHaveLength(1);
  expect(errors).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  return errors.replace(/^shipshape: /, '').trimEnd();
};

describe('--shard', () => {
  it('puts every file into exactly one share', async () => {
    place.write(many(40));
    for (const count of [1, 2, 7]) {
      const shares = await Promise.all(Array.from({ length: count }, (_, index) => place.paths([...one, '--shard', `${index + 1}/${count}`])));
      expect(shares.flat().sort()).toEqual(Object.keys(many(40)).sort());
      expect(shares.every((share) => share.length > 0)).toBe(true);
    }
  });

  it('hangs on the path alone, however it is given', async () => {
    place.write(many(12));
    const share = await place.paths([...one, '--shard', '2/3']);
    const others = await place.paths([...one, '--shard', '2/3', ...Object.keys(many(12)).toReversed().map((path) => `./x/.././${path}`)]);
    expect(others.sort()).toEqual(share);
    rmSync(place.at('3'), { recursive: true });
    expect(await place.paths([...one, '--shard', '2/3'])).toEqual(share.filter((path) => path !== '3/Dockerfile'));
    const absolute = await place.paths([...one, '--shard', '2/3', place.folder]);
    expect(absolute).toEqual(share.filter((path) => path !== '3/Dockerfile').map(place.at));
  });

  it('tells of a path that leads nowhere in one share', async () => {
    place.write(many(3));
    const codes = await Promise.all([1, 2, 3].map(async (index) => (await place.run([...one, '--fail-on', 'none', '--shard', `${index}/3`, '.', 'nowhere'])).code));
    expect(codes.sort()).toEqual([0, 0, 2]);
  });

  it('is clean where a share is empty', async () => {
    place.write({ Dockerfile: bad });
    const ran = await Promise.all([1, 2].map((index) => place.run([...one, '--verbose', '--shard', `${index}/2`])));
    expect(ran.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(ran.map(({ errors }) => /^--shard \d\/2: (\d) of 1 file\.\n/.exec(errors)?.[1]).sort()).toEqual(['0', '1']);
  });

  it('asks all files for the stage of --target', async () => {
    place.write({ 'a/Dockerfile': bad, 'b/Dockerfile': 'FROM debian AS last\nRUN true\n' });
    const codes = await Promise.all([1, 2, 3, 4].map(async (index) => (await place.run([...one, '--fail-on', 'none', '--target', 'last', '--shard', `${index}/4`])).code));
    expect(codes).toEqual([0, 0, 0, 0]);
  });

  it.each(['0/3', '4/3', '1/0', '1', '1/', 'a/b', '-1/3', '1/3/5', '1.5/3', '1/99999'])('refuses %s', async (share) => {
    expect(await refusal(`--shard=${share}`)).toBe(`--shard: "${share}" is no share; write I/N with I from 1 to N, as in 1/3.`);
  });

  it('refuses standard input', async () => {
    expect(await refusal('--shard', '1/2', '-')).toBe('--shard is for files: leave out "-".');
  });
});

describe('merge', () => {
  it.each(formatNames)('gives as %s what one run over all files gives', async (format) => {
    place.write({ ...many(9), '4/Dockerfile': 'FROM debian:12\nRUN true\n', '5/Dockerfile': new Uint8Array([0]), '7/Dockerfile': '\uFEFFFROM debian\r\nCMD server\r\n' });
    const names = await reports(3);
    const whole = await place.run([...one, '-f', format]);
    const merged = await place.run(['merge', ...names, '-f', format]);
    expect(merged.code).toBe(whole.code);
    // Edits and notes are not in a report.
    const comparable = (text: string): string => (format === 'sarif' ? JSON.stringify(JSON.parse(text), (key, value: unknown) => (['fixes'].includes(key) ? undefined : value)) : text);
    expect(comparable(merged.output)).toBe(comparable(whole.output));
  });

  it('leaves the source out where it is not at hand, or another one by now', async () => {
    place.write(many(2));
    const names = await reports(2);
    const whole = await place.run(['merge', ...names, '-f', 'stylish']);
    expect(whole.output).toContain('│ CMD server');
    place.write({ '0/Dockerfile': `${bad}# changed\n` });
    rmSync(place.at('1'), { recursive: true });
    for (const format of formatNames) {
      const { code, output } = await place.run(['merge', ...names, '-f', format]);
      expect(code).toBe(1);
      expect(output).toContain('untagged-image');
      expect(output).not.toContain('CMD server');
    }
    const { output } = await place.run(['merge', ...names, '-f', 'gnu']);
    expect(output).toMatch(/^0\/Dockerfile:1:6: .*\n0\/Dockerfile:2:5: .*\n1\/Dockerfile:1:6: .*\n1\/Dockerfile:2:5: /);
  });

  it('shows no file that the report does not prove to know', async () => {
    const finding = { rule: 'a/b', severity: 'error', message: 'M', line: 1, column: 1, endLine: 1, endColumn: 5, sources: [] };
    place.write({ secret: 'token\n', 'r.json': JSON.stringify({ version: 1, files: [{ path: 'secret', findings: [finding] }, { path: './secret', sha256: '0'.repeat(64), findings: [finding] }] }) });
    const { code, output } = await place.run(['merge', 'r.json']);
    expect(code).toBe(1);
    expect(output).not.toContain('token');
  });

  it('makes several reports, and files of them', async () => {
    place.write(many(4));
    const names = await reports(2);
    const { code, output } = await place.run(['merge', ...names, '-f', 'tty-compact', '-f', 'sarif=out.sarif', '-f', 'json=all.json']);
    expect(code).toBe(1);
    expect(output.split('\n')).toHaveLength(9);
    expect(JSON.parse(place.read('out.sarif')).runs[0].results).toHaveLength(8);
    expect(await place.run(['merge', 'all.json', '-f', 'json'])).toMatchObject({ output: place.read('all.json') });
    expect(JSON.parse(place.read('all.json'))).toEqual(JSON.parse((await place.run([...one, '-f', 'json'])).output));
  });

  it('decides on the exit code anew', async () => {
    place.write(many(4));
    const names = await reports(2, '--fail-on', 'none');
    const code = async (...words: readonly string[]): Promise<number> => (await place.run(['merge', ...names, ...words])).code;
    expect([await code(), await code('--fail-on', 'error'), await code('--fail-on', 'none')]).toEqual([1, 0, 0]);
    const { code: tooMany, errors } = await place.run(['merge', ...names, '--fail-on', 'none', '--max-warnings', '7']);
    expect([tooMany, errors]).toEqual([1, '8 warnings: more than the 7 of --max-warnings.\n']);
    expect(await code('--fail-on', 'none', '--max-warnings', '8')).toBe(0);
  });

  it('keeps what was fixed, and what failed', async () => {
    place.write({ 'a/Dockerfile': bad, 'b/Dockerfile': bad });
    const names = await reports(2, '--fix', 'a', 'b', 'nowhere');
    const { code, output } = await place.run(['merge', ...names]);
    expect(code).toBe(2);
    expect(output).toContain('2 fixed');
    expect(output).not.toContain('`--fix` mends');
    expect(output).toContain('Cannot read `nowhere`');
  });

  it('reads a byte order mark, unknown keys, and no files at all', async () => {
    place.write({ 'r.json': '\uFEFF{ "version": 1, "files": [], "later": {} }' });
    expect(await place.run(['merge', 'r.json'])).toEqual({ code: 0, output: '✔ no findings in 0 files\n', errors: '' });
  });

  it('prints nothing of a report raw', async () => {
    const evil = '\u001b[31m\u009b\u0007';
    const finding = { rule: evil, severity: 'error', message: evil, line: 1, column: 1, endLine: 1, endColumn: 5, sources: [evil], fix: { title: evil, safety: 'safe' } };
    place.write({ 'r.json': JSON.stringify({ version: 1, files: [{ path: evil, findings: [finding], error: evil, fixed: [{ rule: evil, title: evil, safety: 'safe' }] }] }) });
    for (const format of formatNames) expect((await place.run(['merge', 'r.json', '-f', format])).output).not.toMatch(/[\u0001-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('merge refuses', () => {
  const report = (files: readonly unknown[]): string => JSON.stringify({ version: 1, files });
  const ending = '; name files that -f json=FILE of this version wrote.';

  it.each([
    ['{', 'it is not valid JSON'],
    ['', 'it is not valid JSON'],
    ['[]', 'it must be an object'],
    ['null', 'it must be an object'],
    ['{ "runs": [] }', '"version" is missing'],
    ['{ "version": 1 }', '"files" is missing'],
    ['{ "version": 2, "files": [] }', '"version" must be 1, the form that this version reads'],
    [report([{ findings: [] }]), '"files.0.path" is missing'],
    [report([{ path: 'a', findings: {} }]), '"files.0.findings" must be a list'],
    [report([{ path: 'a', findings: [{ rule: 'a' }] }]), '"files.0.findings.0.severity" is missing'],
    [report([{ path: 'a', findings: [{ rule: 'a', severity: 'off', message: '', line: 1, column: 1, endLine: 1, endColumn: 1, sources: [] }] }]), '"files.0.findings.0.severity" must be "error", "warning" or "info"'],
    [report([{ path: 'a', findings: [{ rule: 'a', severity: 'info', message: '', line: 0, column: 1, endLine: 1, endColumn: 1, sources: [] }] }]), '"files.0.findings.0.line" must be at least 1'],
    [report([{ path: 'a', findings: [{ rule: 'a', severity: 'info', message: '', line: 1, column: 1.5, endLine: 1, endColumn: 1, sources: [] }] }]), '"files.0.findings.0.column" must be a whole number'],
  ])('%s', async (text, fault) => {
    place.write({ 'r.json': text });
    expect(await refusal('merge', 'r.json')).toBe(`"r.json" is no report that can be merged: ${fault}${ending}`);
  });

  it('places that no file has', async () => {
    for (const at of [{ line: 1, endLine: 999_999_999, column: 1, endColumn: 1 }, { line: 1, endLine: 1, column: 1, endColumn: Number.MAX_SAFE_INTEGER }]) {
      place.write({ 'r.json': report([{ path: 'a', findings: [{ rule: 'a', severity: 'info', message: '', ...at, sources: [] }] }]) });
      expect(await refusal('merge', 'r.json')).toBe('"r.json" is no report that can be merged: it names lines or columns of "a" that no file has.');
    }
  });

  it('a file that is in two reports, or twice in one', async () => {
    place.write({ 'a.json': report([{ path: 'x', findings: [] }]), 'b.json': report([{ path: 'y', findings: [] }, { path: 'x', findings: [] }]), 'c.json': report([{ path: 'x', findings: [] }, { path: 'x', findings: [] }]) });
    expect(await refusal('merge', 'a.json', 'b.json')).toBe('The file "x" is in "a.json" and in "b.json"; merge reports of different files, such as those of different shares.');
    expect(await refusal('merge', 'a.json', 'a.json')).toMatch(/^The file "x" is twice in "a\.json"; /);
    expect(await refusal('merge', 'c.json')).toMatch(/^The file "x" is twice in "c\.json"; /);
  });

  it('no reports, files that are not there, and options of other commands', async () => {
    expect(await refusal('merge')).toBe('Which reports? Name the files that -f json=FILE wrote.');
    expect(await refusal('merge', 'no\u001b.json')).toMatch(/^Cannot read `.*no.\.json`: there is nothing of this name; check the path\.$/);
    expect(await refusal('merge', 'no.json')).toBe('Cannot read `no.json`: there is nothing of this name; check the path.');
    expect(await refusal('merge', '.')).toBe('Cannot read `.`: it is a folder; name a file in it.');
    expect(await refusal('merge', 'a.json', '--fix')).toMatch(/^There is no option "--fix"/);
  });

  it('tells of a broken report before it writes anything', async () => {
    place.write({ 'a.json': report([]), 'b.json': '{' });
    expect(await refusal('merge', 'a.json', 'b.json', '-o', 'out.txt')).toContain('"b.json" is no report');
    expect(() => place.read('out.txt')).toThrow('ENOENT');
  });
});
