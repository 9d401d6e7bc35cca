import { describe, expect, it } from 'vitest';
import key from '../../rules/style/label-key.ts';
import schema from '../../rules/correctness/label-schema.ts';
import { isLicenceExpression } from '../../src/model/licences.ts';
import { labelTypes } from '../../src/model/label-types.ts';
import { linesByCode } from './by-code.ts';
import { findings, fixedText } from './lint.ts';

describe('style/label-key', () => {
  it.each(['a', 'maintainer', 'org.opencontainers.image.source', 'a_b/c-d.1', '"quoted.key"', 'com.docker.desktop.extension.icons', '$KEY', 'a${KEY}'])('is quiet about %s', (name) => {
    expect(findings(key, `FROM debian:12\nLABEL ${name}=x\n`)).toEqual([]);
  });

  it.each(['1a', 'a-', 'a..b', 'a--b', 'A', 'a b', 'com.docker.x', 'io.docker.x', 'org.dockerproject.x', 'a,b', '-a', 'a.'])('finds %s', (name) => {
    expect(findings(key, `FROM debian:12\nLABEL "${name}"=x\n`)).toHaveLength(1);
  });

  it('writes in lower case what is good then, and no other label has', () => {
    expect(fixedText(key, 'FROM a\nLABEL Vendor="X Y" \\\n  "Full.Name"=b\n')).toBe('FROM a\nLABEL vendor="X Y" \\\n  "full.name"=b\n');
    for (const text of ['FROM a\nLABEL Vendor=x vendor=y\n', 'FROM a\nLABEL RUN="docker run"\n', 'FROM a\nLABEL Com.Docker.x=y\n']) {
      expect(findings(key, text)[0]?.fixed).toBeUndefined();
    }
  });
});

describe('correctness/label-schema', () => {
  const team = { options: { schema: { team: 'text' } } };

  it('says nothing without options', () => {
    expect(findings(schema, 'FROM a\nLABEL x=""\n')).toEqual([]);
  });

  it.each([
    ['none', 'FROM a\nFROM b\n', [1, 2]],
    ['its own', 'FROM a\nLABEL team=x\n', []],
    ['one of a stage below', 'FROM a AS base\nLABEL team=x\nFROM base\nFROM base\n', []],
    ['one of a stage built on it', 'FROM a AS base\nFROM base\nLABEL team=x\n', []],
    ['one of a stage that copies from it', 'FROM a AS build\nFROM b\nLABEL team=x\nCOPY --from=build /x /x\n', []],
    ['one of another stage', 'FROM a AS other\nLABEL team=x\nFROM b\n', [3]],
    ['one of one of two that are built on it', 'FROM a AS base\nFROM base AS one\nLABEL team=x\nFROM base\n', [4]],
    ['none, copied from', 'FROM a AS build\nFROM b\nCOPY --from=0 /x /x\n', [2]],
  ])('judges a stage with %s', (_name, text, lines) => {
    expect(linesByCode(schema, text, 'hadolint/DL3049', team)).toEqual(lines);
  });

  it('finds what only the image lacks, unless hadolint\'s code is asked for', () => {
    expect(findings(schema, 'FROM a\nFROM b\n', team).map(({ text }) => text)).toEqual(['b']);
  });

  it.each([
    ['url', ['https://example.com/a?b#c', 'git+ssh://x/y', 'mailto:a@b'], ['example.com', 'https://a b', '', 'https://%zz']],
    ['rfc3339', ['2024-02-29T12:00:00Z', '2024-05-31t01:02:03.456+02:00'], ['2024-02-30T12:00:00Z', '2023-02-29T00:00:00Z', '2024-05-31', '2024-05-31T24:00:00Z', '2024-05-31T12:00:00']],
    ['semver', ['1.2.3', '0.0.1-rc.1+build.7', '1.0.0-x-y'], ['v1.2.3', '1.2', '01.2.3', '1.2.3-01', '1.2.3-', '1.2.3-a..b']],
    ['hash', ['1a2b3c4', '0123456789abcdef0123456789abcdef01234567'], ['1a2b3c', '1A2B3C4', '1a2b3c4d']],
    ['spdx', ['MIT', 'Apache-2.0', 'MIT OR Apache-2.0', '(GPL-2.0-only WITH Classpath-exception-2.0) AND BSD-3-Clause', 'LicenseRef-own'], ['Apache', 'MIT OR', 'MIT Apache-2.0', '(MIT', 'MIT)']],
    ['email', ['a@b', 'first.last+tag@mail.example.com'], ['a', '@b', 'a@', 'a b@c', 'a..b@c']],
  ])('knows what is %s', (type, good, bad) => {
    const fits = (value: string): boolean => labelTypes.get(type)?.fits(value) === true;
    expect(good.filter((value) => !fits(value))).toEqual([]);
    expect(bad.filter(fits)).toEqual([]);
  });

  it.each([
    ['', 'DL3051'], ['x y', 'DL3052'],
  ])('says of %j by which code', (value, code) => {
    expect(linesByCode(schema, `FROM a\nLABEL source="${value}"\n`, `hadolint/${code}`, { options: { schema: { source: 'url' } } })).toEqual([2]);
  });

  it('leaves values alone that an argument gives', () => {
    expect(findings(schema, 'FROM a\nARG V\nLABEL version=$V\n', { options: { schema: { version: 'semver' } } })).toEqual([]);
  });

  it('reads long expressions at once', () => {
    expect(isLicenceExpression('('.repeat(50_000))).toBe(false);
  });
});
