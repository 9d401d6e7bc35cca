import { createRequire } from 'node:module';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { rules as ownRules } from '../rules/index.ts';
import { main } from '../src/cli.ts';
import type { Output } from '../src/cli/terminal.ts';
import type { Diagnostic } from '../src/lint.ts';
import { fingerprints } from '../src/report/fingerprint.ts';
import { formatNames, formats, type Format } from '../src/report/formats.ts';
import type { FileReport, ReportOptions } from '../src/report/report.ts';
import type { AnyRule } from '../src/rule.ts';
import { LineMap, span, type Span } from '../src/span.ts';

const rule: AnyRule = {
  summary: 'Test of `tests`',
  why: 'The **first** paragraph\nof `why`.\n\n- one\n- two\n\n```\nRUN a\n```',
  severity: 'warning',
  sources: ['hadolint/DL1'],
  examples: [{ bad: 'FROM a\n', good: 'FROM b\n' }],
  check: () => [],
};
const options: ReportOptions = { color: false, columns: 80, applied: undefined, rules: new Map([['size/test', rule]]), folder: '/home/me/a b' };

const place = (text: string, marked: string): Span => span(text.indexOf(marked), text.indexOf(marked) + marked.length);

const finding = (text: string, marked: string, more: Partial<Diagnostic> = {}): Diagnostic =>
  ({ rule: 'size/test', severity: 'warning', at: place(text, marked), message: 'Message.', fix: undefined, related: [], sources: [], ...more });

const fileOf = (text: string, diagnostics: readonly Diagnostic[], more: Partial<FileReport> = {}): FileReport =>
  ({ path: 'Dockerfile', text, diagnostics, fixed: undefined, error: undefined, ...more });

const text = 'FROM debian:12\nRUN apt-get update && \\\n    apt-get install curl\nCMD echo "🚀" & "x|y"\n';
const sample: readonly FileReport[] = [
  fileOf('FROM debian:12\n', [], { path: 'clean/Dockerfile' }),
  fileOf(text, [
    finding(text, 'debian:12', { severity: 'info', message: 'Pin `debian:12`.', fix: { title: 'Choose a digest', safety: 'manual', edits: [] } }),
    finding(text, 'apt-get update && \\\n    apt-get install curl\n', {
      message: 'Join <these>.',
      related: [{ at: place(text, 'curl'), message: 'Not `x|y`.' }],
      fix: { title: 'Use `-y`', safety: 'safe', edits: [{ span: span(text.indexOf(' curl'), text.indexOf(' curl')), text: ' -y' }, { span: place(text, '    '), text: '' }] },
    }),
    finding(text, '"x|y"', { rule: 'security/unknown', severity: 'error', message: 'Quote "x|y" & more.' }),
  ], { path: 'my app/Docker#1' }),
  fileOf('', [], { path: 'gone', error: 'Cannot read `gone`: check the path.' }),
];

const render = async (format: Format, files: readonly FileReport[], more: Partial<ReportOptions> = {}): Promise<string> => (await formats[format]())(files, { ...options, ...more });

describe('each format as a whole', () => {
  it.each(formatNames)('%s', async (format) => {
    const output = (await render(format, sample)).replaceAll(`"${manifest.version}"`, '"VERSION"');
    await expect(output).toMatchFileSnapshot(`support/reports/${format}.txt`);
  });

  it('an empty run is sound in every format', async () => {
    for (const format of formatNames.filter((each) => each !== 'stylish')) {
      const empty = await render(format, []);
      if (['json', 'sarif', 'gitlab'].includes(format)) expect(() => void JSON.parse(empty)).not.toThrow();
      else if (['checkstyle', 'junit', 'html'].includes(format)) readMarkup(empty);
      else if (format === 'markdown') expect(empty).toContain('No findings in 0 files.');
      else expect(empty).toBe('');
    }
  });
});

/** What stands in the markup: its elements with their attributes, and its text. */
interface Markup {
  readonly elements: { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decode = (raw: string): string => raw.replace(/&(\w+);/g, (_, name: string) => entities[name] ?? `?${name}?`);
const voids = new Set(['meta', 'input']);

/** Reads XML, or the HTML we write, strictly: whatever is not well formed throws. */
function readMarkup(source: string): Markup {
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  let content = '';
  if (/[^\n\t\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(source)) throw new Error('forbidden character');
  const rest = source.replace(/^(?:<\?xml version="1\.0" encoding="UTF-8"\?>|<!doctype html>)\n/, '');
  const token = /<(\/?)([a-z][a-z0-9]*)((?:\s[a-z-]+(?:="[^"<]*")?)*)(\/?)>|([^<]+)/gy;
  while (token.lastIndex < rest.length) {
    const at = token.lastIndex;
    const match = token.exec(rest);
    if (match === null) throw new Error(`not well formed: ${rest.slice(at, at + 60)}`);
    const [, close, name = '', list = '', empty, words] = match;
    if (words !== undefined) {
      if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(words) || words.includes(']]>')) throw new Error(`bad text: ${words}`);
      if (open.at(-1) !== 'style') content += decode(words);
    } else if (close === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      const attributes = [...list.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => {
        if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(value)) throw new Error(`bad attribute: ${value}`);
        return [key, decode(value)] as const;
      });
      if (new Set(attributes.map(([key]) => key)).size !== attributes.length) throw new Error('an attribute twice');
      elements.push({ name, attributes: Object.fromEntries(attributes) });
      if (empty !== '/' && !voids.has(name)) open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`<${open.join('> <')}> is not closed`);
  return { elements, text: content };
}

const hostile: readonly (readonly [name: string, text: string])[] = [
  ['quotes', `a"b'c`], ['the end of CDATA', 'a]]>b'], ['a percent sign', '100%25 %0A'], ['a newline', 'a\nb\r\n::error::c'],
  ['a command', '::error file=x::y, z'], ['a bar', 'a | b \\| c \\'], ['backticks', 'a `b|c` ``d` `'], ['emoji', '👩‍🚀 🚀'],
  ['a terminal escape', 'a\u001b[31mb\u0007\u009b\u0000'], ['direction marks', 'a\u202eb\u2066'], ['markup', '<script>alert(1)</script><!-- &amp; -->'],
  ['Markdown', '**a** _b_ [c](javascript:d) ![e](f) <br> # g @user https://h www.i'], ['half a character', 'a\ud800b\uffff'], ['nothing', ''],
];

/** A file in which everything that comes from outside is the hostile text. */
function hostileFile(each: string): FileReport {
  const source = `RUN ${each}\nRUN b\n`;
  return fileOf(source, [
    finding(source, `RUN ${each}`, {
      message: `Not \`${each}\` or ${each}.`, related: [{ at: span(0, 3), message: each }], fix: { title: each, safety: 'unsafe', edits: [{ span: span(0, 3), text: each }] },
    }),
  ], { path: `dir/${each}`, fixed: [{ rule: 'size/test', title: each, safety: 'safe' }], error: `Failed: ${each}` });
}

const rawControls = /[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069]/u;

describe.each(hostile)('a text with %s', (_, each) => {
  const files = [hostileFile(each)];
  const [{ path, diagnostics, error } = hostileFile('')] = files;
  const message = diagnostics[0]?.message ?? '';

  it.each(formatNames)('leaves no raw control character in %s', async (format) => {
    const output = await render(format, files);
    expect(format === 'codeclimate' ? output.replaceAll('\0', '') : output).not.toMatch(rawControls);
  });

  it('comes back out of the formats that are JSON', async () => {
    const sarif = JSON.parse(await render('sarif', files));
    expect(sarif.runs[0].results[0].message.text.replaceAll('\\[', '[')).toBe(message.replaceAll('\\[', '['));
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toMatch(/^dir\/[\w.!~*'()%-]*(?:\/[\w.!~*'()%-]*)*$/);
    expect(sarif.runs[0].results[0].fixes[0].artifactChanges[0].replacements[0].insertedContent?.text ?? '').toBe(each);
    expect(JSON.parse(await render('gitlab', files)).map(({ description }: { description: string }) => description)).toEqual([error, message]);
    const issues = (await render('codeclimate', files)).split('\0');
    expect(issues.pop()).toBe('');
    expect(issues.map((issue) => JSON.parse(issue).description)).toEqual([error, message]);
    expect(JSON.parse(await render('json', files)).files[0].findings[0].message).toBe(message);
  });

  it('is one element in the formats that are markup', async () => {
    const checkstyle = readMarkup(await render('checkstyle', files));
    expect(checkstyle.elements.map(({ name }) => name)).toEqual(['checkstyle', 'file', 'error', 'error']);
    const junit = readMarkup(await render('junit', files));
    expect(junit.elements.map(({ name }) => name)).toEqual(['testsuites', 'testsuite', 'testcase', 'error', 'testcase', 'failure']);
    const page = readMarkup(await render('html', files));
    expect(page.elements.filter(({ name }) => ['script', 'img', 'br'].includes(name))).toEqual([]);
    if (/^[\u0020-\u007e]*$/.test(each)) {
      expect(checkstyle.elements[3]?.attributes['message']).toBe(message);
      expect(checkstyle.elements[1]?.attributes['name']).toBe(path);
      if (each !== '' && !each.includes('`') && !each.includes('**')) expect(page.text).toContain(message.replaceAll('`', ''));
    }
  });

  it('is one command each for GitHub', async () => {
    const lines = (await render('github', files)).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const [, name, properties = ''] = /^::(error|warning) ([^:]*)::/.exec(line) ?? [];
      expect(name).toBeDefined();
      expect(properties.split(',').map((pair) => pair.slice(0, pair.indexOf('=')))).toEqual(name === 'error' ? ['file', 'title'] : expect.arrayContaining(['file', 'line', 'title']));
      expect(line).not.toMatch(/%(?!25|0A|0D|3A|2C)/);
    }
  });

  it('is a line each for editors and terminals', async () => {
    expect((await render('gnu', files)).match(/\n/g)).toHaveLength(2);
    expect((await render('tty-compact', files)).match(/\n/g)).toHaveLength(3);
  });

  it('is a row of four cells in Markdown, and none of its markup', async () => {
    const output = await render('markdown', files);
    const rows = output.split('\n').filter((line) => line.startsWith('| 🟡'));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.split('|')).toHaveLength(6);
    // Outside of code spans nothing is left that Markdown or its readers would follow; inside of one it is code.
    const prose = output.replace(/`[^`\n]*`/g, '');
    expect(prose).not.toMatch(/\[c\]|\*\*a|_b_|<script|<!--|@user|https:\/\/|www\.|`/);
  });
});

describe('SARIF', () => {
  const runOf = async (files: readonly FileReport[], more: Partial<ReportOptions> = {}) => JSON.parse(await render('sarif', files, more)).runs[0];

  it('has regions that give the span back, by lines and columns of UTF-16', async () => {
    const source = 'FROM a\r\nRUN "🚀" && \\\r\n  b\r\n';
    const spans = [place(source, '"🚀"'), place(source, '&& \\\r\n  b'), place(source, '  b\r\n'), span(0, 0), span(source.length, source.length)];
    const run = await runOf([fileOf(source, spans.map((at) => finding(source, '', { at })))]);
    const starts = source.split('\n').reduce<number[]>((all, line) => [...all, (all.at(-1) ?? 0) + line.length + 1], [0]);
    const found = run.results.map(({ locations: [{ physicalLocation: { region } }] }: { locations: [{ physicalLocation: { region: Record<string, number> } }] }) =>
      span((starts[(region['startLine'] ?? 0) - 1] ?? 0) + (region['startColumn'] ?? 0) - 1, (starts[(region['endLine'] ?? 0) - 1] ?? 0) + (region['endColumn'] ?? 0) - 1));
    expect(found).toEqual(spans);
    expect(run.columnKind).toBe('utf16CodeUnits');
  });

  it('does not count a byte order mark', async () => {
    const source = '\ufeffFROM a\n';
    const run = await runOf([fileOf(source, [finding(source, 'FROM')])]);
    expect(run.results[0].locations[0].physicalLocation.region).toEqual({ startLine: 1, startColumn: 1, endLine: 1, endColumn: 5 });
  });

  it('gives no fix without edits, nor one whose edits are in other files', async () => {
    const source = 'FROM a\n';
    const edit = { span: span(0, 0), text: '.git\n', file: '.dockerignore' };
    const run = await runOf([fileOf(source, [
      finding(source, 'FROM', { fix: { title: 'Choose', safety: 'manual', edits: [] } }),
      finding(source, 'FROM', { fix: { title: 'Write', safety: 'safe', edits: [edit] } }),
    ])]);
    expect(run.results.map((result: object) => 'fixes' in result)).toEqual([false, false]);
  });

  it('has addresses relative to the folder, and absolute ones outside of it', async () => {
    const run = await runOf(['a b/ü#?.x', '../up/Dockerfile', '/abs/Dockerfile', '-'].map((path) => fileOf('', [], { path })));
    expect(run.artifacts.map(({ location }: { location: { uri: string; uriBaseId?: string } }) => [location.uri, location.uriBaseId])).toEqual([
      ['a%20b/%C3%BC%23%3F.x', '%SRCROOT%'], ['file:///home/me/up/Dockerfile', undefined], ['file:///abs/Dockerfile', undefined], ['-', '%SRCROOT%'],
    ]);
    expect(run.originalUriBaseIds['%SRCROOT%'].uri).toBe('file:///home/me/a%20b/');
  });

  it('names a file once, though it failed twice', async () => {
    const run = await runOf([fileOf('', [], { error: 'A.' }), fileOf('', [], { error: 'B.' })]);
    expect(run.artifacts).toHaveLength(1);
    expect(run.invocations[0].executionSuccessful).toBe(false);
    expect(run.invocations[0].toolExecutionNotifications.map(({ message }: { message: { text: string } }) => message.text)).toEqual(['A.', 'B.']);
  });

  it('describes our own rules with all that code scanning shows', async () => {
    const source = 'FROM a\n';
    const run = await runOf([fileOf(source, [...ownRules.keys()].map((id) => finding(source, 'FROM', { rule: id })))], { rules: ownRules });
    expect(run.tool.driver.rules).toHaveLength(ownRules.size);
    for (const described of run.tool.driver.rules) {
      expect(described).toMatchObject({ shortDescription: { text: expect.any(String) }, defaultConfiguration: { level: expect.stringMatching(/^(?:error|warning|note|none)$/) } });
      // GitHub cuts longer descriptions.
      expect(described.fullDescription.text.length).toBeLessThanOrEqual(1024);
      expect(described.help.markdown).toContain('**Bad**');
    }
  });
});

/** The schema, where the package that ships it is installed. */
function sarifValidator(): ((log: unknown) => string) | undefined {
  const require = createRequire(import.meta.url);
  try {
    const { default: Ajv }: { default: new (options: object) => { compile(schema: unknown): { (value: unknown): boolean; errors?: unknown } } } = require('ajv-draft-04');
    const formatsOfAjv: { default(ajv: unknown): void } = require('ajv-formats');
    // A pattern of the schema is no regular expression in Unicode mode.
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    formatsOfAjv.default(ajv);
    const validate = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
    return (log) => (validate(log) ? '' : JSON.stringify(validate.errors));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

describe('SARIF by its schema', () => {
  const validate = sarifValidator();

  it('is valid', async () => {
    const runs = [sample, [], [...sample, ...sample], ...hostile.map(([, each]) => [hostileFile(each)])];
    for (const files of runs) expect(validate?.(JSON.parse(await render('sarif', files)))).toBe('');
    expect(validate?.({ version: '2.1.0' })).not.toBe('');
  });
});

describe('fingerprints', () => {
  const of = (source: string, marked: string) => fingerprints(fileOf(source, [...source.matchAll(new RegExp(marked, 'g'))].map(({ index }) => finding(source, '', { at: span(index, index + 1) }))));

  it('stay when lines move or are indented', () => {
    expect(of('FROM a\n\n# x\n    RUN b\n', 'RUN')).toEqual(of('FROM a\nRUN b\n', 'RUN'));
    expect(of('FROM a\r\nRUN b\r\n', 'RUN')).toEqual(of('FROM a\nRUN b\n', 'RUN'));
  });

  it('differ by line, rule, and occurrence', () => {
    const source = 'RUN b\nRUN b\nRUN c\n';
    expect(new Set(of(source, 'RUN')).size).toBe(3);
    expect(fingerprints(fileOf(source, [finding(source, 'RUN'), finding(source, 'RUN', { rule: 'size/other' })]))).toEqual([expect.any(String), expect.any(String)]);
    expect(new Set(fingerprints(fileOf(source, [finding(source, 'RUN'), finding(source, 'RUN', { rule: 'size/other' })]))).size).toBe(2);
  });

  it('are used once in the reports of GitLab and Code Climate', async () => {
    const files = ['a', 'b'].map((path) => fileOf(text, [finding(text, 'RUN'), finding(text, 'RUN'), finding(text, 'CMD')], { path, error: 'No.' }));
    const issues: { fingerprint: string }[] = JSON.parse(await render('gitlab', files));
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(8);
  });
});

describe('Markdown', () => {
  it('counts what a summary has no room for', async () => {
    const many = fileOf(text, Array.from({ length: 1200 }, () => finding(text, 'RUN')));
    const output = await render('markdown', [many]);
    expect(output).toContain('1200 warnings in 1 file.');
    expect(output).toMatch(/\n\n… and 200 more\.\n$/);
  });
});

describe('HTML', () => {
  it('loads nothing, runs nothing, and its ids and links meet', async () => {
    const page = readMarkup(await render('html', sample));
    expect(page.elements.filter(({ name }) => ['script', 'link', 'img', 'iframe', 'object'].includes(name))).toEqual([]);
    const ids = page.elements.flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const links = page.elements.flatMap(({ attributes }) => attributes['href'] ?? []);
    expect(links).toHaveLength(3);
    for (const link of links) expect(ids).toContain(link.slice(1));
    for (const { attributes } of page.elements) for (const name of Object.keys(attributes)) expect(name).not.toMatch(/^on/);
  });

  it('cuts long lines and long spans', async () => {
    const long = `RUN ${'x'.repeat(100_000)}\n${'RUN a\n'.repeat(500)}`;
    const output = await render('html', [fileOf(long, [finding(long, '', { at: span(4, long.length) })])]);
    expect(output.length).toBeLessThan(10_000);
    expect(output).toContain('to line 501');
  });
});

describe('the command line', () => {
  let folder = '';
  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    folder = mkdtempSync(join(tmpdir(), 'shipshape-reports-'));
    writeFileSync(join(folder, 'Dockerfile'), 'FROM debian:12\nCMD a b\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function run(...words: readonly string[]): Promise<{ code: number; output: string; errors: string }> {
    const texts = { output: '', errors: '' };
    const outputFor = (name: 'output' | 'errors'): Output => ({ isTerminal: false, columns: undefined, write: (each) => { texts[name] += each; } });
    const code = await main(['--only', 'shell-form-cmd', ...words], { folder, environment: {}, output: outputFor('output'), errors: outputFor('errors'), readInput: async () => Buffer.from('') });
    return { code, ...texts };
  }
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

  it('makes several reports at once', async () => {
    const { code, output } = await run('-f', 'stylish', '-f', 'sarif=out.sarif', '-f', 'json=out.json');
    expect(code).toBe(1);
    expect(output).toContain('│ CMD a b\n');
    expect(JSON.parse(read('out.sarif')).runs[0].results).toHaveLength(1);
    expect(JSON.parse(read('out.sarif')).runs[0].tool.driver.rules[0].shortDescription.text).not.toBe('');
    expect(JSON.parse(read('out.json')).summary.warnings).toBe(1);
  });

  it('prints nothing where each report has a file, and writes empty ones too', async () => {
    expect(await run('-f', 'gnu=a.txt', '-f', 'html=a=b.html')).toEqual({ code: 1, output: '', errors: '' });
    expect(read('a.txt')).toMatch(/^Dockerfile:2:5: warning: .* \[correctness\/shell-form-cmd\]\n$/);
    expect(read('a=b.html')).toContain('<!doctype html>');
    writeFileSync(join(folder, 'Dockerfile'), 'FROM debian:12\n');
    expect((await run('-f', 'gnu=a.txt')).code).toBe(0);
    expect(read('a.txt')).toBe('');
  });

  it('gives -o to the report without a file', async () => {
    expect((await run('-f', 'json', '-f', 'gnu=a.txt', '-o', 'out.json')).output).toBe('');
    expect(JSON.parse(read('out.json')).files).toHaveLength(1);
    expect(read('a.txt')).not.toBe('');
  });

  it.each([
    [['-f', 'json', '-f', 'sarif'], '--format: only one report can go to the output; give the others a file, such as "sarif=FILE".'],
    [['-f', 'json='], '--format: "json=" names no file; write NAME=FILE, or NAME for the output.'],
    [['-f', 'srif=x'], '--format: there is no "srif"; did you mean "sarif"?'],
    [['-f', 'toString'], /^--format: there is no "toString"; use "stylish", /],
    [['-f', 'json=x', '-f', 'sarif=x'], '--format: two reports would be written to "x"; give each a file of its own.'],
    [['-f', 'json=x', '-o', 'y'], '--output: every report has a file already; leave it out.'],
    [['-f', 'json=x', '-f', 'sarif', '-o', 'x'], '--format: two reports would be written to "x"; give each a file of its own.'],
    [['--diff', '-f', 'sarif=x'], '--diff prints a diff: leave out --format sarif.'],
    [['-f', 'json', '-f', 'gnu=no/such/folder/x'], /^--format: Cannot write /],
  ])('%s: one sentence, and no report', async (words, expected) => {
    const { code, output, errors } = await run(...words);
    expect([code, output]).toEqual([2, '']);
    const sentence = errors.replace(/^shipshape: /, '').trimEnd();
    if (typeof expected === 'string') expect(sentence).toBe(expected);
    else expect(sentence).toMatch(expected);
    expect(readdirSync(folder)).toEqual(['Dockerfile']);
  });

  it('names every format in the help', async () => {
    const { output } = await run('--help');
    for (const name of formatNames) expect(output.replace(/\s+/g, ' ')).toMatch(new RegExp(`[ ,]${name}[ ,;]`));
  });

  it('keeps explain and rules to their two', async () => {
    const texts = { output: '', errors: '' };
    const outputFor = (name: 'output' | 'errors'): Output => ({ isTerminal: false, columns: undefined, write: (each) => { texts[name] += each; } });
    const code = await main(['rules', '-f', 'sarif'], { folder, environment: {}, output: outputFor('output'), errors: outputFor('errors'), readInput: async () => Buffer.from('') });
    expect([code, texts.errors]).toEqual([2, 'shipshape: --format: there is no "sarif"; use "stylish" or "json".\n']);
  });
});

it('the positions of a sample are what its text says', () => {
  const [, { diagnostics } = fileOf('', [])] = sample;
  const lines = new LineMap(text);
  expect(diagnostics.map(({ at }) => lines.position(at.start))).toEqual([{ line: 1, column: 6 }, { line: 2, column: 5 }, { line: 4, column: 17 }]);
});
