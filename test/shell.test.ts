import { describe, expect, it } from 'vitest';
import { flagValue, hasFlag, operands } from '../src/dockerfile/command.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';

const commandsOf = (run: string) => {
  const source = `FROM debian:12\n${run}\n`;
  const file = readDockerfile(source);
  const [, instruction] = file.instructions;
  if (instruction === undefined) throw new Error('no instruction');
  const [script] = file.scripts(instruction);
  if (script === undefined) throw new Error('no script');
  return { source, file, script, commands: script.commands };
};

describe('commands of a RUN', () => {
  const table: [run: string, names: string[]][] = [
    ['RUN a && b || c; d | e', ['a', 'b', 'c', 'd', 'e']],
    ['RUN if a; then b; else c; fi', ['a', 'b', 'c']],
    ['RUN for x in $(ls); do echo $x; done', ['ls', 'echo']],
    ['RUN (cd /x && make) & wait', ['cd', 'make', 'wait']],
    ['RUN sudo -E apt-get update', ['apt-get']],
    ['RUN sudo -u me env A=b nice -n 5 make', ['make']],
    ['RUN python3 -m pip install x', ['pip']],
    ['RUN python3 -u -m pip install x', ['pip']],
    ['RUN python setup.py install', ['python']],
    ['RUN python -c "import os" && exec sh', ['python', 'sh']],
    ['RUN /usr/bin/apt-get update', ['apt-get']],
    ['RUN A=1 B=2 make', ['make']],
    ['RUN timeout 60 curl x', ['curl']],
    ['RUN $TOOL install', ['']],
    ['RUN ["apt-get", "update"]', ['apt-get']],
    ['RUN <<EOF\napt-get update\napt-get install -y x\nEOF', ['apt-get', 'apt-get']],
    ['RUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF', []],
    ['RUN cat <<EOF > /x && b\nnot a command\nEOF', ['cat', 'b']],
    ['RUN a \\\n  # a comment; with & signs\n\n  && b \\ \n  && c', ['a', 'b', 'c']],
    ['ONBUILD RUN npm ci', ['npm']],
  ];
  it.each(table)('%s', (run, names) => {
    const { file } = commandsOf(run.startsWith('ONBUILD') ? run : run);
    expect(file.commands.map(({ name }) => name)).toEqual(names);
  });

  it('spans are spans of the file, through comments, blank lines and CRLF', () => {
    const { source, commands } = commandsOf('RUN a \\\r\n  # no && such\r\n\r\n  && bb "c d" \\  \r\n  && e');
    expect(commands.map(({ span }) => source.slice(span.start, span.end))).toEqual(['a', 'bb "c d"', 'e']);
  });

  it('tells the steps of the outermost chain and what joins them', () => {
    const { script } = commandsOf('RUN a && b | c || d; ! e\n');
    expect(script.steps.map(({ operator, kind, negated }) => [operator, kind, negated])).toEqual([
      ['', 'command', false], ['&&', 'pipeline', false], ['||', 'command', false], [';', 'pipeline', true],
    ]);
  });

  it('knows where a command stands and whether it may not run', () => {
    const { commands } = commandsOf('RUN a; b | c; if d; then e; fi; f || g');
    expect(commands.map(({ name, place, conditional }) => [name, place, conditional])).toEqual([
      ['a', 'alone', false], ['b', 'pipeline', false], ['c', 'pipeline', false], ['d', 'nested', true], ['e', 'nested', true], ['f', 'alone', false], ['g', 'alone', true],
    ]);
  });

  it('follows cd, and gives up where it can not', () => {
    const { commands } = commandsOf('RUN a && cd x && b && cd y/z && c && (cd /q && d) && e && cd $X && f && cd /abs && g');
    const folders = commands.filter(({ name }) => name !== 'cd').map(({ name, directory }) => [name, directory]);
    expect(folders).toEqual([['a', ''], ['b', 'x'], ['c', 'x/y/z'], ['d', undefined], ['e', 'x/y/z'], ['f', undefined], ['g', '/abs']]);
  });

  it('tells literal words from others', () => {
    const { commands } = commandsOf('RUN x a "b c" \'$d\' $e "f$g" h* ~/i');
    expect(commands[0]?.words.map(({ value }) => value)).toEqual(['a', 'b c', '$d', undefined, undefined, undefined, undefined]);
  });

  it('names variables that are expanded and names that are set', () => {
    const { script } = commandsOf('RUN A=1; for f in *; do export B=2; done; read C; echo "$A" ${D:-x} \'$E\'');
    expect(script.variables.map(({ name, operator, quoted }) => [name, operator, quoted])).toEqual([['A', '', true], ['D', ':-', false]]);
    expect([...script.assigned].sort()).toEqual(['A', 'B', 'C', 'f']);
  });

  it('leaves PowerShell alone', () => {
    const file = readDockerfile('FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nRUN Get-ChildItem; if ($x) { y }\n');
    expect(file.commands).toEqual([]);
    expect(file.instructions.flatMap((each) => file.scripts(each)).map(({ unreadable }) => unreadable)).toEqual([true]);
  });
});

describe('flags', () => {
  const { commands } = commandsOf('RUN tool -yq --name=x --target dir -o out -fpom.xml one -- -two');
  const words = commands[0]?.words ?? [];

  it('finds them alone, with a value and in a cluster', () => {
    expect(hasFlag(words, '-y')).toBe(true);
    expect(hasFlag(words, '--name')).toBe(true);
    expect(hasFlag(words, '--nam')).toBe(false);
    expect(hasFlag(words, '-z')).toBe(false);
  });

  it('gives their values in every way of writing', () => {
    expect([flagValue(words, '--name')?.text, flagValue(words, '--target')?.text, flagValue(words, '-o')?.text, flagValue(words, '-f')?.text]).toEqual(['x', 'dir', 'out', 'pom.xml']);
  });

  it('gives the operands', () => {
    expect(operands(words, ['--target', '-o']).map(({ text }) => text)).toEqual(['one', '-two']);
  });
});
