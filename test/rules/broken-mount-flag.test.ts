import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/broken-mount-flag.ts';
import { findings, fixedText } from './lint.ts';

const base = 'FROM debian:12\n';
const mount = 'RUN --mount=type=cache,target=/c';

describe('broken-mount-flag', () => {
  it.each([
    ['on one line', `${mount} && make\n`, `${mount} make\n`],
    ['glued to the escape character', `${mount} &&\\\n    make\n`, `${mount} \\\n    make\n`],
    ['in front of a later line', `${mount} \\\n\n    &&   make && make install\n`, `${mount} \\\n\n    make && make install\n`],
    ['between two flags', `${mount} && --mount=type=tmpfs,target=/t && make\n`, `${mount} --mount=type=tmpfs,target=/t make\n`],
    ['behind ONBUILD', `ONBUILD ${mount} && make\n`, `ONBUILD ${mount} make\n`],
    ['with carriage returns', `${mount} && \\\r\n    make\r\n`, `${mount} \\\r\n    make\r\n`],
  ])('%s', (_what, bad, good) => {
    expect(fixedText(rule, base + bad, 'safe')).toBe(base + good);
    expect(findings(rule, base + good)).toEqual([]);
  });

  it.each([
    ['nothing follows', `${mount} &&\n`],
    ['a JSON array follows', `${mount} && ["make"]\n`],
    ['a here-document follows', `${mount} && <<EOF\nmake\nEOF\n`],
    ['an unknown flag follows', `${mount} && --version\n`],
  ])('no fix where %s', (_what, bad) => {
    const [finding] = findings(rule, base + bad);
    expect(finding).toMatchObject({ text: '&&', fix: undefined });
  });

  it.each([`${mount} make && make install\n`, `${mount} &>/log make\n`, 'RUN make && make install\n', 'COPY --chmod=755 a /b\n'])('quiet: %s', (text) => {
    expect(findings(rule, base + text)).toEqual([]);
  });
});
