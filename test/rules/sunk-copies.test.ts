import { describe, expect, it } from 'vitest';
import rule from '../../rules/cache/copy-before-install.ts';
import { findings, fixedText } from './lint.ts';

type Files = Readonly<Record<string, string>>;

const requirements = { 'requirements.txt': 'flask==3.1.0\n' };
const node = { 'package.json': '{"dependencies": {"a": "1.0.0"}}', 'package-lock.json': '{}' };

describe('sources that hold what an install uses', () => {
  it.each([
    ['settings of pip', 'FROM python:3.12\nCOPY . /\nRUN pip install -r requirements.txt\n', { ...requirements, 'etc/pip.conf': '[global]\n' }],
    ['settings in a folder that is laid over the root', 'FROM python:3.12\nCOPY rootfs/ /\nRUN pip install -r /requirements.txt\n', { 'rootfs/requirements.txt': 'a\n', 'rootfs/etc/pip.conf': '' }],
    ['settings in the home', 'FROM node:22\nWORKDIR /root\nCOPY . .\nRUN npm ci\n', { ...node, '.config/x': '' }],
    ['a file that Node.js is told to load', 'FROM node:22\nENV NODE_OPTIONS="--require /app/tracing.js"\nWORKDIR /app\nCOPY . .\nRUN npm ci\n', { ...node, 'tracing.js': '' }],
    ['one that it is told by a relative name', 'FROM node:22\nENV NODE_OPTIONS="--import=./tracing.mjs"\nWORKDIR /app\nCOPY . .\nRUN npm ci\n', { ...node, 'tracing.mjs': '' }],
    ['a module that Python would load first', 'FROM python:3.12\nENV PYTHONPATH=/app\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n', { ...requirements, 'logging/__init__.py': '' }],
    ['a module that Python loads at its start', 'FROM python:3.12\nENV PYTHONPATH=/lib/x:/app/src\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n', { ...requirements, 'src/sitecustomize.py': '' }],
    ['what a link leads to', 'FROM debian:12\nRUN ln -s /etc/apt /srv/src\nCOPY src /srv/src\nRUN apt-get update\n', { 'src/sources.list': '' }],
    ['a program', 'FROM node:22\nWORKDIR /usr/local\nCOPY . .\nRUN npm ci\n', { ...node, 'bin/node': '' }],
  ])('never moves %s', (_name, text, context: Files) => {
    expect(fixedText(rule, text, 'unsafe', { context })).toBe(text);
  });

  it('leaves them above and moves the rest', () => {
    const text = 'FROM python:3.12\nCOPY pip/ /root/.config/pip/\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n';
    expect(fixedText(rule, text, 'safe', { context: { ...requirements, 'pip/pip.conf': '', 'main.py': '' } }))
      .toBe('FROM python:3.12\nCOPY pip/ /root/.config/pip/\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n');
  });

  it('moves a whole context that holds nothing of the kind', () => {
    expect(fixedText(rule, 'FROM python:3.12\nCOPY . /\nRUN pip install -r requirements.txt\n', 'safe', { context: { ...requirements, 'main.py': '' } }))
      .toBe('FROM python:3.12\nCOPY requirements.txt /\nRUN pip install -r requirements.txt\nCOPY . /\n');
  });

  it('minds no variable that names nothing of it', () => {
    const head = 'FROM node:22\nENV PATH=/app/node_modules/.bin:$PATH NODE_OPTIONS=--max-old-space-size=4096 VERSION=1.2.3\nWORKDIR /app\n';
    expect(fixedText(rule, `${head}COPY . .\nRUN npm ci\n`, 'safe', { context: { ...node, 'index.js': '' } }))
      .toBe(`${head}COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n`);
  });

  it('minds no module that no install loads', () => {
    const head = 'FROM python:3.12\nENV PYTHONPATH=/app\nWORKDIR /app\n';
    expect(fixedText(rule, `${head}COPY . .\nRUN pip install -r requirements.txt\n`, 'safe', { context: { ...requirements, 'app/main.py': '', 'tests/logging.py': '' } }))
      .toBe(`${head}COPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n`);
  });

  it('leaves a comment above the COPY that stays', () => {
    expect(fixedText(rule, 'FROM debian:12\n# Files\nCOPY src/ /src/\nCOPY app.conf /etc/app.conf\nRUN apt-get update && apt-get install -y curl\n', 'safe'))
      .toBe('FROM debian:12\n# Files\nCOPY app.conf /etc/app.conf\nRUN apt-get update && apt-get install -y curl\nCOPY src/ /src/\n');
  });
});

describe('the home of the user who installs', () => {
  const head = (user: string): string => `FROM python:3.12\n${user}WORKDIR /home/app\n`;
  const run = 'RUN pip install --upgrade pip && pip install -r requirements.txt\n';
  const context = { ...requirements, 'main.py': '' };

  it('is all that an install touches of /home and /root', () => {
    expect(fixedText(rule, `${head('')}COPY . .\n${run}`, 'safe', { context }))
      .toBe(`${head('')}COPY requirements.txt ./\n${run}COPY . .\n`);
  });

  it.each([
    ['the sources lie in it', 'RUN useradd -m app\nUSER app\n', run],
    ['it is set', 'ENV HOME=/home/app\n', run],
    ['the RUN sets it', '', 'RUN export HOME=/home/app; pip install --upgrade pip && pip install -r requirements.txt\n'],
    ['the command sets it', '', 'RUN HOME=/home/app pip install --upgrade pip && pip install -r requirements.txt\n'],
    ['another user runs the command', '', 'RUN sudo -u app pip install --upgrade pip && pip install -r requirements.txt\n'],
  ])('may be where %s', (_name, user, command) => {
    const text = `${head(user)}COPY . .\n${command}`;
    expect(fixedText(rule, text, 'unsafe', { context })).toBe(text);
  });
});

describe('a quoted command', () => {
  it('stands on one line, without its variables, and not too long', () => {
    const [found] = findings(rule, 'FROM python:3.12\nCOPY . .\nRUN A="b \\\n  c" pip install \\\n  --default-timeout=1000 --no-cache-dir --disable-pip-version-check -r requirements.txt\n');
    expect(found?.message).toContain('`pip install --default-timeout=1000 --no-cache-dir …`');
  });
});

describe('moves that a simulator of builds found to change the image', () => {
  const npm = { ...node, 'index.js': '' };
  const go = { 'go.mod': 'module a\n', 'go.sum': '', 'lib/go.mod': 'module b\n', 'main.go': '' };
  it.each<[string, string, Files]>([
    ['a folder that only the COPY makes', 'FROM python:3.12\nWORKDIR /app\nCOPY . ./\nRUN cd server && pip install flask==3.1.0\n', { 'server/main.py': '' }],
    ['a manifest that another file lies over', 'FROM golang:1.24\nWORKDIR /app\nCOPY go.mod lib/go.mod ./\nCOPY . .\nRUN go mod download\n', go],
    ['a folder that the COPY makes on its way', 'FROM debian:12\nCOPY bin /app/bin\nRUN printf x > /app/y && apt-get update\n', { 'bin/a': '' }],
    ['the owner of a folder on the way', 'FROM debian:12\nCOPY bin /app/bin\nCOPY --chown=1000 . /app\nRUN apt-get update\n', { 'bin/a': '', b: '' }],
    ['the owner that WORKDIR would give', 'FROM debian:12\nCOPY --chown=1000:1000 . /app\nWORKDIR /app\nRUN apt-get update\n', { a: '' }],
    ['a pattern that flattens folders', 'FROM golang:1.24\nWORKDIR /app\nCOPY * ./\nRUN go mod download\n', go],
    ['an owner that gets another number', 'FROM node:22\nWORKDIR /app\nCOPY --chown=node . .\nRUN usermod -u 2000 node && npm ci\n', npm],
    ['what a link in the RUN leads to', 'FROM golang:1.24\nRUN ln -s /app/config /tmp/w\nWORKDIR /app\nCOPY . .\nRUN chmod -R 755 /tmp/w && go mod download\n', { ...go, 'config/a': '' }],
  ])('stay unmade where they touch %s', (_name, text, context) => {
    expect(fixedText(rule, text, 'safe', { context })).toBe(text);
  });

  it('bring a manifest that a bind mount shows elsewhere only', () => {
    const run = 'RUN --mount=type=bind,target=/ctx npm ci\n';
    expect(fixedText(rule, `FROM node:22\nWORKDIR /app\nCOPY . .\n${run}`, 'safe', { context: npm }))
      .toBe(`FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\n${run}COPY . .\n`);
  });

  it('keep a manifest that another COPY brings unchanged', () => {
    expect(fixedText(rule, 'FROM golang:1.24\nWORKDIR /app\nCOPY go.mod go.sum ./\nCOPY . .\nRUN go mod download\n', 'safe', { context: { 'go.mod': 'module a\n', 'go.sum': '', 'main.go': '' } }))
      .toBe('FROM golang:1.24\nWORKDIR /app\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\n');
  });
});
