import { describe, expect, it } from 'vitest';
import rule from '../../rules/cache/volatile-arg-early.ts';
import { findings } from './lint.ts';

describe('volatile-arg-early', () => {
  it.each([
    ['a build that may read it', 'FROM rust:1.85\nARG GIT_SHA\nCOPY . .\nRUN cargo build --release\n'],
    ['a script of the project', 'FROM debian:12\nARG GIT_SHA\nRUN ./build.sh\nRUN apt-get update && apt-get install -y curl\n'],
    ['ENV for the build below', 'FROM node:22\nARG GIT_SHA\nENV NEXT_PUBLIC_SHA=$GIT_SHA\nRUN npm run build\n'],
  ])('is quiet about %s', (_, text) => {
    expect(findings(rule, text)).toEqual([]);
  });

  it('stops in front of the build, and counts the installs above it only', () => {
    const text = 'FROM rust:1.85\nARG GIT_SHA\nRUN apt-get update && apt-get install -y clang\nCOPY . .\nRUN cargo build --release\n';
    const [found] = findings(rule, text);
    expect(found?.message).toContain('the RUN of line 3, which does not use it');
    expect(found?.fixed).toBe('FROM rust:1.85\nRUN apt-get update && apt-get install -y clang\nCOPY . .\nARG GIT_SHA\nRUN cargo build --release\n');
  });

  it('passes a build for a label', () => {
    const text = 'FROM rust:1.85\nARG GIT_SHA\nLABEL revision=$GIT_SHA\nRUN cargo build --release\n';
    expect(findings(rule, text)).toMatchObject([{ text: 'GIT_SHA', fix: { safety: 'unsafe' } }]);
  });

  it('keeps it for the stages built on this one', () => {
    const text = 'FROM rust:1.85 AS base\nARG GIT_SHA\nRUN apt-get update && apt-get install -y clang\n\nFROM base\nCOPY . .\nRUN cargo build\n';
    const [found] = findings(rule, text);
    expect(found?.message).toContain('so declare it last, for the stages built on this one');
    expect(found?.fixed).toContain('clang\nARG GIT_SHA\n\nFROM base');
  });

  it('says where nothing names it', () => {
    const text = 'FROM debian:12\nARG BUILD_DATE\nRUN apt-get update && apt-get install -y curl\nCMD ["curl"]\n';
    expect(findings(rule, text)).toMatchObject([{ message: expect.stringContaining('take it out'), fix: { title: 'Move `BUILD_DATE` to the end of the stage' } }]);
  });
});
