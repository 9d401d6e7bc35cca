import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { knownNames } from '../../src/config/names.ts';
import type { Preset } from '../../src/config/presets.ts';
import { resolveRules, type CommandLine } from '../../src/config/settings.ts';
import { lintText } from '../../src/lint.ts';

/** What is found of a rule's codes, as `CODE:LINE level`. */
function found(text: string, code: string, some: Partial<CommandLine>): string[] {
  const active = resolveRules(rules, undefined, { only: [], ignore: [], levels: [], ...some }, 'Dockerfile');
  const { diagnostics, bugs } = lintText(text, {
    path: 'Dockerfile', rules: active, known: knownNames(rules), context: undefined, contextGiven: false, buildArguments: {}, target: undefined,
  });
  expect(bugs).toEqual([]);
  return diagnostics.filter(({ sources }) => sources.some((source) => source.endsWith(`/${code}`)))
    .map(({ at, severity }) => `${text.slice(0, at.start).split('\n').length} ${severity}`);
}

describe('what only other tools find', () => {
  it.each<[string, Preset, string, readonly string[]]>([
    ['DL3000', 'hadolint', 'FROM debian:12\nWORKDIR /a\nWORKDIR b\nWORKDIR $C\nWORKDIR "d"\n', ['3 error', '5 error']],
    ['WorkdirRelativePath', 'buildkit', 'FROM debian:12\nWORKDIR a\nWORKDIR b\nFROM debian:12\nWORKDIR c:/d\n', ['2 warning']],
    ['DL3006', 'hadolint', 'ARG X=a\nFROM deps\nFROM user/${X}\nFROM $X\n', ['2 warning', '3 warning']],
    ['DL3007', 'hadolint', 'ARG T=latest\nFROM node:$T\nFROM node:alpine\nFROM debian:latest\n', ['2 warning', '4 warning']],
    ['DL3020', 'hadolint', 'FROM debian:12\nADD $A /a\nADD a.tar.gz b.txt /c/\nADD https://a.b/c "https://d/$E" /d/\n', ['2 error', '3 error']],
    ['DL3021', 'hadolint', 'FROM debian:12\nCOPY a b /c\nCOPY a b .\nCOPY a* /c\nCOPY a b $D\nADD a b /c\n', ['2 error', '5 error']],
    ['DL3022', 'hadolint', 'FROM debian:12 AS Base\nCOPY --from=nginx a b\nCOPY --from=nginx:1 a b\nFROM debian:12\nCOPY --from=base a b\nCOPY --from=0 a b\n', ['2 warning']],
    ['DL3023', 'hadolint', 'FROM debian:12 AS a\nCOPY --from=a /b /c\n', ['2 error']],
    ['DL3025', 'hadolint', 'FROM debian:12\nHEALTHCHECK CMD a || exit 1\nSHELL ["/bin/bash", "-c"]\nCMD a\nHEALTHCHECK CMD ["a"]\n', ['2 warning', '4 warning']],
    ['JSONArgsRecommended', 'buildkit', 'FROM debian:12\nHEALTHCHECK CMD a || exit 1\nCMD exec a $B\nFROM debian:12\nSHELL ["/bin/bash", "-c"]\nCMD a\n', ['3 warning']],
    ['DL3029', 'hadolint', 'FROM --platform=$P a:1\nFROM --platform=linux/amd64 a:1 AS x-amd64\nFROM --platform=${BUILDPLATFORM:-a/b} a:1\n', ['1 warning', '2 warning']],
    ['FromPlatformFlagConstDisallowed', 'buildkit', 'FROM --platform=linux/$P a:1\nFROM --platform=linux/amd64 a:1 AS x-amd64\nFROM --platform=linux/amd64 a:1\n', ['3 warning']],
    ['DL3043', 'hadolint', 'FROM debian:12\nONBUILD FROM a\n', ['2 error']],
    ['DL3044', 'hadolint', 'FROM debian:12\nENV A=1 B=$A\nENV C=$D\n', ['2 error']],
    ['UndefinedVar', 'buildkit', 'FROM debian:12\nENV A=1 B=$A\nCOPY a $C\nENV PYTHONPATH=/a:$PYTHONPATH\nRUN echo $E\nLABEL f=$PATH\n', ['2 warning', '3 warning', '4 warning']],
    ['UndefinedVar', 'buildkit', 'FROM example/unknown:1\nENV PYTHONPATH=/a:$PYTHONPATH\n', []],
    ['DL3045', 'hadolint', 'FROM debian:12\nCOPY a b\nCOPY a ./\nADD c d\nCOPY a $E\nCOPY a "c:\\\\d"\nFROM scratch\nCOPY a b\n', ['2 warning', '3 warning', '8 warning']],
    ['DL3059', 'hadolint', 'FROM debian:12\nRUN a && b\nRUN c\nRUN d\n# e\nRUN f\nRUN --network=none g\nENV H=1\nRUN i\n', ['4 info', '6 info']],
    ['DL3061', 'hadolint', 'ENV A=1\nARG B\nRUN c\nFROM debian:12\n', ['1 error', '3 error']],
    ['DL3063', 'hadolint', 'FROM debian:12 AS scratch\nFROM debian:12 AS context\n', ['1 warning', '2 warning']],
    ['DL3065', 'hadolint', 'FROM --platform=$TARGETPLATFORM a:1\nFROM --platform=$TARGETARCH a:1\n', ['1 warning']],
    ['DL3067', 'hadolint', 'FROM debian:12 AS a\nFROM scratch\nCOPY --from=a / /\nCOPY --from=a /b /\n', ['3 warning']],
    ['DL4003', 'hadolint', 'FROM debian:12\nCMD ["a"]\nCMD ["b"]\nHEALTHCHECK CMD ["c"]\nFROM debian:12\nCMD ["d"]\n', ['2 warning']],
    ['DL1000', 'hadolint', 'FROM debian:12\nRUM a\n', ['2 error']],
  ])('%s under %s', (code, preset, text, lines) => {
    expect(found(text, code, { preset })).toEqual(lines);
  });

  it('is found by its code alone, and not by the name of the rule', () => {
    const text = 'FROM debian:12\nRUN a\nRUN b\n';
    expect(found(text, 'DL3059', { only: ['DL3059'] })).toEqual(['3 info']);
    expect(found(text, 'DL3059', { levels: ['DL3059=warning'] })).toEqual(['3 warning']);
    for (const some of [{}, { only: ['mergeable-runs'] }, { preset: 'all' as const }, { preset: 'buildkit' as const }]) expect(found(text, 'DL3059', some)).toEqual([]);
  });

  it('leaves what goes by no code out of a preset', () => {
    expect(found('FROM node:alpine\n', 'DL3007', { preset: 'hadolint' })).toEqual([]);
  });

  it('says under BuildKit\'s preset what it refuses', () => {
    const active = resolveRules(rules, undefined, { only: [], ignore: [], levels: [], preset: 'buildkit' }, 'Dockerfile');
    const lint = (text: string): string[] => lintText(text, { path: 'Dockerfile', rules: active, known: knownNames(rules), context: undefined, contextGiven: false, buildArguments: {}, target: undefined })
      .diagnostics.map(({ rule, severity }) => `${rule} ${severity}`);
    expect(lint('FROM debian:12\nRUM a\n')).toEqual(['correctness/syntax error']);
    expect(lint('FROM debian:12\nEXPOSE 99999\n')).toEqual(['correctness/expose-format error']);
    expect(lint('FROM debian:12\nEXPOSE 80:90\n')).toEqual(['correctness/expose-format warning']);
    expect(lint('FROM debian:12 AS a\nCOPY --from=a /b /c\n')).toEqual(['correctness/copy-from-itself error']);
  });
});
