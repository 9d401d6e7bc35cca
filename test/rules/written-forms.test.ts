import { describe, expect, it } from 'vitest';
import basePlatform from '../../rules/correctness/base-platform.ts';
import copyIgnored from '../../rules/correctness/copy-ignored-file.ts';
import copyToFile from '../../rules/correctness/copy-to-file.ts';
import duplicate from '../../rules/correctness/duplicate-instruction.ts';
import fromDefault from '../../rules/correctness/invalid-from-default.ts';
import relativeWorkdir from '../../rules/correctness/relative-workdir.ts';
import wholeFilesystem from '../../rules/size/whole-filesystem-copied.ts';
import add from '../../rules/style/add-instead-of-copy.ts';
import definition from '../../rules/style/definition-description.ts';
import emptyContinuation from '../../rules/style/empty-continuation.ts';
import expose from '../../rules/style/expose-proto-casing.ts';
import legacy from '../../rules/style/legacy-key-value.ts';
import maintainer from '../../rules/style/maintainer.ts';
import platform from '../../rules/style/redundant-platform.ts';
import stageName from '../../rules/style/stage-name-casing.ts';
import { readDockerfile } from '../../src/model/dockerfile.ts';
import type { AnyRule } from '../../src/rule.ts';
import { findings, fixedText } from './lint.ts';

const base = 'FROM debian:12\n';

describe('a fix keeps what the file says', () => {
  it.each<[string, AnyRule, string, string]>([
    ['a value with blanks and variables', legacy, 'ENV A x $B y\n', 'ENV A="x $B y"\n'],
    ['quotes around all of it', legacy, 'ENV J "-Xmx512m -Xms256m"\n', 'ENV J="-Xmx512m -Xms256m"\n'],
    ['an escaped blank', legacy, 'ENV A hello\\ \\ world\n', 'ENV A=hello\\ \\ world\n'],
    ['single quotes', legacy, "ENV A 'x $B'\n", "ENV A='x $B'\n"],
    ['quotes within', legacy, 'ENV A say "x y" \'$z\'\n', 'ENV A="say x y \\$z"\n'],
    ['a value over lines', legacy, 'ENV A x \\\n    y\n', 'ENV A="x \\\n    y"\n'],
    ['a value on the next line', legacy, 'ENV A \\\n    x\n', 'ENV A=x\n'],
    ['an equals sign in the value', legacy, 'LABEL a b=c\n', 'LABEL a=b=c\n'],
    ['backslashes', maintainer, 'MAINTAINER a\\b "c" $d\n', 'LABEL org.opencontainers.image.authors="a\\\\b \\"c\\" \\$d"\n'],
    ['a keyword in small letters', maintainer, 'maintainer x\n', 'label org.opencontainers.image.authors="x"\n'],
    ['Windows line ends', maintainer, 'MAINTAINER x\r\nRUN y\r\n', 'LABEL org.opencontainers.image.authors="x"\r\nRUN y\r\n'],
    ['the other comments', emptyContinuation, 'RUN a \\\n\n  # b\n  \n  && c\n', 'RUN a \\\n  # b\n  && c\n'],
    ['Windows line ends', emptyContinuation, 'RUN a \\\r\n\r\n  && c\r\n', 'RUN a \\\r\n  && c\r\n'],
    ['what stands between', duplicate, 'CMD a\nEXPOSE 80\nCMD b\n', 'EXPOSE 80\nCMD b\n'],
    ['one of two empty lines', duplicate, '\nCMD a\n\nCMD b\n', '\nCMD b\n'],
    ['an instruction of several lines', duplicate, 'CMD ["a", \\\n  "b"]\nCMD ["c"]\n', 'CMD ["c"]\n'],
    ['quotes', copyToFile, 'COPY a b "/c"\n', 'COPY a b "/c/"\n'],
    ['small letters', add, 'add a.txt /b/\n', 'copy a.txt /b/\n'],
    ['heredocs', add, 'ADD <<EOF /a\nb\nEOF\n', 'COPY <<EOF /a\nb\nEOF\n'],
    ['other ports', expose, 'EXPOSE 80 90-95/UDP\n', 'EXPOSE 80 90-95/udp\n'],
    ['Windows line ends', definition, '# x\r\nARG A=1\r\n', '# x\r\n\r\nARG A=1\r\n'],
    ['other stages', stageName, 'FROM a:1 AS One\nFROM One\nCOPY --from=One a b\nCOPY --from=one a b\n', 'FROM a:1 AS one\nFROM one\nCOPY --from=one a b\nCOPY --from=one a b\n'],
  ])('%s', (_name, rule, bad, good) => {
    const fixed = fixedText(rule, base + bad);
    expect(fixed).toBe(base + good);
    expect(readDockerfile(fixed).problems).toEqual([]);
  });

  it.each([
    'ENV A x $B y', 'ENV A a"b c"d', "ENV A it\\'s $B", 'ENV A \\$B c', 'ENV A "x\\"y z" w', 'ENV A `x` y', 'ENV A x\\\\y z', 'ENV A ${B:-c d} e', 'LABEL A "b" c',
  ])('%s has the same value as before', (line) => {
    const valueOf = (text: string): unknown => {
      const file = readDockerfile(text);
      return file.instructions.slice(2).flatMap((each) => each.pairs.map(({ name, raw = '' }) => [name, file.expand(raw, each)]));
    };
    const text = `FROM scratch\nENV B=bee\n${line}\n`;
    expect(valueOf(fixedText(legacy, text))).toEqual(valueOf(text));
  });
});

describe('no fix', () => {
  it.each<[string, AnyRule, string]>([
    ['where the value begins with an equals sign', legacy, 'ENV A = b\n'],
    ['where a line looks like a pair of its own', legacy, 'ENV A b \\\n    C d\n'],
    ['where a comment would be lost', legacy, 'ENV A \\\n# c\n    x\n'],
    ['where variables and quotes mix', legacy, 'ENV A "x y" $B\n'],
    ['where the label is there', maintainer, 'MAINTAINER x\nLABEL org.opencontainers.image.authors=y\n'],
    ['where the next line is an instruction', emptyContinuation, 'RUN a \\\n\nRUN b\n'],
    ['where a comment belongs to it', duplicate, '# The server\nCMD a\nCMD b\n'],
    ['for a pragma above', definition, '# hadolint ignore=DL3008\nARG A=1\n'],
  ])('%s', (_name, rule, text) => {
    expect(findings(rule, base + text)).toMatchObject([{ fix: undefined }]);
  });
});

describe('quiet', () => {
  it.each<[AnyRule, string]>([
    [add, 'ADD git@github.com:a/b.git /c\n'], [add, 'ADD https://a.b/c.txt /c\n'], [add, 'ADD rootfs.tar.zst /\n'], [add, 'ADD --unpack=true a /b\n'], [add, 'ADD $A /b\n'], [add, 'ADD a.* /b\n'], [add, 'ADD lib* /b/\n'],
    [add, 'ADD https://github.com/a/b.git#v1 /c\n'], [copyToFile, 'COPY a b ./\n'], [copyToFile, 'COPY a b ..\n'], [copyToFile, 'ARG D=/c/\nCOPY a b $D\n'], [copyToFile, 'COPY a* /b\n'],
    [relativeWorkdir, 'WORKDIR app\n'], [relativeWorkdir, 'FROM x.io/a:1\nWORKDIR $B\n'], [relativeWorkdir, 'FROM x.io/a:1\nWORKDIR C:\\\\app\n'], [relativeWorkdir, 'FROM x.io/a:1\nWORKDIR /a\nWORKDIR b\n'],
    [duplicate, 'FROM debian:12 AS a\nCMD a\nFROM a\nCMD b\n'], [duplicate, 'ONBUILD CMD a\nCMD b\n'],
    [legacy, 'ENV A=b c=d\n'], [expose, 'EXPOSE 80/tcp $A/TCP\n'], [definition, '# A is it\nARG A=1\n'], [definition, '# x\n\nARG A=1\n'], [definition, '# A is what\n# it says\nARG A=1\n'], [definition, '# B is it\nARG A B\n'],
    [wholeFilesystem, 'FROM tonistiigi/xx AS xx\nFROM debian:12\nCOPY --from=xx / /\n'],
    [basePlatform, 'FROM --platform=$P arm64v8/alpine\n'], [basePlatform, 'FROM --platform=linux/arm/v7 arm32v7/alpine\n'], [basePlatform, 'FROM --platform=linux/x86_64 amd64/alpine\n'], [basePlatform, 'FROM --platform=linux/arm64 debian:12\n'],
  ])('number %#', (rule, text) => {
    expect(findings(rule, base + text)).toEqual([]);
  });

  it.each([
    'ARG T=1\nFROM a:$T\n', 'ARG T\nFROM a:${T:-1}\n', 'ARG T=$TARGETARCH\nFROM $T AS x\n', 'ARG T=a\nFROM debian:12 AS a\nFROM $T\n', 'FROM base-$TARGETARCH\n', 'ARG S=scratch\nFROM $S\n',
    'ARG T=${template:option}\nFROM a:$T\n',
  ])('FROM: %s', (text) => {
    expect(findings(fromDefault, text)).toEqual([]);
    expect(findings(platform, `ARG TARGETPLATFORM=linux/arm64\n${text}FROM --platform=$TARGETPLATFORM debian:12\n`)).toEqual([]);
  });
});

it.each([
  ['ARG REPO\nARG TAG\nARG BASE=${REPO}:${TAG}\nFROM $BASE\n', 'Without values for `REPO` and 1 more this is `:`'],
  ['ARG TAG\nARG BASE=app:$TAG\nFROM $BASE\n', 'Without a value for `TAG` this is `app:`'],
])('the gap has a name: %s', (text, message) => {
  expect(findings(fromDefault, text)).toMatchObject([{ message: expect.stringContaining(message) }]);
});

describe('safety of COPY for ADD', () => {
  it.each<[string, Readonly<Record<string, string>> | undefined, string]>([
    ['ADD src /src', { 'src/a': '' }, 'safe'],
    ['ADD run /run', { run: '#!/bin/sh\n' }, 'safe'],
    ['ADD src/ /src', undefined, 'safe'],
    ['ADD *.py /src/', undefined, 'safe'],
    ['ADD a.zip b.jar /src/', undefined, 'safe'],
  ])('%s %j', (line, context, safety) => {
    expect(findings(add, `${base}${line}\n`, context && { context })).toMatchObject([{ fix: { safety } }]);
  });
});

describe('a file that may be an archive', () => {
  it.each<[string, Readonly<Record<string, string>> | undefined]>([
    ['ADD src /src', undefined], ['ADD data /data', { data: 'a\0b' }],
  ])('stays with ADD: %s %j', (line, context) => {
    expect(findings(add, `${base}${line}\n`, context && { context })).toMatchObject([{ fix: undefined }]);
  });

  it('may be what a variable names', () => {
    expect(findings(add, `${base}ARG ARCHIVE\nADD $ARCHIVE /opt/\n`)).toEqual([]);
  });
});

describe('safety of a slash', () => {
  it.each([
    ['a folder that may not be there', 'COPY a b /new\n', 'unsafe'],
    ['the folder of the step', 'WORKDIR /app\nCOPY a b /app\n', 'safe'],
    ['one above it', 'WORKDIR /app/web\nCOPY a b /app\n', 'safe'],
    ['one below it', 'WORKDIR /app\nCOPY a b web\n', 'unsafe'],
    ['one that the system has', 'COPY a b /usr/local/bin\n', 'safe'],
  ])('%s', (_name, text, safety) => {
    expect(findings(copyToFile, base + text)).toMatchObject([{ fix: { safety } }]);
  });

  it('of an image nobody knows', () => {
    expect(findings(copyToFile, 'FROM example/base:1\nCOPY a b /srv\n')).toMatchObject([{ fix: { safety: 'unsafe' } }]);
  });
});

describe('files that the ignore file leaves out', () => {
  it.each<[string, string, readonly string[]]>([
    ['*.md', 'COPY a.md /', ['a.md']],
    ['*.md\n!a.md', 'COPY a.md /', []],
    ['*.md\n!b.md', 'COPY a.md /', ['a.md']],
    ['dir\n!dir/x', 'COPY dir /', []],
    ['*', 'COPY . /', ['.']],
    ['*.md', 'COPY . /', []],
    ['*.md', 'COPY *.md /', []],
    ['*.md', 'COPY --from=x a.md /', []],
  ])('%j: %s', (ignore, line, at) => {
    const context = { '.dockerignore': `${ignore}\n`, 'a.md': '', 'b.md': '', 'dir/x': '', 'dir/y': '' };
    expect(findings(copyIgnored, `${base}${line}\n`, { context }).map(({ text }) => text)).toEqual(at);
  });
});
