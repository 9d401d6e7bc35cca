import { describe, expect, it } from 'vitest';
import rule from '../../rules/cache/volatile-arg-early.ts';
import { findings, fixedText } from './lint.ts';

const install = 'RUN apt-get update && apt-get install -y curl\n';

describe('moves of volatile-arg-early', () => {
  it.each([
    ['a label of two values stays behind both', `ARG GIT_COMMIT\nARG BUILD_DATE\n${install}LABEL a=$GIT_COMMIT b=$BUILD_DATE\nCMD ["a"]\n`,
      `${install}ARG GIT_COMMIT\nARG BUILD_DATE\nLABEL a=$GIT_COMMIT b=$BUILD_DATE\nCMD ["a"]\n`],
    ['two values in front of their use', `ARG GIT_COMMIT\nARG BUILD_DATE\n${install}RUN echo $GIT_COMMIT $BUILD_DATE > /v\n`,
      `${install}ARG GIT_COMMIT\nARG BUILD_DATE\nRUN echo $GIT_COMMIT $BUILD_DATE > /v\n`],
    ['the ARG behind an ENV of a volatile name', `ARG ID\nENV BUILD_ID=$ID\n${install}CMD ["a"]\n`, `${install}ARG ID\nENV BUILD_ID=$ID\nCMD ["a"]\n`],
    ['a comment keeps its distance', `\n# The commit\nARG GIT_COMMIT=unknown\n\n${install}\nCMD ["a"]\n`, `\n${install}\n# The commit\nARG GIT_COMMIT=unknown\n\nCMD ["a"]\n`],
    ['CRLF', `ARG GIT_COMMIT\n${install}RUN echo $GIT_COMMIT\n`.replaceAll('\n', '\r\n'), `${install}ARG GIT_COMMIT\nRUN echo $GIT_COMMIT\n`.replaceAll('\n', '\r\n')],
  ])('%s', (_name, text, expected) => {
    expect(fixedText(rule, `FROM debian:12\n${text}`, 'safe')).toBe(`FROM debian:12\n${expected}`);
  });

  it.each([
    ['an ENV whose argument stays above', `ARG ID=1\nARG OTHER\nENV BUILD_ID=x$OTHER\n${install}CMD ["a"]\n`],
    ['an ENV that every program reads', `ARG GIT_SHA\nENV PATH=/opt/$GIT_SHA/bin:$PATH\n${install}CMD ["a"]\n`],
    ['a RUN that writes all variables down', 'ARG GIT_COMMIT\nRUN env | grep ^GIT_ > /etc/built-from\nCMD ["a"]\n'],
    ['a label that another one sets anew', `ARG GIT_COMMIT\nLABEL a=$GIT_COMMIT\nLABEL a=b\n${install}CMD ["a"]\n`],
    ['a cache buster', `ARG CACHEBUST\n${install}`],
  ])('is quiet about %s', (_name, text) => {
    expect(findings(rule, `FROM debian:12\n${text}`)).toEqual([]);
  });
});
