import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/healthcheck-program.ts';
import { findings } from './lint.ts';

const check = 'HEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1\n';

describe('correctness/healthcheck-program', () => {
  it.each([
    ['an image that has it', `FROM python:3.12\n${check}`],
    ['an image nobody knows', `FROM example.com/team/app\n${check}`],
    ['nginx, which has curl', `FROM nginx:1.27\n${check}`],
    ['an install', `FROM debian:12\nRUN apt-get update && apt-get install -y curl\n${check}`],
    ['an install in a stage below', `FROM debian:12 AS base\nRUN apt-get update && apt-get install -y curl\nFROM base\n${check}`],
    ['packages that a variable names', `FROM debian:12\nARG PACKAGES\nRUN apt-get install -y $PACKAGES\n${check}`],
    ['a script that may install it', `FROM debian:12\nCOPY setup.sh /\nRUN /setup.sh\n${check}`],
    ['a program that is copied', `FROM debian:12\nCOPY --from=tools /out/ /usr/local/bin/\n${check}`],
    ['a path of its own', 'FROM debian:12\nHEALTHCHECK CMD /opt/curl -f http://localhost/\n'],
    ['a second way', 'FROM debian:12\nHEALTHCHECK CMD curl -f http://localhost/ || wget -q http://localhost/\n'],
    ['wget on Alpine', 'FROM alpine:3.22\nHEALTHCHECK CMD wget -q -O /dev/null http://localhost/\n'],
    ['a check that is taken back', `FROM debian:12\n${check}HEALTHCHECK NONE\n`],
    ['a tag nobody can read', `ARG TAG\nFROM python:$TAG\n${check}`],
  ])('is quiet about %s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });

  it.each([
    ['debian', `FROM debian:12\nRUN apt-get update && apt-get install -y nginx\n${check}`, 'curl'],
    ['Alpine', `FROM node:22-alpine\nCOPY . .\nRUN npm ci\n${check}`, 'curl'],
    ['wget on slim', 'FROM python:3.12-slim\nHEALTHCHECK CMD wget -q http://localhost/\n', 'wget'],
    ['distroless', 'FROM gcr.io/distroless/static-debian12\nHEALTHCHECK CMD ["curl", "http://localhost/"]\n', '"curl"'],
  ])('finds it on %s', (_name, text, at) => {
    expect(findings(rule, text).map((each) => each.text)).toEqual([at]);
  });
});
