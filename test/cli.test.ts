import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../src/cli.ts';
import { Progress } from '../src/cli/progress.ts';
import type { Output, Terminal } from '../src/cli/terminal.ts';
import type { JsonReport } from '../src/report/json.ts';

const bad = 'FROM debian:12\nRUN apt-get update\nCMD uvicorn main:app --port 8000\n';
const good = 'FROM debian:12\nCMD ["uvicorn", "main:app"]\n';
/** Only the rule that these tests rely on. */
const one = ['--only', 'shell-form-cmd'];
const mended = bad.replace('CMD uvicorn main:app --port 8000', 'CMD ["uvicorn", "main:app", "--port", "8000"]');

let folder = '';

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  folder = mkdtempSync(join(tmpdir(), 'shipshape-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

interface Ran {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

interface World {
  readonly input?: string | Uint8Array;
  readonly environment?: Terminal['environment'];
  readonly isTerminal?: boolean;
}

async function run(words: readonly string[], { input = '', environment = {}, isTerminal = false }: World = {}): Promise<Ran> {
  const texts = { output: '', errors: '' };
  const outputFor = (name: 'output' | 'errors'): Output => ({ isTerminal, columns: isTerminal ? 80 : undefined, write: (text) => { texts[name] += text; } });
  const terminal: Terminal = { folder, environment, output: outputFor('output'), errors: outputFor('errors'), readInput: async () => Buffer.from(input) };
  const code = await main(words, terminal);
  return { code, ...texts };
}

const parse = (text: string): JsonReport => JSON.parse(text);

async function lintJson(...words: string[]): Promise<JsonReport & { readonly code: number }> {
  const { code, output } = await run(['-f', 'json', ...words]);
  return { ...parse(output), code };
}

describe('a lint run', () => {
  it('is clean with 0', async () => {
    write({ Dockerfile: good });
    expect(await run([...one, 'Dockerfile'])).toEqual({ code: 0, output: '✔ no findings in 1 file\n', errors: '' });
  });

  it('reports findings with 1', async () => {
    write({ Dockerfile: bad });
    const { code, output, errors } = await run([...one, 'Dockerfile']);
    expect(code).toBe(1);
    expect(output).toContain('correctness/shell-form-cmd');
    expect(output).toContain('│ CMD uvicorn main:app --port 8000\n');
    expect(output).toContain('`--fix` mends 1.');
    expect(errors).toBe('');
  });

  it('searches folders, by default the one it runs in', async () => {
    write({ 'a/Dockerfile': bad, 'b.dockerfile': bad, 'node_modules/x/Dockerfile': bad, 'c/notes.txt': bad });
    for (const words of [one, [...one, '.']]) {
      expect((await lintJson(...words)).files.map(({ path }) => path).sort()).toEqual(['a/Dockerfile', 'b.dockerfile']);
    }
  });

  it('takes a file of any name, and each only once', async () => {
    write({ 'build.txt': bad, Dockerfile: bad });
    expect((await lintJson('build.txt', 'Dockerfile', '.', './Dockerfile')).files.map(({ path }) => path)).toEqual(['build.txt', 'Dockerfile']);
  });

  it('takes paths behind -- as they are', async () => {
    write({ '-x.dockerfile': good });
    expect((await lintJson(...one, '--', '-x.dockerfile')).files.map(({ path }) => path)).toEqual(['-x.dockerfile']);
  });

  it('prints the same with and without options to parse', async () => {
    write({ Dockerfile: bad });
    expect(await run(['Dockerfile'])).toEqual(await run(['Dockerfile', '--fail-on', 'warning']));
  });

  it.each([
    [['--fail-on', 'error'], 0], [['--fail-on', 'none'], 0], [['--fail-on', 'info'], 1], [['--rule', 'shell-form-cmd=error', '--fail-on', 'error'], 1],
    [['--rule', 'shell-form-cmd=info'], 0], [['--fail-on', 'error', '--max-warnings', '0'], 1], [['--fail-on', 'error', '--max-warnings', '1'], 0],
  ])('%s gives %i', async (words, code) => {
    write({ Dockerfile: bad });
    expect((await run([...one, ...words, 'Dockerfile'])).code).toBe(code);
  });

  it('says why --max-warnings fails', async () => {
    write({ Dockerfile: bad });
    expect((await run([...one, '--max-warnings=0', '--fail-on=error', '--quiet'])).errors).toBe('1 warning: more than the 0 of --max-warnings.\n');
  });

  it('leaves out with --quiet what does not make it fail', async () => {
    write({ Dockerfile: bad });
    const { output } = await run([...one, '--rule', 'shell-form-cmd=info', '--quiet', 'Dockerfile']);
    expect(output).toBe('✔ no findings in 1 file\n');
  });

  it('selects rules by name, category, and code, in lists and repeated', async () => {
    write({ Dockerfile: bad });
    const rules = async (...words: string[]) => (await lintJson(...words)).files[0]?.findings.map(({ rule }) => rule);
    expect(await rules('--only', 'DL3025')).toEqual(['correctness/shell-form-cmd']);
    expect(await rules('--only', 'shell-form-cmd', '--ignore', 'correctness/*')).toEqual([]);
    expect(await rules('--only', 'shell-form-cmd,apt-lists-left')).toEqual(['size/apt-lists-left', 'correctness/shell-form-cmd']);
    expect(await rules('--only', 'shell-form-cmd', '--only', 'size/apt-lists-left')).toEqual(['size/apt-lists-left', 'correctness/shell-form-cmd']);
  });

  it('writes the report to a file', async () => {
    write({ Dockerfile: bad });
    const { output, code } = await run(['-f', 'json', '-o', 'report.json', 'Dockerfile']);
    expect([output, code]).toEqual(['', 1]);
    expect(parse(read('report.json')).files).toHaveLength(1);
  });

  it('paints on a terminal, and as told', async () => {
    write({ Dockerfile: bad });
    const painted = async (words: readonly string[], world: World) => (await run([...one, 'Dockerfile', ...words], world)).output.includes('\u001b[');
    expect(await painted([], {})).toBe(false);
    expect(await painted([], { isTerminal: true })).toBe(true);
    expect(await painted(['--no-color'], { isTerminal: true })).toBe(false);
    expect(await painted(['--color'], {})).toBe(true);
    expect(await painted([], { isTerminal: true, environment: { NO_COLOR: '1' } })).toBe(false);
    expect(await painted([], { environment: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await painted([], { isTerminal: true, environment: { TERM: 'dumb' } })).toBe(false);
  });

  it('tells with --verbose which config and context each file has', async () => {
    write({ 'app/Dockerfile': good, 'app/shipshape.json': '{}' });
    expect((await run(['--verbose', 'app'])).errors).toMatch(/^app\/Dockerfile: \d+ rules, config app\/shipshape\.json, context .*app, [\d.]+ ms\n$/);
  });
});

describe('build options', () => {
  it('takes build arguments, from the environment too', async () => {
    write({ Dockerfile: 'ARG VERSION=12\nFROM debian:${VERSION}\n' });
    const isLatest = async (words: readonly string[], environment: Terminal['environment'] = {}) =>
      (await run(['--only', 'latest-tag', ...words], { environment })).output.includes('latest-tag');
    expect(await isLatest([])).toBe(false);
    expect(await isLatest(['--build-arg', 'VERSION=latest'])).toBe(true);
    expect(await isLatest(['--build-arg', 'A=b=c', '--build-arg=VERSION=latest'])).toBe(true);
    expect(await isLatest(['--build-arg', 'VERSION'], { VERSION: 'latest' })).toBe(true);
    expect(await isLatest(['--build-arg', 'VERSION'])).toBe(false);
  });

  it('refuses a stage that is in none of the files', async () => {
    write({ Dockerfile: 'FROM debian:12 AS build\n', 'other.Dockerfile': good });
    expect((await run(['--target', 'build', ...one])).code).toBe(0);
    expect(await run(['--target', 'biuld', ...one])).toEqual({ code: 2, output: '', errors: 'shipshape: --target: no stage is called "biuld".\n' });
  });

  it('refuses a context that is no folder', async () => {
    write({ Dockerfile: good });
    expect((await run(['--context', 'Dockerfile'])).errors).toBe('shipshape: --context: "Dockerfile" is not a folder.\n');
  });

  it('opens the context it is given', async () => {
    write({ 'docker/Dockerfile': good, 'src/main.py': '' });
    expect((await run(['--verbose', '--context', 'src', 'docker'])).errors).toContain(`context ${join(folder, 'src')},`);
  });
});

describe('--fix', () => {
  it('writes safe fixes, and reports what remains and what was mended', async () => {
    write({ Dockerfile: bad });
    const { code, files } = await lintJson(...one, '--fix');
    expect(code).toBe(0);
    expect(files).toEqual([{ path: 'Dockerfile', findings: [], fixed: [{ rule: 'correctness/shell-form-cmd', title: expect.any(String), safety: 'safe' }] }]);
    expect(read('Dockerfile')).toBe(mended);
  });

  it('leaves a clean file alone, and gives it an empty list', async () => {
    write({ Dockerfile: good });
    const before = statSync(join(folder, 'Dockerfile')).mtimeMs;
    expect((await lintJson(...one, '--fix')).files[0]).toEqual({ path: 'Dockerfile', findings: [], fixed: [] });
    expect(statSync(join(folder, 'Dockerfile')).mtimeMs).toBe(before);
  });

  it('takes unsafe fixes only when told', async () => {
    write({ Dockerfile: good });
    const only = ['--only', 'no-root-user'];
    await run([...only, '--fix']);
    expect(read('Dockerfile')).toBe(good);
    expect((await run([...only, '--fix', '--unsafe'])).code).toBe(0);
    expect(read('Dockerfile')).toContain('\nUSER ');
  });

  it('makes an ignore file once for two Dockerfiles of a folder', async () => {
    const copies = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n';
    write({ Dockerfile: copies, 'Dockerfile.dev': copies, 'main.py': '', '.git/HEAD': 'ref: x\n', '.env': 'A=1\n' });
    const { files } = await lintJson('--only', 'missing-dockerignore', '--fix');
    expect(files.map(({ fixed }) => fixed?.length)).toEqual([1, 0]);
    expect(files.flatMap(({ findings }) => findings)).toEqual([]);
    expect(read('.dockerignore')).toContain('.git');
  });
});

describe('--diff', () => {
  it('prints what would change, and writes nothing', async () => {
    write({ 'app/Dockerfile': bad });
    const { code, output, errors } = await run([...one, '--diff']);
    expect(output).toBe(`--- a/app/Dockerfile
+++ b/app/Dockerfile
@@ -1,3 +1,3 @@
 FROM debian:12
 RUN apt-get update
-CMD uvicorn main:app --port 8000
+CMD ["uvicorn", "main:app", "--port", "8000"]
`);
    expect([code, errors]).toEqual([1, 'Would change 1 of 1 file.\n']);
    expect(read('app/Dockerfile')).toBe(bad);
  });

  it('is the same with --fix, and shows unsafe fixes when told', async () => {
    write({ Dockerfile: bad });
    expect(await run([...one, '--diff', '--fix'])).toEqual(await run([...one, '--diff']));
    expect((await run(['--only', 'no-root-user', '--diff', '--unsafe'])).output).toContain('\n+USER ');
    expect(read('Dockerfile')).toBe(bad);
  });

  it('is a patch that git can apply, new files included', async () => {
    const copies = 'FROM python:3.12-slim\r\nWORKDIR /app\r\nCOPY . .\r\nCMD python main.py';
    write({ Dockerfile: copies, 'Dockerfile.dev': copies, 'main.py': '', '.env': 'A=1\n' });
    const only = ['--only', 'missing-dockerignore,shell-form-cmd'];
    const { output } = await run([...only, '--diff']);
    expect(output.match(/^--- \/dev\/null$/gm)).toHaveLength(1);
    expect(readdirSync(folder)).not.toContain('.dockerignore');
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: output });
    expect(read('Dockerfile')).toBe(copies.replace('CMD python main.py', 'CMD ["python", "main.py"]'));
    expect((await run([...only, '--diff'])).errors).toBe('Nothing to change.\n');
  });
});

describe('standard input', () => {
  it('is linted', async () => {
    const { code, output } = await run(['-', ...one], { input: bad });
    expect(code).toBe(1);
    expect(output).toContain('3:5  warning');
    expect((await run(['-'], { input: bad })).output).toContain('shell-form-cmd');
  });

  it('takes name, config and context from --stdin-filename', async () => {
    write({ 'app/shipshape.json': '{ "rules": { "shell-form-cmd": "error" } }' });
    const { output } = await run(['-', '--stdin-filename', 'app/Dockerfile', '-f', 'json', ...one], { input: bad });
    expect(parse(output).files).toMatchObject([{ path: 'app/Dockerfile', findings: [{ severity: 'error' }] }]);
  });

  it('is printed fixed, its report goes to the errors, and nothing is written', async () => {
    write({ 'main.py': '' });
    const { code, output, errors } = await run(['-', '--fix', '--stdin-filename', 'Dockerfile', ...one], { input: bad });
    expect([code, output]).toEqual([0, mended]);
    expect(errors).toContain('fixed  ');
    expect(readdirSync(folder)).toEqual(['main.py']);
  });

  it('is printed as it came when there is nothing to fix', async () => {
    expect((await run(['-', '--fix', ...one], { input: '\ufeffFROM debian:12\r\n' })).output).toBe('\ufeffFROM debian:12\r\n');
  });

  it('leaves other files alone, and says so', async () => {
    write({ 'main.py': '', '.env': 'A=1\n' });
    const input = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n';
    const { output, errors } = await run(['-', '--fix', '--stdin-filename', 'Dockerfile', '--only', 'missing-dockerignore'], { input });
    expect(output).toBe(input);
    expect(errors).toContain('.dockerignore is left as it is');
    expect(readdirSync(folder).sort()).toEqual(['.env', 'main.py']);
  });

  it('is refused when it is no text', async () => {
    const { code, output } = await run(['-', '-f', 'json'], { input: new Uint8Array([0x46, 0xff, 0x00]) });
    expect(code).toBe(2);
    expect(parse(output).files).toEqual([{ path: '-', findings: [], error: 'Cannot read the standard input: it is not UTF-8 text.' }]);
    const fixed = await run(['-', '--fix'], { input: new Uint8Array([0]) });
    expect([fixed.code, fixed.output]).toEqual([2, '']);
    expect(fixed.errors).toContain('it is not UTF-8 text');
  });

  it('is printed as it came when the config is broken', async () => {
    write({ 'shipshape.json': '{' });
    const { code, output, errors } = await run(['-', '--fix'], { input: bad });
    expect([code, output]).toEqual([2, bad]);
    expect(errors).toContain('shipshape.json:1:');
  });
});

describe('wrong usage', () => {
  it.each([
    [['--fixx'], 'There is no option "--fixx"; did you mean "--fix"?'],
    [['-x'], /^There is no option "-x"/],
    [['--unsafe'], '--unsafe says which fixes to take: give --fix or --diff with it.'],
    [['--diff', '-f', 'json'], '--diff prints a diff: leave out --format json.'],
    [['--format', 'jsn'], '--format: there is no "jsn"; did you mean "json"?'],
    [['--fail-on', 'never'], '--fail-on: there is no "never"; use "error", "warning", "info" or "none".'],
    [['--max-warnings', 'many'], '--max-warnings needs a whole number, not "many".'],
    [['--max-warnings', '-1'], '--max-warnings needs a whole number, not "-1".'],
    [['--preset', 'strict'], /^--preset: there is no "strict"/],
    [['--only'], '--only needs a value.'],
    [['--only', 'shel-form-cmd'], '--only: There is no rule "shel-form-cmd"; did you mean "shell-form-cmd"?'],
    [['--ignore', 'nonsense'], /^--ignore: There is no rule "nonsense"/],
    [['--rule', 'shell-form-cmd'], /^--rule: "shell-form-cmd" is not NAME=LEVEL/],
    [['--rule', 'shell-form-cmd=warn'], /^--rule: There is no level "warn"; did you mean "warning"\?/],
    [['--build-arg', '=x'], '--build-arg: "=x" is not NAME=VALUE.'],
    [['--stdin-filename', 'Dockerfile'], /^--stdin-filename names the standard input/],
    [['explain'], 'Which rule? "shipshape rules" lists them.'],
    [['explain', 'shel-form-cmd'], 'There is no rule "shel-form-cmd"; did you mean "shell-form-cmd"?'],
    [['explain', 'shell-form-cmd', '--fix'], /^There is no option "--fix"/],
    [['rules', 'cach'], 'There is no category "cach"; did you mean "cache"?'],
    [['-o', 'no/such/folder/report'], /^--output: Cannot write /],
  ])('%s: one sentence, 2, nothing else', async (words, expected) => {
    write({ Dockerfile: bad });
    const { code, output, errors } = await run(words);
    expect([code, output]).toEqual([2, '']);
    const [sentence, ...rest] = errors.split('\n');
    expect(rest).toEqual(['']);
    expect(sentence?.startsWith('shipshape: ')).toBe(true);
    if (typeof expected === 'string') expect(sentence?.slice(11)).toBe(expected);
    else expect(sentence?.slice(11)).toMatch(expected);
    expect(read('Dockerfile')).toBe(bad);
  });
});

/** Every bad file stands beside a sound one, which must be linted and fixed all the same. */
async function fixBeside(words: readonly string[] = []): Promise<{ code: number; error: string | undefined; rules: readonly string[] }> {
  write({ 'z/Dockerfile': bad });
  const { code, files } = await lintJson('--fix', ...words);
  expect(read('z/Dockerfile')).not.toBe(bad);
  expect(files.find(({ path }) => path === 'z/Dockerfile')).not.toHaveProperty('error');
  const other = files.find(({ path }) => path !== 'z/Dockerfile');
  return { code, error: other?.error, rules: other?.findings.map(({ rule }) => rule) ?? [] };
}

describe('bad input', () => {
  it('an empty file is a finding', async () => {
    write({ 'a/Dockerfile': '' });
    expect(await fixBeside()).toMatchObject({ code: 1, error: undefined, rules: ['correctness/syntax'] });
    expect(read('a/Dockerfile')).toBe('');
  });

  it('a binary file is an error', async () => {
    const bytes = new Uint8Array([0x46, 0x52, 0x00, 0xff, 0xfe]);
    write({ 'a/Dockerfile': bytes });
    const { code, error } = await fixBeside();
    expect(code).toBe(2);
    expect(error).toMatch(/^Cannot read `a\/Dockerfile`: it is binary/);
    expect(readFileSync(join(folder, 'a/Dockerfile'))).toEqual(Buffer.from(bytes));
  });

  it('a line of 10 MB is an error', async () => {
    write({ 'a/Dockerfile': `FROM debian:12\nRUN echo ${'x'.repeat(10_500_000)}\n` });
    const { code, error } = await fixBeside();
    expect(code).toBe(2);
    expect(error).toMatch(/^Cannot read `a\/Dockerfile`: it is larger than 10 MB/);
  });

  it('a line of a megabyte is linted and left alone', async () => {
    const text = `FROM debian:12\nCMD echo ${'x '.repeat(500_000)}\n`;
    write({ 'a/Dockerfile': text });
    const { code, error, rules } = await fixBeside(['--only', 'correctness/syntax,apt-lists-left']);
    expect([code, error, rules]).toEqual([1, undefined, ['correctness/syntax']]);
    expect(read('a/Dockerfile')).toBe(text);
  });

  it('a file without FROM is a finding', async () => {
    write({ 'a/Dockerfile': 'RUN echo hi\n' });
    expect(await fixBeside()).toMatchObject({ code: 1, error: undefined, rules: ['correctness/syntax'] });
  });

  it('a template is a finding', async () => {
    const template = '{{ header }}\nFROM {{ base }}\n{% if x %}\nRUN echo hi\n{% endif %}\n';
    write({ 'a/Dockerfile': template });
    const { error, rules } = await fixBeside();
    expect(error).toBeUndefined();
    expect(rules.length).toBeGreaterThan(0);
    expect(new Set(rules)).toEqual(new Set(['correctness/syntax']));
    expect(read('a/Dockerfile')).toBe(template);
  });

  it('an unterminated heredoc is a finding', async () => {
    const text = 'FROM debian:12\nRUN <<EOF\necho hi\n';
    write({ 'a/Dockerfile': text });
    expect(await fixBeside()).toMatchObject({ error: undefined, rules: ['correctness/syntax'] });
    expect(read('a/Dockerfile')).toBe(text);
  });

  it('a folder called Dockerfile is no file, and an error when it is named', async () => {
    write({ 'a/Dockerfile/keep': '' });
    expect(await fixBeside()).toMatchObject({ error: undefined, rules: [] });
    const { code, files } = await lintJson('a/Dockerfile', 'z/Dockerfile', ...one);
    expect(code).toBe(2);
    expect(files.map(({ path, error }) => [path, error])).toEqual([
      ['z/Dockerfile', undefined],
      ['a/Dockerfile', 'No Dockerfile or Containerfile was found in the folder "a/Dockerfile".'],
    ]);
  });

  it('a path that leads nowhere is an error', async () => {
    write({ 'z/Dockerfile': bad });
    symlinkSync('nowhere', join(folder, 'link'));
    const { code, files } = await lintJson('nothing', 'link', 'z');
    expect(code).toBe(2);
    expect(files.filter(({ error }) => error !== undefined).map(({ path, error }) => [path, error])).toEqual([
      ['nothing', 'Cannot read `nothing`: there is nothing of this name; check the path.'],
      ['link', 'Cannot read `link`: there is nothing of this name; check the path.'],
    ]);
  });

  it('nothing to lint is an error', async () => {
    const { code, output } = await run([]);
    expect(code).toBe(2);
    expect(output).toContain('No Dockerfile or Containerfile was found in this folder.');
  });

  it('a broken config fails the files below it, once in the report', async () => {
    write({ 'a/Dockerfile': bad, 'a/other.Dockerfile': bad, 'a/shipshape.json': '{\n  "rules": { "shel-form-cmd": "off" }\n}\n' });
    const { code, error } = await fixBeside();
    expect(code).toBe(2);
    expect(error).toMatch(/shipshape\.json:2:14: There is no rule "shel-form-cmd"; did you mean "shell-form-cmd"\?$/);
    expect(read('a/Dockerfile')).toBe(bad);
    expect((await run([])).output.match(/shel-form-cmd/g)).toHaveLength(1);
    expect((await run(['--no-config', ...one])).code).toBe(1);
  });

  it('a config that is named but not there fails every file', async () => {
    write({ Dockerfile: bad });
    const { code, files } = await lintJson('--config', 'no.json');
    expect([code, files[0]?.error]).toEqual([2, expect.stringContaining('there is no such file')]);
  });

  it('a plugin that throws fails the file, and all other rules go on', async () => {
    const rule = "{ summary: 'S', why: 'W', severity: 'warning', examples: [{ bad: 'FROM a\\n', good: 'FROM b\\n' }], check() { throw new Error('it broke\\u001b[31m'); } }";
    write({ 'a/Dockerfile': good, 'a/plugin.mjs': `export const rules = { 'acme/broken': ${rule} };\n`, 'a/shipshape.json': '{ "plugins": ["./plugin.mjs"] }' });
    expect((await fixBeside()).error).toContain('--allow-plugins');
    const { code, error, rules } = await fixBeside(['--allow-plugins']);
    expect(code).toBe(2);
    expect(error).toContain('The rule acme/broken failed in a/Dockerfile: it broke');
    expect(rules).toContain('security/no-root-user');
    const { output } = await run(['--allow-plugins', 'a']);
    expect(output).not.toContain('\u001b');
    expect(output).not.toMatch(/\n\s+at /);
  });

  it('a plugin that does not load fails the file', async () => {
    write({ 'a/Dockerfile': good, 'a/plugin.mjs': "throw new Error('no luck');\n", 'a/shipshape.json': '{ "plugins": ["./plugin.mjs"] }' });
    const { code, error } = await fixBeside(['--allow-plugins']);
    expect([code, error]).toEqual([2, expect.stringContaining('The plugin "./plugin.mjs" failed to load: no luck')]);
  });

  it('names and texts are never sent raw to a terminal', async () => {
    write({ 'a\u001b[31m/Dockerfile': 'FROM \u001b[2Jdebian\nRUN\u0007 x\nCMD a \u009b1m\n', 'b\u001b]0;x\u0007.Dockerfile': new Uint8Array([0]) });
    for (const words of [['.'], ['--diff'], ['no\u001b[1mthing'], ['--only', '\u001b[1m'], ['--verbose'], ['-f', 'json']]) {
      const { output, errors } = await run(words, { isTerminal: true, environment: { NO_COLOR: '1' } });
      expect(output + errors).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }
  });
});

describe('the progress line', () => {
  const ticks = (isTerminal: boolean, total: number, milliseconds: number): string => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let text = '';
    const progress = new Progress(() => ({ isTerminal, columns: 80, write: (more) => { text += more; } }), total);
    for (let done = 0; done < total; done += 1) {
      vi.advanceTimersByTime(milliseconds);
      progress.tick();
    }
    progress.end();
    vi.useRealTimers();
    return text;
  };

  it('tells of a long run on a terminal, and is taken away', () => {
    const text = ticks(true, 100, 50);
    expect(text).toMatch(/^\r\u001b\[K6 of 100 files, 5 s left\r\u001b\[K8 of 100 files, /);
    expect(text.endsWith('\r\u001b[K')).toBe(true);
  });

  it('is silent in a short run, and where there is no terminal', () => {
    expect(ticks(true, 100, 5)).toBe('');
    expect(ticks(true, 1, 5000)).toBe('');
    expect(ticks(false, 100, 50)).toBe('');
  });
});

describe('explain and rules', () => {
  it('explains a rule by its name or the code of another tool', async () => {
    const { code, output } = await run(['explain', 'shell-form-cmd']);
    expect(code).toBe(0);
    expect(output).toContain('correctness/shell-form-cmd  warning · safe fix');
    expect(output).toContain('"rules": { "correctness/shell-form-cmd": "off" }');
    expect((await run(['explain', 'DL3025'])).output).toBe(output);
  });

  it('lists the rules, as JSON too', async () => {
    expect((await run(['rules'])).output).toMatch(/^correctness\n(.*\n)+.*shell-form-cmd +warning +safe/);
    const list: readonly unknown[] = JSON.parse((await run(['rules', 'cache', '-f', 'json'])).output);
    expect(list).toContainEqual(expect.objectContaining({ rule: 'cache/copy-before-install', severity: 'warning' }));
    expect(list).not.toContainEqual(expect.objectContaining({ rule: 'correctness/shell-form-cmd' }));
  });

  it('knows the rules of plugins that may run', async () => {
    const rule = "{ summary: 'Sum', why: 'Because.', severity: 'info', examples: [{ bad: 'FROM a\\n', good: 'FROM b\\n' }], * check({ file }) { yield { at: file.instructions[0].span, message: 'M.' }; } }";
    write({ 'plugin.mjs': `export const rules = { 'acme/new': ${rule} };\n`, 'shipshape.json': '{ "plugins": ["./plugin.mjs"] }' });
    expect((await run(['explain', 'acme/new'])).code).toBe(2);
    expect((await run(['explain', 'acme/new', '--allow-plugins'])).output).toContain('Because.');
    expect((await run(['rules', 'acme', '--allow-plugins'])).output).toContain('Sum');
  });

  it('fits into 80 columns', async () => {
    for (const words of [['rules'], ['--help'], ['explain', '--help'], ['rules', '--help']]) {
      const { output } = await run(words);
      expect(output.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
    }
  });

  it('prints help and version', async () => {
    expect((await run(['-h'])).output).toMatch(/^Usage: shipshape \[paths…\]/);
    expect((await run(['--version'])).output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('the program as it is built', () => {
  const root = join(import.meta.dirname, '..');
  let built = '';
  beforeAll(() => {
    built = mkdtempSync(join(tmpdir(), 'shipshape-built-'));
    execFileSync(process.execPath, ['bench/build.mjs', '--no-types', '--out', built], { cwd: root, stdio: 'pipe' });
  });
  afterAll(() => rmSync(built, { recursive: true, force: true }));

  const spawn = (words: readonly string[], input = '') => spawnSync(process.execPath, [join(built, 'cli.js'), ...words], { cwd: folder, input, encoding: 'utf8' });

  it('lints, fixes, and explains', () => {
    write({ Dockerfile: bad, 'shipshape.json': '{ "rules": { "size/*": "off" } }' });
    expect(spawn(['.']).status).toBe(1);
    expect(spawn(['--fix', ...one])).toMatchObject({ status: 0, stderr: '' });
    expect(read('Dockerfile')).toBe(mended);
    expect(spawn(['explain', 'shell-form-cmd']).stdout).toContain('Switch it off');
    expect(spawn(['--nope'])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^shipshape: There is no option "--nope".*\n$/) });
    expect(spawn(['-', '-f', 'json', ...one], bad)).toMatchObject({ status: 1, stdout: expect.stringContaining('"line": 3') });
  });

  it('reports files it may not read or write, and goes on', () => {
    write({ 'a/Dockerfile': bad, 'b/Dockerfile': bad, 'c/Dockerfile': bad });
    for (const path of ['', 'a', 'c', 'c/Dockerfile']) chmodSync(join(folder, path), 0o777);
    chmodSync(join(folder, 'a/Dockerfile'), 0);
    chmodSync(join(folder, 'b'), 0o555);
    chmodSync(built, 0o755);
    // The superuser may read and write anything, so it becomes someone else for this.
    const someone = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const { status, stdout } = spawnSync(process.execPath, [join(built, 'cli.js'), '--fix', '-f', 'json', ...one], { cwd: folder, encoding: 'utf8', ...someone });
    chmodSync(join(folder, 'a/Dockerfile'), 0o644);
    chmodSync(join(folder, 'b'), 0o755);
    expect(status).toBe(2);
    expect(parse(stdout).files).toMatchObject([
      { path: 'a/Dockerfile', findings: [], error: 'Cannot read `a/Dockerfile`: permission is denied; change its mode or run as its owner.' },
      { path: 'b/Dockerfile', findings: [{ rule: 'correctness/shell-form-cmd' }], error: 'The fixes could not be written: Cannot write `b/Dockerfile`: permission is denied; change its mode or run as its owner.' },
      { path: 'c/Dockerfile', findings: [], fixed: [{ safety: 'safe' }] },
    ]);
    expect(['a', 'b', 'c'].map((name) => read(`${name}/Dockerfile`))).toEqual([bad, bad, mended]);
  });

  it('starts as a program, and ends quietly when nobody reads on', () => {
    write({ Dockerfile: bad.repeat(50) });
    expect(readFileSync(join(built, 'cli.js'), 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
    expect(statSync(join(built, 'cli.js')).mode & 0o111).toBe(0o111);
    const piped = spawnSync('sh', ['-c', '"$0" "$1" . | head -n 1', process.execPath, join(built, 'cli.js')], { cwd: folder, encoding: 'utf8' });
    expect(piped).toMatchObject({ status: 0, stderr: '', stdout: 'Dockerfile\n' });
  });

  it('finds in many files, in several threads, what it finds in one thread', async () => {
    write(Object.fromEntries(Array.from({ length: 320 }, (_, index) => [`${index % 40}/Dockerfile.${index}`, index === 7 ? '\0' : bad.replace('8000', String(index))])));
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(built, 'cli.js'), '-f', 'json'], { cwd: folder, encoding: 'utf8', maxBuffer: 1e8 });
    const alone = await run(['-f', 'json']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toBe(alone.output);
    expect(parse(stdout).summary).toMatchObject({ files: 320 });
  });

  it('has an API for other programs', () => {
    const code = `const { lint, fix, rules } = await import(${JSON.stringify(join(built, 'index.js'))});
      const text = ${JSON.stringify(bad)};
      console.log(JSON.stringify([(await lint(text, { only: ['DL3025'] })).findings[0].line, (await fix(text, { only: ['DL3025'] })).text, rules.has('cache/copy-before-install')]));`;
    expect(JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }))).toEqual([3, mended, true]);
  });

  it('brings the licences of all that is in it', () => {
    const text = readFileSync(join(built, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['dockerfile-ast', 'unbash', 'yargs', 'fast-glob', 'picocolors', 'diff', 'ignore', '@balena/dockerignore']) expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });
});
