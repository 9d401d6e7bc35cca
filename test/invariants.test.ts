import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { memoryContext } from '../src/context/memory.ts';
import type { BuildContext } from '../src/context/context.ts';
import { fixText } from '../src/fix.ts';
import { lintText } from '../src/lint.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { allFixtures } from './support/fixtures.ts';
import { requestAll } from './support/request.ts';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly context: BuildContext | undefined;
}

const cases: Case[] = [
  ...[...rules].flatMap(([id, rule]) => rule.examples.flatMap((example, index) => {
    const context = example.context === undefined ? undefined : memoryContext(example.context);
    return [
      { name: `${id} bad ${index + 1}`, text: example.bad, context },
      { name: `${id} good ${index + 1}`, text: example.good, context },
    ];
  })),
  ...allFixtures().map(({ name, dockerfile, context }) => ({ name, text: dockerfile, context })),
];

/** Keywords of the top level in lower case: found through the model, so that nothing else changes. */
function lowerCase(text: string): string {
  let result = text;
  for (const { keywordSpan } of readDockerfile(text).instructions) {
    result = result.slice(0, keywordSpan.start) + result.slice(keywordSpan.start, keywordSpan.end).toLowerCase() + result.slice(keywordSpan.end);
  }
  return result;
}

/** Blanks behind the keyword as a tab. */
function tabs(text: string): string {
  let result = text;
  for (const { keywordSpan } of readDockerfile(text).instructions.toReversed()) {
    if (result[keywordSpan.end] === ' ') result = `${result.slice(0, keywordSpan.end)}\t${result.slice(keywordSpan.end + 1)}`;
  }
  return result;
}

/** The same file with a backtick as its escape character, where that is possible. */
function backtick(text: string): string | undefined {
  if (/`|^#\s*\w+\s*=/m.test(text) || readDockerfile(text).instructions.some(({ heredocs }) => heredocs.length > 0)) return undefined;
  return `# escape=\`\n${text.replace(/\\([ \t]*)$/gm, '`$1')}`;
}

const variants: Readonly<Record<string, (text: string) => string | undefined>> = {
  'as it is': (text) => text,
  CRLF: (text) => text.replace(/\r?\n/g, '\r\n'),
  'a byte order mark': (text) => `\ufeff${text}`,
  'no last newline': (text) => text.replace(/\n$/, ''),
  'lower-case keywords': lowerCase,
  tabs,
  'a backtick escape': backtick,
};

const comments = (text: string): string[] => readDockerfile(text).comments.map((comment) => comment.text).filter((comment) => !comment.startsWith('shipshape')).sort();

for (const [variant, change] of Object.entries(variants)) {
  describe(`every example and fixture with ${variant}`, () => {
    for (const each of cases) {
      const text = change(each.text);
      if (text === undefined) continue;
      it(each.name, () => {
        const request = requestAll(each.context);
        const findings = lintText(text, request);
        expect(findings.bugs).toEqual([]);
        for (const { at } of findings.diagnostics) expect(at.start).toBeLessThanOrEqual(at.end);
        for (const level of ['safe', 'unsafe'] as const) {
          const result = fixText(text, request, level);
          expect(result.bugs, level).toEqual([]);
          expect(readDockerfile(result.text).problems.length, level).toBeLessThanOrEqual(readDockerfile(text).problems.length);
          expect(fixText(result.text, request, level).text, level).toBe(result.text);
          expect(comments(result.text), level).toEqual(expect.arrayContaining(comments(text)));
          if (variant === 'CRLF') expect(result.text, level).not.toMatch(/[^\r]\n/);
          if (variant === 'a byte order mark') expect(result.text.startsWith('\ufeff'), level).toBe(true);
          if (variant === 'no last newline' && !findings.diagnostics.some(({ fix }) => fix?.edits.some(({ span }) => span.end === text.length))) expect(result.text.endsWith('\n'), level).toBe(false);
        }
      });
    }
  });
}
