import { describe, expect, it } from 'vitest';
import missing from '../../rules/cache/missing-dockerignore.ts';
import weak from '../../rules/cache/weak-dockerignore.ts';
import { memoryContext } from '../../src/context/memory.ts';
import { fixText } from '../../src/fix.ts';
import type { AnyRule } from '../../src/rule.ts';
import { findings } from './lint.ts';

type Files = Readonly<Record<string, string>>;

/** The ignore file after the rule's safe fix; undefined where there is none. */
function ignoreFile(rule: AnyRule, text: string, files: Files): string | undefined {
  const result = fixText(text, {
    path: 'Dockerfile', rules: [{ id: 'cache/this', rule, severity: 'warning', options: {} }], known: new Map(), context: memoryContext(files),
    contextGiven: true, buildArguments: {}, target: undefined,
  }, 'safe');
  expect(result.bugs).toEqual([]);
  return result.otherFiles.get('.dockerignore');
}

const lines = (text: string | undefined): string[] => (text ?? '').split('\n').filter((line) => line !== '');

const python = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n';
const node = 'FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n';
const nodeFiles = { 'package.json': '{}', 'package-lock.json': '{}' };

describe('cache/missing-dockerignore', () => {
  it.each([
    ['no context', python, undefined],
    ['an ignore file', python, { '.dockerignore': '', 'requirements.txt': '' }],
    ['named files', 'FROM debian:12\nCOPY src /src\n', { 'src/a': '' }],
    ['a copy of a stage', 'FROM debian:12 AS a\nFROM debian:12\nCOPY --from=a . /x\n', { a: '' }],
    ['a stage no build needs', 'FROM debian:12 AS a\nCOPY . .\nFROM debian:12\n', { a: '' }],
  ])('is quiet with %s', (_name, text, context: Files | undefined) => {
    expect(findings(missing, text, context && { context })).toEqual([]);
  });

  it.each(['COPY . .', 'COPY ./ /x', 'ADD . /x', 'COPY --chown=1:1 . /x', 'COPY ["." , "/x y"]', 'COPY / /x', 'COPY * /x/'])('finds %s', (copy) => {
    expect(findings(missing, `FROM debian:12\n${copy}\n`, { context: { a: '' } })).toHaveLength(1);
  });

  it('says it once in a file', () => {
    expect(findings(missing, 'FROM debian:12\nCOPY . /a\nCOPY . /b\n', { context: { a: '' } })).toHaveLength(1);
  });

  it.each([
    ['a RUN that asks git', `${python}RUN git describe --tags > VERSION\n`, {}, '.git'],
    ['a version out of tags', python, { 'pyproject.toml': '[build-system]\nrequires = ["setuptools-scm>=8"]\n' }, '.git'],
    ['a script of npm that asks git', node, { 'package.json': '{"scripts": {"build": "V=$(git rev-parse HEAD) vite build"}}' }, '.git'],
    ['a Makefile that asks git', `${python}RUN make build\n`, { Makefile: 'V := $(shell git describe)\n' }, '.git'],
    ['a Makefile nobody can read', `${python}RUN make build\n`, {}, '.git'],
    ['a script that asks git', `${python}RUN ./build.sh\n`, { 'build.sh': 'git log -1\n' }, '.git'],
    ['a commit stamped by Go', 'FROM golang:1.23\nCOPY . .\nRUN go build ./...\n', { 'go.mod': '' }, '.git'],
    ['a gemspec', 'FROM ruby:3.3\nCOPY . .\nRUN bundle install\n', { 'a.gemspec': 'spec.files = `git ls-files -z`.split' }, '.git'],
    ['a COPY', `${python}COPY .git/HEAD /head\n`, { '.git/HEAD': '' }, '.git'],
    ['a glob', `${python}COPY .env* /x/\n`, {}, '**/.env'],
    ['a bind mount', `${python}RUN --mount=type=bind,source=.env,target=/e true\n`, {}, '**/.env'],
    ['a RUN that makes it', `${python}RUN cp .env.example .env\n`, {}, '**/.env'],
    ['settings without a secret', python, { '.env': 'PORT=80\n' }, '**/.env'],
    ['settings a build step may read', `${node}RUN npm run build\n`, { ...nodeFiles, '.env': 'API_TOKEN=abc\n' }, '**/.env'],
    ['packages that nothing installs', 'FROM node:22\nCOPY . .\nCMD ["node", "."]\n', { ...nodeFiles, 'node_modules/a/index.js': '' }, '**/node_modules'],
    ['packages of two projects and one install', node, { ...nodeFiles, 'node_modules/a/a.js': '', 'api/node_modules/b/b.js': '' }, '**/node_modules'],
    ['an environment that is used', 'FROM python:3.12\nCOPY . .\nCMD [".venv/bin/python", "main.py"]\n', { 'main.py': '' }, '**/.venv'],
    ['an output that is copied', 'FROM maven:3 AS a\nCOPY pom.xml .\nRUN mvn package\nFROM debian:12\nCOPY --from=a /x /x\nCOPY target/app.jar /app.jar\nCOPY . /y\n', { 'pom.xml': '', 'target/app.jar': '' }, '**/target'],
    ['scripts in bin', 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nCOPY . .\nRUN dotnet publish\n', { 'a/a.csproj': '', 'bin/start.sh': '' }, '**/bin'],
    ['scripts in bin beside the project', 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nCOPY . .\nRUN dotnet publish\n', { 'a.csproj': '', 'bin/start.sh': '' }, '**/bin'],
    ['another Dockerfile that needs it', python, { 'docker/Dockerfile.release': 'FROM debian:12\nCOPY .git /git\n' }, '.git'],
  ])('leaves out what is wanted: %s', (_name, text, files: Files, pattern) => {
    const all = { 'requirements.txt': '', ...(text === node ? nodeFiles : {}), ...files };
    expect(lines(ignoreFile(missing, text, all))).not.toContain(pattern);
    expect(findings(missing, text, { context: all })).toHaveLength(1);
  });

  it.each([
    ['Node', node, nodeFiles, ['.git', '**/.env', '**/node_modules']],
    ['a workspace', node, { ...nodeFiles, 'package.json': '{"workspaces": ["a"]}', 'node_modules/b/b.js': '', 'a/node_modules/b/b.js': '' }, ['**/node_modules']],
    ['a clone of something else', `${python}RUN git clone https://example.com/a.git && git config --global user.name a\n`, {}, ['.git', '**/.venv']],
    ['Go without git', 'FROM golang:1.23-alpine\nCOPY . .\nRUN go build ./...\n', { 'go.mod': '' }, ['.git']],
    ['Go told not to stamp', 'FROM golang:1.23\nCOPY . .\nRUN go build -buildvcs=false ./...\n', { 'go.mod': '' }, ['.git']],
    ['Rust', 'FROM rust:1.82\nCOPY . .\nRUN cargo build --release\nCMD ["target/release/app"]\n', { 'Cargo.toml': '', 'src/main.rs': '' }, ['.git', 'target']],
    ['.NET', 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nCOPY . .\nRUN dotnet publish -o /out\n', { 'a/a.csproj': '', 'a/bin/x.dll': '' }, ['**/bin', '**/obj']],
    ['an environment made anew', 'FROM python:3.12\nCOPY . .\nRUN python -m venv .venv && .venv/bin/pip install .\n', { 'pyproject.toml': '' }, ['**/.venv']],
    ['a secret in settings', python, { '.env': 'API_TOKEN=abc123\n' }, ['**/.env']],
  ])('writes what nobody misses: %s', (_name, text, files: Files, patterns) => {
    expect(lines(ignoreFile(missing, text, { 'requirements.txt': '', ...files }))).toEqual(expect.arrayContaining(patterns));
  });
});

describe('cache/weak-dockerignore', () => {
  const files = { 'requirements.txt': '', 'main.py': '', '.git/HEAD': '', '__pycache__/a.pyc': '' };

  it.each([
    ['no ignore file', python, files],
    ['patterns for all', python, { ...files, '.dockerignore': '.git\n**/__pycache__\n' }],
    ['patterns for what is in the folders', python, { ...files, '.dockerignore': '.git/**\n__pycache__/*\n' }],
    ['an allow list', python, { ...files, '.dockerignore': '*\n!requirements.txt\n!main.py\n' }],
    ['a name taken back', python, { ...files, '.dockerignore': '__pycache__\n!.git\n' }],
    ['named files', 'FROM debian:12\nCOPY main.py /x\n', { ...files, '.dockerignore': '' }],
    ['another folder', 'FROM debian:12\nCOPY src /x\n', { ...files, 'src/a': '', '.dockerignore': '' }],
    ['what the build reads', `${python}RUN git rev-parse HEAD\n`, { ...files, '.dockerignore': '**/__pycache__' }],
    ['the folders of editors alone', python, { 'requirements.txt': '', '.idea/a.xml': '', '.dockerignore': '.git' }],
    ['a folder that is no environment', python, { 'requirements.txt': '', 'venv/readme.txt': '', '.dockerignore': '.git' }],
    ['models of tests, and texts', python, { 'requirements.txt': '', 'tests/a.onnx': '', 'paths.pth': 'src\n', '.dockerignore': '.git' }],
  ])('is quiet with %s', (_name, text, context) => {
    expect(findings(weak, text, { context })).toEqual([]);
  });

  it.each([
    ['.git', files, '*.md\n', '*.md\n.git\n**/__pycache__\n'],
    ['no newline at the end', files, '*.md', '*.md\n.git\n**/__pycache__'],
    ['CRLF', files, 'a\r\nb\r\n', 'a\r\nb\r\n.git\r\n**/__pycache__\r\n'],
    ['an empty file', files, '', '.git\n**/__pycache__\n'],
    ['a pattern for the root only', { ...files, 'a/__pycache__/b.pyc': '' }, '.git\n__pycache__\n', '.git\n__pycache__\n**/__pycache__\n'],
    ['a virtual environment by another name', { 'requirements.txt': '', 'env/pyvenv.cfg': '', 'a.py': '' }, '.git\n', '.git\n**/env\n'],
    ['an exception in front', { ...files, 'src/a.py': '' }, '!src\n', '!src\n.git\n**/__pycache__\n'],
  ])('adds lines: %s', (_name, context, before, after) => {
    const all = { ...context, '.dockerignore': before };
    expect(findings(weak, python, { context: all }).map(({ text }) => text)).toEqual(['.']);
    expect(ignoreFile(weak, python, all)).toBe(after);
  });

  it('names what is found, at the copy that takes it', () => {
    const text = 'FROM debian:12\nCOPY docs /d\nCOPY ui /u\n';
    const [found] = findings(weak, text, { context: { 'docs/a': '', 'ui/.venv/pyvenv.cfg': '', 'ui/a.py': '', '.git/HEAD': '', '.dockerignore': '' } });
    expect(found).toMatchObject({ text: 'ui', message: expect.stringContaining('`ui/.venv`') });
    expect(found?.message).not.toContain('.git`');
  });

  it('names model weights, but keeps them', () => {
    const context = { ...files, 'models/a.gguf': '', '.dockerignore': '.git\n' };
    expect(findings(weak, python, { context })[0]?.message).toContain('`models/a.gguf`');
    expect(findings(weak, 'FROM debian:12\nCOPY models /models\n', { context })).toEqual([]);
    expect(ignoreFile(weak, python, context)).toBe('.git\n**/__pycache__\n');
    expect(ignoreFile(weak, python, { ...context, '.dockerignore': '.git\n**/__pycache__\n' })).toBeUndefined();
  });
});
