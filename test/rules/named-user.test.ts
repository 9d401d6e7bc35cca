import { describe, expect, it } from 'vitest';
import rule from '../../rules/security/named-user.ts';
import { linesByCode } from './by-code.ts';
import { findings } from './lint.ts';

describe('security/named-user', () => {
  it.each([
    ['a number', 'FROM debian:12\nUSER 1000\n'],
    ['a number with a group', 'FROM debian:12\nUSER 1000:staff\n'],
    ['an argument', 'FROM debian:12\nARG NAME=app\nUSER $NAME\n'],
    ['an ENV that passes an argument on', 'FROM debian:12\nARG NAME=app\nENV NAME ${NAME}\nUSER ${NAME}\n'],
    ['an ENV that holds a number', 'FROM debian:12\nENV APP_UID=1654\nUSER $APP_UID\n'],
    ['a variable of the base image', 'FROM mcr.microsoft.com/dotnet/aspnet:10.0\nUSER $APP_UID\n'],
    ['Windows', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerUser\n'],
    ['root, which has a rule of its own', 'FROM debian:12\nUSER root\n'],
    ['a USER that another one follows', 'FROM debian:12\nUSER app\nRUN make\nUSER 1000\n'],
    ['a stage that is not the image', 'FROM debian:12 AS build\nUSER app\nFROM debian:12\nUSER 1000\n'],
  ])('is quiet about %s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });

  it('finds the last USER of the image, also of a stage below', () => {
    expect(findings(rule, 'FROM debian:12 AS base\nUSER app:staff\nFROM base\nCMD ["x"]\n').map(({ text }) => text)).toEqual(['app:staff']);
  });

  it('finds every USER where hadolint\'s code is asked for', () => {
    const text = 'FROM debian:12 AS build\nUSER app\nUSER root\nFROM debian:12\nUSER web\nUSER 7\n';
    expect(linesByCode(rule, text, 'hadolint/DL3066')).toEqual([2, 3, 5]);
  });
});
