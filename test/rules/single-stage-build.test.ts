import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/single-stage-build.ts';
import { readDockerfile } from '../../src/model/dockerfile.ts';
import { isForWork } from '../../src/model/purpose.ts';
import { findings } from './lint.ts';

const start = 'CMD ["/app"]\n';

describe('finds', () => {
  it.each([
    [`FROM golang:1.23\nRUN go build -o /app .\n${start}`, 'go build', 'the Go toolchain'],
    [`FROM golang:1.23\nRUN go install github.com/a/b@v1.2.3\n${start}`, 'go install', 'the Go toolchain'],
    [`FROM rust:1.82\nRUN cargo build --release\n${start}`, 'cargo build', 'the Rust toolchain'],
    ['FROM maven:3.9\nRUN mvn -B clean package\nCMD ["java", "-jar", "a.jar"]\n', 'mvn -B clean package', 'a Java runtime only'],
    ['FROM gradle:8\nRUN ./gradlew bootJar\nCMD ["java", "-jar", "a.jar"]\n', './gradlew bootJar', 'Gradle'],
    ['FROM mcr.microsoft.com/dotnet/sdk:8.0\nRUN dotnet publish -c Release -o /out\nENTRYPOINT ["dotnet", "/out/a.dll"]\n', 'dotnet publish', '`aspnet` or `runtime`'],
    ['FROM node:22\nRUN npm ci\nRUN npm run build:prod\nCMD ["node", "dist/a.js"]\n', 'npm run build:prod', 'development packages'],
    ['FROM node:22\nRUN pnpm install && pnpm build\nCMD ["node", "dist/a.js"]\n', 'pnpm build', 'development packages'],
    ['FROM node:22\nRUN npm ci\nRUN npm run build\nRUN npm prune --production\nCMD ["node", "a.js"]\n', 'npm run build', 'development packages'],
    [`FROM haskell:9\nRUN cabal update && cabal install brok\n${start}`, 'cabal install', 'GHC'],
    [`FROM debian:12\nRUN apt-get install -y gcc libpq-dev\n${start}`, 'gcc', 'compiler'],
    [`FROM alpine:3.20\nRUN apk add --no-cache build-base\n${start}`, 'build-base', 'compiler'],
    [`FROM rockylinux:9\nRUN dnf install -y "@Development Tools"\n${start}`, '"@Development Tools"', 'compiler'],
    [`FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM build\n${start}`, 'go build', 'the Go toolchain'],
  ])('%j', (text, at, words) => {
    const [found, ...others] = findings(rule, text);
    expect(others).toEqual([]);
    expect(found?.text).toBe(at);
    expect(found?.message).toContain(words);
  });

  it('a stage that is built on the one it copies from', () => {
    const found = findings(rule, 'FROM python:3.12 AS base\nRUN python -m venv /opt/venv\nFROM base AS production\nWORKDIR /opt\nCOPY --from=base /opt/venv venv\nFROM production AS development\nCOPY --from=production /opt/venv /opt/venv\n');
    expect(found.map(({ text }) => text)).toEqual(['base']);
  });
});

describe('finds nothing', () => {
  const quiet: Readonly<Record<string, string>> = {
    'a build stage': `FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM debian:12-slim\nCOPY --from=build /app /app\n${start}`,
    'nothing to start': 'FROM golang:1.23\nRUN go build -o /app .\n',
    'a shell to work in': 'FROM golang:1.23\nRUN go build ./...\nCMD ["bash"]\n',
    'a container that waits': 'FROM debian:12\nRUN apt-get install -y gcc\nCMD ["sleep", "infinity"]\n',
    'a container that tests': 'FROM golang:1.23\nRUN go build ./...\nCMD ["go", "test", "./..."]\n',
    'a development server': 'FROM node:22\nRUN npm ci\nRUN npm run build\nCMD ["npm", "run", "dev"]\n',
    'a stage that tests': `FROM golang:1.23 AS test\nRUN go build ./...\n${start}`,
    'a compiler that is removed again': `FROM alpine:3.20\nRUN apk add --no-cache --virtual .build gcc && pip install uwsgi && apk del .build\n${start}`,
    'a compiler that is purged': `FROM debian:12\nRUN apt-get install -y build-essential && ./configure && apt-get purge -y --auto-remove build-essential\n${start}`,
    'a compiler behind a condition': `FROM debian:12\nRUN if [ -n "$DEBUG" ]; then apt-get install -y gcc; fi\n${start}`,
    'a compiler that is needed to run': `FROM python:3.12-slim\nRUN apt-get install -y gcc\nRUN pip install triton\n${start}`,
    'production packages only': 'FROM node:22\nRUN npm ci --omit=dev\nRUN npm run build\nCMD ["node", "a.js"]\n',
    'production by a variable': 'FROM node:22\nENV NODE_ENV=production\nRUN npm ci\nRUN npm run build\nCMD ["node", "a.js"]\n',
    'development packages removed at once': 'FROM node:22\nRUN npm ci && npm run build && npm prune --omit=dev\nCMD ["node", "a.js"]\n',
    'a script that builds nothing': 'FROM node:22\nRUN npm ci\nRUN npm run migrate\nCMD ["node", "a.js"]\n',
    'packages of Python': 'FROM python:3.12-slim\nRUN pip install --no-cache-dir flask\nCMD ["flask", "run"]\n',
    'another file of the stage below': 'FROM python:3.12 AS base\nRUN pip install flask\nFROM base\nCOPY --from=base /etc/passwd /etc/passwd.orig\nCMD ["flask", "run"]\n',
  };
  it.each(Object.entries(quiet))('%s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});

describe('an image to work in, by its path', () => {
  const forWork = (path: string): boolean => isForWork(readDockerfile('FROM debian:12\nCMD ["/app"]\n', { path }));
  it.each(['.devcontainer/Dockerfile', 'Dockerfile.dev', 'dev.Dockerfile', 'docker/ci/Dockerfile', 'tests/docker/app/Dockerfile', 'Dockerfile.test'])('%s is one', (path) => {
    expect(forWork(path)).toBe(true);
  });
  it.each(['Dockerfile', 'api/Dockerfile', 'device/Dockerfile', 'docker/build/Dockerfile', 'latest/Dockerfile', 'Dockerfile.prod', 'developers-portal/Dockerfile'])('%s is none', (path) => {
    expect(forWork(path)).toBe(false);
  });
});
