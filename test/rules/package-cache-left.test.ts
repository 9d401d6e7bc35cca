import { describe, expect, it } from 'vitest';
import cache from '../../rules/size/package-cache-left.ts';
import archive from '../../rules/size/archive-copied.ts';
import upgrade from '../../rules/reproducibility/system-upgrade.ts';
import { findings } from './lint.ts';

describe('package-cache-left finds nothing', () => {
  it.each([
    'RUN yarn install && yarn cache clean', 'RUN yarn install && rm -rf /usr/local/share/.cache/yarn', 'RUN --mount=type=cache,target=/root/.cache/yarn yarn install',
    'RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install', 'RUN yarn install --cache-folder /tmp/x', 'RUN yarn install --offline', 'RUN yarn build', 'RUN npm ci',
    'RUN conda install -y x', 'RUN mamba install -y x', 'RUN pnpm install', 'RUN uv sync', 'RUN composer install --no-cache',
  ])('%s', (text) => {
    expect(findings(cache, `FROM node:22\n${text}\n`)).toEqual([]);
  });

  it('in a stage that does not ship, and for a later Yarn', () => {
    expect(findings(cache, 'FROM node:22 AS build\nRUN yarn install\nFROM node:22\nCOPY --from=build /a /a\n')).toEqual([]);
    expect(findings(cache, 'FROM node:22\nRUN yarn install\n', { context: { '.yarnrc.yml': '' } })).toEqual([]);
  });
});

describe('package-cache-left', () => {
  it.each([
    ['yarn cache clean && yarn install', 'yarn cache clean && yarn install && yarn cache clean'],
    ['yarn', 'yarn && yarn cache clean'],
  ])('finds %s', (before, after) => {
    expect(findings(cache, `FROM node:22\nRUN ${before}\n`)).toMatchObject([{ fixed: `FROM node:22\nRUN ${after}\n`, fix: { safety: 'unsafe' } }]);
  });

  it('has no fix where a mount on the cache is proposed', () => {
    expect(findings(cache, 'FROM node:22\nRUN yarn install\n', { context: { 'yarn.lock': '' } })).toMatchObject([{ fix: undefined }]);
  });
});

describe('archive-copied', () => {
  it.each([
    ['COPY a.tgz /tmp/\nRUN tar xf /tmp/a.tgz', 'let `ADD` unpack it'],
    ['COPY dist/a.tar.gz /x.tar.gz\nRUN cd / && tar --extract -f x.tar.gz', 'let `ADD` unpack it'],
    ['COPY a.tar.gz /tmp/\nRUN tar -xzf /tmp/a.tar.gz --strip-components=1', 'RUN --mount=type=bind'],
    ['COPY a.zip b.txt /tmp/\nRUN unzip /tmp/a.zip', 'RUN --mount=type=bind'],
    ['COPY $NAME /tmp/a.tar\nRUN tar -xf /tmp/a.tar', 'let `ADD` unpack it'],
  ])('%s', (text, advice) => {
    expect(findings(archive, `FROM debian:12\n${text}\n`)).toMatchObject([{ message: expect.stringContaining(advice) }]);
  });

  it.each([
    'COPY a.tgz /tmp/\nRUN tar -cf /tmp/a.tgz /x', 'COPY a.tgz /tmp/\nRUN tar -xf /tmp/b.tgz', 'COPY a.tgz /tmp/', 'ADD a.tgz /tmp/\nRUN tar -xf /tmp/a.tgz',
    'RUN tar -xf a.tgz\nCOPY a.tgz /', 'COPY --from=other a.tgz /\nRUN tar -xf a.tgz', 'COPY a.tgz /tmp/\nRUN tar -tf /tmp/a.tgz',
  ])('%s is fine', (text) => {
    expect(findings(archive, `FROM debian:12\n${text}\n`)).toEqual([]);
  });
});

describe('system-upgrade', () => {
  it.each(['apt-get -y upgrade', 'apt full-upgrade', 'apk -U upgrade', 'yum -y update', 'dnf upgrade -y', 'zypper -n up', 'microdnf update -y'])('finds %s', (run) => {
    expect(findings(upgrade, `FROM debian:12\nRUN ${run}\n`)).toHaveLength(1);
  });

  it.each(['apt-get update', 'apk upgrade openssl', 'yum update -y openssl', 'pacman -Syu', 'dnf upgrade $PACKAGES', 'pip install --upgrade pip'])('%s is fine', (run) => {
    expect(findings(upgrade, `FROM debian:12\nRUN ${run}\n`)).toEqual([]);
  });
});
