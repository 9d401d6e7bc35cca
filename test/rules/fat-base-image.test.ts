import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/fat-base-image.ts';
import { findings } from './lint.ts';

describe('finds nothing', () => {
  const quiet: Readonly<Record<string, string>> = {
    'slim': 'FROM python:3.12-slim\nCMD ["python"]\n',
    'Alpine': 'FROM node:22-alpine\nCMD ["node", "a.js"]\n',
    'a builder': 'FROM node:22 AS build\nRUN npm ci\nFROM node:22-slim\nCOPY --from=build /app /app\n',
    'an image without a slim twin': 'FROM golang:1.23\nCMD ["/app"]\n',
    'an unknown image': 'FROM example.com/python:3.12\nCMD ["python"]\n',
    'a twin that saves little': 'FROM debian:12\nCMD ["true"]\n',
    'a digest': `FROM python:3.12@sha256:${'a'.repeat(64)}\nCMD ["python", "a.py"]\n`,
    'a variable that holds more than a version': 'ARG IMAGE=python:3.12\nFROM $IMAGE\nCMD ["python", "a.py"]\n',
    'a variable that nothing sets': 'ARG V\nFROM python:${V}\nCMD ["python", "a.py"]\n',
    'its own compiler': 'FROM python:3.12\nRUN gcc -o /a a.c\nCMD ["/a"]\n',
    'a package that is compiled': 'FROM python:3.12\nRUN pip install --no-cache-dir psycopg2\nCMD ["python", "a.py"]\n',
    'headers without a compiler': 'FROM python:3.12\nRUN apt-get install -y libldap-dev\nRUN pip install -r r.txt\nCMD ["python", "a.py"]\n',
    'gems': 'FROM ruby:3.3\nRUN bundle install\nCMD ["rails", "s"]\n',
    'setup.py': 'FROM python:3.12\nRUN python setup.py install\nCMD ["python", "a.py"]\n',
    'compiled in a stage built on the same one': 'FROM python:3.12 AS base\nFROM base AS build\nRUN make\nFROM base\nCOPY --from=build /a /a\nCMD ["/a"]\n',
    'a shell to work in': 'FROM python:3.12\nRUN pip install ipython\nCMD ["bash"]\n',
    'a stage for development': 'FROM python:3.12 AS dev\nCMD ["python", "a.py"]\n',
  };
  it.each(Object.entries(quiet))('%s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });

  it('a requirement that is compiled', () => {
    const text = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\nCMD ["python", "a.py"]\n';
    expect(findings(rule, text, { context: { 'requirements.txt': '# the server\nuWSGI==2.0.28\n' } })).toEqual([]);
    expect(findings(rule, text, { context: { 'requirements.txt': '# not uwsgi\ngunicorn==23.0.0\n' } })).toHaveLength(1);
  });

  it('a dependency of package.json that is compiled', () => {
    const text = 'FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\nCMD ["node", "a.js"]\n';
    expect(findings(rule, text, { context: { 'package.json': '{"dependencies": {"node-rdkafka": "3.0.0"}}' } })).toEqual([]);
  });
});

describe('the fix', () => {
  it.each([
    ['FROM node\n', 'FROM node:slim\n'],
    ['FROM node:22.11.0-bookworm\n', 'FROM node:22.11.0-bookworm-slim\n'],
    ['FROM docker.io/library/python:3.12-bookworm AS app\n', 'FROM docker.io/library/python:3.12-slim-bookworm AS app\n'],
    ['ARG V=3.12\nFROM --platform=$BUILDPLATFORM python:${V}\n', 'ARG V=3.12\nFROM --platform=$BUILDPLATFORM python:${V}-slim\n'],
    ['FROM python:3.12 AS base\nFROM base\n', 'FROM python:3.12-slim AS base\nFROM base\n'],
    ['FROM python:3.12\nRUN apt-get install -y curl\nRUN curl https://example.com\n', 'FROM python:3.12-slim\nRUN apt-get install -y curl\nRUN curl https://example.com\n'],
    ['FROM python:3.12\nRUN apt-get install -y build-essential libpq-dev\nRUN pip install psycopg2\n', 'FROM python:3.12-slim\nRUN apt-get install -y build-essential libpq-dev\nRUN pip install psycopg2\n'],
  ])('of %j is unsafe', (before, after) => {
    const [found, ...others] = findings(rule, `${before}CMD ["start"]\n`);
    expect(others).toEqual([]);
    expect(found?.fix?.safety).toBe('unsafe');
    expect(found?.fixed).toBe(`${after}CMD ["start"]\n`);
  });

  it.each([
    ['RUN curl -sSL https://install.python-poetry.org | python3 -\n', 'curl'],
    ['RUN git clone https://github.com/a/b\n', 'git'],
    ['RUN pip install git+https://github.com/a/b\n', 'git'],
    ['HEALTHCHECK CMD curl -f http://localhost/ || exit 1\n', 'curl'],
    ['RUN pip install flask && wget https://example.com/a && apt-get install -y wget\n', 'wget'],
  ])('there is none where %j needs a program', (line, program) => {
    const [found] = findings(rule, `FROM python:3.12\n${line}CMD ["start"]\n`);
    expect(found?.fix).toBeUndefined();
    expect(found?.message).toContain(`lacks \`${program}\``);
  });

  it('there is none where a compiler is installed and the headers are those of the image', () => {
    const [found] = findings(rule, 'FROM python:3.12\nRUN apt-get install -y build-essential\nRUN pip install mysqlclient\nCMD ["start"]\n');
    expect(found?.fix).toBeUndefined();
    expect(found?.message).toContain('headers that `mysqlclient` may need');
  });
});
