import { describe, expect, it } from 'vitest';
import stale from '../../rules/cache/stale-package-list.ts';
import mergeable from '../../rules/size/mergeable-runs.ts';
import { findings, fixedText } from './lint.ts';

const joined = (text: string): string => fixedText(mergeable, `FROM debian:12\n${text}`, 'safe').replace('FROM debian:12\n', '');

describe('joined RUNs', () => {
  it.each([
    ['the layout of the second, where the first is one line', 'RUN mkdir /a\nRUN mkdir /b && \\\n  mkdir /c\n', 'RUN mkdir /a && \\\n  mkdir /b && \\\n  mkdir /c\n'],
    ['its indentation too', 'RUN groupadd -r a\nRUN useradd -g a b \\\n && mkdir /b\n', 'RUN groupadd -r a \\\n && useradd -g a b \\\n && mkdir /b\n'],
    ['the layout of the first before all', 'RUN mkdir /a \\\n  && mkdir /b\nRUN mkdir /c && \\\n    mkdir /d\n', 'RUN mkdir /a \\\n  && mkdir /b \\\n  && mkdir /c && \\\n    mkdir /d\n'],
    ['tabs', 'RUN mkdir /a && \\\n\tmkdir /b\nRUN mkdir /c\n', 'RUN mkdir /a && \\\n\tmkdir /b && \\\n\tmkdir /c\n'],
    ['arguments on lines of their own are no layout', 'RUN mkdir /a\nRUN mkdir \\\n        /b\n', 'RUN mkdir /a \\\n    && mkdir \\\n        /b\n'],
    ['one cleanup for both', 'RUN dnf install -y a && dnf clean all\nRUN dnf install -y b && dnf clean all\n', 'RUN dnf install -y a \\\n    && dnf install -y b && dnf clean all\n'],
    ['on lines of their own', 'RUN dnf install -y a \\\n && dnf clean all\nRUN dnf install -y b \\\n && dnf clean all\n', 'RUN dnf install -y a \\\n && dnf install -y b \\\n && dnf clean all\n'],
    ['two cleanups that differ', 'RUN dnf install -y a && dnf clean all\nRUN dnf install -y b && rm -rf /var/cache/dnf\n',
      'RUN dnf install -y a && dnf clean all \\\n    && dnf install -y b && rm -rf /var/cache/dnf\n'],
  ])('%s', (_name, text, expected) => {
    expect(joined(text)).toBe(expected);
  });

  it.each([
    ['an install behind lists that were removed', 'RUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y b\n'],
    ['a folder that is entered', 'RUN cd /tmp && mkdir a\nRUN mkdir b\n'],
    ['a variable', 'RUN A=1 && mkdir /x\nRUN mkdir /y$A\n'],
    ['a mask', 'RUN umask 002 && mkdir /x\nRUN mkdir /y\n'],
    ['a shell comment', 'RUN mkdir /x # first\nRUN mkdir /y\n'],
    ['another shell between', 'RUN mkdir /x\nSHELL ["/bin/bash", "-c"]\nRUN mkdir /y\n'],
    ['other mounts', 'RUN --mount=type=tmpfs,target=/t mkdir /x\nRUN mkdir /y\n'],
    ['an exit status nobody asks for', 'RUN mkdir /x; true\nRUN mkdir /y\n'],
    ['an empty file system for each', 'RUN --mount=type=tmpfs,target=/t touch /t/x\nRUN --mount=type=tmpfs,target=/t cp -r /t /seen\n'],
    ['writes into a bind that go with the step', 'RUN --mount=type=bind,source=a,target=/a,rw touch /a/x\nRUN --mount=type=bind,source=a,target=/a,rw cp -r /a /seen\n'],
    ['memory that goes with the step', 'RUN touch /dev/shm/x\nRUN mkdir /y\n'],
    ['another program behind the name of the shell', 'RUN ln -snf bash /bin/sh\nRUN mkdir -p /srv/{a,b}\n'],
    ['groups of the user who runs it', 'RUN usermod -g users root\nRUN touch /x\n'],
    ['a file that bash reads first', 'SHELL ["/bin/bash", "-c"]\nENV BASH_ENV=/etc/first\nRUN mkdir /x\nRUN mkdir /y\n'],
    ['a shell that reads profiles', 'SHELL ["/bin/bash", "-lc"]\nRUN mkdir /x\nRUN mkdir /y\n'],
    ['a comment for a linter', 'RUN mkdir /x\n# hadolint ignore=DL3059\nRUN mkdir /y\n'],
  ])('stays apart: %s', (_name, text) => {
    expect(findings(mergeable, `FROM debian:12\n${text}`)).toEqual([]);
  });

  it('joins the refresh in the layout of the install', () => {
    expect(fixedText(stale, 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y a && \\\n  apt-get clean\n', 'safe'))
      .toBe('FROM debian:12\nRUN apt-get update && \\\n  apt-get install -y a && \\\n  apt-get clean\n');
  });
});
