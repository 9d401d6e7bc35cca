import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../src/model/dockerfile.ts';

/** The value of a name in front of the last instruction of a file. */
function valueAtEnd(source: string, name: string, buildArguments: Readonly<Record<string, string>> = {}): string | null | undefined {
  const file = readDockerfile(source, { buildArguments });
  const last = file.instructions.at(-1);
  if (last === undefined) throw new Error('empty');
  return file.stateAt(last).lookup(name);
}

describe('variables', () => {
  const table: [name: string, source: string, value: string | null | undefined][] = [
    ['an ENV', 'FROM scratch\nENV X=1\nRUN x\n', '1'],
    ['an ENV in the old form', 'FROM scratch\nENV X a b\nRUN x\n', 'a b'],
    ['all values of one ENV see what was before', 'FROM scratch\nENV X=old\nENV X=new Y=$X\nENV X=$Y\nRUN x\n', 'old'],
    ['an ARG default', 'FROM scratch\nARG X=1\nRUN x\n', '1'],
    ['an ARG without a value', 'FROM scratch\nARG X\nRUN x\n', null],
    ['a global ARG is not seen', 'ARG X=1\nFROM scratch\nRUN x\n', null],
    ['a global ARG declared again', 'ARG X=1\nFROM scratch\nARG X\nRUN x\n', '1'],
    ['an own default beats the global one', 'ARG X=1\nFROM scratch\nARG X=2\nRUN x\n', '2'],
    ['a later ARG beats ENV', 'FROM scratch\nENV X=1\nARG X=2\nRUN x\n', '2'],
    ['a later ENV beats ARG', 'FROM scratch\nARG X=2\nENV X=1\nRUN x\n', '1'],
    ['a later ARG without a value leaves ENV', 'FROM scratch\nENV X=1\nARG X\nRUN x\n', '1'],
    ['a name that every object has is not given', 'FROM scratch\nARG constructor\nENV X=${constructor:-1}\nRUN x\n', '1'],
    ['a stage inherits', 'FROM scratch AS a\nENV X=1\nFROM a\nRUN x\n', '1'],
    ['a stage inherits arguments', 'FROM scratch AS a\nARG X=1\nFROM a\nRUN x\n', '1'],
    ['another stage does not', 'FROM scratch AS a\nENV X=1\nFROM scratch\nRUN x\n', null],
    ['an unknown image may set anything', 'FROM example/base\nRUN x\n', undefined],
    ['a value from an unknown one is unknown', 'FROM example/base\nENV X=$Y\nRUN x\n', undefined],
  ];
  it.each(table)('%s', (_, source, value) => {
    expect(valueAtEnd(source, 'X')).toBe(value);
  });

  it('a build argument beats the default, but not an ENV', () => {
    expect(valueAtEnd('FROM scratch\nARG X=1\nRUN x\n', 'X', { X: '9' })).toBe('9');
    expect(valueAtEnd('FROM scratch\nARG X=1\nENV X=2\nRUN x\n', 'X', { X: '9' })).toBe('2');
  });

  it('values that double do not grow without end', () => {
    const source = `FROM scratch\nENV A=aaaaaaaaaa\n${'ENV A=$A$A\n'.repeat(40)}RUN x\n`;
    expect(valueAtEnd(source, 'A')).toBeUndefined();
  });
});

describe('user, working directory and shell', () => {
  it('follow the instructions, relative paths too', () => {
    const file = readDockerfile('FROM scratch\nENV D=app\nWORKDIR /srv\nWORKDIR $D/../x\nUSER 1000:1000\nSHELL ["/bin/bash", "-c"]\nRUN x\n');
    const last = file.instructions.at(-1);
    if (last === undefined) throw new Error('empty');
    const state = file.stateAt(last);
    expect([state.workdir, state.user, state.shell]).toEqual(['/srv/x', '1000:1000', ['/bin/bash', '-c']]);
  });

  it('are inherited from a stage', () => {
    const file = readDockerfile('FROM scratch AS a\nWORKDIR /srv\nUSER me\nFROM a AS b\nRUN x\n');
    const state = file.stateAfterStage(file.stages[1] ?? file.stages[0] ?? (() => { throw new Error('no stage'); })());
    expect([state.workdir, state.user]).toEqual(['/srv', 'me']);
  });
});

describe('stages', () => {
  const source = 'FROM debian AS Build\nFROM build AS test\nFROM debian AS unused\nFROM alpine\nCOPY --from=build /x /x\nCOPY --from=0 /y /y\n';
  const file = readDockerfile(source);

  it('know what they are built on, whatever the case', () => {
    expect(file.stages.map(({ name, parent }) => [name, parent?.name])).toEqual([['build', undefined], ['test', 'build'], ['unused', undefined], [undefined, undefined]]);
  });

  it('the build needs only what the target reaches', () => {
    expect([...file.neededStages].map(({ name }) => name ?? 'last').sort()).toEqual(['build', 'last']);
    expect([...file.shippedStages].map(({ name }) => name ?? 'last')).toEqual(['last']);
  });

  it('a target changes both', () => {
    const aimed = readDockerfile(source, { target: 'TEST' });
    expect([...aimed.shippedStages].map(({ name }) => name)).toEqual(['test', 'build']);
  });
});
