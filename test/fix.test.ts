import { describe, expect, it } from 'vitest';
import { memoryContext } from '../src/context/memory.ts';
import { applyEdits, insertAfter, insertBefore, remove, removeLines, removeWithBlanksBefore, replace, wholeLines } from '../src/edits.ts';
import { fixText } from '../src/fix.ts';
import { mapOffset } from '../src/guard.ts';
import { lintText, type LintRequest } from '../src/lint.ts';
import { defineRule, manual, safe, unsafe, type AnyRule, type Fix, type Severity } from '../src/rule.ts';
import { span } from '../src/span.ts';

/** A rule that finds a text and fixes it. */
const finder = (needle: string, fix: (at: number, source: string) => Fix): AnyRule => defineRule({
  summary: 'Test rule',
  why: 'Test.',
  severity: 'warning',
  examples: [{ bad: 'FROM a\n', good: 'FROM b\n' }],
  * check({ file }) {
    for (let at = file.source.indexOf(needle); at !== -1; at = file.source.indexOf(needle, at + 1)) {
      yield { at: span(at, at + needle.length), message: `found ${needle}`, fix: fix(at, file.source) };
    }
  },
});

function request(rules: Readonly<Record<string, AnyRule>>, severity: Exclude<Severity, 'off'> = 'warning'): LintRequest {
  return {
    path: 'Dockerfile',
    rules: Object.entries(rules).map(([id, rule]) => ({ id, rule, severity, options: {} })),
    known: new Map(Object.keys(rules).map((id) => [id, [id]])),
    context: undefined, contextGiven: false, buildArguments: {}, target: undefined,
  };
}

describe('edits', () => {
  it('are applied in order of their place', () => {
    expect(applyEdits('abcdef', [replace(span(4, 5), 'X'), remove(span(0, 1)), insertBefore(span(2, 3), '<'), insertAfter(span(2, 3), '>')])).toBe('b<c>dXf');
  });

  it('that overlap or leave the text are refused', () => {
    expect(() => applyEdits('abc', [replace(span(0, 2), 'x'), replace(span(1, 3), 'y')])).toThrow(RangeError);
    expect(() => applyEdits('abc', [replace(span(2, 9), 'x')])).toThrow(RangeError);
  });

  it('can take blanks and lines along', () => {
    expect(applyEdits('a  b c', [removeWithBlanksBefore('a  b c', span(3, 4))])).toBe('a c');
    expect(applyEdits('a\r\nb\r\nc', [removeLines('a\r\nb\r\nc', span(3, 4))])).toBe('a\r\nc');
    expect(wholeLines('ab\ncd', span(4, 5))).toEqual(span(3, 5));
  });

  it('tell where an offset comes to stand', () => {
    expect(mapOffset(5, [insertBefore(span(1, 1), 'xx'), remove(span(2, 4))])).toBe(5);
  });
});

const swap = (from: string, to: string, make = safe): AnyRule => finder(from, (at) => make('Swap', replace(span(at, at + from.length), to)));

describe('fixText', () => {
  it('applies what the level allows', () => {
    const rules = { 'a/safe': swap('one', '1'), 'a/unsafe': swap('two', '2', unsafe), 'a/manual': swap('three', '3', manual) };
    const text = 'FROM one\nRUN two\nRUN three\n';
    expect(fixText(text, request(rules), 'safe').text).toBe('FROM 1\nRUN two\nRUN three\n');
    expect(fixText(text, request(rules), 'unsafe').text).toBe('FROM 1\nRUN 2\nRUN three\n');
  });

  it('goes on until nothing is left, and lists what it did', () => {
    const result = fixText('FROM a\nRUN x1\n', request({ 'a/one': swap('x1', 'x2'), 'a/two': swap('x2', 'x3') }), 'safe');
    expect(result.text).toBe('FROM a\nRUN x3\n');
    expect(result.fixed.map(({ rule }) => rule)).toEqual(['a/one', 'a/two']);
    expect(result.diagnostics).toEqual([]);
  });

  it('keeps CRLF, a byte order mark and a missing last newline', () => {
    expect(fixText('\ufeffFROM one\r\nRUN x', request({ 'a/safe': swap('one', '1') }), 'safe').text).toBe('\ufeffFROM 1\r\nRUN x');
  });

  it('leaves a file alone where two rules undo each other, and names them', () => {
    const result = fixText('FROM a\nRUN x\n', request({ 'a/one': swap('RUN x', 'RUN y'), 'a/two': swap('RUN y', 'RUN x') }), 'safe');
    expect(result.text).toBe('FROM a\nRUN x\n');
    expect(result.bugs.join()).toMatch(/The fixes of a\/two undo each other in Dockerfile/);
  });
});

describe('the guard', () => {
  const refuses = (name: string, text: string, bad: AnyRule, reason: RegExp): void => {
    it(`refuses ${name}, names the culprit and keeps the rest`, () => {
      const result = fixText(text, request({ 'a/bad': bad, 'a/good': swap('FROM one', 'FROM 1') }), 'safe');
      expect(result.text).toBe(text.replace('FROM one', 'FROM 1'));
      expect(result.bugs).toHaveLength(1);
      expect(result.bugs[0]).toMatch(/a\/bad/);
      expect(result.bugs[0]).toMatch(reason);
    });
  };

  refuses('a result that does not parse', 'FROM one\nRUN a \\\n  && b\n', swap('\\\n', '\n'), /would not build/);
  refuses('a shell text that is broken', 'FROM one\nRUN a "b"\n', swap('"b"', '"b'), /shell text/);
  refuses('a lost comment', 'FROM one\n# keep me\nRUN a\n', finder('RUN a', (at, source) => safe('Glue', replace(span(source.indexOf('\n# '), source.indexOf('\n# ') + 1), ' && '), replace(span(at, at + 5), 'RUN b'))), /comment|build|changed/);
  refuses('a change next to what the fix names', 'FROM one\nRUN a\nENV B=1\n', finder('RUN a', (at) => safe('Glue', replace(span(at, at + 6), 'RUN a '))), /changed|build/);
  refuses('a finding that is still there', 'FROM one\nRUN a\n', finder('RUN a', (at) => safe('Nothing', insertAfter(span(at, at + 5), ' b'))), /still found/);
  refuses('edits that overlap', 'FROM one\nRUN abc\n', finder('abc', (at) => safe('Overlap', replace(span(at, at + 2), 'x'), replace(span(at + 1, at + 3), 'y'))), /overlap/);

  it('refuses a new error', () => {
    const error = finder('RUN broken', (at) => manual('None', insertAfter(span(at, at), '')));
    const rules = request({ 'a/bad': swap('RUN fine', 'RUN broken') });
    const result = fixText('FROM one\nRUN fine\n', { ...rules, rules: [...rules.rules, { id: 'a/error', rule: error, severity: 'error', options: {} }] }, 'safe');
    expect(result.text).toBe('FROM one\nRUN fine\n');
    expect(result.bugs[0]).toMatch(/new a\/error/);
  });
});

describe('fixes of other files', () => {
  const ignore = defineRule({
    summary: 'Test rule', why: 'Test.', severity: 'warning', examples: [{ bad: 'FROM a\n', good: 'FROM a\n' }],
    * check({ file, context }) {
      if (context === undefined || context.ignored('.git')) return;
      yield { at: file.stages[0]?.from.span ?? span(0, 0), message: 'no ignore file', fix: safe('Write one', { span: span(0, 0), text: '.git\n', file: '.dockerignore' }) };
    },
  });

  it('are seen by the next pass and given back, not written', () => {
    const result = fixText('FROM a\n', { ...request({ 'a/ignore': ignore }), context: memoryContext({ '.git/config': '' }), contextGiven: true }, 'safe');
    expect([...result.otherFiles]).toEqual([['.dockerignore', '.git\n']]);
    expect(result.diagnostics).toEqual([]);
  });
});

describe('lintText', () => {
  it('survives a rule that throws, and says which', () => {
    const thrower = defineRule({ summary: 'T', why: 'T', severity: 'warning', examples: [{ bad: 'FROM a\n', good: 'FROM a\n' }], check: () => { throw new Error('oops'); } });
    const result = lintText('FROM one\n', request({ 'a/throws': thrower, 'a/good': swap('one', '1') }));
    expect(result.bugs).toEqual(['The rule a/throws failed in Dockerfile: oops.']);
    expect(result.diagnostics).toHaveLength(1);
  });
});
