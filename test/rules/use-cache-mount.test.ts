import { describe, expect, it } from 'vitest';
import rule from '../../rules/cache/use-cache-mount.ts';
import { findings } from './lint.ts';

const safetyOf = (text: string): (string | undefined)[] => findings(rule, text).map(({ fix }) => fix?.safety);

describe('cache/use-cache-mount', () => {
  it.each([
    ['another user', 'FROM python:3.12\nRUN sudo -H -u app pip install flask\n'],
    ['a mount of the author\'s in another place', 'FROM node:22\nRUN --mount=type=cache,target=/app/.npm npm set cache /app/.npm && npm ci\n'],
    ['a mount where the author takes the cache to be', 'FROM python:3.12\nRUN --mount=type=cache,target=/.cache/uv uv sync --frozen\n'],
    ['a cache put elsewhere', 'FROM python:3.12\nRUN pip install --cache-dir /tmp/pip flask\n'],
    ['a cache put elsewhere by the settings', 'FROM node:22\nRUN npm config set cache /tmp/npm && npm ci\n'],
    ['an author who writes `--no-cache-dir`', 'FROM python:3.12\nRUN pip install --no-cache-dir torch\nRUN pip install flask\n'],
    ['archives without dependencies', 'FROM python:3.12\nRUN pip install --no-deps --prefix=/install /wheels/*.whl\n'],
    ['no index', 'FROM python:3.12\nRUN pip install --no-index --find-links /wheels flask\n'],
    ['whichever manager', 'FROM node:22 AS a\nRUN if [ -f yarn.lock ]; then yarn --frozen-lockfile; else npm ci; fi\n'],
    ['packages that a stage below restored', 'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS a\nRUN dotnet restore\nFROM a AS b\nRUN dotnet publish -o /out\nFROM debian:12\nCOPY --from=b /out /out\n'],
  ])('is quiet with %s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });

  it.each([
    ['npm', 'FROM node:22\nRUN npm ci\n', 'safe'],
    ['programs that npx may have fetched', 'FROM node:22\nRUN npm ci && npx playwright install\n', 'unsafe'],
    ['root by sudo', 'FROM python:3.12\nRUN sudo pip install flask\n', 'safe'],
    ['a flag of another stage', 'FROM python:3.12 AS a\nRUN pip install flask\nFROM python:3.12\nRUN pip install --no-cache-dir flask\nCOPY --from=a /x /x\n', 'safe'],
  ])('finds %s', (_name, text, safety) => {
    expect(safetyOf(text)).toEqual([safety]);
  });

  it('knows the folder by the image a stage goes back to', () => {
    const text = 'FROM golang:1.23 AS base\nFROM base AS build\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=build /app /app\n';
    expect(findings(rule, text)[0]?.fixed).toContain('target=/go/pkg/mod ');
  });

  it.each([
    ['flags on several lines in front of a heredoc',
      'RUN --mount=type=bind,target=/x \\\n  --mount=type=tmpfs,target=/t <<EOF\nnpm ci\nEOF\n',
      'RUN --mount=type=bind,target=/x \\\n  --mount=type=tmpfs,target=/t \\\n  --mount=type=cache,target=/root/.npm <<EOF\nnpm ci\nEOF\n'],
    ['a heredoc', 'RUN <<EOF\nnpm ci\nEOF\n', 'RUN --mount=type=cache,target=/root/.npm <<EOF\nnpm ci\nEOF\n'],
    ['an array', 'RUN ["npm", "ci"]\n', 'RUN --mount=type=cache,target=/root/.npm ["npm", "ci"]\n'],
    ['a RUN that begins on the next line', 'RUN \\\n  npm ci && \\\n  npm run build\n', 'RUN \\\n  --mount=type=cache,target=/root/.npm \\\n  npm ci && \\\n  npm run build\n'],
    ['CRLF', 'RUN npm ci\r\n', 'RUN --mount=type=cache,target=/root/.npm \\\r\n    npm ci\r\n'],
  ])('keeps the layout: %s', (_name, text, expected) => {
    expect(findings(rule, `FROM node:22\n${text}`)[0]?.fixed).toBe(`FROM node:22\n${expected}`);
  });
});
