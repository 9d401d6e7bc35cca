import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/broken-continuation.ts';
import syntax from '../../rules/correctness/syntax.ts';
import { findings, fixedText } from './lint.ts';

const base = 'FROM debian:12\n';

describe('lines that certainly continue', () => {
  const cases: readonly (readonly [what: string, broken: string, mended: string])[] = [
    ['a flag', 'RUN adduser \\\n    --uid 1\n    --gid 2 app\n', 'RUN adduser \\\n    --uid 1 \\\n    --gid 2 app\n'],
    ['a quoted word', 'RUN useradd\n    "app"\n', 'RUN useradd \\\n    "app"\n'],
    ['an operator at the end', 'RUN apt-get update &&\napt-get install -y curl\n', 'RUN apt-get update && \\\napt-get install -y curl\n'],
    ['blank lines behind an operator', 'RUN apt-get update &&\n\n    apt-get clean\n', 'RUN apt-get update && \\\n\n    apt-get clean\n'],
    ['comment lines between', 'RUN apt-get update\n    # tools\n    && apt-get clean\n', 'RUN apt-get update \\\n    # tools\n    && apt-get clean\n'],
    ['a semicolon', 'RUN set -e;\n    make\n', 'RUN set -e; \\\n    make\n'],
    ['a branch', 'RUN if true; then\n      make; \\\n    fi\n', 'RUN if true; then \\\n      make; \\\n    fi\n'],
    ['flags without a command', 'RUN --mount=type=cache,target=/c\n    make\n', 'RUN --mount=type=cache,target=/c \\\n    make\n'],
    ['a package in a list', 'RUN apt-get install -y \\\n    git\n    curl \\\n    wget\n', 'RUN apt-get install -y \\\n    git \\\n    curl \\\n    wget\n'],
    ['the first package', 'RUN apk add --no-cache\n    git\n', 'RUN apk add --no-cache \\\n    git\n'],
    ['a JSON array', 'CMD ["python",\n     "app.py"]\n', 'CMD ["python", \\\n     "app.py"]\n'],
    ['a label', 'LABEL a=b\n      c="d e"\n', 'LABEL a=b \\\n      c="d e"\n'],
    ['the CMD of a health check', 'HEALTHCHECK --interval=5s\n    CMD curl -f localhost\n', 'HEALTHCHECK --interval=5s \\\n    CMD curl -f localhost\n'],
    ['blanks at the end of the line', 'RUN make  \n    && make install\n', 'RUN make \\\n    && make install\n'],
    ['several in a row', 'RUN make\n    && make test\n    && make install\n', 'RUN make \\\n    && make test \\\n    && make install\n'],
    ['a quote over many lines', "RUN bash -c 'make &&\n    make install'\n", "RUN bash -c 'make && \\\n    make install'\n"],
  ];

  it.each(cases)('%s', (_what, broken, mended) => {
    expect(fixedText(rule, base + broken, 'safe')).toBe(base + mended);
    expect(findings(rule, base + mended)).toEqual([]);
    expect(findings(syntax, base + broken)).toEqual([]);
  });

  it('keeps carriage returns and a backtick as escape', () => {
    const broken = '# escape=`\r\nFROM debian:12\r\nRUN make\r\n    && make install\r\n';
    expect(fixedText(rule, broken, 'safe')).toBe('# escape=`\r\nFROM debian:12\r\nRUN make `\r\n    && make install\r\n');
  });

  it('points at the line and names what is wrong', () => {
    const [finding, another] = findings(rule, `${base}RUN make\n    && make install\n`);
    expect(finding).toMatchObject({ text: '&& make install', message: 'This line belongs to the RUN above it, but the line before does not end in `\\`.' });
    expect(another).toBeUndefined();
  });

  it('offers no fix where a here-document would take further lines with it', () => {
    const [finding] = findings(rule, `${base}RUN --mount=type=cache,target=/c\n    --network=none <<EOF\nmake\nEOF\n`);
    expect(finding?.fix).toBeUndefined();
  });
});

describe('lines that may be instructions with a mistake', () => {
  it.each([
    ['a mistyped instruction', 'RUN make\nRNU make install\n'],
    ['a command of its own', 'RUN apt-get update\napt-get install -y curl\n'],
    ['an indented command behind a list', 'RUN apt-get install -y python3-pip\n    pip install flask\n'],
    ['the same with flags', 'RUN apt-get install -y git\n    rm -rf /var/lib/apt/lists/*\n'],
    ['one word that may be a command', 'RUN apt-get install -y git\n    make\n'],
    ['a line behind a comment sign', 'RUN make # all\n    && make install\n'],
    ['text in an open quote', 'RUN echo "\n    hello"\n'],
    ['a variable of a template', 'RUN make\n\n$EXTRA_STEPS\n'],
    ['an old ENV', 'ENV a b\n    c=d\n'],
    ['another file type', 'COPY a b\n    c d\n'],
  ])('%s', (_what, text) => {
    expect(findings(rule, base + text)).toEqual([]);
    expect(findings(syntax, base + text).length).toBeGreaterThan(0);
  });

  it('says nothing of a file for another frontend', () => {
    expect(findings(rule, '# syntax=example.com/other:1\nFROM debian:12\nRUN make\n    && make install\n')).toEqual([]);
  });
});
