import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../src/lint.ts';
import { colors } from '../src/report/colors.ts';
import { shownDiff, unifiedDiff } from '../src/report/diff.ts';
import { excerpt } from '../src/report/excerpt.ts';
import { json, type JsonReport } from '../src/report/json.ts';
import { renderMarkdown } from '../src/report/markdown.ts';
import type { FileReport, ReportOptions } from '../src/report/report.ts';
import { stylish } from '../src/report/stylish.ts';
import { displayWidth, visible, wrap } from '../src/report/text.ts';
import { LineMap, span } from '../src/span.ts';

const plain: ReportOptions = { color: false, columns: 80, applied: undefined, rules: new Map(), folder: '/work' };

/** A finding at the first place where `marked` stands. */
function finding(text: string, marked: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf(marked);
  return { rule: 'style/test', severity: 'warning', at: span(start, start + marked.length), message: 'Message.', fix: undefined, related: [], sources: [], ...more };
}

const fileOf = (text: string, diagnostics: readonly Diagnostic[], more: Partial<FileReport> = {}): FileReport =>
  ({ path: 'Dockerfile', text, diagnostics, fixed: undefined, error: undefined, ...more });

const parse = (text: string): JsonReport => JSON.parse(text);

describe('texts for a terminal', () => {
  it('shows control, direction and line characters instead of sending them', () => {
    expect(visible('a\u001b[31mb\u0007\u007f\u009b\u202e\u2028')).toBe('a␛[31mb␇␡<U+009B><U+202E><U+2028>');
  });

  it('measures wide and combining characters', () => {
    expect(displayWidth('日本')).toBe(4);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('🚀')).toBe(2);
  });

  it('wraps at blanks and leaves long words whole', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a-very-long-word b', 5)).toEqual(['a-very-long-word', 'b']);
    expect(wrap('', 5)).toEqual(['']);
  });
});

describe('the excerpt of a source line', () => {
  const at = (text: string, marked: string, columns = 40) => {
    const start = text.indexOf(marked);
    return excerpt(new LineMap(text), span(start, start + marked.length), columns);
  };

  it('marks below the span, tabs spread', () => {
    expect(at('FROM a\n\tRUN\tapt x\n', 'apt')).toEqual({ line: '    RUN apt x', indent: '        ', marks: '^^^', lastLine: undefined });
  });

  it('marks wide characters at their width', () => {
    expect(at('RUN echo 日本 x', 'x')).toMatchObject({ indent: ' '.repeat(14), marks: '^' });
    expect(at('RUN echo 日本 x', '日本')).toMatchObject({ indent: ' '.repeat(9), marks: '^^^^' });
  });

  it('shows control characters at their width', () => {
    expect(at('RUN \u001b[1m\u202ex', 'x')).toEqual({ line: 'RUN ␛[1m<U+202E>x', indent: ' '.repeat(16), marks: '^', lastLine: undefined });
  });

  it('marks an empty span', () => {
    expect(excerpt(new LineMap('FROM a\n'), span(6, 6), 40)).toMatchObject({ line: 'FROM a', indent: ' '.repeat(6), marks: '^' });
    expect(excerpt(new LineMap(''), span(0, 0), 40)).toMatchObject({ line: '', indent: '', marks: '^' });
  });

  it('marks the first line of a span over several, and names the last', () => {
    expect(at('RUN a && \\\n  b\nCMD c', 'a && \\\n  b')).toEqual({ line: 'RUN a && \\', indent: '    ', marks: '^^^^^^', lastLine: 2 });
  });

  it('leaves a carriage return out', () => {
    expect(at('RUN a\r\nCMD b\r\n', 'RUN a\r\n').line).toBe('RUN a');
  });

  it.each([20, 40, 80])('cuts long lines round the span to %i columns', (columns) => {
    const text = `RUN ${'x'.repeat(300)} HERE ${'y'.repeat(300)}`;
    const { line, indent, marks } = at(text, 'HERE', columns);
    expect(line.length).toBeLessThanOrEqual(columns);
    expect(line.slice(indent.length, indent.length + marks.length)).toBe('HERE');
    expect(line.startsWith('…')).toBe(true);
    expect(line.endsWith('…')).toBe(true);
  });

  it('cuts a span that is longer than the line', () => {
    const { line, marks, indent } = at(`RUN ${'x'.repeat(500)}`, 'x'.repeat(500), 40);
    expect(displayWidth(line)).toBeLessThanOrEqual(40);
    expect(indent.length + marks.length).toBeLessThanOrEqual(40);
    expect(marks.length).toBeGreaterThan(20);
  });

  it('reads only what it shows of a line of megabytes', () => {
    const text = `RUN ${'😀'.repeat(3_000_000)} HERE`;
    const start = performance.now();
    const { line, indent, marks } = at(text, 'HERE', 60);
    expect(marks).toBe('^^^^');
    expect(displayWidth(indent)).toBe(displayWidth(line) - 4);
    expect(displayWidth(line)).toBeLessThanOrEqual(60);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('stylish', () => {
  const text = 'FROM debian:12\nRUN apt install -y curl\n';
  const safe = { title: 'Replace `apt` with `apt-get`', safety: 'safe', edits: [] } as const;

  it('shows place, level, message, rule, source and fix', () => {
    const note = { at: span(0, 4), message: 'the base has both' };
    expect(stylish([fileOf(text, [finding(text, 'apt', { message: 'Use `apt-get`.', fix: safe, related: [note] })])], plain)).toBe(`Dockerfile

  2:5  warning  Use \`apt-get\`.  style/test
       │ RUN apt install -y curl
       │     ^^^
       │ line 1: the base has both
       └ safe fix: Replace \`apt\` with \`apt-get\`

1 warning
\`--fix\` mends 1.
`);
  });

  it('says what is left to do after a fix', () => {
    const unsafe = { ...safe, safety: 'unsafe' } as const;
    const fixed = [{ rule: 'style/a', title: 'Do it', safety: 'safe' }, { rule: 'style/a', title: 'Do it', safety: 'safe' }] as const;
    const output = stylish([fileOf(text, [finding(text, 'apt', { fix: unsafe })], { fixed })], { ...plain, applied: 'safe' });
    expect(output).toContain('  fixed  Do it (2 times)  style/a\n');
    expect(output).toContain('2 fixed; 1 warning\n`--fix --unsafe` mends 1, which may change the image.\n');
  });

  it('is short when there is nothing to say', () => {
    expect(stylish([fileOf(text, [])], plain)).toBe('✔ no findings in 1 file\n');
  });

  it('tells one error of several files once', () => {
    const broken = ['a', 'b', 'c', 'd', 'e'].map((path) => fileOf('', [], { path, error: 'shipshape.json:1:1: It is broken.' }));
    expect(stylish(broken, plain)).toBe(`a
b
c
and 2 more files

  failed  shipshape.json:1:1: It is broken.

✖ 5 files could not be checked
`);
  });

  it('keeps within the width, with wide messages and long lines', () => {
    const long = `FROM debian:12\nRUN apt ${'install -y curl '.repeat(30)}\n`;
    const message = 'The message of this finding goes on and on, '.repeat(6);
    for (const columns of [60, 80, 120]) {
      const output = stylish([fileOf(long, [finding(long, 'apt', { message, fix: safe, rule: 'cache/copy-before-install' })])], { ...plain, columns });
      for (const line of output.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('paints, and without its colours is the same but for backticks', () => {
    const files = [fileOf(text, [finding(text, 'apt', { message: 'Use `apt-get`.', fix: safe })])];
    const painted = stylish(files, { ...plain, color: true });
    expect(painted).toContain('\u001b[33m');
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(stylish(files, plain).replaceAll('`', ''));
  });

  it('sends no control character of path, source, message, rule or fix', () => {
    const evil = 'FROM a\u001b]0;x\u0007\nRUN \u001b[2J apt\u009b1m\n';
    const diagnostic = finding(evil, 'apt', { message: 'x\u001b[1m\n\u0007', rule: 'a/\u001b[2m', fix: { ...safe, title: '\u001b[3m' }, related: [{ at: span(0, 1), message: '\u001b[4m' }] });
    const fixed = [{ rule: 'x\u001b', title: 'y\u001b', safety: 'safe' }] as const;
    const output = stylish([fileOf(evil, [diagnostic], { path: 'a\u001b[5m', error: 'b\u001b[6m', fixed })], plain);
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('json', () => {
  const text = 'FROM debian:12\n# 😀\nRUN apt install -y curl\n';

  it('is the contract', () => {
    const diagnostic = finding(text, 'apt', { sources: ['hadolint/DL3027'], fix: { title: 'Do', safety: 'safe', edits: [] } });
    expect(parse(json([fileOf(text, [diagnostic, finding(text, '😀')], { path: 'a/Dockerfile' })], plain))).toEqual({
      version: 1,
      files: [{
        path: 'a/Dockerfile',
        sha256: createHash('sha256').update(text).digest('hex'),
        findings: [
          { rule: 'style/test', severity: 'warning', message: 'Message.', line: 3, column: 5, endLine: 3, endColumn: 8, sources: ['hadolint/DL3027'], fix: { title: 'Do', safety: 'safe' } },
          { rule: 'style/test', severity: 'warning', message: 'Message.', line: 2, column: 3, endLine: 2, endColumn: 5, sources: [] },
        ],
      }],
      summary: { files: 1, errors: 0, warnings: 2, infos: 0, fixable: { safe: 1, unsafe: 0, manual: 0 }, fixed: 0, failed: 0 },
    });
  });

  it('tells what was fixed, and what failed', () => {
    const fixed = [{ rule: 'style/a', title: 'Do it', safety: 'safe' }] as const;
    const [one, two] = parse(json([fileOf(text, [], { fixed }), fileOf('', [], { error: 'It is a folder.' })], plain)).files;
    expect(one).toEqual({ path: 'Dockerfile', findings: [], fixed });
    expect(two).toEqual({ path: 'Dockerfile', findings: [], error: 'It is a folder.' });
  });

  it('holds no character that a terminal obeys', () => {
    const message = '\u001b[1m\u009b\u202e\u007f';
    const output = json([fileOf(text, [finding(text, 'apt', { message })])], plain);
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(parse(output).files[0]?.findings[0]?.message).toBe(message);
  });
});

describe('diffs', () => {
  it('are unified, with the paths git wants', () => {
    expect(unifiedDiff({ path: 'a/Dockerfile', before: 'FROM a\nRUN apt x\n', after: 'FROM a\nRUN apt-get x\n' })).toBe(
      '--- a/a/Dockerfile\n+++ b/a/Dockerfile\n@@ -1,2 +1,2 @@\n FROM a\n-RUN apt x\n+RUN apt-get x\n');
  });

  it('make a new file', () => {
    expect(unifiedDiff({ path: '.dockerignore', before: undefined, after: '.git\n' })).toBe('--- /dev/null\n+++ b/.dockerignore\n@@ -0,0 +1,1 @@\n+.git\n');
  });

  it('keep carriage returns and a missing last newline', () => {
    const diff = unifiedDiff({ path: 'D', before: 'FROM a\r\nCMD a', after: 'FROM a\r\nCMD b' });
    expect(diff).toContain(' FROM a\r\n');
    expect(diff).toContain('\\ No newline at end of file');
  });

  it('are made visible for a terminal', () => {
    const shown = shownDiff({ path: 'D', before: 'RUN \u001b[2J\r\n', after: 'RUN x\r\n' }, colors(false));
    expect(shown).not.toMatch(/[\u001b\r]/);
    expect(shown).toContain('-RUN ␛[2J');
    expect(shownDiff({ path: 'D', before: 'a\n', after: 'b\n' }, colors(true))).toContain('\u001b[32m+b');
  });
});

describe('Markdown for a terminal', () => {
  it('wraps paragraphs and lists, keeps code, spells links out', () => {
    const source = 'One `two`\nthree four.\n\n- item one that wraps\n- [text](https://example.org)\n\n```\nRUN  x\n\nCMD y\n```\n';
    expect(renderMarkdown(source, colors(false), 20)).toBe(
      'One `two` three\nfour.\n\n- item one that\n  wraps\n- text\n  (https://example.org)\n\n    RUN  x\n\n    CMD y');
  });

  it('paints code over a line break', () => {
    const painted = renderMarkdown('aaaa `bbbb cccc` **dd**', colors(true), 12);
    expect(painted).toBe('aaaa \u001b[36mbbbb\u001b[39m\n\u001b[36mcccc\u001b[39m \u001b[1mdd\u001b[22m');
  });
});
