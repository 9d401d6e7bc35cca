import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { LineMap } from '../src/span.ts';
import { Place } from './support/cli.ts';
import { onPath, pathWith } from './support/tools.ts';

const isThere = onPath('shellcheck') !== undefined;
if (!isThere) console.warn('The tests with the real ShellCheck are skipped: there is none on the PATH (Debian: apt-get install shellcheck).');

const place = new Place();
const path = pathWith('shellcheck');
afterAll(() => rmSync(path, { recursive: true }));

/** What the real program finds: the text, its line, and the code. */
async function found(text: string, ...words: readonly string[]): Promise<string[]> {
  place.environment = { PATH: path };
  place.write({ Dockerfile: text });
  const { files } = await place.lint(['--shellcheck', 'on', '--only', 'shellcheck/*', ...words]);
  const lines = new LineMap(text);
  const offset = (line: number, column: number): number => lines.line(line).start + column - 1;
  return files.flatMap(({ findings }) => findings.map(({ rule, line, column, endLine, endColumn }) =>
    `${line} ${text.slice(offset(line, column), offset(endLine, endColumn))} ${rule.replace(/^shell\/SC/, '')}`));
}

describe.skipIf(!isThere)('the real ShellCheck', () => {
  it.each<[string, string, string[]]>([
    ['variables of ARG and ENV, whose values it does not know', 'FROM debian:12\nARG A\nENV b=1\nRUN echo $A ${b}\n', ['4 $A 2086', '4 ${b} 2086']],
    ['nothing in quotes', 'FROM debian:12\nARG a\nRUN echo "$a"\n', []],
    ['a variable that nothing sets', 'FROM debian:12\nARG a\nRUN echo "$b"\n', ['3 $b 2154']],
    ['nothing where a trigger before sets it', 'FROM debian:12\nONBUILD ARG b\nONBUILD RUN echo "$b"\n', []],
    ['a proxy that nobody declares', 'FROM debian:12\nRUN echo "$http_proxy"\n', []],
    ['an assignment that ENV makes useful', 'FROM debian:12\nENV a=1\nRUN a=2; make\n', []],
    ['one that nothing uses', 'FROM debian:12\nRUN a=2; make\n', ['2 a 2034']],
    ['every finding of a RUN, on its lines', 'FROM debian:12\nARG A\nRUN echo $A && \\\n    # why $A\n\techo "😀" $A && \\\n    rm `cat list`\n', ['3 $A 2086', '5 $A 2086', '6 `cat list` 2006', '6 `cat list` 2046']],
    ['a word that is broken in two', 'FROM debian:12\nARG ABC\nRUN echo $A\\\nBC\n', ['3 $A\\\nBC 2086']],
    ['Windows line endings', 'FROM debian:12\r\nARG A\r\nRUN true && \\\r\n    echo $A\r\n', ['4 $A 2086']],
    ['here-documents', 'FROM debian:12\nRUN <<EOF\n# first\n\techo $(cat x) "é" $1\nEOF\n', ['4 $(cat x) 2046', '4 $1 2086']],
    ['what a here-document says itself', 'FROM debian:12\nARG A\nRUN <<EOF\n#!/bin/bash\n# shellcheck disable=SC2086\necho $A\necho `cat "$A"`\nEOF\n', ['7 `cat "$A"` 2005', '7 `cat "$A"` 2006', '7 `cat "$A"` 2046']],
    ['Windows line endings in one', 'FROM debian:12\r\nARG A\r\nRUN <<EOF\r\necho $A\r\n  echo $A\r\nEOF\r\n', ['4 $A 2086', '5 $A 2086']],
    ['what is put into a here-document', 'FROM debian:12\nRUN cat <<EOF > /x\n$(cat $1)\nEOF\n', ['3 $1 2086']],
    ['triggers', 'FROM debian:12\nONBUILD RUN rm $1\n', ['2 $1 2086']],
    ['in dash what no rule of ours knows', 'FROM debian:12\nRUN [[ -f a ]] && f() { local b; b=1; echo "$b$RANDOM"; }\n', ['2 [[ shell/bashism', '2 $RANDOM 3028']],
    ['bash', 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN [[ -f a ]] && echo ${b[0]}\n', ['3 ${b[0]} 2086', '3 ${b[0]} 2154']],
    ['the bash of a distribution', 'FROM fedora:40\nRUN [[ -f a ]]\n', []],
    ['the shell of a comment', '# hadolint shell=bash\nFROM debian:12\nRUN [[ -f a ]]\n', []],
    ['a shell that nobody knows', 'FROM example.com/a\nRUN source /x && rm $1\n', ['2 $1 2086']],
    ['Alpine, whichever version this is', 'FROM alpine:3.20\nRUN [[ -f a ]] && rm $1\n', ['2 $1 2086']],
    ['a folder that may not be there, with -e or without', 'FROM debian:12\nSHELL ["/bin/bash", "-ec"]\nRUN cd /x; make\n', []],
    ['what is sourced', 'FROM debian:12\nRUN . ./0 && . /etc/profile && . "$1"\n', []],
    ['what cannot be read', 'FROM debian:12\nRUN if true; then echo\n', ['2 i 1046', '2 i 1073', '2  1047', '2  1072']],
    ['nothing in other shells and forms', 'FROM debian:12\nRUN ["echo", "$1 $a"]\nSHELL ["pwsh", "-c"]\nRUN echo $a\nCMD rm $a\n', []],
    ['what is one word', 'FROM debian:12\nARG TARGETARCH\nRUN make -j$(nproc) && get -a $TARGETARCH\n', []],
  ])('finds %s', async (_name, text, expected) => {
    expect(await found(text, '--preset', 'recommended')).toEqual(expected);
  });

  it('calls the same by the names it has elsewhere', async () => {
    const text = 'FROM debian:12\nRUN echo -e a\n';
    const rules = async (file: string): Promise<string[]> => {
      place.environment = { PATH: path };
      place.write({ Dockerfile: file });
      return (await place.lint(['--preset', 'hadolint'])).files.flatMap(({ findings }) => findings.map(({ rule }) => rule)).filter((rule) => rule.startsWith('shell/'));
    };
    expect(await rules(text)).toEqual(['shell/SC3036']);
    expect(await rules(text.replace('RUN', '# hadolint ignore=SC3037\nRUN'))).toEqual([]);
  });

  it('says what hadolint would say under its preset', async () => {
    const text = 'FROM example.com/a\nARG TARGETARCH\nRUN [[ $x == y ]] && make -j$(nproc) -a $TARGETARCH\n';
    place.environment = { PATH: path };
    place.write({ Dockerfile: text });
    const { files } = await place.lint(['--preset', 'hadolint']);
    const codes = files.flatMap(({ findings }) => findings.flatMap(({ rule, severity }) => (rule.startsWith('shell/SC') ? [`${rule.slice(6)} ${severity}`] : [])));
    // Later versions also tell of the `==`.
    expect(codes.filter((code) => code !== 'SC3014 warning').sort()).toEqual(['SC2046 warning', 'SC2086 info', 'SC2154 warning', 'SC3010 warning']);
  });

  it('is quick with a thousand scripts', async () => {
    place.environment = { PATH: path };
    place.write({ Dockerfile: `FROM debian:12\n${Array.from({ length: 1000 }, (_, index) => `RUN echo ${index} $1\n`).join('')}` });
    const { files } = await place.lint(['--shellcheck', 'on', '--only', 'SC2086']);
    expect(files[0]?.findings.filter(({ rule }) => rule === 'shell/SC2086')).toHaveLength(1000);
  });

  it('that would read for ever is ended, and the rest is there', async () => {
    place.environment = { PATH: path };
    place.write({ Dockerfile: `FROM debian:12\nRUN echo $1\nRUN ${'$(('.repeat(25)}\nRUN rm $1\n` });
    const { files, errors } = await place.lint(['--only', 'shellcheck/*']);
    const lines = files[0]?.findings.filter(({ rule }) => rule === 'shell/SC2086').map(({ line }) => line);
    expect([lines, errors]).toEqual([[2, 4], 'Dockerfile: ShellCheck took too long, or failed, for the RUN of line 3; the rest was checked.\n']);
  }, 60_000);
});
