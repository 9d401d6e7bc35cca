import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { findShellCheck } from '../src/shellcheck/find.ts';
import { openShellCheck, runShellCheck, type Program } from '../src/shellcheck/program.ts';
import { shellScripts, type ShellScript } from '../src/shellcheck/scripts.ts';
import { Place } from './support/cli.ts';
import { StandIn, type Manner } from './support/shellcheck.ts';

const place = new Place();
const text = 'FROM debian:12\nARG A\nRUN echo "😀" BAD && \\\n    # why\n    echo WORSE\n';
let program: StandIn;

// A folder of its own for temporary files: others run beside this and leave theirs in the usual one.
const usual = process.env['TMPDIR'];
const scratch = mkdtempSync(join(tmpdir(), 'shellcheck-test-'));
beforeEach(() => {
  program = new StandIn();
  place.environment = { PATH: program.folder };
  process.env['TMPDIR'] = scratch;
});
afterEach(() => {
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  program.remove();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const folders = (): string[] => readdirSync(tmpdir()).filter((name) => /^shipshape-[A-Za-z0-9]{6}$/.test(name));

/** What ShellCheck found, and where. */
async function found(...words: readonly string[]): Promise<string[]> {
  const { files, code, errors } = await place.lint(words);
  if (code === 2) throw new Error(errors);
  return files.flatMap(({ path, findings }) => findings.filter(({ sources }) => sources.some((source) => source.startsWith('shellcheck/')))
    .map(({ rule, severity, line, column, endLine, endColumn }) => `${path}:${line}:${column}-${endLine}:${endColumn} ${rule} ${severity}`));
}

describe('ShellCheck on the PATH', () => {
  it('is asked once for all scripts, and its findings are where they are in the files', async () => {
    place.write({ Dockerfile: text, 'b/Dockerfile': 'FROM alpine:3.20\nRUN <<EOF\n\techo BAD\nEOF\nONBUILD RUN BAD\n' });
    const before = folders();
    expect(await found()).toEqual([
      'Dockerfile:3:15-3:18 shell/SC2086 info', 'Dockerfile:5:10-5:15 shell/SC2046 warning',
      'b/Dockerfile:3:7-3:10 shell/SC2086 info', 'b/Dockerfile:5:13-5:16 shell/SC2086 info',
    ]);
    const [call, another] = program.calls();
    expect(another).toBeUndefined();
    expect(call?.words).toEqual(['--format=json1', '--severity=style', '--norc', '--exclude=SC1090,SC1091,SC1128,SC2148,SC2187', '0', '1', '2']);
    expect(call?.texts).toEqual([
      '# shellcheck shell=dash\n:\necho "😀" BAD &&     echo WORSE', '# shellcheck shell=busybox\n:\n\techo BAD\n', '# shellcheck shell=busybox\n:\nBAD',
    ]);
    expect(call?.modes).toEqual(['700', '600', '600', '600']);
    expect(call?.folder.startsWith(tmpdir())).toBe(true);
    expect([existsSync(call?.folder ?? '/'), folders()]).toEqual([false, before]);
  });

  it('checks equal scripts once, and is not run for nothing', async () => {
    place.write({ Dockerfile: 'FROM debian:12\nRUN BAD\nRUN BAD\n', 'b/Dockerfile': 'FROM debian:12\nRUN BAD\n' });
    expect(await found()).toHaveLength(3);
    expect(program.calls().map(({ texts }) => texts)).toEqual([['# shellcheck shell=dash\n:\nBAD']]);
    place.write({ Dockerfile: 'FROM debian:12\nCMD ["BAD"]\n', 'b/Dockerfile': 'RUN BAD\n' });
    expect(await found('Dockerfile', '--fail-on', 'none')).toEqual([]);
    await place.run(['b']);
    expect(program.calls()).toEqual([]);
  });

  it('gets none of the user\'s settings, and tells in the report where it speaks', async () => {
    place.environment = { ...place.environment, SHELLCHECK_OPTS: '-x -e SC2086' };
    place.write({ Dockerfile: text, '.shellcheckrc': 'disable=all\n' });
    expect(await found()).toHaveLength(2);
    expect(program.calls()[0]?.options).toBeNull();
    const { output } = await place.run(['-f', 'sarif']);
    expect(output).toContain('https://www.shellcheck.net/wiki/SC2086');
  });

  it('reads what fixes made', async () => {
    place.write({ Dockerfile: 'FROM debian:12\nMAINTAINER me\nRUN BAD\nCMD server --port 8000\n' });
    expect(await found('--fix')).toEqual([`Dockerfile:${place.read('Dockerfile').split('\n').indexOf('RUN BAD') + 1}:5-${place.read('Dockerfile').split('\n').indexOf('RUN BAD') + 1}:8 shell/SC2086 info`]);
    expect(place.read('Dockerfile')).toContain('CMD ["server"');
  });

  it('reads the standard input', async () => {
    const { output } = await place.run(['-f', 'gnu', '-'], '.', text);
    expect(output).toContain('-:3:15: note: Quote it. [shell/SC2086]');
  });

  it.each([
    [['--ignore', 'SC2086'], ['SC2046']],
    [['--ignore', 'shell/SC2086,hadolint/sc2046'], []],
    [['--ignore', 'shellcheck/*'], []],
    [['--ignore', 'shell/*'], []],
    [['--only', 'SC2046'], ['SC2046']],
    [['--only', 'shellcheck/SC2086'], ['SC2086']],
    [['--only', 'shell/*'], ['SC2086', 'SC2046']],
    [['--only', 'style/*'], []],
    [['--only', 'DL3008'], []],
    [['--rule', 'SC2046=error'], ['SC2086', 'SC2046 error']],
    [['--rule', 'SC2046=off'], ['SC2086']],
    [['--preset', 'hadolint'], ['SC2086', 'SC2046']],
    [['--preset', 'buildkit'], []],
    [['--preset', 'buildkit', '--rule', 'SC2046=info'], ['SC2046 info']],
    [['--shellcheck', 'off'], []],
  ])('obeys %j', async (words, expected) => {
    place.write({ Dockerfile: text });
    const usual = { SC2086: 'info', SC2046: 'warning' };
    const codes = (await found(...words)).map((each) => each.replace(/^.* shell\//, '')).map((each) => Object.entries(usual).reduce((all, [code, level]) => all.replace(`${code} ${level}`, code), each));
    expect(codes).toEqual(expected);
  });

  it.each([
    [{ rules: { SC2086: 'off' } }, ['SC2046']],
    [{ rules: { 'shell/*': 'off', SC2086: 'error' } }, ['SC2086']],
    [{ rules: { 'shell/SC2046': 'off' } }, ['SC2086']],
    [{ overrides: [{ files: 'Docker*', rules: { SC2046: 'off' } }] }, ['SC2086']],
    [{ overrides: [{ files: 'other/**', rules: { SC2046: 'off' } }] }, ['SC2086', 'SC2046']],
    [{ shellcheck: 'off' }, []],
    [{ shellcheck: 'on' }, ['SC2086', 'SC2046']],
  ])('obeys the config %j', async (config, expected) => {
    place.write({ Dockerfile: text, 'shipshape.json': JSON.stringify(config) });
    expect((await found()).map((each) => /SC\d+/.exec(each)?.[0])).toEqual(expected);
  });

  it('lets the command line speak against the config', async () => {
    place.write({ Dockerfile: text, 'shipshape.json': '{ "shellcheck": "off" }' });
    expect(await found('--shellcheck', 'auto')).toHaveLength(2);
    expect((await place.run(['--shellcheck', 'sometimes'])).errors).toContain('--shellcheck: there is no "sometimes"; use "auto", "on" or "off"');
    place.write({ 'shipshape.json': '{ "shellcheck": true }' });
    expect((await place.lint([])).files[0]?.error).toContain('"shellcheck" must be "auto", "on" or "off", not true.');
  });

  it.each([
    ['# shipshape ignore: SC2086 -- why\nRUN BAD', 0],
    ['# shipshape ignore: shell/SC2086\nRUN BAD', 0],
    ['# shipshape ignore: shellcheck/SC2086, SC2046\nRUN BAD WORSE', 0],
    ['# shipshape ignore: SC2046\nRUN BAD', 1],
    ['# hadolint ignore=SC2086\nRUN BAD', 0],
    ['# hadolint ignore=DL3008,SC2046\nRUN BAD WORSE', 1],
    ['RUN BAD && \\\n  # shipshape ignore: SC2086\n  b', 0],
  ])('is kept silent by %j', async (piece, count) => {
    place.write({ Dockerfile: `FROM debian:12\n${piece}\n` });
    const { files } = await place.lint([]);
    const rules = files.flatMap(({ findings }) => findings.map(({ rule }) => rule));
    expect(rules.filter((rule) => rule.startsWith('shell/SC'))).toHaveLength(count);
    // Whether such a comment is of use nobody can tell without the program.
    expect(rules).not.toContain('style/unused-ignore');
    await place.run(['--fix', '--shellcheck', 'off']);
    expect(place.read('Dockerfile')).toContain(piece);
  });

  it('says nothing that a rule of ours says of the same place', async () => {
    program.set({ each: `if (text.includes('lost')) comments.push({ file, line: 3, endLine: 3, column: 6, endColumn: 11, level: 'warning', code: 2154, message: 'lost is not assigned' })` });
    place.write({ Dockerfile: 'FROM debian:12\nRUN echo $lost\n' });
    const rules = async (...words: readonly string[]): Promise<string[]> => (await place.lint(words)).files.flatMap(({ findings }) => findings.map(({ rule }) => rule));
    expect(await rules()).toEqual(['correctness/undefined-variable']);
    expect(await rules('--ignore', 'undefined-variable')).toEqual(['shell/SC2154']);
  });
});

describe('without ShellCheck', () => {
  it('nothing is said but a hint to who asks', async () => {
    place.environment = { PATH: place.at('nothing') };
    place.write({ Dockerfile: text, 'b/Dockerfile': text });
    expect(await found()).toEqual([]);
    expect((await place.run([])).errors).toBe('');
    expect((await place.run(['--verbose'])).errors.match(/ShellCheck is not on the PATH/g)).toHaveLength(1);
  });

  it('a run that needs it ends with 2', async () => {
    place.environment = { PATH: place.at('nothing') };
    place.write({ Dockerfile: text });
    const refusal = { code: 2, output: '', errors: 'shipshape: ShellCheck is to read the scripts of RUN, and is not on the PATH: install it, or say "auto" or "off" instead of "on".\n' };
    expect(await place.run(['--shellcheck', 'on'])).toEqual(refusal);
    place.write({ 'shipshape.json': '{ "shellcheck": "on" }' });
    expect(await place.run([])).toEqual(refusal);
    expect((await place.run(['--shellcheck', 'auto'])).code).toBe(0);
  });

  it('a program of the folder is none', async () => {
    place.write({ Dockerfile: text });
    mkdirSync(place.at('bin'));
    for (const file of ['shellcheck', 'bin/shellcheck']) {
      writeFileSync(place.at(file), '#!/bin/sh\n');
      chmodSync(place.at(file), 0o755);
    }
    const before = process.cwd();
    process.chdir(place.folder);
    try {
      expect(findShellCheck({ PATH: ':.:bin:./bin' })).toBeUndefined();
      expect(findShellCheck({})).toBeUndefined();
      expect(findShellCheck({ PATH: `bin:${program.folder}` })).toBe(program.path);
    } finally {
      process.chdir(before);
    }
  });

  it('what is no program is none', () => {
    mkdirSync(place.at('a/shellcheck'), { recursive: true });
    place.write({ 'b/shellcheck': '' });
    expect(findShellCheck({ PATH: `${place.at('a')}:${place.at('b')}` })).toBeUndefined();
  });
});

describe('a ShellCheck that does not work', () => {
  it.each<[string, Manner, RegExp]>([
    ['is none', { first: 'console.log("hello"); process.exit(0)' }, /^ShellCheck cannot be used: it does not tell its version; only our own rules read/],
    ['fails at once', { first: 'console.error("no \\u001b[31mway"); process.exit(3)' }, /^ShellCheck cannot be used: no \\u\{1b\}\[31mway; /],
    ['is too old', { version: '0.6.0' }, /^ShellCheck 0\.6\.0 is too old: 0\.7 or later is needed; /],
    ['says something else', { first: 'if (files.length > 0) { console.log("[]"); process.exit(0); }' }, /^ShellCheck failed: what it says is not understood, for it must be an object; /],
    ['says half of it', { first: 'if (files.length > 0) { console.log("{"); process.exit(1); }' }, /^ShellCheck failed: what it says is not understood, for it is not valid JSON; /],
    ['counts from nothing', { each: 'comments.push({ file, line: 0, column: 0, endLine: 0, endColumn: 0, level: "info", code: 1, message: "" })' }, /^ShellCheck failed: what it says is not understood, for "comments\.0\.line" must be at least 1; /],
    ['crashes', { first: 'if (files.length > 0) process.kill(process.pid, "SIGSEGV"); if (files.length > 0) for (;;);' }, /^ShellCheck failed: it ended by SIGSEGV; /],
  ])('%s', async (_name, manner, expected) => {
    program.set(manner);
    place.write({ Dockerfile: text });
    const { code, errors } = await place.run([]);
    expect([code, errors.split('\n')]).toEqual([0, [expect.stringMatching(expected), '']]);
    const strict = await place.run(['--shellcheck', 'on']);
    expect([strict.code, strict.output]).toEqual([2, '']);
    expect(strict.errors).toMatch(/^shipshape: ShellCheck .*\.\n$/);
    expect(folders()).toEqual([]);
  });

  it('for one script keeps what it says of the others', async () => {
    program.set({ each: 'if (text.includes("CRASH")) process.exit(4)' });
    place.write({ Dockerfile: 'FROM debian:12\nRUN BAD\nRUN CRASH\nRUN WORSE\n' });
    expect(await found()).toEqual(['Dockerfile:2:5-2:8 shell/SC2086 info', 'Dockerfile:4:5-4:10 shell/SC2046 warning']);
    expect((await place.run([])).errors).toBe('Dockerfile: ShellCheck took too long, or failed, for the RUN of line 3; the rest was checked.\n');
    const { code, files } = await place.lint(['--shellcheck', 'on']);
    expect([code, files[0]?.error, files[0]?.findings.length]).toEqual([2, 'ShellCheck took too long, or failed, for the RUN of line 3; the rest was checked.', 2]);
  });

  it('does no harm where there is no place for its scripts', async () => {
    place.write({ Dockerfile: text });
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = place.at('nothing');
    try {
      const { code, errors } = await place.run([]);
      expect([code, errors]).toEqual([0, expect.stringMatching(/^ShellCheck c\w+(?: not)? be used: .*; only our own rules read the scripts of RUN\.\n$/)]);
      expect((await place.run(['--shellcheck', 'on'])).code).toBe(2);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });

  it('tells of scripts that nobody gave it', async () => {
    program.set({ each: 'comments.push({ file: "/etc/passwd", line: 2, endLine: 2, column: 1, endColumn: 2, level: "error", code: 1000, message: "x" })' });
    place.write({ Dockerfile: text });
    expect(await found()).toHaveLength(2);
  });

  it('has no control over the terminal', async () => {
    program.set({ each: 'comments.push({ file, line: 3, endLine: 3, column: 1, endColumn: 2, level: "error", code: 1000, message: "\\u001b[31mred\\n\\u202e" + "x".repeat(100000) })' });
    place.write({ Dockerfile: text });
    const { output } = await place.run([]);
    expect(output).toContain('red');
    expect(output).not.toMatch(/[\u001b\u202e]/);
    expect(output.length).toBeLessThan(5000);
  });
});

describe('limits', () => {
  const limits = { process: 400, run: 5000, script: 10 };
  const scripts = (file: string): ShellScript[] => shellScripts(readDockerfile(file));
  const open = (): Promise<Program> => openShellCheck(program.path, { PATH: '' });

  it('end what takes too long, and only that', async () => {
    program.set({ each: 'if (text.includes("SLOW")) for (;;);' });
    const said = await runShellCheck(await open(), scripts('FROM debian:12\nRUN BAD\nRUN SLOW\nRUN WORSE\n'), undefined, limits);
    expect(said.map((comments) => comments?.map(({ code }) => code))).toEqual([[2086], undefined, [2046]]);
    expect(folders()).toEqual([]);
  });

  it('end a run in which everything takes too long', async () => {
    program.set({ first: 'if (files.length > 0) for (;;);' });
    const all = scripts(`FROM debian:12\n${Array.from({ length: 40 }, (_, index) => `RUN a${index}\n`).join('')}`);
    const start = performance.now();
    const said = await runShellCheck(await open(), all, undefined, { process: 300, run: 600, script: 1 });
    expect(said.every((comments) => comments === undefined)).toBe(true);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('end what never stops speaking', async () => {
    program.set({ first: 'if (files.length > 0) { const many = "x".repeat(1e6); for (let i = 0; i < 100; i += 1) require("node:fs").writeSync(1, many); }' });
    expect(await runShellCheck(await open(), scripts('FROM debian:12\nRUN BAD\n'), undefined, { ...limits, process: 10_000 })).toEqual([undefined]);
  });

  it('share a thousand scripts among few processes, in order', async () => {
    const all = scripts(`FROM debian:12\n${Array.from({ length: 1000 }, (_, index) => `RUN x${index} ${index % 3 === 0 ? 'BAD' : ''}\n`).join('')}`);
    const ticks: [number, number][] = [];
    const said = await runShellCheck(await open(), all, (done, of) => { ticks.push([done, of]); });
    expect(said.map((comments) => comments?.length)).toEqual(all.map((_, index) => (index % 3 === 0 ? 1 : 0)));
    const calls = program.calls();
    expect(calls.length).toBeLessThanOrEqual(10);
    expect(calls.flatMap(({ texts }) => texts)).toHaveLength(1000);
    expect(Math.max(...calls.map(({ words }) => words.join(' ').length))).toBeLessThan(2000);
    expect(ticks.at(-1)).toEqual([1000, 1000]);
  });

  it('take so many findings of a script', async () => {
    const [said] = await runShellCheck(await open(), scripts(`FROM debian:12\nRUN ${'BAD '.repeat(3000)}\n`));
    expect(said).toHaveLength(1000);
  });
});

describe('ShellCheck and what is remembered', () => {
  it('is not asked again by --cache, unless a script or its version is another', async () => {
    place.write({ Dockerfile: text, 'b/Dockerfile': 'FROM debian:12\nRUN BAD\n' });
    const first = await found('--cache');
    expect(program.calls()).toHaveLength(1);
    expect([await found('--cache'), program.calls()]).toEqual([first, []]);
    // The same script elsewhere in the file.
    place.write({ Dockerfile: text.replace('ARG A\n', 'ARG A\n\n\nRUN new\n') });
    expect((await found('--cache')).slice(0, 2)).toEqual(['Dockerfile:6:15-6:18 shell/SC2086 info', 'Dockerfile:8:10-8:15 shell/SC2046 warning']);
    expect(program.calls().map(({ texts }) => texts)).toEqual([['# shellcheck shell=dash\n:\nnew']]);
    program.set({ version: '0.11.0' });
    expect(await found('--cache')).toHaveLength(3);
    expect(program.calls()[0]?.texts).toHaveLength(3);
    expect(await found('--cache', '--ignore', 'SC2086')).toHaveLength(1);
    expect(program.calls()).toEqual([]);
  });

  it('keeps nothing of what failed', async () => {
    program.set({ each: 'if (text.includes("WORSE")) process.exit(4)' });
    place.write({ Dockerfile: `${text}RUN BAD\n` });
    expect(await found('--cache')).toHaveLength(1);
    program.set({});
    expect(await found('--cache')).toHaveLength(3);
  });

  it('has its findings in the baseline, and they stay there while it is missing', async () => {
    place.write({ Dockerfile: text });
    const baseline = ['--baseline', 'known.json'];
    await place.run([...baseline, '--write-baseline']);
    expect(place.read('known.json')).toContain('shell/SC2086');
    expect(await found(...baseline)).toEqual([]);
    place.environment = { PATH: place.at('nothing') };
    await place.run([...baseline, '--write-baseline']);
    expect((await place.run([...baseline, '--verbose'])).errors).not.toContain('Gone');
    place.environment = { PATH: program.folder };
    expect(await found(...baseline)).toEqual([]);
    place.write({ Dockerfile: text.replace('BAD', 'fine') });
    expect((await place.run([...baseline, '--verbose'])).errors).toContain('Gone: shell/SC2086 in Dockerfile');
    expect(await found(...baseline)).toEqual([]);
  });
});

describe('names', () => {
  it('of files and variables are none that the program could take for options', async () => {
    place.write({ '--exclude=SC2086.Dockerfile': 'FROM debian:12\nENV "a;id"=1 -x=2 $(id)=3 B=4\nRUN echo $A BAD\n', [join('a b', 'x; rm -rf', 'Dockerfile')]: text });
    expect(await found('.')).toHaveLength(3);
    const [call] = program.calls();
    expect([call?.words.slice(4), call?.texts[0]]).toEqual([['0', '1'], '# shellcheck shell=dash\nexport B\necho $A BAD']);
  });
});
