import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/shell-form-cmd.ts';
import { findings } from './lint.ts';

type Files = Readonly<Record<string, string>>;

describe('correctness/shell-form-cmd', () => {
  it.each([
    ['a program of PATH', 'FROM python:3.12-slim\nCMD gunicorn app:app\n', undefined, 'safe'],
    ['a program of the system', 'FROM debian:12\nCOPY . /app\nCMD /usr/sbin/sshd -D\n', undefined, 'safe'],
    ['a stage built on a known image', 'FROM node:22 AS base\nFROM base\nCMD npm start\n', undefined, 'safe'],
    ['a build product', 'FROM golang:1.23 AS b\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=b /app /app\nCMD /app --port 80\n', undefined, 'safe'],
    ['an entrypoint that looks at its words', 'FROM redis:7\nCMD redis-server --appendonly yes\n', undefined, 'unsafe'],
    ['a base image nobody knows', 'FROM example/base:1\nCMD app --port 80\n', undefined, 'unsafe'],
    ['a base image out of a variable', 'ARG BASE\nFROM $BASE\nCMD app\n', undefined, 'unsafe'],
    ['an ENTRYPOINT in front', 'FROM debian:12\nENTRYPOINT ["tini", "--"]\nCMD app\n', undefined, 'unsafe'],
    ['an ENTRYPOINT that gets arguments', 'FROM python:3.12\nENTRYPOINT python app.py\nCMD ["--port", "80"]\n', undefined, 'unsafe'],
    ['an ENTRYPOINT below a CMD', 'FROM python:3.12\nCMD ["--port", "80"]\nENTRYPOINT python app.py\n', undefined, 'unsafe'],
    ['a CMD in a stage built on it', 'FROM python:3.12 AS a\nENTRYPOINT python app.py\nFROM a\nCMD ["--port", "80"]\n', undefined, 'unsafe'],
    ['an ENTRYPOINT alone', 'FROM example/base:1\nENTRYPOINT make\n', undefined, 'safe'],
    ['a script of the project', 'FROM debian:12\nCOPY . /app\nWORKDIR /app\nCMD ./run.sh\n', undefined, 'unsafe'],
    ['a script without an ending', 'FROM debian:12\nWORKDIR /app\nCOPY start .\nENTRYPOINT ./start\n', undefined, 'unsafe'],
    ['a script that was written by a RUN', 'FROM debian:12\nRUN echo date > /run.sh && chmod +x /run.sh\nCMD /run.sh\n', undefined, 'unsafe'],
    ['a script with its line', 'FROM debian:12\nCOPY . /app\nWORKDIR /app\nCMD ./run.sh\n', { 'run.sh': '#!/bin/sh\ndate\n' }, 'safe'],
    ['a script without its line', 'FROM debian:12\nCOPY . /app\nWORKDIR /app\nCMD ./run.sh\n', { 'run.sh': 'date\n' }, 'unsafe'],
    ['a script the context has not', 'FROM debian:12\nCMD /run.sh\n', { a: '' }, 'unsafe'],
  ])('%s', (_name, text, context: Files | undefined, safety) => {
    expect(findings(rule, text, context && { context }).map(({ fix }) => fix?.safety)).toEqual([safety]);
  });
});

it.each([
  ['CMD gunicorn --workers $WORKERS app:app', 'begin it with `exec`'],
  ['CMD setup && server', 'put `exec` in front of the last command'],
  ['CMD server | tee /log', 'call a script that hands them on'],
  ['CMD if [ -n "$A" ]; then server --a; else server; fi', 'in front of the command that stays'],
  ['CMD [ "$A" = "1" ]', 'begin it with `exec`'],
  ["CMD ['sh', '-c', 'echo \"a\"']", 'has the form of a JSON array'],
])('%s: %s', (command, advice) => {
  expect(findings(rule, `FROM debian:12\n${command}\n`)).toMatchObject([{ fix: undefined, message: expect.stringContaining(advice) }]);
});

it.each([
  ['CMD [“npm”, “start”]', 'CMD ["npm", "start"]'],
  ['CMD ["npm", "start",]', 'CMD ["npm", "start"]'],
  ["ENTRYPOINT [ './run.sh' ]", 'ENTRYPOINT [ "./run.sh" ]'],
])('%s was meant for an array', (command, mended) => {
  expect(findings(rule, `FROM debian:12\n${command}\n`)).toMatchObject([{ fix: { safety: 'unsafe' }, fixed: `FROM debian:12\n${mended}\n` }]);
});

it.each(['CMD ["a", 1]', 'CMD migrate && exec server', 'CMD if [ -n "$A" ]; then exec server --a; else exec server; fi'])('quiet: %s', (command) => {
  expect(findings(rule, `FROM debian:12\n${command}\n`)).toEqual([]);
});
