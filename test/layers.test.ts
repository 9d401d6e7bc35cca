import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync, chmodSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIgnoreFile } from '../src/context/dockerignore.ts';
import { readContextState } from '../src/context/state.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { ContextState, describeReason, LayerCache, layersOf, rebuilt, textEntry, type ContextEntry, type Layer, type Oracle, type Rebuild } from '../src/model/layers.ts';

// What stands here was seen on a real engine (Docker 20.10's BuildKit, builds of a pair of versions one after the other) unless
// a row names the file of BuildKit's source it was read in.

/** Texts by path; `-> x` is a link, a path that ends in `/` a folder; a number is a mode for an empty file or a folder. */
type Files = Readonly<Record<string, string | number | readonly [text: string, mode: number]>>;

function entryOf(path: string, value: Files[string]): ContextEntry {
  if (typeof value === 'number') return path.endsWith('/') ? { kind: 'folder', mode: value } : textEntry('', value);
  if (typeof value !== 'string') return textEntry(...value);
  return value.startsWith('-> ') ? { kind: 'link', mode: 0o777, link: value.slice(3) } : textEntry(value);
}

function stateOf(files: Files): ContextState {
  const ignore = files['.dockerignore'];
  const rules = typeof ignore === 'string' ? readIgnoreFile(ignore) : undefined;
  return ContextState.of(Object.entries(files).map(([path, value]) => [path, entryOf(path, value)]), rules);
}

interface Build {
  readonly files?: Files;
  readonly arguments?: Readonly<Record<string, string>>;
  readonly target?: string;
}

const project: Files = { 'a.txt': 'one', 'b.txt': 'two', 'src/x.txt': 'x', 'src/deep/y.txt': 'y', 'empty/': 0o755 };

/** Images without variables or a working directory, so that nothing about them is unknown. */
const bases = (): { environment: Record<string, string>; workdir: string } => ({ environment: {}, workdir: '/' });

function layers(source: string, { files = project, arguments: buildArguments = {}, target }: Build = {}): readonly Layer[] {
  const file = readDockerfile(source, { buildArguments, target });
  expect(file.problems).toEqual([]);
  return layersOf(file, { context: stateOf(files), bases });
}

const nameOf = ({ layer }: Rebuild): string => layer.instruction.logical.text.trim();

/** The instructions that run again, those that perhaps do with a question mark; no base images. */
const namesOf = (found: readonly Rebuild[]): string[] =>
  found.filter(({ layer }) => layer.kind !== 'from').map((each) => nameOf(each) + (each.status === 'depends' ? ' ?' : ''));

const changed = (before: string, after: string, first: Build = {}, second: Build = first, oracle?: Oracle): string[] =>
  namesOf(rebuilt(layers(before, first), layers(after, second), oracle));

const from = (...lines: string[]): string => ['FROM busybox', ...lines, ''].join('\n');

type Row = [fact: string, before: string, after: string, again: string[], build?: Build];

describe('what is written', () => {
  const table: Row[] = [
    ['comments and blank lines', from('RUN a', 'RUN b'), `# x\n\nFROM busybox\n# y\nRUN a\n\n\nRUN b\n`, []],
    ['the case of the keyword and blanks around the text', from('RUN a b'), from('run   a b  '), []],
    ['blanks within the text', from('RUN a b'), from('RUN a  b'), ['RUN a  b']],
    ['comment and blank lines within a RUN', from('RUN a && \\', '  b'), from('RUN a && \\', '# x', '', '  b'), []],
    ['where a RUN is continued', from('RUN a && \\', '  b'), from('RUN a &&   b'), []],
    ['how far a continued line is indented', from('RUN a && \\', '  b'), from('RUN a && \\', '    b'), ['RUN a &&     b']],
    ['the escape character', from('RUN a && \\', '  b'), '# escape=`\nFROM busybox\nRUN a && `\n  b\n', []],
    ['line endings', from('RUN a && \\', '  b'), from('RUN a && \\', '  b').replaceAll('\n', '\r\n'), []],
    ['blanks in a JSON form', from('RUN ["a", "b"]'), from('RUN ["a","b"]'), []],
    ['the JSON form of what the shell form runs', from('RUN ["/bin/sh", "-c", "a"]'), from('RUN a'), []],
    ['a comment of the shell', from('RUN a # x'), from('RUN a # y'), ['RUN a # y']],
    ['a split RUN', from('RUN a && b', 'RUN c'), from('RUN a', 'RUN b', 'RUN c'), ['RUN a', 'RUN b', 'RUN c']],
    ['a RUN that is added at the end', from('RUN a'), from('RUN a', 'RUN b'), ['RUN b']],
    ['a RUN that is taken out', from('RUN a', 'RUN b', 'RUN c'), from('RUN a', 'RUN c'), ['RUN c']],
    ['two RUNs that change places', from('RUN a', 'RUN b'), from('RUN b', 'RUN a'), ['RUN b', 'RUN a']],
    ['settings', from('RUN a', 'CMD x'), from('LABEL a=b', 'EXPOSE 80', 'VOLUME /v', 'STOPSIGNAL SIGINT', 'HEALTHCHECK NONE', 'ENTRYPOINT ["x"]', 'RUN a', 'CMD y'), []],
    ['the name of a base image written in full', 'FROM busybox\nRUN a\n', 'FROM docker.io/library/busybox:latest AS x\nRUN a\n', []],
    ['another base image', 'FROM busybox\nRUN a\nCOPY a.txt /\n', 'FROM alpine\nRUN a\nCOPY a.txt /\n', ['RUN a', 'COPY a.txt /']],
    ['a platform that is the own one', 'FROM busybox\nRUN a\n', 'FROM --platform=$BUILDPLATFORM busybox\nRUN a\n', []],
    ['ONBUILD of a stage below', 'FROM busybox AS a\nONBUILD RUN t\nRUN b\nFROM a\nRUN c\n', 'FROM busybox AS a\nONBUILD RUN u\nRUN b\nFROM a\nRUN c\n', ['ONBUILD RUN u', 'RUN c']],
    // frontend/dockerfile/dockerfile2llb/convert.go, dispatchRun
    ['a RUN whose heredoc changes', from('RUN <<EOF', 'a', 'EOF'), from('RUN <<EOF', 'b', 'EOF'), ['RUN <<EOF']],
    ['a RUN whose heredoc has another name', from('RUN <<EOF', 'a', 'EOF'), from('RUN <<END', 'a', 'END'), []],
    ['a RUN that hands its heredoc to a command', from('RUN cat <<EOF > /x', 'a', 'EOF'), from('RUN cat <<END > /x', 'a', 'END'), ['RUN cat <<END > /x']],
    ['a COPY whose heredoc changes', from('COPY <<f /f', 'a', 'f'), from('COPY <<f /f', 'b', 'f'), ['COPY <<f /f']],
    ['a variable in a heredoc', from('ENV V=1', 'COPY <<f /f', '$V', 'f'), from('ENV V=2', 'COPY <<f /f', '$V', 'f'), ['COPY <<f /f']],
    ['a variable in a quoted heredoc', from('ENV V=1', 'COPY <<"f" /f', '$V', 'f'), from('ENV V=2', 'COPY <<"f" /f', '$V', 'f'), []],
    ['the default of a flag', from('RUN a'), from('RUN --network=default --security=sandbox a'), []],
    ['another network', from('RUN a'), from('RUN --network=none a'), ['RUN --network=none a']],
  ];
  it.each(table)('%s', (_, before, after, again, build) => {
    expect(changed(before, after, build)).toEqual(again);
  });
});

describe('what a step stands in', () => {
  const table: Row[] = [
    ['a variable goes to all RUNs below, and to no COPY', from('COPY a.txt /', 'RUN a'), from('ENV X=1', 'COPY a.txt /', 'RUN a'), ['RUN a']],
    ['a variable behind a RUN', from('RUN a'), from('RUN a', 'ENV X=1'), []],
    ['the order of variables', from('ENV A=1', 'ENV B=2', 'RUN a'), from('ENV B=2', 'ENV A=1', 'RUN a'), ['RUN a']],
    ['the last definition counts for the order', from('ENV A=1', 'ENV B=2', 'ENV A=1', 'RUN a'), from('ENV B=2', 'ENV A=1', 'RUN a'), []],
    ['two variables in one ENV', from('ENV A=1', 'ENV B=2', 'RUN a'), from('ENV A=1 B=2', 'RUN a'), []],
    ['the old form of ENV', from('ENV A b c', 'RUN a'), from('ENV A="b c"', 'RUN a'), []],
    ['the same value by another way', from('ENV A=1', 'ENV B=$A', 'RUN a'), from('ENV A=1', 'ENV B=1', 'RUN a'), []],
    ['an ARG is a variable of a RUN, used or not', from('RUN a'), from('ARG X=1', 'RUN a'), ['RUN a']],
    ['an ARG without a value is none', from('RUN a'), from('ARG X', 'RUN a'), []],
    ['an empty one is one', from('RUN a'), from('ARG X=', 'RUN a'), ['RUN a']],
    ['an ARG with the value of an ENV', from('ENV X=1', 'RUN a'), from('ARG X=1', 'RUN a'), []],
    ['an ENV hides the ARG in front of it', from('ARG X=1', 'ENV X=0', 'RUN a'), from('ARG X=2', 'ENV X=0', 'RUN a'), []],
    ['an ARG behind an ENV', from('ENV X=1', 'RUN a'), from('ENV X=1', 'ARG X=2', 'RUN a'), ['RUN a']],
    ['a global ARG that no stage declares', 'ARG G=1\nFROM busybox\nRUN a\n', 'ARG G=2\nFROM busybox\nRUN a\n', []],
    ['a global ARG that a stage declares', 'ARG G=1\nFROM busybox\nARG G\nRUN a\n', 'ARG G=2\nFROM busybox\nARG G\nRUN a\n', ['RUN a']],
    ['a platform argument', from('RUN a'), from('ARG TARGETARCH', 'RUN a'), ['RUN a']],
    ['an ARG of a stage that is built on', 'FROM busybox AS a\nRUN a\nARG X=1\nFROM a\nRUN b\n', 'FROM busybox AS a\nRUN a\nARG X=2\nFROM a\nRUN b\n', ['RUN b']],
    ['PATH with the same words', from('ENV PATH=/x:$PATH', 'RUN a'), from('ENV PATH="/x:${PATH}"', 'RUN a'), []],
    ['PATH as it is anyway', from('RUN a'), from('ENV PATH=$PATH', 'RUN a'), []],
    ['a user', from('COPY a.txt /', 'RUN a'), from('USER app', 'COPY a.txt /', 'RUN a'), ['RUN a']],
    ['root as a user that is named', from('RUN a'), from('USER root', 'RUN a'), ['RUN a']],
    ['a user of a WORKDIR', from('WORKDIR /w'), from('USER app', 'WORKDIR /w'), ['WORKDIR /w']],
    ['root and 0 are one user for a WORKDIR, and two for a RUN', from('USER root', 'WORKDIR /w', 'RUN a'), from('USER 0', 'WORKDIR /w', 'RUN a'), ['RUN a']],
    ['a working directory', from('WORKDIR /v', 'RUN a'), from('WORKDIR /w', 'RUN a'), ['WORKDIR /w', 'RUN a']],
    ['the root as working directory is no step', from('RUN a'), from('WORKDIR /', 'RUN a'), []],
    ['a slash behind a WORKDIR is one for a RUN only', from('WORKDIR /w', 'COPY a.txt .', 'RUN a'), from('WORKDIR /w/', 'COPY a.txt .', 'RUN a'), ['RUN a']],
    ['a relative WORKDIR', from('WORKDIR /w', 'WORKDIR x', 'RUN a'), from('WORKDIR /w', 'WORKDIR /w/x', 'RUN a'), []],
    ['SHELL as it is anyway', from('RUN a'), from('SHELL ["/bin/sh", "-c"]', 'RUN a'), []],
    ['another SHELL', from('RUN a', 'RUN ["a"]'), from('SHELL ["/bin/sh", "-ec"]', 'RUN a', 'RUN ["a"]'), ['RUN a', 'RUN ["a"]']],
    ['another SHELL below the JSON form', from('RUN ["a"]'), from('SHELL ["/bin/sh", "-ec"]', 'RUN ["a"]'), []],
  ];
  it.each(table)('%s', (_, before, after, again, build) => {
    expect(changed(before, after, build)).toEqual(again);
  });

  const given: [fact: string, source: string, before: Record<string, string>, after: Record<string, string>, again: string[]][] = [
    ['another value', from('ARG X', 'COPY a.txt /', 'RUN a'), { X: '1' }, { X: '2' }, ['RUN a']],
    ['a value at last', from('ARG X', 'RUN a'), {}, { X: '1' }, ['RUN a']],
    ['the default itself', from('ARG X=1', 'RUN a'), {}, { X: '1' }, []],
    ['below the RUN', from('RUN a', 'ARG X', 'RUN b'), { X: '1' }, { X: '2' }, ['RUN b']],
    ['for what no ARG declares', from('RUN a'), {}, { X: '1' }, []],
    ['of a source', from('ARG X=a', 'COPY $X.txt /t'), { X: 'a' }, { X: 'b' }, ['COPY $X.txt /t']],
    ['a proxy', from('RUN a'), {}, { HTTP_PROXY: 'http://proxy' }, []],
    ['a proxy that is declared', from('ARG HTTP_PROXY', 'RUN a'), {}, { HTTP_PROXY: 'http://proxy' }, ['RUN a']],
    ['for a name every object has', from('ARG constructor', 'RUN a'), {}, {}, []],
  ];
  it.each(given)('a build argument: %s', (_, source, before, after, again) => {
    expect(changed(source, source, { arguments: before }, { arguments: after })).toEqual(again);
  });

  it('a variable of an unknown image stands for itself', () => {
    const of = (...lines: string[]): readonly Layer[] => layersOf(readDockerfile(['FROM example.com/own', ...lines].join('\n')));
    expect(namesOf(rebuilt(of('ENV A=/x:$B', 'RUN a'), of('ENV A="/x:$B"', 'RUN a')))).toEqual([]);
    expect(namesOf(rebuilt(of('ENV A=/x:$B', 'RUN a'), of('ENV A=/x:$C', 'RUN a')))).toEqual(['RUN a']);
    expect(namesOf(rebuilt(of('ENV B=1', 'ENV A=/x:$PATH:$B', 'RUN a'), of('ENV B=2', 'ENV A=/x:$PATH:$B', 'COPY a /$A', 'RUN a')))).toEqual(['COPY a /$A', 'RUN a']);
    expect(namesOf(rebuilt(of('WORKDIR app', 'RUN a'), of('WORKDIR app', 'WORKDIR .', 'RUN a')))).toEqual(['WORKDIR .', 'RUN a']);
  });

  it('an image that is told to be another one is one', () => {
    const file = readDockerfile(from('RUN a'));
    const before = layersOf(file, { bases: () => ({ digest: 'sha256:1' }) });
    expect(rebuilt(before, layersOf(file, { bases: () => ({ digest: 'sha256:2' }) })).map(nameOf)).toEqual(['FROM busybox', 'RUN a']);
    expect(rebuilt(before, layersOf(readDockerfile('FROM busybox:other\nRUN a\n'), { bases: () => ({ digest: 'sha256:1' }) }))).toEqual([]);
  });
});

describe('how a COPY is written', () => {
  const two: Build = { files: { 'd1/x': '1', 'd2/x': '1', 'd2/y': '2', 'd1/y': '2', y: '1', x: '1' } };
  const table: Row[] = [
    ['a slash behind the destination', from('COPY a.txt /x'), from('COPY a.txt /x/'), ['COPY a.txt /x/']],
    ['the same destination', from('WORKDIR /w', 'COPY a.txt .'), from('WORKDIR /w', 'COPY a.txt /w/'), []],
    ['a destination with a dot at its end', from('WORKDIR /w', 'COPY a.txt ./'), from('WORKDIR /w', 'COPY a.txt ./.'), ['COPY a.txt ./.']],
    ['a destination with a detour', from('COPY a.txt /x/y'), from('COPY a.txt /x/../x/y'), []],
    ['a source with dots and slashes', from('COPY src /x'), from('COPY ./src/ /x'), []],
    ['a source from the root', from('COPY src /x'), from('COPY /src /x'), []],
    ['a source from above the root', from('COPY a.txt /x'), from('COPY ../a.txt /x'), []],
    ['the JSON form', from('COPY src /x'), from('COPY ["src", "/x"]'), []],
    ['quotes and variables', from('ENV X=1', 'COPY "a.txt" "/$X"'), from('ENV X=1', 'COPY a.txt /1'), []],
    ['the order of sources', from('COPY a.txt b.txt /x/'), from('COPY b.txt a.txt /x/'), ['COPY b.txt a.txt /x/']],
    ['a source that is named twice', from('COPY a.txt /x/'), from('COPY a.txt a.txt /x/'), ['COPY a.txt a.txt /x/']],
    ['ADD in its place', from('COPY a.txt /x'), from('ADD a.txt /x'), ['ADD a.txt /x']],
    ['an owner', from('COPY a.txt /x'), from('COPY --chown=0:0 a.txt /x'), ['COPY --chown=0:0 a.txt /x']],
    ['root and 00 as owners', from('COPY --chown=root:root a.txt /x'), from('COPY --chown=00:0 a.txt /x'), []],
    ['a group', from('COPY --chown=app a.txt /x'), from('COPY --chown=app:app a.txt /x'), ['COPY --chown=app:app a.txt /x']],
    ['a mode', from('COPY a.txt /x'), from('COPY --chmod=644 a.txt /x'), ['COPY --chmod=644 a.txt /x']],
    ['a mode with a nought', from('COPY --chmod=0644 a.txt /x'), from('COPY --chmod=644 a.txt /x'), []],
    ['a file of the same name and content elsewhere', from('COPY d1/x /x'), from('COPY d2/x /x'), [], two],
    ['a file of the same content, but another name', from('COPY x /x'), from('COPY y /x'), ['COPY y /x'], two],
    ['a folder of another name', from('COPY d1 /x/'), from('COPY d2 /x/'), ['COPY d2 /x/'], two],
    ['two files crossed: contents are compared in the order of their paths', from('COPY d1/x d2/y /x/'), from('COPY d2/x d1/y /x/'), ['COPY d2/x d1/y /x/'], two],
    // solver/llbsolver/ops/file.go: patterns are part of the action.
    ['an exclusion', from('COPY src /x'), from('COPY --exclude=*.md src /x'), ['COPY --exclude=*.md src /x']],
    ['parents', from('COPY src /x'), from('COPY --parents src /x'), ['COPY --parents src /x']],
  ];
  it.each(table)('%s', (_, before, after, again, build) => {
    expect(changed(before, after, build)).toEqual(again);
  });
});

describe('files of the context', () => {
  type FileRow = [fact: string, line: string, change: Files, isAgain: boolean, also?: Files];
  const table: FileRow[] = [
    ['all: nothing', 'COPY . /x', {}, false],
    ['all: a file', 'COPY . /x', { 'a.txt': 'other' }, true],
    ['all: a file far below', 'COPY . /x', { 'src/deep/y.txt': 'other' }, true],
    ['all: a new empty file', 'COPY . /x', { 'new.txt': '' }, true],
    ['all: a new empty folder', 'COPY . /x', { 'new/': 0o755 }, true],
    ['all: the mode of a file', 'COPY . /x', { 'a.txt': ['one', 0o600] }, true],
    ['all: a link to elsewhere', 'COPY . /x', { link: '-> b.txt' }, true, { link: '-> a.txt' }],
    ['all: a file becomes a link', 'COPY . /x', { 'a.txt': '-> b.txt' }, true],
    ['all: an ignored file', 'COPY . /x', { 'tmp/f': '2' }, false, { '.dockerignore': 'tmp', 'tmp/f': '1' }],
    ['all: a new ignored folder', 'COPY . /x', { 'tmp/f': '1' }, false, { '.dockerignore': 'tmp' }],
    ['all: the ignore file', 'COPY . /x', { '.dockerignore': '# x\ntmp' }, true, { '.dockerignore': 'tmp' }],
    ['all: the ignore file, which it ignores', 'COPY . /x', { '.dockerignore': '# x\n.dockerignore' }, false, { '.dockerignore': '.dockerignore' }],
    ['all: a file that is ignored from now on', 'COPY . /x', { '.dockerignore': '.dockerignore\na.txt' }, true, { '.dockerignore': '.dockerignore' }],
    ['all: a file that is taken back', 'COPY . /x', { 'd/k': '2' }, true, { '.dockerignore': 'd\n!d/k', 'd/k': '1', 'd/z': '1' }],
    ['all: one beside it', 'COPY . /x', { 'd/z': '2' }, false, { '.dockerignore': 'd\n!d/k', 'd/k': '1', 'd/z': '1' }],
    ['all: the first ignored file of a new folder, itself not ignored', 'COPY . /x', { 'd/z': '1' }, true, { '.dockerignore': 'd/*' }],
    ['all: what is left of everything ignored', 'COPY . /x', { 'src/x.txt': '2' }, true, { '.dockerignore': '*\n!src' }],
    ['all: what is not', 'COPY . /x', { 'a.txt': '2' }, false, { '.dockerignore': '*\n!src' }],
    // fsutil's filter.go; engines before BuildKit 0.10 do not look into an ignored folder for a pattern with wildcards.
    ['all: what is taken back anywhere', 'COPY . /x', { 'src/x.txt': '2' }, true, { '.dockerignore': '*\n!**/x.txt' }],
    ['one: another', 'COPY a.txt /x', { 'b.txt': 'other' }, false],
    ['one: its content', 'COPY a.txt /x', { 'a.txt': 'other' }, true],
    ['one: its mode', 'COPY a.txt /x', { 'a.txt': ['one', 0o755] }, true],
    ['one: its mode, though one is given', 'COPY --chmod=644 a.txt /x', { 'a.txt': ['one', 0o755] }, true],
    ['one: the mode of its folder', 'COPY src/x.txt /x', { 'src/': 0o700 }, false],
    ['one: through a link', 'COPY l /x', { 'a.txt': 'other' }, true, { l: '-> a.txt' }],
    ['one: through a link to the same content', 'COPY l /x', { l: '-> c.txt' }, false, { l: '-> a.txt', 'c.txt': 'one' }],
    ['one: a link becomes a file', 'COPY l /x', { l: 'one' }, false, { l: '-> a.txt' }],
    ['one: a link on the way', 'COPY l/x.txt /x', { 'src/x.txt': 'other' }, true, { l: '-> src' }],
    ['one: an absolute link', 'COPY l /x', { 'a.txt': 'other' }, true, { l: '-> /a.txt' }],
    ['one: links in a circle', 'COPY l /x', { 'a.txt': 'other' }, false, { l: '-> m', m: '-> l' }],
    ['folder: a file of it', 'COPY src /x/', { 'src/deep/y.txt': 'other' }, true],
    ['folder: another file', 'COPY src /x/', { 'a.txt': 'other' }, false],
    ['folder: what a link in it leads to', 'COPY src /x/', { 'a.txt': 'other' }, false, { 'src/l': '-> ../a.txt' }],
    ['folder: through a link', 'COPY l /x/', { 'src/x.txt': 'other' }, true, { l: '-> src' }],
    ['wildcard: a file of it', 'COPY *.txt /x/', { 'a.txt': 'other' }, true],
    ['wildcard: a new one', 'COPY *.txt /x/', { 'c.txt': 'other' }, true],
    ['wildcard: another name', 'COPY *.txt /x/', { 'c.md': 'other' }, false],
    ['wildcard: no slash', 'COPY *.txt /x/', { 'src/x.txt': 'other' }, false],
    ['wildcard: one character', 'COPY ?.txt /x/', { 'aa.txt': 'other' }, false],
    ['wildcard: a class', 'COPY [ab].txt /x/', { 'c.txt': 'other' }, false],
    ['wildcard: not a class', 'COPY [^b].txt /x/', { 'c.txt': 'other' }, true],
    ['wildcard: in a folder', 'COPY src/*/y.txt /x/', { 'src/more/y.txt': 'other' }, true],
    ['wildcard: a dot file', 'COPY * /x/', { '.hidden': 'other' }, true],
    ['wildcard: below a folder it finds', 'COPY s* /x/', { 'src/deep/y.txt': 'other' }, true],
    ['wildcard: what a link leads to', 'COPY l* /x/', { 'a.txt': 'other' }, true, { l: '-> a.txt' }],
    ['two: the second', 'COPY a.txt b.txt /x/', { 'b.txt': 'other' }, true],
    ['two: one in the other', 'COPY src src/x.txt /x/', { 'src/deep/y.txt': 'other' }, true],
    ['mount: the file', 'RUN --mount=source=a.txt,target=/m a', { 'a.txt': 'other' }, true],
    ['mount: another', 'RUN --mount=source=a.txt,target=/m a', { 'b.txt': 'other' }, false],
    ['mount: all', 'RUN --mount=target=/m a', { 'src/deep/y.txt': 'other' }, true],
    ['mount: two', 'RUN --mount=source=a.txt,target=/m --mount=source=b.txt,target=/n a', { 'b.txt': 'other' }, true],
    // cache/contenthash/checksum.go, includedPaths
    ['exclusion: what is excluded', 'COPY --exclude=deep src /x/', { 'src/deep/y.txt': 'other' }, false],
    ['exclusion: what is not', 'COPY --exclude=deep src /x/', { 'src/x.txt': 'other' }, true],
    ['parents: the file', 'COPY --parents src/deep/y.txt /x/', { 'src/deep/y.txt': 'other' }, true],
    ['parents: another', 'COPY --parents src/deep/y.txt /x/', { 'src/x.txt': 'other' }, false],
    ['parents: a folder above', 'COPY --parents src/deep/y.txt /x/', { 'src/': 0o700 }, true],
    ['parents: the folder in front of the pivot', 'COPY --parents src/./deep/y.txt /x/', { 'src/x.txt': 'other' }, false],
  ];
  it.each(table)('%s', (_, line, change, isAgain, also = {}) => {
    const files = { ...project, ...also };
    const again = isAgain ? [line, 'RUN z'] : [];
    expect(changed(from(line, 'RUN z'), from(line, 'RUN z'), { files }, { files: { ...files, ...change } })).toEqual(again);
  });

  it('a file that is gone, or elsewhere', () => {
    const { 'a.txt': gone, ...rest } = project;
    const again = (line: string, files: Files): string[] => changed(from(line), from(line), {}, { files });
    expect(again('COPY . /x', rest)).toEqual(['COPY . /x']);
    expect(again('COPY . /x', { ...rest, 'src/a.txt': gone ?? '' })).toEqual(['COPY . /x']);
    expect(again('COPY *.txt /x/', { ...rest, 'z.txt': gone ?? '' })).toEqual(['COPY *.txt /x/']);
  });

  it('the mode of a folder counts on a fresh engine, not on one that kept what it was sent', () => {
    const before = stateOf(project);
    const after = stateOf({ ...project, 'src/deep/': 0o700, 'new/': 0o700 });
    const file = readDockerfile(from('COPY src /x/', 'RUN z'));
    const again = (state: ContextState): string[] => namesOf(rebuilt(layersOf(file, { context: before }), layersOf(file, { context: state })));
    expect(again(after)).toEqual(['COPY src /x/', 'RUN z']);
    expect(again(after.sentAfter(before))).toEqual([]);
    expect(after.sentAfter(before).entry('new')?.mode).toBe(0o700);
    expect(again(after.with([['src/deep/y.txt', textEntry('z')]]).sentAfter(before))).toEqual(['COPY src /x/', 'RUN z']);
  });

  it('only what stands below a changed COPY', () => {
    const file = from('COPY a.txt /', 'RUN a', 'COPY b.txt /', 'RUN b');
    expect(changed(file, file, {}, { files: { ...project, 'b.txt': '3' } })).toEqual(['COPY b.txt /', 'RUN b']);
    expect(changed(file, file, {}, { files: { ...project, 'a.txt': '3' } })).toEqual(['COPY a.txt /', 'RUN a', 'COPY b.txt /', 'RUN b']);
  });

  // frontend/dockerfile/dockerfile2llb/convert_copy.go: a linked COPY is made on scratch and merged.
  it('a linked COPY does not depend on what is below it, what is above it does', () => {
    const file = from('COPY a.txt /', 'COPY --link b.txt /', 'RUN b');
    expect(changed(file, file, {}, { files: { ...project, 'a.txt': '3' } })).toEqual(['COPY a.txt /', 'RUN b']);
    expect(changed(file, file, {}, { files: { ...project, 'b.txt': '3' } })).toEqual(['COPY --link b.txt /', 'RUN b']);
    expect(changed(file, file.replace('--link', '--link=false'))).toEqual(['COPY --link=false b.txt /', 'RUN b']);
    const moded = file.replace('--link', '--link --chmod=600');
    expect(changed(moded, moded, {}, { files: { ...project, 'a.txt': '3' } })).toEqual(['COPY a.txt /', 'COPY --link --chmod=600 b.txt /', 'RUN b']);
  });

  // solver/llbsolver/ops/source.go: a remote file is asked for at each build.
  it('a remote file may be another one, unless its checksum is given', () => {
    const remote = from('ADD https://example.com/f /f', 'RUN a');
    expect(changed(remote, remote)).toEqual(['ADD https://example.com/f /f ?', 'RUN a ?']);
    expect(changed(remote, remote, {}, {}, () => true)).toEqual([]);
    const pinned = from(`ADD --checksum=sha256:${'0'.repeat(64)} https://example.com/f /f`, 'RUN a');
    expect(changed(pinned, pinned)).toEqual([]);
    expect(changed(pinned, pinned.replace(':00', ':10'))).toHaveLength(2);
    const commit = from(`ADD https://example.com/r.git#${'a'.repeat(40)} /r`);
    expect(changed(commit, commit)).toEqual([]);
  });
});

describe('mounts', () => {
  const run = (mounts: string): string => from('WORKDIR /w', `RUN ${mounts} a`);
  const table: [fact: string, before: string, after: string, isAgain: boolean][] = [
    ['the order of the flags', '--mount=source=a.txt,target=/m --mount=type=tmpfs,target=/a', '--mount=type=tmpfs,target=/a --mount=source=a.txt,target=/m', false],
    ['other words for the same', '--mount=type=bind,source=a.txt,target=/m', '--mount=src=a.txt,dst=/m,ro', false],
    ['another target', '--mount=source=a.txt,target=/m', '--mount=source=a.txt,target=/n', true],
    ['a relative target', '--mount=source=a.txt,target=m', '--mount=source=a.txt,target=/w/m', false],
    ['a slash behind a target', '--mount=source=src,target=/m', '--mount=source=src,target=/m/', true],
    ['a source of the same content', '--mount=source=a.txt,target=/m', '--mount=source=c.txt,target=/m', false],
    ['sources that change places', '--mount=source=a.txt,target=/m --mount=source=b.txt,target=/n', '--mount=source=b.txt,target=/m --mount=source=a.txt,target=/n', false],
    ['a new cache', '', '--mount=type=cache,target=/c', true],
    ['an id for a cache', '--mount=type=cache,target=/c', '--mount=type=cache,target=/c,id=x', true],
    ['its target as id', '--mount=type=cache,target=/c', '--mount=type=cache,target=/c,id=/c', false],
    // solver/llbsolver/ops/exec.go, checkShouldClearCacheOpts; engines of 2022 and before keep id and sharing in the key.
    ['another id for a cache', '--mount=type=cache,target=/c,id=y', '--mount=type=cache,target=/c,id=x', false],
    ['another sharing', '--mount=type=cache,target=/c,sharing=private', '--mount=type=cache,target=/c,sharing=locked', false],
    ['a sharing', '--mount=type=cache,target=/c', '--mount=type=cache,target=/c,sharing=locked', true],
    ['the usual sharing', '--mount=type=cache,target=/c', '--mount=type=cache,target=/c,sharing=shared', false],
    ['an owner of a cache', '--mount=type=cache,target=/c', '--mount=type=cache,target=/c,uid=0', true],
    ['the rest of an owner', '--mount=type=cache,target=/c,uid=5', '--mount=type=cache,target=/c,uid=5,gid=0,mode=0755', false],
    ['a cache that is read only', '--mount=type=cache,target=/c', '--mount=type=cache,target=/c,ro', true],
    ['another id of a secret', '--mount=type=secret,id=r,target=/s', '--mount=type=secret,id=s,target=/s', true],
    ['the usual target of a secret', '--mount=type=secret,id=s', '--mount=type=secret,id=s,target=/run/secrets/s', false],
    ['an id that the target gives', '--mount=type=secret,id=s,target=/q/s', '--mount=type=secret,target=/q/s', false],
    ['what is usual for a secret', '--mount=type=secret,id=s', '--mount=type=secret,id=s,required=false,mode=0400,uid=0', false],
    ['another mode of a secret', '--mount=type=secret,id=s', '--mount=type=secret,id=s,mode=0440', true],
  ];
  it.each(table)('%s', (_, before, after, isAgain) => {
    const files = { ...project, 'c.txt': 'one' };
    expect(changed(run(before), run(after), { files })).toHaveLength(isAgain ? 1 : 0);
  });
});

describe('stages', () => {
  const stages = (build: string, end = ''): string =>
    `FROM busybox AS build\n${build}\nFROM alpine\nRUN first\nCOPY --from=build /out /out\nRUN last\n${end}`;

  it('a stage that is built again gives perhaps the same files', () => {
    const [before, after] = [stages('RUN one'), stages('RUN two')];
    expect(changed(before, after)).toEqual(['RUN two', 'COPY --from=build /out /out ?', 'RUN last ?']);
    expect(changed(before, after, {}, {}, () => true)).toEqual(['RUN two']);
    expect(changed(before, after, {}, {}, () => false)).toEqual(['RUN two', 'COPY --from=build /out /out', 'RUN last']);
  });

  it('the oracle is told what is asked for', () => {
    const asked: unknown[] = [];
    changed(stages('RUN one'), stages('RUN two'), {}, {}, (after, before) => {
      asked.push([after.name, after.selectors.map(({ path }) => path), after.layer?.instruction.logical.text, before.layer?.instruction.logical.text]);
      return true;
    });
    expect(asked).toEqual([['build', ['out'], 'RUN two', 'RUN one']]);
  });

  it('what one stage makes of files that others gave may change all along', () => {
    const chain = (command: string): string =>
      `FROM busybox AS a\nRUN ${command}\nFROM busybox AS b\nCOPY --from=a /a /b\nRUN more\nFROM busybox\nCOPY --from=b /b /c\n`;
    expect(changed(chain('one'), chain('two'))).toEqual(['RUN two', 'COPY --from=a /a /b ?', 'RUN more ?', 'COPY --from=b /b /c ?']);
    expect(changed(chain('one'), chain('two'), {}, {}, ({ name }) => name === 'a')).toEqual(['RUN two']);
  });

  const table: Row[] = [
    ['another name', stages('RUN one'), stages('RUN one').replaceAll('build', 'make'), []],
    ['a number in place of a name', stages('RUN one'), stages('RUN one').replace('--from=build', '--from=0'), []],
    ['a stage in two', stages('RUN one\nRUN two'), `FROM busybox AS pre\nRUN one\nFROM pre AS build\nRUN two\n${stages('').split('\n').slice(2).join('\n')}`, []],
    ['a stage nobody needs', `FROM busybox AS no\nRUN one\n${stages('RUN a')}`, `FROM busybox AS no\nRUN two\n${stages('RUN a')}`, []],
    ['only the last stage', stages('RUN one'), stages('RUN one').replace('first', 'other'), ['RUN other', 'COPY --from=build /out /out', 'RUN last']],
    ['another path', stages('RUN one'), stages('RUN one').replace('/out /out', '/out2 /out'), ['COPY --from=build /out2 /out', 'RUN last']],
    ['another path with the same last name', stages('RUN one'), stages('RUN one').replace('/out /out', '/a/out /out'), ['COPY --from=build /a/out /out ?', 'RUN last ?']],
    ['another image to copy from', 'FROM busybox\nCOPY --from=alpine /f /f\n', 'FROM busybox\nCOPY --from=node /f /f\n', ['COPY --from=node /f /f ?']],
    ['a mount of a stage', 'FROM busybox AS s\nRUN a\nFROM busybox\nRUN --mount=from=s,source=/z,target=/c b\n', 'FROM busybox AS s\nRUN aa\nFROM busybox\nRUN --mount=from=s,source=/z,target=/c b\n', ['RUN aa', 'RUN --mount=from=s,source=/z,target=/c b ?']],
    ['a file of a stage in place of the context', 'FROM busybox\nCOPY a.txt /c\n', 'FROM scratch AS a\nCOPY a.txt /q/\nFROM busybox\nCOPY --from=a /q/a.txt /c\n', ['COPY a.txt /q/', 'COPY --from=a /q/a.txt /c ?']],
  ];
  it.each(table)('%s', (_, before, after, again) => {
    expect(changed(before, after)).toEqual(again);
  });

  it('the target decides what is built', () => {
    const source = stages('RUN one');
    expect(layers(source, { target: 'build' }).map(({ instruction }) => instruction.logical.text)).toEqual(['FROM busybox AS build', 'RUN one']);
    expect(changed(source, source, {}, { target: 'build' })).toEqual([]);
    expect(changed(source, source, { target: 'build' }, {})).toEqual(['RUN first', 'COPY --from=build /out /out', 'RUN last']);
  });

  it('steps that are the same in two stages are run once', () => {
    const twins = (command: string): string => `FROM busybox AS a\nRUN ${command}\nRUN a\nFROM busybox AS b\nRUN ${command}\nRUN b\nFROM busybox\nCOPY --from=a /a /\nCOPY --from=b /b /\n`;
    const all = layers(twins('same'));
    expect(all.filter(({ kind }) => kind === 'from')).toHaveLength(1);
    expect(new Set(all.map(({ key }) => key)).size).toBe(all.length - 1);
    expect(changed(twins('same'), twins('other')).filter((name) => name === 'RUN other')).toHaveLength(1);
  });
});

describe('a cache of several builds', () => {
  it('finds what any of them made', () => {
    const cache = new LayerCache(layers(from('RUN a', 'RUN x')));
    cache.add(layers(from('RUN b', 'RUN x')));
    expect(namesOf(cache.compare(layers(from('RUN a', 'RUN x', 'RUN y'))).filter(({ status }) => status !== 'cached'))).toEqual(['RUN y']);
  });
});

describe('reasons', () => {
  const why = (before: string, after: string, first?: Build, second?: Build): Record<string, string[]> =>
    Object.fromEntries(rebuilt(layers(before, first), layers(after, second ?? first)).map((each) => [nameOf(each), each.reasons.map(describeReason)]));

  it('name what changed, and what is only below', () => {
    expect(why(from('RUN a', 'RUN z'), from('ENV X=1', 'USER app', 'RUN a', 'RUN z'))).toEqual({
      'RUN a': ['the variable `X` is new', 'its user has changed'],
      'RUN z': ['the variable `X` is new', 'its user has changed', 'what is below it is built again'],
    });
    expect(why(from('RUN a', 'RUN z'), from('RUN b', 'RUN z'))).toEqual({ 'RUN b': ['its command has changed'], 'RUN z': ['what is below it is built again'] });
    expect(why(from('RUN a'), from('RUN a', 'WORKDIR /w'))).toEqual({ 'WORKDIR /w': ['nothing like it was built before'] });
    expect(why(from('ENV A=1', 'ENV B=2', 'RUN a'), from('ENV B=2', 'ENV A=1', 'RUN a'))).toEqual({ 'RUN a': ['the order of the variables has changed'] });
    expect(why(from('RUN a', 'RUN b'), from('RUN b'))).toEqual({ 'RUN b': ['it stood on another step'] });
    expect(why(from('ARG V=1', 'RUN a'), from('RUN a'))).toEqual({ 'RUN a': ['the variable `V` is gone'] });
  });

  it('name files', () => {
    const file = from('COPY src /x/', 'RUN z');
    const files = { ...project, 'src/x.txt': 'new', 'src/more/': 0o755, 'a.txt': 'not copied' };
    expect(why(file, file, {}, { files })).toEqual({ 'COPY src /x/': ['`src/x.txt` has changed (and 1 more)'], 'RUN z': ['what is below it is built again'] });
    expect(why(file, file, {}, { files: { ...project, 'src/x.txt': ['x', 0o600] } })['COPY src /x/']).toEqual(['`src/x.txt` has another mode']);
    const [first] = rebuilt(layers(file), layers(file, { files }))[0]?.reasons ?? [];
    expect(first).toEqual({ kind: 'files', changes: [{ path: 'src/x.txt', change: 'content' }, { path: 'src/more', change: 'added' }] });
  });

  it('name the stage whose files may have changed', () => {
    const source = 'FROM busybox AS s\nRUN a\nFROM busybox\nCOPY --from=s /a /\n';
    expect(why(source, source.replace('RUN a', 'RUN b'))['COPY --from=s /a /']).toEqual(['the files it takes from `s` may have changed']);
  });
});

describe('always', () => {
  const instruction = fc.constantFrom(
    'RUN a', 'RUN b && \\\n  c', 'RUN ["a"]', 'COPY . /x', 'COPY src /s/', 'COPY *.txt /t/', 'ADD a.txt /', 'ENV A=1', 'ENV B=$A', 'ARG A', 'ARG C=${A:-x}', 'USER app',
    'WORKDIR /w', 'WORKDIR x', 'SHELL ["/bin/bash", "-c"]', 'LABEL x=$A', 'RUN --mount=type=cache,target=/c d', 'RUN --mount=source=src,target=/m e', 'COPY --link b.txt /l',
  );
  const file = fc.array(instruction, { minLength: 1, maxLength: 12 });

  it('an unchanged file builds nothing, with comments between its instructions too', () => {
    fc.assert(fc.property(file, (lines) => {
      expect(changed(from(...lines), `# x\n${from(...lines.flatMap((line) => ['# y', '', line, '']))}`)).toEqual([]);
    }));
  });

  it('what is put at the end builds itself alone', () => {
    fc.assert(fc.property(file, (lines) => {
      expect(changed(from(...lines), from(...lines, 'RUN new'))).toEqual(['RUN new']);
    }));
  });

  it('a changed RUN builds all below it but linked COPYs, and nothing above it', () => {
    fc.assert(fc.property(file, file, (above, below) => {
      const again = changed(from(...above, 'RUN old', ...below), from(...above, 'RUN new', ...below));
      const steps = layers(from(...below, 'RUN same')).filter(({ kind, linked }) => kind !== 'from' && !linked);
      expect(again).toHaveLength(steps.length);
      expect(again[0]).toBe('RUN new');
    }));
  });

  it('keys are the same however a state came about', () => {
    const source = readDockerfile(from('COPY . /x', 'COPY src/deep /y', 'COPY *.txt /z/'));
    const path = fc.constantFrom('a.txt', 'b.txt', 'src/x.txt', 'src/deep/y.txt', 'src/deep/z.txt', 'new/f', 'ignored/f');
    const rules = readIgnoreFile('ignored\n**/z.txt\n');
    fc.assert(fc.property(fc.array(fc.tuple(path, fc.option(fc.constantFrom('1', '2')))), (changes) => {
      const start: [string, ContextEntry][] = [['a.txt', textEntry('1')], ['src/deep/y.txt', textEntry('1')]];
      let state = ContextState.of(start, rules);
      const files = new Map(start);
      for (const [at, text] of changes) {
        const entry = text === null ? undefined : textEntry(text);
        layersOf(source, { context: state });
        state = state.with([[at, entry]]);
        if (entry === undefined) files.delete(at);
        else files.set(at, entry);
      }
      const fresh = ContextState.of([...files].sort(([a], [b]) => (a < b ? -1 : 1)), rules);
      expect(layersOf(source, { context: state }).map(({ key }) => key)).toEqual(layersOf(source, { context: fresh }).map(({ key }) => key));
    }));
  });
});

describe('a folder on disk', () => {
  function inFolder(files: Files, test: (folder: string) => Promise<void>): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'layers-'));
    for (const [path, value] of Object.entries(files)) {
      const place = join(folder, path);
      mkdirSync(path.endsWith('/') ? place : join(place, '..'), { recursive: true });
      if (path.endsWith('/')) continue;
      if (typeof value === 'string' && value.startsWith('-> ')) symlinkSync(value.slice(3), place);
      else writeFileSync(place, typeof value === 'string' ? value : '');
    }
    return test(folder).finally(() => rmSync(folder, { recursive: true }));
  }

  it('is read with hashes as git has them, without what is ignored', () =>
    inFolder({ a: 'hello\n', 'd/l': '-> ../a', 'node_modules/x': '1', 'e/': 0, '.dockerignore': 'node_modules\n' }, async (folder) => {
      const state = await readContextState(folder, join(folder, 'Dockerfile'));
      expect(state.entry('a')?.hash).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
      expect(state.entry('d/l')).toMatchObject({ kind: 'link', link: '../a' });
      expect(state.entry('e')).toMatchObject({ kind: 'folder' });
      expect(state.entry('node_modules')).toBeUndefined();
    }));

  it('is read into what a `!` pattern takes back', () =>
    inFolder({ 'd/k': '1', 'd/z': '1', '.dockerignore': 'd\n!d/k\n' }, async (folder) => {
      const state = await readContextState(folder, join(folder, 'Dockerfile'));
      expect([state.entry('d/k')?.kind, state.entry('d/z')]).toEqual(['file', undefined]);
    }));

  it('is the same when only times changed, another with another mode', () =>
    inFolder({ 'd/a': '1' }, async (folder) => {
      const file = readDockerfile(from('COPY d /d'));
      const key = async (): Promise<string | undefined> => layersOf(file, { context: await readContextState(folder, join(folder, 'Dockerfile')) }).at(-1)?.key;
      const before = await key();
      utimesSync(join(folder, 'd/a'), 1, 1);
      expect(await key()).toBe(before);
      chmodSync(join(folder, 'd/a'), 0o755);
      expect(await key()).not.toBe(before);
    }));
});
