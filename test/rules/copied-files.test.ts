import { describe, expect, it } from 'vitest';
import install from '../../rules/cache/copy-before-install.ts';
import chown from '../../rules/size/recursive-chown.ts';
import redundant from '../../rules/size/redundant-stage-copy.ts';
import removed from '../../rules/size/removed-in-later-layer.ts';
import { findings } from './lint.ts';

describe('copy-before-install, without a context', () => {
  it.each([
    ['a settings file without a dot', 'COPY condarc /condarc'],
    ['a file by its destination', 'COPY settings /etc/tool.conf'],
    ['a stub among manifests', 'COPY lib/stub lib/package.json* lib/yarn.lock* lib/'],
  ])('is quiet about %s', (_, copy) => {
    expect(findings(install, `FROM node:22\nWORKDIR /app\n${copy}\nRUN apt-get update && apt-get install -y curl\n`)).toEqual([]);
  });

  it('moves nothing where the file says that there is a workspace', () => {
    const text = 'FROM node:22\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./\nCOPY packages/ packages/\nRUN pnpm install --frozen-lockfile\n';
    expect(findings(install, text)).toMatchObject([{ text: 'COPY packages/ packages/', fix: undefined }]);
  });
});

describe('removed-in-later-layer', () => {
  it.each([
    ['its own text', 'COPY <<EOF /root/profile\nx\nEOF\nRUN tool /root/profile && rm /root/profile'],
    ['manifests', 'COPY pyproject.toml uv.lock /tmp/deps/\nRUN cd /tmp/deps && uv sync && rm -rf /tmp/deps'],
    ['files that may be missing', 'COPY environment.yml* noop.txt /tmp/env/\nRUN rm -rf /tmp/env'],
    ['a fetched script', 'ADD https://example.com/uv/install.sh /uv.sh\nRUN sh /uv.sh && rm /uv.sh'],
    ['what another file replaces', 'RUN cp /opt/chrome/run /usr/bin/chrome\nRUN rm -f /usr/bin/chrome && cp /opt/pinned/run /usr/bin/chrome'],
    ['a small download', 'RUN curl -o /tmp/setup.php https://example.com/installer\nRUN php /tmp/setup.php && rm /tmp/setup.php'],
  ])('is quiet about %s', (_, text) => {
    expect(findings(removed, `FROM debian:12\n${text}\n`)).toEqual([]);
  });

  it.each([
    ['COPY app.deb /tmp/app.deb\nRUN dpkg -i /tmp/app.deb && rm /tmp/app.deb', 'use a bind mount'],
    ['ADD https://example.com/gcc.tar.bz2 /tmp/gcc.tar.bz2\nRUN tar xjf /tmp/gcc.tar.bz2 && rm /tmp/gcc.tar.bz2', 'fetch it, use it and remove it in one RUN'],
    ['ADD https://example.com/Miniconda3-Linux-x86_64.sh /tmp/conda.sh\nRUN bash /tmp/conda.sh -b && rm /tmp/conda.sh', 'fetch it, use it and remove it in one RUN'],
    ['RUN curl -o /tmp/conda.sh https://example.com/conda\nRUN bash /tmp/conda.sh -b && rm /tmp/conda.sh', 'remove it in the same RUN'],
  ])('%s', (text, advice) => {
    expect(findings(removed, `FROM debian:12\n${text}\n`)).toMatchObject([{ message: expect.stringContaining(advice) }]);
  });
});

describe('recursive-chown', () => {
  it.each([
    ['settings in a folder of others', 'COPY condarc /opt/conda/.condarc\nRUN chmod -R 777 /opt/conda'],
    ['manifests of an install', 'COPY package.json package-lock.json /app/\nRUN cd /app && npm ci && chown -R node:node /app'],
  ])('is quiet about %s', (_, text) => {
    expect(findings(chown, `FROM debian:12\n${text}\n`)).toEqual([]);
  });

  it('names the copy that weighs something', () => {
    const text = 'FROM debian:12\nCOPY app.conf /srv/app.conf\nCOPY assets /srv/assets\nRUN chown -R 1000 /srv\n';
    expect(findings(chown, text)).toMatchObject([{ message: expect.stringContaining('the files of line 3') }]);
  });
});

describe('redundant-stage-copy', () => {
  it('is quiet where an argument may bring another base', () => {
    const text = 'ARG BASE=build\nFROM debian:12 AS build\nRUN make /tool\nFROM $BASE AS pkg\nCOPY --from=build /tool /tool\nRUN /tool\n';
    expect(findings(redundant, text)).toEqual([]);
  });
});
