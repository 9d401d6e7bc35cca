import { describe, expect, it } from 'vitest';
import { knownNames } from '../src/config/names.ts';
import type { CommandLine } from '../src/config/settings.ts';
import { resolveRules } from '../src/config/settings.ts';
import { lintText } from '../src/lint.ts';
import { defineRule, type AnyRule } from '../src/rule.ts';

/** A rule that goes by the code of each instruction's own: `RUN` DL3008, `COPY` DL3013; `ENV` by all. */
const pins = defineRule({
  summary: 'Pins', why: 'Tests.', severity: 'warning', sources: ['hadolint/DL3008', 'hadolint/DL3013', 'buildkit/Pinned'],
  examples: [{ bad: 'FROM a\nRUN b\n', good: 'FROM a\n' }],
  * check({ file }) {
    const codes: Readonly<Record<string, readonly string[]>> = { RUN: ['hadolint/DL3008'], COPY: ['hadolint/DL3013', 'buildkit/Pinned'] };
    for (const { keyword, span: at } of file.instructions) {
      if (keyword === 'ENV') yield { at, message: 'all' };
      const sources = codes[keyword];
      if (sources !== undefined) yield { at, message: keyword, sources };
    }
  },
});
const ports = defineRule({
  summary: 'Ports', why: 'Tests.', severity: 'off', sources: ['hadolint/DL3011'], examples: [{ bad: 'FROM a\nEXPOSE 1\n', good: 'FROM a\n' }],
  * check({ file }) {
    for (const { keyword, span: at } of file.instructions) if (keyword === 'EXPOSE') yield { at, message: 'EXPOSE' };
  },
});
const rules = new Map<string, AnyRule>([['size/pins', pins], ['correctness/ports', ports]]);

const text = 'FROM a\nRUN b\nCOPY c d\nENV E=1\nEXPOSE 80\n';

/** What is found, with its level: `RUN warning`. */
function found(some: Partial<CommandLine>, source = text): string[] {
  const active = resolveRules(rules, undefined, { only: [], ignore: [], levels: [], ...some }, 'Dockerfile');
  const { diagnostics, bugs } = lintText(source, {
    path: 'Dockerfile', rules: active, known: knownNames(rules), context: undefined, contextGiven: false, buildArguments: {}, target: undefined,
  });
  expect(bugs).toEqual([]);
  return diagnostics.map(({ message, severity }) => `${message} ${severity}`);
}

describe('a code of another tool', () => {
  it.each<[string, Partial<CommandLine>, string[]]>([
    ['takes away what goes by it', { ignore: ['DL3008'] }, ['COPY warning']],
    ['takes away what goes by it and others', { ignore: ['pins'] }, []],
    ['sets the level of what goes by it', { levels: ['DL3013=error'] }, ['RUN warning', 'COPY error', 'all error']],
    ['is of no weight where one of two is off', { levels: ['DL3013=off', 'buildkit/Pinned=error'] }, ['RUN warning']],
    ['alone is wanted', { only: ['DL3013'] }, ['COPY warning', 'all warning']],
    ['alone is wanted with its tool', { only: ['hadolint/dl3008'] }, ['RUN warning', 'all warning']],
    ['alone is wanted of a rule that is off', { only: ['DL3011'] }, ['EXPOSE info']],
    ['alone is wanted and its level set', { only: ['DL3008'], levels: ['DL3008=error'] }, ['RUN error', 'all error']],
    ['and its rule are wanted', { only: ['DL3008', 'pins'] }, ['RUN warning', 'COPY warning', 'all warning']],
    ['of a rule that is off is switched on', { levels: ['pins=off', 'DL3011=error'] }, ['EXPOSE error']],
    ['gives way to the name of the rule', { levels: ['DL3008=off', 'pins=error'] }, ['RUN error', 'COPY error', 'all error']],
  ])('%s', (_name, some, expected) => {
    expect(found(some)).toEqual(expected);
  });

  it('in a comment takes away what goes by it', () => {
    expect(found({}, 'FROM a\n# hadolint ignore=DL3008\nRUN b\n# hadolint ignore=DL3008\nCOPY c d\n')).toEqual(['COPY warning']);
    expect(found({}, '# hadolint global ignore=DL3013\nFROM a\nRUN b\nCOPY c d\nENV E=1\n')).toEqual(['RUN warning']);
    expect(found({}, '# check=skip=Pinned\nFROM a\nRUN b\nCOPY c d\n')).toEqual(['RUN warning']);
    expect(found({}, '# shipshape ignore: pins\nFROM a\nRUN b\nCOPY c d\n')).toEqual([]);
  });
});

describe('the preset of another tool', () => {
  it('switches its checks on, at its levels', () => {
    expect(found({ preset: 'hadolint' })).toEqual(['RUN warning', 'COPY warning', 'all warning', 'EXPOSE error']);
    expect(found({ preset: 'buildkit' })).toEqual(['COPY warning', 'all warning']);
  });

  it('is changed by what the command line says', () => {
    expect(found({ preset: 'hadolint', ignore: ['DL3011'], levels: ['DL3008=error'] })).toEqual(['RUN error', 'COPY warning', 'all error']);
  });
});
