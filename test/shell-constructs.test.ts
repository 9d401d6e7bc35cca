import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { shellOf } from '../src/model/run-shell.ts';

const scriptOf = (run: string) => {
  const file = readDockerfile(`FROM debian:12\n${run}\n`);
  const instruction = file.instructions.at(-1);
  const script = instruction && file.scripts(instruction)[0];
  if (script === undefined) throw new Error('no script');
  return { file, script };
};

describe('pieces of bash', () => {
  it.each([
    ['if [[ -f a ]]; then b; fi', 'test', '[['],
    ['function f { a; }', 'function', 'function'],
    ['a=(1 2)', 'array', 'a=(1 2)'],
    ['a+=b', 'append', '+='],
    ['echo "${a[@]}"', 'element', '${a[@]}'],
    ['diff <(a) b', 'process', '<('],
    ['a &> b', 'redirect-both', '&>'],
    ['a >& b', 'redirect-both', '>&'],
    ['a <<< b', 'here-string', '<<<'],
    ['a |& b', 'pipe-both', '|&'],
    ['echo ${a//b/c}', 'replace', '${a//b/c}'],
    ['echo ${a:1:2}', 'slice', '${a:1:2}'],
    ['echo ${a^^}', 'case-change', '${a^^}'],
    ['echo ${!a}', 'indirect', '${!a}'],
    ['mkdir x{a,b}', 'braces', '{a,b}'],
    ['(( i > 1 ))', 'arithmetic', '(('],
    ['a && \\\n  # [[ a comment\n  [[ b ]]', 'test', '[['],
  ])('%s', (run, kind, text) => {
    const { file, script } = scriptOf(`RUN ${run}`);
    expect(script.constructs.map((each) => [each.kind, file.source.slice(each.span.start, each.span.end)])).toEqual([[kind, text]]);
  });

  it.each([
    'a 2>&1', 'a >&2', 'a 2>&-', '[ a = b ] && c > d', 'echo ${a:-b} ${a%c} ${#a} ${a:+d}', 'f() { a; }', 'echo "[[ <(x) {a,b}" \'&>\'', 'echo {} {a}', 'a | b', 'echo $((1+2))', '. a',
  ])('none: %s', (run) => {
    expect(scriptOf(`RUN ${run}`).script.constructs).toEqual([]);
  });
});

describe('pipes', () => {
  it.each([
    ['a | b | c', [['a', 'b', 'c']]],
    ['x && a | (b; c)', [['a', undefined]]],
    ['v=$(a | b) && c "$(d | e)"', [['a', 'b'], ['d', 'e']]],
    ['if a | b; then c; fi', [['a', 'b']]],
    ['echo "a | b" || c', []],
  ])('%s', (run, members) => {
    expect(scriptOf(`RUN ${run}`).script.pipes.map((pipe) => pipe.members.map((each) => each?.name))).toEqual(members);
  });
});

describe('the shell of a script', () => {
  it.each([
    ['FROM debian:12\nRUN a\n', 'sh'],
    ['FROM alpine:3.20\nRUN a\n', 'ash'],
    ['FROM fedora:41\nRUN a\n', 'bash'],
    ['FROM example.com/unknown\nRUN a\n', undefined],
    ['FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN a\n', 'bash'],
    ['FROM debian:12\nRUN ln -sf bash /bin/sh\nRUN a\n', undefined],
    ['FROM debian:12 AS one\nRUN echo "dash dash/sh boolean false" | debconf-set-selections\nFROM one\nRUN a\n', undefined],
    ['FROM debian:12\nRUN <<EOF\n#!/bin/bash\na\nEOF\n', 'bash'],
    ['FROM debian:12\nRUN <<EOF\n#!/usr/bin/env bash\na\nEOF\n', 'bash'],
  ])('%s', (text, shell) => {
    const file = readDockerfile(text);
    const last = file.instructions.at(-1);
    const script = last && file.scripts(last)[0];
    expect(script && shellOf(file, script)).toBe(shell);
  });
});
