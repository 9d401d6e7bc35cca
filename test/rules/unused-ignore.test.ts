import { describe, expect, it } from 'vitest';
import rule from '../../rules/style/unused-ignore.ts';
import { memoryContext } from '../../src/context/memory.ts';
import { fixText } from '../../src/fix.ts';
import { lintText, type LintRequest } from '../../src/lint.ts';
import { defineRule } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

/** Finds every RUN. */
const everyRun = defineRule({
  summary: 'RUN', why: '', severity: 'warning', examples: [{ bad: '', good: '' }],
  * check({ file }) {
    for (const { keyword, keywordSpan } of file.instructions) if (keyword === 'RUN') yield { at: keywordSpan, message: 'RUN.' };
  },
});
const silent = defineRule({ summary: 'Nothing', why: '', severity: 'warning', examples: [{ bad: '', good: '' }], check: () => [] });

const known = new Map([
  ['style/every-run', ['style/every-run']], ['every-run', ['style/every-run']], ['dl3059', ['style/every-run', 'style/off']],
  ['style/silent', ['style/silent']], ['silent', ['style/silent']], ['style/off', ['style/off']], ['style/unused-ignore', ['style/unused-ignore']],
  ['cache/weak-dockerignore', ['cache/weak-dockerignore']],
]);

const requestFor = (withContext = false): LintRequest => ({
  path: 'Dockerfile', known, contextGiven: true, context: withContext ? memoryContext({ a: '' }) : undefined, buildArguments: {}, target: undefined,
  rules: ([['style/unused-ignore', rule], ['style/every-run', everyRun], ['style/silent', silent], ['cache/weak-dockerignore', silent]] as const)
    .map(([id, each]) => ({ id, rule: each, severity: 'warning', options: {} })),
});

const judged = (text: string, withContext = false): { text: string; message: string; safety: string | undefined }[] =>
  lintText(text, requestFor(withContext)).diagnostics.filter((each) => each.rule === 'style/unused-ignore')
    .map(({ at, message, fix }) => ({ text: textAt(text, at), message, safety: fix?.safety }));

function fixed(text: string): string {
  const result = fixText(text, requestFor(), 'safe');
  expect(result.bugs).toEqual([]);
  return result.text;
}

describe('style/unused-ignore', () => {
  it.each([
    ['a comment that is of use', 'FROM a\n# shipshape ignore: every-run\nRUN b\n'],
    ['one for the whole file', '# shipshape ignore: style/every-run -- why not\nFROM a\nRUN b\n'],
    ['a rule that did not run', 'FROM a\n# shipshape ignore: style/off\nRUN b\n'],
    ['a code for two rules of which one did not run', 'FROM a\n# shipshape ignore: DL3059\nCOPY a b\n'],
    ['this rule itself', '# shipshape ignore: style/unused-ignore\nFROM a\n'],
    ['one that this rule ignores', '# shipshape ignore: style/unused-ignore\nFROM a\n# shipshape ignore: silent\nRUN b\n'],
    ['other tools', 'FROM a\n# hadolint ignore=DL3059\nCOPY a b\n# check=skip=all\nCOPY a b\n'],
    ['a rule that needs a context, without one', '# shipshape ignore: cache/weak-dockerignore\nFROM a\n'],
    ['a file that would not build', '# shipshape ignore: silent\nFROM a\nFROM\n'],
  ])('is quiet about %s', (_name, text) => {
    expect(judged(text)).toEqual([]);
  });

  it.each([
    ['a rule that found nothing', 'FROM a\n# shipshape ignore: silent\nRUN b\n', 'silent', 'FROM a\nRUN b\n'],
    ['a comment in the wrong place', 'FROM a\nRUN b\n# shipshape ignore: every-run\nCOPY a b\n', 'every-run', 'FROM a\nRUN b\nCOPY a b\n'],
    ['the first of two names', 'FROM a\n# shipshape ignore: silent, every-run # reason\nRUN b\n', 'silent', 'FROM a\n# shipshape ignore: every-run # reason\nRUN b\n'],
    ['the last of two names', 'FROM a\n# shipshape ignore: every-run, silent -- reason\nRUN b\n', 'silent', 'FROM a\n# shipshape ignore: every-run -- reason\nRUN b\n'],
    ['names parted by blanks', 'FROM a\n#shipshape ignore: every-run  silent\nRUN b\n', 'silent', 'FROM a\n#shipshape ignore: every-run\nRUN b\n'],
    ['a comment inside a RUN, CRLF', 'FROM a\r\nRUN b && \\\r\n  # shipshape ignore: silent\r\n  c\r\n', 'silent', 'FROM a\r\nRUN b && \\\r\n  c\r\n'],
    ['a comment at the end', 'FROM a\n# shipshape ignore: silent', 'silent', 'FROM a\n'],
  ])('takes away %s', (_name, text, name, after) => {
    expect(judged(text)).toMatchObject([{ text: name, safety: 'safe' }]);
    expect(fixed(text)).toBe(after);
  });

  it('takes two names away one after the other', () => {
    const text = 'FROM a\n# shipshape ignore: silent, nobody-knows-this\nRUN b\n';
    expect(judged(text)).toHaveLength(2);
    expect(fixed(text)).toBe('FROM a\nRUN b\n');
  });

  it('proposes what may have been meant', () => {
    expect(judged('FROM a\n# shipshape ignore: every-rum\nRUN b\n')).toEqual([{ text: 'every-rum', message: 'No rule is called `every-rum`; did you mean `every-run`?', safety: 'manual' }]);
    expect(judged('FROM a\n# shipshape ignore: style/every-rum\nRUN b\n')[0]?.message).toContain('`style/every-run`');
  });

  it('makes no directive of a comment', () => {
    const text = '# shipshape ignore: silent\n# escape=`\nFROM a\nRUN b \\\n  c\n';
    expect(judged(text)).toMatchObject([{ safety: undefined }]);
    expect(fixed(text)).toBe(text);
  });

  it('judges rules that need a context where there is one', () => {
    expect(judged('# shipshape ignore: cache/weak-dockerignore\nFROM a\n', true)).toHaveLength(1);
  });
});
