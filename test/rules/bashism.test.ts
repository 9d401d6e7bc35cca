import { describe, expect, it } from 'vitest';
import rule from '../../rules/shell/bashism.ts';
import { findings } from './lint.ts';

const debian = 'FROM debian:12\n';

describe('bashism', () => {
  it.each([
    ['safe', 'RUN set -e; source ./env; make\n', 'RUN set -e; . ./env; make\n'],
    ['unsafe', 'RUN source ./env; make\n', 'RUN . ./env; make\n'],
    ['unsafe', 'RUN echo -ne "a\\n" > f\n', 'RUN echo -n "a\\n" > f\n'],
    ['unsafe', 'RUN [ a == b ] || [ c == d ]\n', 'RUN [ a = b ] || [ c = d ]\n'],
    ['unsafe', 'RUN make &>> "$LOG" && b\n', undefined],
  ])('%s: %s', (safety, bad, fixed) => {
    const [finding, another] = findings(rule, debian + bad);
    expect(another).toBeUndefined();
    if (fixed === undefined) expect(finding?.fixed).toBe(`${debian}RUN make >> "$LOG" 2>&1 && b\n`);
    else expect(finding).toMatchObject({ fix: { safety }, fixed: debian + fixed });
  });

  it.each([
    ['RUN source activate app\n', 'source'],
    ['RUN source ./env x\n', 'source'],
    ['RUN echo -e "\\e[1m"\n', '-e'],
    ['RUN pushd /a && make\n', 'pushd'],
    ['RUN for i in {1..5}; do a; done\n', '{1..5}'],
    ['CMD [[ -f /x ]] && run\n', '[['],
    ['ONBUILD RUN [[ -f /x ]]\n', '[['],
    ['HEALTHCHECK CMD [[ -f /x ]]\n', '[['],
  ])('no fix: %s', (bad, text) => {
    expect(findings(rule, debian + bad)).toMatchObject([{ text, fix: undefined }]);
  });

  it('names each kind once, with all its places', () => {
    expect(findings(rule, `${debian}RUN if [[ a ]]; then b; elif [[ c ]]; then d; fi && e &> f\n`).map(({ text }) => text)).toEqual(['[[', '&>']);
  });

  it.each([
    'FROM fedora:41\nRUN [[ a ]] && source b\n',
    'FROM example.com/x\nRUN [[ a ]]\n',
    'FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN [[ a ]]\n',
    'FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\nRUN [[ a ]]\n',
    'FROM debian:12\nRUN <<EOF\n#!/bin/bash\n[[ a ]]\nEOF\n',
    'FROM debian:12\nRUN bash -c "[[ a ]] && source b"\n',
    'FROM debian:12\nRUN ["echo", "-e", "x"]\n',
    'FROM debian:12\nRUN /bin/echo -e a && printf a && echo -n b && [ "==" = a ]\n',
    'FROM debian:12\nRUN curl -O "https://example.com/{a,b}" && curl -O https://example.com/{a,b}\n',
    'FROM alpine:3.20\nRUN [[ a == b ]] && source ./c && echo -e d &> e && function f { g; }\n',
    'FROM debian:12 AS unused\nRUN [[ a ]]\nFROM debian:12\n',
  ])('quiet: %s', (text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});
