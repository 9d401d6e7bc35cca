import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatNames } from '../src/report/formats.ts';
import { Place } from './support/cli.ts';

const bad = 'FROM debian:12\nCMD server --port 8000\n';
const fixed = 'FROM debian:12\nCMD ["server", "--port", "8000"]\n';
const one = ['--only', 'shell-form-cmd,untagged-image'];
const place = new Place();

const accept = (...words: readonly string[]) => place.run([...one, '--baseline', 'known.json', '--write-baseline', ...words]);
const check = (...words: readonly string[]) => place.lint([...one, '--baseline', 'known.json', ...words]);
const rulesIn = async (...words: readonly string[]) => (await check(...words)).files.flatMap(({ path, findings }) => findings.map(({ rule, line }) => `${path}:${line} ${rule}`));

describe('a baseline', () => {
  it('is asked for before it is there, and written', async () => {
    place.write({ Dockerfile: bad });
    expect(await place.run([...one, '--baseline', 'known.json'])).toEqual({
      code: 2, output: '', errors: 'shipshape: --baseline: there is no "known.json" yet; make it with --baseline "known.json" --write-baseline.\n',
    });
    expect(await accept()).toEqual({ code: 0, output: '✔ no findings in 1 file\n', errors: 'Wrote "known.json": 1 finding of these files is accepted.\n' });
    expect(await place.run([...one, '--baseline', 'known.json'])).toEqual({ code: 0, output: '✔ no findings in 1 file\n', errors: '1 finding is accepted by "known.json".\n' });
  });

  it('lets new findings fail, and only them', async () => {
    place.write({ Dockerfile: bad, 'b/Dockerfile': bad });
    await accept();
    place.write({ Dockerfile: bad.replace('debian:12', 'debian'), 'c/Dockerfile': bad });
    const { code, errors } = await check();
    expect([code, errors]).toEqual([1, '2 findings are accepted by "known.json".\n']);
    expect(await rulesIn()).toEqual(['Dockerfile:1 reproducibility/untagged-image', 'c/Dockerfile:2 correctness/shell-form-cmd']);
  });

  it('is sorted JSON with portable paths, the same every time', async () => {
    place.write({ 'b/Dockerfile': bad.replace(':12', ''), 'a/Dockerfile': bad, 'ci/none.txt': '', 'clean/Dockerfile': fixed });
    await place.run([...one, '--baseline', 'ci/known.json', '--write-baseline', 'b', 'a', 'clean']);
    const text = place.read('ci/known.json');
    expect(text).toMatch(/^\{\n {2}"version": 1,\n {2}"files": \{\n {4}"\.\.\/a\/Dockerfile": \{\n {6}"correctness\/shell-form-cmd": \[\n {8}"[0-9a-f]{32}"\n {6}\]\n {4}\},\n {4}"\.\.\/b\/Dockerfile": /);
    expect(text.indexOf('shell-form-cmd', 100)).toBeLessThan(text.indexOf('untagged-image'));
    expect(text).not.toContain('clean');
    await place.run([...one, '--baseline', '../ci/known.json', '--write-baseline', '../clean', '../a', '../b'], 'a');
    expect(place.read('ci/known.json')).toBe(text);
    expect((await place.lint([...one, '--baseline', 'known.json', '../a', '../b'], 'ci')).code).toBe(0);
  });

  it('knows findings again when lines move, are indented, or are ended otherwise', async () => {
    place.write({ Dockerfile: bad });
    await accept();
    for (const text of [`# a comment\n\n${bad}`, bad.replace('CMD', '  CMD'), bad.replaceAll('\n', '\r\n')]) {
      place.write({ Dockerfile: text });
      expect((await check()).code).toBe(0);
    }
    place.write({ Dockerfile: bad.replace('8000', '9000') });
    expect(await rulesIn()).toEqual(['Dockerfile:2 correctness/shell-form-cmd']);
  });

  it('counts findings that look the same', async () => {
    const stage = 'FROM debian\nRUN true\n';
    place.write({ Dockerfile: `${stage}${stage}` });
    await accept();
    place.write({ Dockerfile: `${stage}${stage}${stage}` });
    expect(await rulesIn()).toEqual(['Dockerfile:5 reproducibility/untagged-image']);
  });

  it('tells what is gone, by name with --verbose, and drops it when it is written', async () => {
    place.write({ Dockerfile: bad, 'b/Dockerfile': bad, 'c/Dockerfile': bad });
    await accept();
    place.write({ Dockerfile: fixed });
    rmSync(place.at('c'), { recursive: true });
    const { code, errors } = await check();
    expect([code, errors]).toEqual([0, '1 finding is accepted by "known.json".\n2 of its entries are of findings that are gone; --write-baseline drops them.\n']);
    expect((await check('--verbose')).errors).toMatch(/\nGone: correctness\/shell-form-cmd in Dockerfile\nGone: correctness\/shell-form-cmd in c\/Dockerfile\n$/);
    await accept();
    expect((await check()).errors).toBe('1 finding is accepted by "known.json".\n');
  });

  it('calls nothing gone of files and rules that did not run, and keeps it', async () => {
    place.write({ 'a/Dockerfile': bad.replace(':12', ''), 'b/Dockerfile': bad });
    await accept();
    const text = place.read('known.json');
    for (const words of [[...one, 'a'], ['--only', 'shell-form-cmd'], [...one, '--ignore', 'untagged-image', 'a']]) {
      expect(await place.run(['--baseline', 'known.json', ...words])).toMatchObject({ code: 0, errors: expect.not.stringContaining('gone') });
      expect((await place.run(['--baseline', 'known.json', '--write-baseline', ...words])).code).toBe(0);
      expect(place.read('known.json')).toBe(text);
    }
  });

  it('keeps what it knows of a file that cannot be read', async () => {
    place.write({ Dockerfile: bad });
    await accept();
    const text = place.read('known.json');
    place.write({ Dockerfile: new Uint8Array([0]) });
    expect((await check()).errors).not.toContain('gone');
    expect((await accept()).code).toBe(2);
    expect(place.read('known.json')).toBe(text);
  });

  it.each(formatNames)('is left out of %s', async (format) => {
    place.write({ Dockerfile: bad });
    expect((await place.run([...one, '-f', format])).output).toContain('shell-form-cmd');
    await accept();
    const { code, output } = await place.run([...one, '-f', format, '--baseline', 'known.json']);
    expect(code).toBe(0);
    expect(output).not.toContain('shell-form-cmd');
  });

  it('counts for --max-warnings and --quiet', async () => {
    place.write({ Dockerfile: bad });
    await accept();
    expect(await place.run([...one, '--baseline', 'known.json', '--max-warnings', '0', '--quiet'])).toEqual({ code: 0, output: '✔ no findings in 1 file\n', errors: '' });
  });

  it('is left alone by --fix and --diff, which mend the rest', async () => {
    place.write({ 'a/Dockerfile': bad, 'b/Dockerfile': bad });
    await accept('a');
    expect((await place.run([...one, '--baseline', 'known.json', '--diff'])).output).toMatch(/^--- a\/b\/Dockerfile\n/);
    const { code, files } = await check('--fix');
    expect([code, files.map(({ path, findings, fixed: mended }) => [path, findings.length, mended?.length])]).toEqual([0, [['a/Dockerfile', 0, 0], ['b/Dockerfile', 0, 1]]]);
    expect([place.read('a/Dockerfile'), place.read('b/Dockerfile')]).toEqual([bad, fixed]);
  });

  it('counts for standard input with a name, and not without one', async () => {
    place.write({ Dockerfile: bad });
    await accept();
    const words = [...one, '--baseline', 'known.json', '-'];
    expect((await place.run([...words, '--stdin-filename', 'Dockerfile'], '.', bad)).code).toBe(0);
    expect((await place.run(words, '.', bad)).code).toBe(1);
  });

  it('goes with --cache and --shard', async () => {
    place.write({ 'a/Dockerfile': bad, 'b/Dockerfile': bad, 'c/Dockerfile': bad, 'd/Dockerfile': bad });
    for (const shard of ['1/2', '2/2', '1/2']) expect((await accept('--shard', shard, '--cache')).code).toBe(0);
    expect((await check('--cache')).errors).toBe('4 findings are accepted by "known.json".\n');
  });
});

describe('a baseline is refused', () => {
  it.each([
    ['{', 'it is not valid JSON'],
    ['[]', 'it must be an object'],
    ['{}', '"version" is missing'],
    ['{ "version": 2, "files": {} }', '"version" must be 1, the form that this version reads'],
    ['{ "version": 1, "files": { "a": ["x"] } }', '"files.a" must be an object of rules'],
    ['{ "version": 1, "files": { "a": { "b": [1] } } }', '"files.a.b.0" must be a string'],
  ])('that holds %s, also when it is to be written', async (text, fault) => {
    place.write({ Dockerfile: bad, 'known.json': text });
    for (const words of [[], ['--write-baseline']]) {
      expect(await place.run([...one, '--baseline', 'known.json', ...words])).toEqual({
        code: 2, output: '',
        errors: `shipshape: --baseline: "known.json" is no baseline of shipshape: ${fault}; name another file, or remove it and write it anew with --write-baseline.\n`,
      });
    }
    expect(place.read('known.json')).toBe(text);
  });

  it.each([
    [['--write-baseline'], '--write-baseline needs to know where: give --baseline FILE with it.'],
    [['--baseline', 'x', '--write-baseline', '--fix'], '--write-baseline accepts the findings as they are: run --fix or --diff on its own before.'],
    [['--baseline', 'x', '--write-baseline', '-'], '--write-baseline is for files: leave out "-".'],
    [['--baseline', '.'], '--baseline: Cannot read `.`: it is a folder; name a file in it.'],
    [['--baseline', 'no/such/folder', '--write-baseline'], '--baseline: Cannot write'],
  ])('with %s', async (words, sentence) => {
    place.write({ Dockerfile: bad });
    const { code, output, errors } = await place.run(words);
    expect([code, output]).toEqual([2, '']);
    expect(errors.startsWith(`shipshape: ${sentence}`)).toBe(true);
    expect(errors.trimEnd().split('\n')).toHaveLength(1);
  });
});
