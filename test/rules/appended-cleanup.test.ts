import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/apt-lists-left.ts';
import { findings } from './lint.ts';

const fixed = (run: string): string | undefined => findings(rule, `FROM debian:12\n${run}`)[0]?.fixed?.replace('FROM debian:12\n', '');

describe('where the cleanup goes', () => {
  it.each([
    ['a line of its own where steps have theirs', 'RUN apt-get update \\\n  && apt-get install -y a \\\n  && mkdir /b && mkdir /c\n',
      'RUN apt-get update \\\n  && apt-get install -y a \\\n  && mkdir /b && mkdir /c \\\n  && rm -rf /var/lib/apt/lists/*\n'],
    ['operators at the ends of lines', 'RUN apt-get update && \\\n    apt-get install -y a && mkdir /b\n',
      'RUN apt-get update && \\\n    apt-get install -y a && mkdir /b && \\\n    rm -rf /var/lib/apt/lists/*\n'],
    ['`set -e` and semicolons', 'RUN set -ex; \\\n    apt-get update; \\\n    apt-get install -y a\n',
      'RUN set -ex; \\\n    apt-get update; \\\n    apt-get install -y a; \\\n    rm -rf /var/lib/apt/lists/*\n'],
    ['semicolons without `set -e`', 'RUN apt-get update; apt-get install -y a; mkdir /b\n', 'RUN apt-get update; apt-get install -y a; mkdir /b && rm -rf /var/lib/apt/lists/*\n'],
    ['a branch at the end', 'RUN set -e; apt-get update; if true; then apt-get install -y a; fi\n',
      'RUN set -e; apt-get update; if true; then apt-get install -y a; fi; rm -rf /var/lib/apt/lists/*\n'],
    ['a branch without `set -e`', 'RUN if true; then apt-get update \\\n  && apt-get install -y a; \\\n  fi\n',
      'RUN if true; then apt-get update \\\n  && apt-get install -y a; \\\n  fi \\\n  && rm -rf /var/lib/apt/lists/*\n'],
  ])('%s', (_name, run, expected) => {
    expect(fixed(run)).toBe(expected);
  });

  it.each([
    ['a script in another language that sets the machine up', 'RUN python3 scripts/install_dependencies.py --prod\n', 'unsafe'],
    ['a package that is built', 'RUN python3 setup.py install\n', 'safe'],
  ])('%s', (_name, later, safety) => {
    expect(findings(rule, `FROM debian:12\nRUN apt-get update && apt-get install -y python3\n${later}`)[0]?.fix?.safety).toBe(safety);
  });
});
