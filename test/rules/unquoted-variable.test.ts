import { describe, expect, it } from 'vitest';
import rule from '../../rules/shell/unquoted-variable.ts';
import { findings } from './lint.ts';

describe('unquoted-variable', () => {
  it.each([
    ['ARG A\nRUN [ $A = b ]', '$A', 'RUN [ "$A" = b ]'],
    ['ARG A=\nRUN test ${A} = b', '${A}', 'RUN test "${A}" = b'],
    ['ARG A\nRUN [ -n $A ] && c', '$A', 'RUN [ -n "$A" ] && c'],
    ['ARG TARGETVARIANT\nRUN [ $TARGETVARIANT = v7 ]', '$TARGETVARIANT', 'RUN [ "$TARGETVARIANT" = v7 ]'],
    ['ENV A="x y"\nRUN [ $A = b ]', '$A', 'RUN [ "$A" = b ]'],
    ['ARG A\nRUN rm -r "$A/lib"', '$A', 'RUN rm -r "${A:?}/lib"'],
    ['RUN A=$(grep x y); [ $A = b ]', '$A', 'RUN A=$(grep x y); [ "$A" = b ]'],
  ])('%s', (text, at, run) => {
    const [finding, another] = findings(rule, `FROM debian:12\n${text}\n`);
    expect(another).toBeUndefined();
    expect(finding).toMatchObject({ text: at, fix: { safety: 'unsafe' } });
    expect(finding?.fixed?.trimEnd().endsWith(run)).toBe(true);
  });

  it.each([
    'ARG A=b\nRUN [ $A = b ] && rm -rf $A/x', 'ENV A=/x\nRUN rm -rf $A/y', 'ARG A\nRUN [ "$A" = b ] && [ x$A = xb ]', 'ARG A\nRUN [ $A ] && [ -z $A ]', 'ARG A\nRUN if [ -n "$A" ]; then [ $A = b ]; fi',
    'ARG A\nRUN rm -f $A/x && rm -rf /x/$A', 'RUN [ $HOME_OF_BASE = b ]', 'ARG TARGETARCH\nRUN [ $TARGETARCH = arm64 ]', 'RUN for f in a b; do [ $f = a ] && rm -rf $f/x; done', 'RUN A=$(mktemp -d) && rm -rf $A/x',
    'ENV A="a b"\nRUN cp $A /x && rm $A', 'ARG A\nRUN rm -rf ${A:-/x}/y', 'RUN [ $? = 0 ] && [ $1 = a ]', 'RUN read A; [ $A = b ]', 'ARG A\nRUN cp $A /b',
  ])('quiet: %s', (text) => {
    expect(findings(rule, `FROM debian:12\n${text}\n`)).toEqual([]);
  });
});
