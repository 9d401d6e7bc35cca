import { describe, expect, it } from 'vitest';
import rule from '../../rules/cache/copy-before-install.ts';
import { fixedText } from './lint.ts';

type Files = Readonly<Record<string, string>>;

const node: Files = { 'package.json': '{"dependencies": {"a": "1.0.0"}}', 'package-lock.json': '{}', 'index.js': '' };
const python: Files = { 'requirements.txt': 'flask==3.1.0\n', 'main.py': '' };
const head = 'FROM node:22\nWORKDIR /app\n';
const manifests = 'COPY package.json package-lock.json ./\n';

describe('a RUN that installs and goes on to build', () => {
  it.each([
    ['on one line', 'RUN npm ci && npm run build\n', 'RUN npm ci\nCOPY . .\nRUN npm run build\n'],
    ['over lines that end in the operator', 'RUN npm ci && \\\n    npm run build && \\\n    npm test\n', 'RUN npm ci\nCOPY . .\nRUN npm run build && \\\n    npm test\n'],
    ['over lines that begin with the operator', 'RUN npm ci \\\n  && npm run build\n', 'RUN npm ci\nCOPY . .\nRUN npm run build\n'],
    ['with mounts', 'RUN --mount=type=cache,target=/root/.npm npm ci && npm run build\n',
      'RUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm run build\n'],
    ['with flags of the shell', 'RUN set -eux; npm ci; npm run build\n', 'RUN set -eux; npm ci\nCOPY . .\nRUN set -eux && npm run build\n'],
    ['in another folder of the shell', 'RUN cd /app && npm ci && npm run build\n', 'RUN cd /app && npm ci\nCOPY . .\nRUN cd /app && npm run build\n'],
    ['with a set-up in front', 'RUN corepack enable && npm ci && npm run build\n', 'RUN corepack enable && npm ci\nCOPY . .\nRUN npm run build\n'],
  ])('is cut in two: %s', (_name, run, after) => {
    expect(fixedText(rule, `${head}COPY . .\n${run}`, 'safe', { context: node })).toBe(`${head}${manifests}${after}`);
  });

  it('is cut behind all that needs no sources', () => {
    const text = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt && mkdir -p /data && python setup.py build\n';
    expect(fixedText(rule, text, 'safe', { context: python }))
      .toBe('FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt && mkdir -p /data\nCOPY . .\nRUN python setup.py build\n');
  });

  it.each([
    ['has a variable that the build may use', 'RUN export CI=1 && npm ci && npm run build\n'],
    ['sets one for itself', 'RUN V=1 && npm ci && npm run build\n'],
    ['goes on where the install fails', 'RUN npm ci && npm run build || true\n'],
    ['goes on without `set -e`', 'RUN npm ci; npm run build\n'],
    ['mixes both joints, of which one goes on', 'RUN set -e; npm ci && true; npm run build\n'],
    ['cleans up behind the build', 'RUN npm ci && npm run build && npm cache clean --force\n'],
    ['removes files that the first layer would keep', 'RUN npm ci && npm run build && rm -rf node_modules\n'],
    ['has an empty file system of its own', 'RUN --mount=type=tmpfs,target=/tmp npm ci && npm run build\n'],
    ['asks for the process', 'RUN npm ci && ./build.sh $$ $?\n'],
    ['leaves something running', 'RUN (sleep 5 &) && npm ci && npm run build\n'],
    ['holds a comment at the joint', 'RUN npm ci && \\\n# the build\n  npm run build\n'],
    ['is a heredoc', 'RUN <<EOF\nset -e\nnpm ci\nnpm run build\nEOF\n'],
    ['changes its mask', 'RUN umask 077 && npm ci && npm run build\n'],
    ['changes the groups of its user', 'RUN usermod -aG video root && npm ci && npm run build\n'],
    ['builds within one step', 'RUN (npm ci && npm run build)\n'],
    ['builds in front of the install', 'RUN npm run generate && npm ci && npm run build\n'],
  ])('stays whole where it %s', (_name, run) => {
    expect(fixedText(rule, `${head}COPY . .\n${run}`, 'unsafe', { context: node })).toBe(`${head}COPY . .\n${run}`);
  });
});

describe('what stands in front of an install', () => {
  it('may remove a folder that the context does not send', () => {
    expect(fixedText(rule, `${head}COPY . .\nRUN rm -rf node_modules && npm ci\n`, 'safe', { context: node }))
      .toBe(`${head}${manifests}RUN rm -rf node_modules && npm ci\nCOPY . .\n`);
  });

  it.each([
    ['one that it sends', { ...node, 'dist/index.js': '' }, 'rm -rf dist'],
    ['the folder itself', node, 'rm -rf /app'],
    ['a manifest', node, 'rm -f package-lock.json'],
    ['what a glob finds', node, 'rm -rf *.js'],
  ])('may not remove %s', (_name, context: Files, command) => {
    const text = `${head}COPY . .\nRUN ${command} && npm ci\n`;
    expect(fixedText(rule, text, 'unsafe', { context })).toBe(text);
  });
});
