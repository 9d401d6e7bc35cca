import { describe, expect, it } from 'vitest';
import { lintText, type LintRequest } from '../src/lint.ts';
import { defineRule, type AnyRule } from '../src/rule.ts';

const everyRun: AnyRule = defineRule({
  summary: 'Test rule', why: 'Test.', severity: 'warning', sources: ['hadolint/DL9999', 'buildkit/EveryRun'],
  examples: [{ bad: 'FROM a\nRUN x\n', good: 'FROM a\n' }],
  * check({ file }) {
    for (const instruction of file.instructions) if (instruction.keyword === 'RUN' || instruction.keyword === 'FROM') yield { at: instruction.keywordSpan, message: 'here' };
  },
});

const names = ['every-run', 'size/every-run', 'dl9999', 'hadolint/dl9999', 'everyrun', 'buildkit/everyrun', 'size/*'];
const request: LintRequest = {
  path: 'Dockerfile', rules: [{ id: 'size/every-run', rule: everyRun, severity: 'warning', options: {} }],
  known: new Map([...names, 'buildkit/*'].map((name) => [name, ['size/every-run']])),
  context: undefined, contextGiven: false, buildArguments: {}, target: undefined,
};

const lines = (text: string): number[] => lintText(text, request).diagnostics.map(({ at }) => text.slice(0, at.start).split('\n').length);

describe('ignore comments', () => {
  const table: [name: string, text: string, left: number[]][] = [
    ['ours, for the next instruction', 'FROM a\n# shipshape ignore: every-run\nRUN x\nRUN y\n', [1, 4]],
    ['ours, with a category, a reason and a list', 'FROM a\n# shipshape ignore: other, size/every-run -- it is fine\nRUN x\nRUN y\n', [1, 4]],
    ['ours, with a whole category', 'FROM a\n# shipshape ignore: size/*\nRUN x\n', [1]],
    ['ours, by the code of another tool', 'FROM a\n# shipshape ignore: DL9999\nRUN x\n', [1]],
    ['ours, at the top: the whole file', '# shipshape ignore: every-run\n\nFROM a\nRUN x\n', []],
    ['ours, inside a continued RUN', 'FROM a\nRUN x \\\n  # shipshape ignore: every-run\n  && y\n', [1]],
    ['ours, blank lines between', 'FROM a\n# shipshape ignore: every-run\n\nRUN x\n', [1]],
    ['hadolint, for the next line', 'FROM a\n# hadolint ignore=DL9999\nRUN x\nRUN y\n', [1, 4]],
    ['hadolint, a blank line breaks it', 'FROM a\n# hadolint ignore=DL9999\n\nRUN x\n', [1, 4]],
    ['hadolint, with others and a reason', 'FROM a\n# hadolint ignore=DL3008, DL9999 # why\nRUN x\n', [1]],
    ['hadolint, global, anywhere', 'FROM a\nRUN x\n# hadolint global ignore=DL9999\nRUN y\n', []],
    ['hadolint, an unknown word voids it', 'FROM a\n# hadolint ignore=DL9999,every-run\nRUN x\n', [1, 3]],
    ['hadolint, one stage', 'FROM a\nRUN x\n# hadolint stage ignore=DL9999\nFROM b\nRUN y\nFROM c\n', [1, 2, 6]],
    ['check, as a directive', '# check=skip=EveryRun\nFROM a\nRUN x\n', []],
    ['check, as a directive with all', '# check=skip=all;error=true\nFROM a\nRUN x\n', []],
    ['check, for one instruction', 'FROM a\n# check=skip=EveryRun\nRUN x\nRUN y\n', [1, 4]],
    ['an ordinary comment', 'FROM a\n# every-run is fine\nRUN x\n', [1, 3]],
  ];
  it.each(table)('%s', (_, text, left) => {
    expect(lines(text)).toEqual(left);
  });
});
