import { describe, expect, it } from 'vitest';
import { build } from '../bench/simulate/build.ts';
import { compare } from '../bench/simulate/check.ts';
import { makeCase } from '../bench/simulate/generate.ts';
import { shrink } from '../bench/simulate/shrink.ts';
import { checkSeed, emptyTally } from '../bench/simulate/tally.ts';

/** `SIMULATE_FILES=20000 SIMULATE_SEED=5000 npx vitest run test/simulate.test.ts` looks further. */
const { SIMULATE_FILES: count = '2000', SIMULATE_SEED: first = '1' } = process.env;

const lock = JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies: { zod: '1.0.0' } }, 'node_modules/zod': { version: '1.0.0' } } });
const manifest = (more: object = {}): string => JSON.stringify({ dependencies: { zod: '1.0.0' }, ...more });
const node = { 'package.json': manifest(), 'package-lock.json': lock, 'src/index.js': 'index' };
const python = { 'requirements.txt': '-r base.txt\nflask==3.1.0\n', 'base.txt': 'zod==1.0\n', 'app.py': 'app' };

type Row = readonly [name: string, before: string, after: string, files: Readonly<Record<string, string>>];

/** A file of lines. */
const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

describe('the simulator of builds', () => {
  const legal: Row[] = [
    ['manifests first', lines('FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci'), lines('FROM node:22', 'WORKDIR /app', 'COPY package.json package-lock.json ./', 'RUN npm ci', 'COPY . .'), node],
    ['requirements with what they name first', lines('FROM python:3.12', 'COPY . /app', 'RUN cd /app && pip install -r requirements.txt'), lines('FROM python:3.12', 'COPY base.txt requirements.txt /app/', 'RUN cd /app && pip install -r requirements.txt', 'COPY . /app'), python],
    ['sources below system packages', lines('FROM debian:12', 'COPY . /srv/app', 'RUN apt-get update && apt-get install -y curl'), lines('FROM debian:12', 'RUN apt-get update && apt-get install -y curl', 'COPY . /srv/app'), node],
    ['an argument down to its use', lines('FROM debian:12', 'ARG GIT_COMMIT=a', 'RUN apt-get update && apt-get install -y curl', 'RUN echo $GIT_COMMIT > /version'), lines('FROM debian:12', 'RUN apt-get update && apt-get install -y curl', 'ARG GIT_COMMIT=a', 'RUN echo $GIT_COMMIT > /version'), node],
    ['two RUNs as one', lines('FROM debian:12', 'RUN mkdir -p /data', 'RUN chown 1000 /data'), lines('FROM debian:12', 'RUN mkdir -p /data \\', '    && chown 1000 /data'), node],
    ['a split install whose cache is mounted', lines('FROM golang:1.23', 'WORKDIR /app', 'COPY . .', 'RUN --mount=type=cache,target=/go/pkg/mod go mod download && go build'), lines('FROM golang:1.23', 'WORKDIR /app', 'COPY go.mod ./', 'RUN --mount=type=cache,target=/go/pkg/mod go mod download', 'COPY . .', 'RUN --mount=type=cache,target=/go/pkg/mod go build'), { 'go.mod': 'module a\n', 'main.go': '' }],
  ];
  it.each(legal)('finds nothing wrong with %s', (_name, before, after, files) => {
    expect(compare(before, after, { files, given: {} })).toEqual({ kind: 'equal' });
  });

  const illegal: Row[] = [
    ['an install above its manifest', lines('FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci'), lines('FROM node:22', 'WORKDIR /app', 'RUN npm ci', 'COPY . .'), node],
    ['an install above its lock file', lines('FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci'), lines('FROM node:22', 'WORKDIR /app', 'COPY package.json ./', 'RUN npm ci', 'COPY . .'), node],
    ['an install above its settings', lines('FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci'), lines('FROM node:22', 'WORKDIR /app', 'COPY package.json package-lock.json ./', 'RUN npm ci', 'COPY . .'), { ...node, '.npmrc': 'fund=false' }],
    ['requirements without what they name', lines('FROM python:3.12', 'COPY . /app', 'RUN pip install -r /app/requirements.txt'), lines('FROM python:3.12', 'COPY requirements.txt /app/', 'RUN pip install -r /app/requirements.txt', 'COPY . /app'), python],
    ['a script of the project that reads the sources', lines('FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci'), lines('FROM node:22', 'WORKDIR /app', 'COPY package.json package-lock.json ./', 'RUN npm ci', 'COPY . .'), { ...node, 'package.json': manifest({ scripts: { postinstall: 'node src/index.js' } }) }],
    ['modules of the context over those installed', lines('FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci'), lines('FROM node:22', 'WORKDIR /app', 'COPY package.json package-lock.json ./', 'RUN npm ci', 'COPY . .'), { ...node, 'node_modules/zod/index.js': 'local' }],
    ['a stale lock file over the one written', lines('FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm install'), lines('FROM node:22', 'WORKDIR /app', 'COPY package.json package-lock.json ./', 'RUN npm install', 'COPY . .'), { ...node, 'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}}}' }],
    ['a COPY below an rm of its files', lines('FROM debian:12', 'COPY . /app', 'RUN rm -rf /app/src'), lines('FROM debian:12', 'RUN rm -rf /app/src', 'COPY . /app'), node],
    ['a COPY below a chown of its files', lines('FROM debian:12', 'COPY . /app', 'RUN chown -R 1000 /app'), lines('FROM debian:12', 'RUN mkdir /app && chown -R 1000 /app', 'COPY . /app'), node],
    ['a COPY below a script that reads everything', lines('FROM debian:12', 'COPY . /app', 'RUN touch /Makefile && make'), lines('FROM debian:12', 'RUN touch /Makefile && make', 'COPY . /app'), node],
    ['two COPYs to one place', lines('FROM debian:12', 'COPY src/index.js /app/x', 'COPY package.json /app/x'), lines('FROM debian:12', 'COPY package.json /app/x', 'COPY src/index.js /app/x'), node],
    ['ENV below its use', lines('FROM debian:12', 'ENV MODE=fast', 'RUN echo $MODE > /mode'), lines('FROM debian:12', 'RUN echo $MODE > /mode', 'ENV MODE=fast'), node],
    ['ARG below a program that may read it', lines('FROM debian:12', 'COPY . /app', 'ARG GIT_COMMIT=a', 'RUN cd /app && ./build.sh'), lines('FROM debian:12', 'COPY . /app', 'RUN cd /app && ./build.sh', 'ARG GIT_COMMIT=a'), { ...node, 'build.sh': '' }],
    ['ARG below the ENV that beats it', lines('FROM debian:12', 'ARG MODE=a', 'ENV MODE=b', 'RUN echo $MODE > /mode'), lines('FROM debian:12', 'ENV MODE=b', 'ARG MODE=a', 'RUN echo $MODE > /mode'), node],
    ['a relative COPY below another WORKDIR', lines('FROM debian:12', 'WORKDIR /a', 'COPY . .', 'WORKDIR /b'), lines('FROM debian:12', 'WORKDIR /a', 'WORKDIR /b', 'COPY . .'), node],
    ['a COPY below a USER is root\'s, a WORKDIR is not', lines('FROM node:22', 'WORKDIR /a/b', 'USER node'), lines('FROM node:22', 'USER node', 'WORKDIR /a/b'), node],
    ['--chown by a name whose number changes', lines('FROM node:22', 'COPY --chown=node . /app', 'RUN usermod -u 2000 node'), lines('FROM node:22', 'RUN usermod -u 2000 node', 'COPY --chown=node . /app'), node],
    ['a manifest that lost its mode', lines('FROM node:22', 'WORKDIR /app', 'USER node', 'COPY --chmod=644 . .'), lines('FROM node:22', 'WORKDIR /app', 'USER node', 'COPY . .', 'RUN true'), { 'build.sh': '' }],
    ['cd that leaks into what is joined on', lines('FROM debian:12', 'RUN cd /tmp', 'RUN touch x'), lines('FROM debian:12', 'RUN cd /tmp && touch x'), node],
    ['a first page that a server only brings where there is none', lines('FROM debian:12', 'RUN mkdir -p /var/www/html && touch /var/www/html/index.html', 'RUN apt-get update && apt-get install -y nginx'), lines('FROM debian:12', 'RUN apt-get update && apt-get install -y nginx', 'RUN mkdir -p /var/www/html && touch /var/www/html/index.html'), {}],
  ];
  it.each(illegal)('catches %s', (_name, before, after, files) => {
    expect(build(before, files, {}).failure).toBeUndefined();
    expect(compare(before, after, { files, given: {} }).kind).toBe('differs');
  });

  it('makes a counter-example small', () => {
    const one = { ...makeCase(1), text: lines('FROM debian:12', 'RUN mkdir /x', 'ENV MODE=fast', 'RUN echo 1 > /one && echo $MODE > /mode'), files: node, given: {} };
    const small = shrink(one, ({ text }) => build(text, {}, {}).stages[0]?.some((line) => line.startsWith('/mode ') && line.endsWith('fast')) === true);
    expect(small.text).toBe(lines('FROM debian:12', 'ENV MODE=fast', 'RUN echo $MODE > /mode'));
    expect(small.files).toEqual({});
  });

  it('makes the same file of the same seed', () => {
    expect(makeCase(7)).toEqual(makeCase(7));
    expect(makeCase(7).text).not.toBe(makeCase(8).text);
  });
});

describe('every order that is proposed', () => {
  it('leaves the image as it was', { timeout: 600_000 }, () => {
    const tally = emptyTally();
    for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) checkSeed(seed, tally, 'reorders');
    expect({ wrong: tally.wrong, bugs: tally.bugs }).toEqual({ wrong: [], bugs: [] });
    expect(tally.counts['plans']).toBeGreaterThan(Number(count) / 5);
    for (const rule of ['cache/copy-before-install', 'cache/volatile-arg-early', 'cache/layer-order']) expect(tally.counts[`moves by ${rule}`], rule).toBeGreaterThan(20);
  });

  it('leaves the image as it was, with RUNs joined', { timeout: 600_000 }, () => {
    const tally = emptyTally();
    for (let seed = Number(first); seed < Number(first) + Number(count) / 4; seed += 1) checkSeed(seed, tally, 'joins');
    expect({ wrong: tally.wrong, bugs: tally.bugs }).toEqual({ wrong: [], bugs: [] });
    expect(tally.counts['moves by size/mergeable-runs']).toBeGreaterThan(20);
  });
});
