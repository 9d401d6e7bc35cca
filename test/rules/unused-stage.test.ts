import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/unused-stage.ts';
import healthcheck from '../../rules/correctness/missing-healthcheck.ts';
import { linesByCode } from './by-code.ts';
import { findings } from './lint.ts';

describe('size/unused-stage', () => {
  it.each([
    ['a builder', 'FROM a AS build\nFROM b\nCOPY --from=build /x /x\n'],
    ['a stage in a mount', 'FROM a AS tools\nFROM b\nRUN --mount=from=tools,target=/t true\n'],
    ['a name for --target', 'FROM a AS base\nFROM base AS test\nRUN make test\nFROM base\nCMD ["x"]\n'],
    ['a name with such a word', 'FROM a AS base\nFROM base AS unit-tests2\nRUN x\nFROM base\n'],
    ['an image of its own', 'FROM a AS base\nFROM base AS api\nCMD ["api"]\nFROM base\nCMD ["web"]\n'],
    ['a folder for --output', 'FROM a AS build\nFROM scratch AS bundle\nCOPY --from=build /x /\nFROM b\nCOPY --from=build /x /x\n'],
    ['several of them', 'FROM a AS base\nFROM base AS one\nRUN x\nFROM base AS two\nRUN y\nFROM base\n'],
    ['a file that ends with a stage to work in', 'FROM a AS deps\nFROM deps AS frigate\nRUN x\nFROM b AS devcontainer-x\nRUN y\n'],
    ['one that a variable may choose', 'ARG KIND=cpu\nFROM a AS cpu\nFROM b AS gpu\nFROM ${KIND}\n'],
  ])('is quiet about %s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });

  it('names the last of those that nothing needs', () => {
    expect(findings(rule, 'FROM a AS lower\nFROM lower AS upper\nRUN x\nFROM b\nCMD ["x"]\n').map(({ text }) => text)).toEqual(['upper']);
  });

  it('leaves all alone where a target is named', () => {
    expect(findings(rule, 'FROM a AS one\nFROM b AS two\n', { target: 'one' })).toEqual([]);
  });
});

describe('correctness/missing-healthcheck', () => {
  it.each([
    ['one stage', 'FROM a\n', [1]],
    ['a check', 'FROM a\nHEALTHCHECK CMD true\n', []],
    ['none wanted', 'FROM a\nHEALTHCHECK NONE\n', []],
    ['a check below', 'FROM a AS base\nHEALTHCHECK CMD x\nFROM base\n', []],
    ['a check above', 'FROM a AS base\nFROM base\nHEALTHCHECK CMD x\n', []],
    ['a check beside', 'FROM a AS base\nFROM base\nHEALTHCHECK CMD x\nFROM base\n', [4]],
    ['a stage that is copied from', 'FROM a AS build\nFROM b\nHEALTHCHECK CMD x\nCOPY --from=build /x /x\n', [1]],
  ])('judges %s as hadolint does, where asked', (_name, text, lines) => {
    expect(linesByCode(healthcheck, text, 'hadolint/DL3057')).toEqual(lines);
  });

  it('asks it of services alone otherwise', () => {
    expect(findings(healthcheck, 'FROM a AS build\nFROM b\nCMD ["serve"]\n').map(({ text }) => text)).toEqual(['b']);
    expect(findings(healthcheck, 'FROM a\nRUN x\n')).toEqual([]);
    expect(findings(healthcheck, 'FROM a\nCMD ["bash"]\n')).toEqual([]);
  });
});
