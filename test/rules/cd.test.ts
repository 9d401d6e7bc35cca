import { describe, expect, it } from 'vitest';
import forWorkdir from '../../rules/style/cd-for-workdir.ts';
import unchecked from '../../rules/shell/unchecked-cd.ts';
import { findings } from './lint.ts';

describe('cd-for-workdir', () => {
  it.each([
    'FROM debian:12\nRUN (cd /a && make)\n',
    'FROM debian:12\nRUN cd /a && make\n',
    'FROM debian:12\nRUN cd /a && make\nWORKDIR b\n',
    'FROM debian:12\nRUN a && cd /b && make\n',
    'FROM debian:12\nRUN cd /a && make && cd /b && make\n',
    'FROM debian:12\nRUN cd /a; make\n',
    'FROM debian:12\nRUN cd /a\n',
    'FROM debian:12\nRUN cd && make\n',
    'FROM debian:12\nRUN cd ~/x && make\n',
    'FROM debian:12\nRUN cd $X && make\n',
    'FROM debian:12\nRUN cd "/a b" && make\n',
    'FROM debian:12\nRUN cd - && make\n',
    'FROM example.com/x\nRUN cd /a && make\n',
    'FROM debian:12\nRUN --mount=type=bind,target=x cd /a && make\n',
    'FROM debian:12\nRUN cd /a && \\\n  # why\n  make\n',
    'FROM debian:12\nRUN <<EOF\ncd /a && make\nEOF\n',
  ])('no fix: %s', (text) => {
    expect(findings(forWorkdir, text)).toMatchObject([{ fix: undefined }]);
  });

  it('is safe where the step is there anyway', () => {
    expect(findings(forWorkdir, 'FROM debian:12\nWORKDIR /a\nWORKDIR b\nRUN cd /a/b/ && make\n')).toMatchObject([{ fix: { safety: 'safe' }, fixed: 'FROM debian:12\nWORKDIR /a\nWORKDIR b\nRUN make\n' }]);
  });

  it('keeps line endings', () => {
    expect(findings(forWorkdir, 'FROM debian:12\r\nRUN cd /a && \\\r\n  make\r\nWORKDIR /b\r\n')[0]?.fixed).toBe('FROM debian:12\r\nWORKDIR /a\r\nRUN make\r\nWORKDIR /b\r\n');
  });

  it.each(['FROM debian:12\nONBUILD RUN cd /a && make\n', 'FROM debian:12\nRUN echo cd && sh -c "cd /a"\n', 'FROM debian:12\nCMD cd /a && run\n'])('quiet: %s', (text) => {
    expect(findings(forWorkdir, text)).toEqual([]);
  });
});

describe('unchecked-cd', () => {
  it.each([
    'RUN cd /a && make; b', 'RUN cd /a || exit 1; make', 'RUN set -e; cd /a; make', 'RUN a; cd /b', 'RUN cd /; make', 'RUN cd /tmp; make', 'RUN cd ..; make', 'RUN cd; make',
    'RUN (cd /a; make) || true', 'RUN ["cd", "/a"]', 'SHELL ["/bin/bash", "-ec"]\nRUN cd /a; make',
  ])('quiet: %s', (run) => {
    expect(findings(unchecked, `FROM debian:12\n${run}\n`)).toEqual([]);
  });

  it('does not mend a cd that stands behind &&', () => {
    expect(findings(unchecked, 'FROM debian:12\nRUN a && cd /b; make\n')).toMatchObject([{ text: 'cd /b', fix: undefined }]);
  });
});
