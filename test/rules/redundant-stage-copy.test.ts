import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/redundant-stage-copy.ts';
import { findings } from './lint.ts';

const copy = 'COPY --from=build /opt/x /opt/x\n';

describe('size/redundant-stage-copy', () => {
  it.each([
    ['files of root', `FROM debian:12 AS build\nRUN echo a > /opt/x\nFROM build\n${copy}`, 'safe'],
    ['an owner that the copy takes away', `FROM debian:12 AS build\nRUN echo a > /opt/x && chown 1000 /opt/x\nFROM build\n${copy}`, 'unsafe'],
    ['another user', `FROM debian:12 AS build\nUSER app\nRUN echo a > /opt/x\nFROM build\n${copy}`, 'unsafe'],
    ['a user nobody knows', `FROM example/base:1 AS build\nRUN echo a > /opt/x\nFROM build\n${copy}`, 'unsafe'],
    ['a link', `FROM debian:12 AS build\nRUN ln -s /a /opt/x\nFROM build\n${copy}`, 'unsafe'],
    ['a path that changed in between', `FROM debian:12 AS build\nRUN echo a > /opt/x\nFROM build\nRUN rm /opt/x\n${copy}`, undefined],
  ])('finds %s', (_name, text, safety) => {
    expect(findings(rule, text).map(({ fix }) => fix?.safety)).toEqual([safety]);
  });

  it('is quiet where an argument names the stage', () => {
    expect(findings(rule, `ARG B=build\nFROM debian:12 AS build\nRUN echo a > /opt/x\nFROM $B\n${copy}`)).toEqual([]);
  });
});
