import { describe, expect, it } from 'vitest';
import rule from '../../rules/security/no-root-user.ts';
import { linesByCode } from './by-code.ts';
import { findings, fixedText } from './lint.ts';

const service = 'COPY . /app\nCMD ["/app/server"]\n';
const shadow = 'RUN useradd --system --create-home --shell /usr/sbin/nologin app\n';

describe('security/no-root-user', () => {
  it.each([
    ['an unknown base', `FROM registry.example.com/team/base\n${service}`],
    ['a user', `FROM debian:12\nUSER 1001:0\n${service}`],
    ['a user that a variable decides', `FROM debian:12\nARG UID=0\nUSER $UID\n${service}`],
    ['a user of a stage below', `FROM debian:12 AS base\nUSER 1000\nFROM base\n${service}`],
    ['a base with a user of its own', `FROM gcr.io/distroless/static-debian12:nonroot\n${service}`],
    ['an image to build on', 'FROM debian:12\nRUN apt-get update\n'],
    ['an image to work in', 'FROM debian:12\nCOPY tools /opt/tools\nCMD ["bash", "-l"]\n'],
    ['files of an export', 'FROM scratch\nCOPY --from=build /out /\n'],
    ['a root file system', 'FROM scratch\nADD rootfs.tar.xz /\nCMD ["/bin/server"]\n'],
    ['a server that steps down', 'FROM nginx:1.27\nCOPY dist /usr/share/nginx/html\nCMD ["nginx", "-g", "daemon off;"]\n'],
    ['an entrypoint that steps down', 'FROM debian:12\nRUN apt-get update && apt-get install -y gosu\nENTRYPOINT ["/entrypoint.sh"]\n'],
    ['a stage to develop in', 'FROM node:22-slim AS dev-envs\nCOPY . .\nCMD ["npm", "run", "dev"]\n'],
    ['a development container', 'FROM mcr.microsoft.com/devcontainers/python:3.12\nCMD ["sleep", "infinity"]\n'],
    ['a base that becomes another user where it is built on', 'FROM node:22-slim\nONBUILD COPY . .\nONBUILD USER node\nCMD ["node", "server.js"]\n'],
    ['Windows', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCMD ["app.exe"]\n'],
  ])('is quiet about %s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });

  it('is quiet where the context shows that the entrypoint steps down, or that the image is an action', () => {
    const text = 'FROM debian:12\nCOPY run.sh /\nENTRYPOINT ["/run.sh"]\n';
    expect(findings(rule, text, { context: { 'run.sh': 'exec su-exec app "$@"\n' } })).toEqual([]);
    expect(findings(rule, text, { context: { 'run.sh': 'echo', 'action.yml': '' } })).toEqual([]);
    expect(findings(rule, text, { context: { 'run.sh': 'exec "$@"\n' } })).toHaveLength(1);
  });

  it.each([
    ['a port below 1024', `FROM debian:12\nEXPOSE 443/tcp\n${service}`],
    ['a port in the command', 'FROM debian:12\nCOPY . /app\nCMD ["gunicorn", "--bind", "0.0.0.0:80", "app"]\n'],
    ['a port in ENV', `FROM debian:12\nENV PORT=80\n${service}`],
    ['a volume', `FROM debian:12\nVOLUME /data\n${service}`],
    ['a script nobody can read', 'FROM debian:12\nCOPY entrypoint.sh /\nENTRYPOINT ["/entrypoint.sh"]\n'],
    ['a script in the file that starts a server for root', 'FROM debian:12\nCOPY <<EOF /usr/local/bin/start\n#!/bin/sh\nexec nginx -g "daemon off;"\nEOF\nCMD ["start"]\n'],
    ['a server that writes beside its sources', 'FROM ruby:3.3-slim\nCOPY . /app\nWORKDIR /app\nCMD ["bin/rails", "server", "-b", "0.0.0.0"]\n'],
    ['a server for root', 'FROM debian:12\nCMD ["/usr/sbin/sshd", "-D"]\n'],
    ['files below /root', `FROM debian:12\nRUN cp model.bin /root/model.bin\n${service}`],
    ['downloads into the home of root', `FROM python:3.12\nRUN python -c "from transformers import pipeline; pipeline.from_pretrained('x')"\n${service}`],
    ['an unknown way to create a user', `FROM redhat/ubi9-minimal\n${service}`],
    ['users that are not known by name', `FROM debian:12\nARG NAME\nRUN useradd $NAME\n${service}`],
  ])('has no fix for %s', (_name, text) => {
    expect(findings(rule, text).map(({ fix }) => fix)).toEqual([undefined]);
  });

  it.each([
    ['Debian', `FROM debian:12\n${service}`, `FROM debian:12\nCOPY . /app\n${shadow}USER app\nCMD ["/app/server"]\n`],
    ['a cache mount below /root', `FROM debian:12\nRUN --mount=type=cache,target=/root/.cache true\n${service}`, `FROM debian:12\nRUN --mount=type=cache,target=/root/.cache true\nCOPY . /app\n${shadow}USER app\nCMD ["/app/server"]\n`],
    ['work behind CMD', 'FROM debian:12\nCMD ["/app/server"]\nCOPY . /app', `FROM debian:12\nCMD ["/app/server"]\nCOPY . /app\n${shadow}USER app`],
    ['ENTRYPOINT in front of CMD', 'FROM debian:12\nCOPY . /app\nENTRYPOINT ["/app/server"]\nEXPOSE 8080\nCMD ["run"]\n', `FROM debian:12\nCOPY . /app\n${shadow}USER app\nENTRYPOINT ["/app/server"]\nEXPOSE 8080\nCMD ["run"]\n`],
    ['CRLF', 'FROM debian:12\r\nCOPY . /app\r\n# start\r\nCMD ["/app/server"]\r\n', `FROM debian:12\r\nCOPY . /app\r\n${shadow.trim()}\r\nUSER app\r\n# start\r\nCMD ["/app/server"]\r\n`],
    ['distroless', `FROM gcr.io/distroless/static-debian12\n${service}`, 'FROM gcr.io/distroless/static-debian12\nCOPY . /app\nUSER nonroot\nCMD ["/app/server"]\n'],
    ['scratch', 'FROM scratch\nCOPY server /\nENTRYPOINT ["/server"]\n', 'FROM scratch\nCOPY server /\nUSER 65532:65532\nENTRYPOINT ["/server"]\n'],
    ['a user that was left', `FROM debian:12\nRUN useradd web\nUSER web\nRUN touch a\nUSER root\n${service}`, 'FROM debian:12\nRUN useradd web\nUSER web\nRUN touch a\nUSER root\nCOPY . /app\nUSER web\nCMD ["/app/server"]\n'],
    ['a useless way back to root', 'FROM debian:12\nRUN useradd -ms /bin/bash web\nUSER web\nCOPY . /app\nUSER 0\nCMD ["/app/server"]\n', 'FROM debian:12\nRUN useradd -ms /bin/bash web\nUSER web\nCOPY . /app\nUSER web\nCMD ["/app/server"]\n'],
    ['a group of the name', `FROM debian:12\nRUN groupadd app\n${service}`, `FROM debian:12\nRUN groupadd app\nCOPY . /app\n${shadow.replace('app', 'appuser')}USER appuser\nCMD ["/app/server"]\n`],
  ])('mends %s', (_name, text, expected) => {
    expect(findings(rule, text)[0]?.fix?.safety).toBe('unsafe');
    expect(fixedText(rule, text)).toBe(expected);
    expect(fixedText(rule, text, 'safe')).toBe(text);
  });

  it('names the USER or the image, and the port', () => {
    expect(findings(rule, `FROM registry.example.com/team/base\nUSER 0:0\n${service}`)[0]?.text).toBe('0:0');
    expect(findings(rule, `FROM alpine:3.20 AS run\nEXPOSE 8080 80\n${service}`)[0]).toMatchObject({ text: 'alpine:3.20', message: expect.stringContaining('port 80') });
  });
});

it('is quiet about s6-overlay, whose first process is root\'s', () => {
  expect(findings(rule, 'FROM debian:12\nCOPY --from=s6-overlay /rootfs/ /\nENTRYPOINT ["/init"]\nCMD ["app"]\n')).toEqual([]);
});

describe('what hadolint finds of it', () => {
  it.each([
    ['the last USER of each stage', 'FROM a AS build\nUSER app\nUSER root\nFROM b\nUSER 0:0\n', [3, 5]],
    ['no USER that another one follows', 'FROM a\nUSER root\nRUN x\nUSER app\n', []],
    ['no image without a USER', `FROM debian:12\n${service}`, []],
    ['a stage below once', `FROM debian:12 AS base\nUSER root\nFROM base\n${service}`, [2]],
    ['no image that steps down by itself', 'FROM debian:12\nUSER root\nRUN apt-get install -y gosu\nENTRYPOINT ["/entrypoint.sh"]\n', []],
    ['no variable', 'FROM debian:12\nARG U=root\nUSER $U\n', []],
  ])('is %s', (_name, text, lines) => {
    expect(linesByCode(rule, text, 'hadolint/DL3002')).toEqual(lines);
  });

  it('leaves stages alone that are not the image, unless asked', () => {
    expect(findings(rule, 'FROM a AS build\nUSER root\nFROM b\nUSER app\n')).toEqual([]);
  });
});

it.each([
  ['FROM debian:12\nCOPY app /app\nENTRYPOINT ["/app"]\n', 'create the user `app` and switch to it in front of ENTRYPOINT.'],
  ['FROM debian:12\nCMD ["/app"]\nCOPY . /app\n', 'create the user `app` and switch to it at the end.'],
  ['FROM scratch\nCOPY app /\nVOLUME /data\nCMD ["/app"]\n', 'switch to a user by its number in front of CMD.'],
])('says where the switch belongs: %j', (text, advice) => {
  expect(findings(rule, text).map(({ message }) => message)).toEqual([`The image runs as root: ${advice}`]);
});
