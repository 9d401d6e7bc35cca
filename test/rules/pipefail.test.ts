import { describe, expect, it } from 'vitest';
import rule from '../../rules/shell/pipefail.ts';
import { findings, fixedText } from './lint.ts';

const every = { options: { every: true } };
const pipe = 'RUN curl -fsSL https://example.com/i | sh\n';

describe('pipefail', () => {
  it.each([
    `FROM debian:12\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\n${pipe}`,
    `FROM alpine:3.20\nSHELL ["/bin/ash", "-o", "pipefail", "-c"]\n${pipe}`,
    `FROM alpine:3.20\nSHELL ["/bin/sh", "-o", "pipefail", "-c"]\n${pipe}`,
    `FROM debian:12 AS a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM a\n${pipe}`,
    'FROM debian:12\nRUN set -euxo pipefail && curl x | sh\n',
    'FROM debian:12\nRUN <<EOF\n#!/bin/bash\nset -o pipefail\ncurl x | sh\nEOF\n',
    'FROM debian:12\nRUN bash -c "a | b" && a || b\n',
    'FROM debian:12\nRUN ["sh", "-c", "a | b"]\n',
    'FROM debian:12\nONBUILD RUN a | b\n',
    'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nRUN a | b\n',
  ])('quiet: %s', (text) => {
    expect(findings(rule, text, every)).toEqual([]);
  });

  it.each([
    `FROM debian:12\nSHELL ["/bin/sh", "-o", "pipefail", "-c"]\n${pipe}`,
    'FROM debian:12\nRUN a | b && set -o pipefail\n',
    'FROM debian:12\nRUN a $(b | c)\n',
    `FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM debian:12\n${pipe}`,
  ])('finds: %s', (text) => {
    expect(findings(rule, text, every)).toHaveLength(1);
  });

  it('asks by default for what matters', () => {
    expect(findings(rule, 'FROM debian:12\nRUN ls | wc -l && cat a | sh && curl -s x | grep y\n')).toEqual([]);
    expect(findings(rule, 'FROM debian:12\nRUN curl x | tar xz && curl x | gpg --dearmor > /k && curl x | base64 -d | gunzip > /f\n')).toEqual([]);
    expect(findings(rule, 'FROM debian:12\nRUN curl x | gpg --dearmor | tee /k\n')).toHaveLength(1);
  });

  it('sets bash once for a stage, where it has one', () => {
    expect(fixedText(rule, `FROM debian:12\n${pipe}${pipe}`)).toBe(`FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n${pipe}${pipe}`);
    expect(fixedText(rule, `FROM debian:12\r\n${pipe}`)).toContain('"-c"]\r\nRUN');
    for (const text of [`FROM alpine:3.20\n${pipe}`, `FROM example.com/x\n${pipe}`, `FROM debian:12\n${pipe}CMD run $X\n`, `FROM debian:12\n${pipe}RUN yes | a\n`, `FROM debian:12\n${pipe}RUN a | head\n`, `FROM debian:12\n${pipe}SHELL ["/bin/sh", "-c"]\n`]) {
      expect(fixedText(rule, text)).toBe(text);
    }
  });
});
