import { describe, expect, it } from 'vitest';
import rule from '../../rules/security/untrusted-registry.ts';
import { findings } from './lint.ts';

const found = (text: string, ...trusted: string[]): string[] => findings(rule, text, { options: { trusted } }).map((each) => each.text);

describe('security/untrusted-registry', () => {
  it.each([
    ['Docker Hub\'s short names', 'FROM debian:12\nFROM docker.io/team/app\n', ['docker.io']],
    ['Docker Hub by its other name', 'FROM debian:12\n', ['hub.docker.com']],
    ['a port', 'FROM localhost:5000/app:1\n', ['localhost:5000']],
    ['an end', 'FROM a.example.com/x\n', ['*.example.com']],
    ['a beginning', 'FROM registry.example.com/x\n', ['registry.*']],
    ['all', 'FROM x.y/z\nFROM debian\n', ['*']],
    ['capitals', 'FROM Registry.Example.com/x\n', ['registry.example.com']],
    ['scratch and stages', 'FROM scratch AS one\nFROM one\nCOPY --from=one /a /a\nCOPY --from=0 /b /b\nRUN --mount=from=one,target=/c true\n', ['example.com']],
    ['a registry that the caller names', 'ARG REGISTRY\nFROM ${REGISTRY}/app\n', ['example.com']],
    ['a trusted default', 'ARG REGISTRY=example.com\nFROM ${REGISTRY}/app\n', ['example.com']],
    ['other mounts', 'FROM example.com/a\nRUN --mount=type=secret,id=x,from=quay.io/x true\n', ['example.com']],
  ])('is quiet about %s', (_name, text, trusted) => {
    expect(found(text, ...trusted)).toEqual([]);
  });

  it.each([
    ['Docker Hub', 'FROM debian:12\n', ['example.com'], ['debian:12']],
    ['localhost', 'FROM localhost:5000/app:1\n', ['docker.io'], ['localhost:5000/app:1']],
    ['a default', 'ARG R=quay.io\nFROM $R/app\n', ['docker.io'], ['$R/app']],
    ['COPY and mounts', 'FROM example.com/a\nCOPY --from=quay.io/b /b /b\nRUN --mount=type=bind,from=ghcr.io/c:1,target=/c true\n', ['example.com'], ['quay.io/b', 'ghcr.io/c:1']],
    ['what only looks alike', 'FROM example.com.evil.io/a\nFROM badexample.com/a\n', ['example.com'], ['example.com.evil.io/a', 'badexample.com/a']],
  ])('finds %s', (_name, text, trusted, expected) => {
    expect(found(text, ...trusted)).toEqual(expected);
  });

  it('says nothing without the option', () => {
    expect(found('FROM quay.io/x\n')).toEqual([]);
  });
});
