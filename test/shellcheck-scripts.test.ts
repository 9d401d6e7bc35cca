import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { findingsIn } from '../src/shellcheck/findings.ts';
import { shellScripts, type ShellScript } from '../src/shellcheck/scripts.ts';
import { textAt } from '../src/span.ts';

const scriptsOf = (text: string): ShellScript[] => shellScripts(readDockerfile(text));

/** The only script of a text, without what is declared. */
function scriptOf(text: string): { readonly script: ShellScript; readonly text: string; readonly declared: string } {
  const [script, another] = scriptsOf(text);
  if (script === undefined || another !== undefined) throw new Error('not one script');
  const line = /^(?:export|:).*\n/m.exec(script.text)?.[0] ?? '';
  return { script, text: script.text.replace(line, () => ''), declared: line.trimEnd() };
}

/** What stands in the file where a piece of the script stands, found as ShellCheck counts. */
function placed(text: string, piece: string): string | undefined {
  const { script } = scriptOf(text);
  const lines = script.text.split('\n');
  const index = script.text.indexOf(piece);
  const before = script.text.slice(0, index).split('\n');
  const inside = piece.split('\n');
  const column = [...before.at(-1) ?? ''].length + 1;
  const endLine = before.length + inside.length - 1;
  const endColumn = inside.length === 1 ? column + [...piece].length : [...inside.at(-1) ?? ''].length + 1;
  expect(lines[before.length - 1]).toContain(inside[0]);
  const at = script.spanOf({ line: before.length, column, endLine, endColumn });
  return at && textAt(text, at);
}

describe('the scripts for ShellCheck', () => {
  it.each([
    ['the shell form', 'FROM debian:12\nRUN a && b\n', 'a && b'],
    ['flags left out', 'FROM debian:12\nRUN --mount=type=cache,target=/x --network=none a\n', 'a'],
    ['continued lines joined', 'FROM debian:12\nRUN a && \\\n  b\n', 'a &&   b'],
    ['comment and blank lines in between', 'FROM debian:12\nRUN a && \\\n# one\n\n  # two \\\n  b\n', 'a &&   b'],
    ['another escape character', '# escape=`\nFROM debian:12\nRUN a `\n  b \\ c\n', 'a   b \\ c'],
    ['Windows line endings', 'FROM debian:12\r\nRUN a && \\\r\n  b\r\n', 'a &&   b'],
    ['a here-document', 'FROM debian:12\nRUN <<EOF\na\n  b $c\nEOF\n', 'a\n  b $c\n'],
    ['one with Windows line endings', 'FROM debian:12\r\nRUN <<EOF\r\na\r\nb\r\nEOF\r\n', 'a\nb\n'],
    ['one that a command gets, as the shell sees it', 'FROM debian:12\nRUN cat <<EOF > /x\na\nEOF\nRUN ["b"]\n', 'cat <<EOF > /x\na\nEOF'],
    ['two of them', 'FROM debian:12\nRUN cat <<A - <<B\na\nA\nb\nB\n', 'cat <<A - <<B\na\nA\nb\nB'],
    ['ONBUILD', 'FROM debian:12\nONBUILD RUN a\n', 'a'],
  ])('hold %s', (_name, text, expected) => {
    expect(scriptOf(text).text).toBe(expected);
  });

  it.each([
    ['the JSON form', 'FROM debian:12\nRUN ["echo", "$a"]\n'],
    ['what runs later', 'FROM debian:12\nCMD echo $a\nENTRYPOINT echo $a\nHEALTHCHECK CMD echo $a\n'],
    ['PowerShell', 'FROM debian:12\nSHELL ["pwsh", "-Command"]\nRUN echo $a\n'],
    ['cmd', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN echo %a%\n'],
    ['zsh', 'FROM debian:12\nSHELL ["/bin/zsh", "-c"]\nRUN echo $a\n'],
    ['another language', 'FROM debian:12\nRUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n'],
    ['what a comment says is another language', '# hadolint shell=powershell\nFROM debian:12\nRUN echo $a\n'],
    ['a text without a stage', 'RUN echo $a\n'],
    ['a shell that only JavaScript knows', 'FROM debian:12\nSHELL ["constructor", "-c"]\nRUN echo $a\n'],
    ['an empty here-document', 'FROM debian:12\nRUN <<EOF\n\nEOF\n'],
    ['a text longer than anybody writes', `FROM debian:12\nRUN ${'a '.repeat(60_000)}\n`],
  ])('leave out %s', (_name, text) => {
    expect(scriptsOf(text)).toEqual([]);
  });

  it.each([
    ['FROM debian:12\nRUN a', 'dash', false],
    ['FROM alpine:3.20\nRUN a', 'busybox', false],
    ['FROM fedora:40\nRUN a', 'bash', false],
    ['FROM example.com/base\nRUN a', 'sh', true],
    ['FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\nRUN a', 'sh', true],
    ['FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN a', 'bash', false],
    ['FROM debian:12\nSHELL ["/usr/bin/env", "ksh", "-c"]\nRUN a', 'ksh', false],
    ['FROM debian:12 AS base\nSHELL ["/bin/bash", "-c"]\nFROM base\nRUN a', 'bash', false],
    ['FROM debian:12\nSHELL ["/bin/bash", "-c"]\nFROM debian:12\nRUN a', 'dash', false],
    ['# hadolint shell=bash\nFROM debian:12\nRUN a', 'bash', false],
    ['# hadolint shell=bash\nARG A\nFROM debian:12\nFROM debian:13\nRUN a', 'bash', false],
    ['FROM debian:12\n# hadolint shell=bash\nRUN a', 'bash', false],
    ['FROM debian:12\n# hadolint shell=bash\nFROM debian:12\nRUN a', 'dash', false],
    ['FROM example.com/base\n# hadolint shell=/bin/sh\nRUN a', 'sh', true],
    ['# hadolint shell=ksh\nFROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN a', 'bash', false],
    ['FROM debian:12\nSHELL ["/bin/bash", "-c"]\n# hadolint shell=ksh\nRUN a', 'ksh', false],
    ['FROM debian:12\nRUN <<EOF\n#!/bin/bash\na\nEOF', 'bash', false],
    ['FROM debian:12\nRUN <<EOF\n#!/usr/bin/env bash\na\nEOF', 'bash', false],
  ])('name the shell of %j', (text, dialect, isAnyShell) => {
    expect(scriptsOf(`${text}\n`).at(-1)).toMatchObject({ dialect, isAnyShell });
  });

  it.each([
    ['ARG and ENV', 'ARG A=1\nENV B=2 c=3\nRUN echo $A', 'export A B c'],
    ['only those of the stage', 'ARG A\nFROM debian:12\nARG B\nRUN echo $B', 'export B'],
    ['those of the stage it is built on', 'ENV A=1\nFROM base\nARG B\nRUN echo $B', 'export A B'],
    ['only those before', 'RUN echo $B\nARG B', ':'],
    ['proxies where one may be meant', 'RUN echo $htp_proxy', `export ${['ALL', 'FTP', 'HTTPS', 'HTTP', 'NO'].flatMap((name) => [`${name}_PROXY`, `${name}_PROXY`.toLowerCase()]).sort().join(' ')}`],
    ['nothing that no shell has', 'ENV a-b=1 a.b=2\nRUN echo $a', ':'],
    ['without a variable only what is set there', 'ENV A=1 B=2\nRUN A=2; make', 'export A'],
    ['of triggers those of the triggers before', 'ARG A\nONBUILD ARG B\nONBUILD RUN echo $B', 'export A B'],
    ['that a failure ends it', 'SHELL ["/bin/bash", "-euo", "pipefail", "-c"]\nRUN cd /x; a', ':; set -e'],
  ])('declare %s', (_name, text, expected) => {
    const { declared } = scriptOf(`${text.includes('FROM') && !text.includes('base') ? '' : 'FROM debian:12 AS base\n'}${text}\n`);
    expect(declared.replace(/ (\S+_PROXY.*)$/i, (_match, names: string) => ` ${names.split(' ').sort().join(' ')}`)).toBe(expected);
  });

  it('declare of very many names those that occur', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `N${index}`);
    expect(scriptOf(`FROM debian:12\nENV ${names.map((name) => `${name}=1`).join(' ')}\nRUN echo $N7 $N70\n`).declared).toBe('export N7 N70');
  });

  it('declare behind what the script says to ShellCheck', () => {
    const [script] = scriptsOf('FROM debian:12\nARG A\nRUN <<EOF\n#!/bin/bash -e\n# shellcheck disable=SC2086\n\necho $A\nEOF\n');
    expect(script?.text).toBe('# /bin/bash -e\n# shellcheck disable=SC2086\n\nexport A; set -e\necho $A\n');
  });
});

describe('a place in a script', () => {
  it.each([
    ['FROM debian:12\nRUN echo $a\n', '$a', '$a'],
    ['FROM debian:12\nRUN a && \\\n  # x\n\tb $c\n', '$c', '$c'],
    ['FROM debian:12\nRUN echo "😀é" $a ü $b\n', '$b', '$b'],
    ['FROM debian:12\r\nRUN a && \\\r\n  b $c\r\n', '$c', '$c'],
    ['FROM debian:12\nRUN a b\\\nc d\n', 'bc', 'b\\\nc'],
    ['FROM debian:12\nRUN <<EOF\n# head\n\t\ta\n\tb "😀" $c\nEOF\n', '$c', '$c'],
    ['FROM debian:12\r\nRUN <<EOF\r\na\r\nb\r\nc $d\r\nEOF\r\n', '$d', '$d'],
    ['FROM debian:12\r\nRUN <<EOF\r\na\r\nb\r\nEOF\r\n', 'a\nb', 'a\r\nb'],
    ['FROM debian:12\nRUN if a; then \\\n  b \\\n; fi; cat <<EOF\n$c\nEOF\n', '$c', '$c'],
    ['\ufeffFROM debian:12\nRUN a $b\n', '$b', '$b'],
  ])('of %j is one of the file', (text, piece, expected) => {
    expect(placed(text, piece)).toBe(expected);
  });

  it('in the declarations is none', () => {
    const { script } = scriptOf('FROM debian:12\nARG A\nRUN echo $A\n');
    expect(script.spanOf({ line: 1, column: 8, endLine: 1, endColumn: 9 })).toBeUndefined();
    expect(script.spanOf({ line: 0, column: 1, endLine: 0, endColumn: 2 })).toBeUndefined();
  });

  it('that is not there stays in the instruction', () => {
    const text = 'FROM debian:12\nRUN echo $A\nCMD ["a"]\n';
    const { script } = scriptOf(text);
    for (const place of [{ line: 2, column: 400, endLine: 2, endColumn: 500 }, { line: 2, column: 3, endLine: 9, endColumn: 1 }, { line: 2, column: 3, endLine: 2, endColumn: 1 }]) {
      const at = script.spanOf(place);
      expect(at?.start).toBeGreaterThanOrEqual(text.indexOf('echo'));
      expect(at?.end).toBeLessThanOrEqual(text.indexOf('\nCMD'));
    }
    expect(script.spanOf({ line: 99, column: 1, endLine: 99, endColumn: 2 })).toBeUndefined();
  });
});

describe('what is said only to who asks', () => {
  it.each([
    ['FROM debian:12\nRUN make -j$(nproc)\n', '$(nproc)', 2046, true],
    ['FROM debian:12\nRUN make -j`nproc`\n', '`nproc`', 2046, true],
    ['FROM debian:12\nRUN make $(cat list)\n', '$(cat list)', 2046, false],
    ['FROM debian:12\nARG TARGETARCH\nRUN get -a $TARGETARCH\n', '$TARGETARCH', 2086, true],
    ['FROM debian:12\nARG ARCH\nRUN get -a $ARCH\n', '$ARCH', 2086, false],
    ['FROM debian:12\nRUN echo a \\\n  b\n', 'a   b', 2291, true],
    ['FROM debian:12\nRUN echo a   b\n', 'a   b', 2291, false],
    ['FROM debian:12\nRUN cd /x; a\n', 'cd /x', 2164, true],
    ['FROM debian:12\nRUN [[ a ]]\n', '[[ a ]]', 3010, false],
    ['FROM example.com/a\nRUN [[ a ]]\n', '[[ a ]]', 3010, true],
  ])('in %j', (text, piece, code, onRequest) => {
    const { script } = scriptOf(text);
    const column = script.text.split('\n')[1]?.indexOf(piece) ?? -1;
    expect(column).toBeGreaterThanOrEqual(0);
    const [found] = findingsIn(text, script, [{ file: '', line: 2, endLine: 2, column: column + 1, endColumn: column + 1 + piece.length, level: 'warning', code, message: '' }], true);
    expect(found).toMatchObject({ code: `SC${code}`, finding: { onRequest } });
  });

  it('are shells that the program does not know', () => {
    const { script } = scriptOf('FROM alpine:3.20\nRUN [[ a ]]\n');
    const comment = { file: '', line: 2, endLine: 2, column: 1, endColumn: 3, level: 'error', code: 3010, message: '' } as const;
    expect([true, false].map((knows) => findingsIn('FROM alpine:3.20\nRUN [[ a ]]\n', script, [comment], knows)[0]?.finding.onRequest)).toEqual([false, true]);
  });
});
