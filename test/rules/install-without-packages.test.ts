import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/install-without-packages.ts';
import { findings } from './lint.ts';

const base = 'FROM debian:12\n';
const nothing = 'apt-get install -y';

describe('install-without-packages', () => {
  it.each([
    ['first of a chain', `RUN ${nothing} && make\n`, 'RUN make\n'],
    ['last, the line above goes on', `RUN make \\\n    && ${nothing}\n`, 'RUN make\n'],
    ['behind a refresh that a later install needs', `RUN apt-get update && ${nothing}\nRUN apt-get install -y curl\n`, 'RUN apt-get update\nRUN apt-get install -y curl\n'],
    ['with a refresh and a clean-up', `RUN apt-get update && ${nothing} && apt-get clean && rm -rf /var/lib/apt/lists/*\nCMD ["x"]\n`, 'CMD ["x"]\n'],
    ['with a refresh and more', `RUN apt-get update && ${nothing} && rm -rf /tmp/x\nCMD ["x"]\n`, 'RUN apt-get update && rm -rf /tmp/x\nCMD ["x"]\n'],
    ['with a refresh that nothing needs', `RUN apt-get update && ${nothing}\nCMD ["x"]\n`, 'CMD ["x"]\n'],
    ['operators at the end', `RUN make && \\\n    ${nothing} && \\\n    make install\n`, 'RUN make && \\\n    make install\n'],
    ['two commands on a line', `RUN make \\\n    && ${nothing} && make install\n`, 'RUN make \\\n    && make install\n'],
    ['semicolons', `RUN make; ${nothing}; make install\n`, 'RUN make; make install\n'],
    ['a semicolon before', `RUN make; ${nothing} && make install\n`, 'RUN make; make install\n'],
    ['a semicolon behind', `RUN make && ${nothing}; make install\n`, 'RUN make; make install\n'],
    ['a comment of the next command', `RUN make \\\n    && ${nothing} \\\n    # both\n    && make install\n`, 'RUN make \\\n    # both\n    && make install\n'],
    ['glued to the line break', `RUN make\\\n    && ${nothing} \\\n    && make install\n`, 'RUN make \\\n    && make install\n'],
    ['carriage returns', `RUN make \\\r\n    && ${nothing} \\\r\n    && make install\r\n`, 'RUN make \\\r\n    && make install\r\n'],
  ])('safe: %s', (_what, bad, fixed) => {
    expect(findings(rule, base + bad)).toMatchObject([{ text: nothing, fix: { safety: 'safe' }, fixed: base + fixed }]);
  });

  it.each([
    ['dpkg left packages half done', `RUN dpkg -i a.deb; ${nothing}; make\n`],
    ['a flag may do more', 'RUN apt-get install -y --download-only && make\n'],
    ['of apk, which writes its index', 'RUN apk add && make\n'],
  ])('unsafe where %s', (_what, bad) => {
    expect(findings(rule, base + bad)).toMatchObject([{ fix: { safety: 'unsafe' } }]);
  });

  it.each([
    ['it is all there is', `RUN ${nothing}\n`],
    ['it guards another command', `RUN ${nothing} || make\n`],
    ['it may not run', `RUN if true; then ${nothing}; make; fi\n`],
    ['its output is kept', `RUN ${nothing} > /log && make\n`],
    ['it stands in a pipeline', `RUN yes | ${nothing} && make\n`],
    ['the install fails', 'RUN yum install -y && make\n'],
    ['a here-document may have lost a backslash', `RUN <<EOF\n${nothing}\ncurl\nEOF\n`],
    ['comments stand on both sides', `RUN make \\\n    # one\n    && ${nothing} \\\n    # two\n    && make install\n`],
  ])('no fix where %s', (_what, bad) => {
    const found = findings(rule, base + bad);
    expect(found).toMatchObject([{ fix: undefined }]);
  });

  it.each([
    'RUN apt-get install -y $PACKAGES\n',
    'RUN apt-get install -y $(cat packages.txt)\n',
    'RUN cat packages.txt | xargs apt-get install -y\n',
    'RUN apt-get install -y \\\n    # tools\n    curl\n',
    'RUN dpkg -i a.deb || apt-get install -fy\n',
    'RUN apt-get install -y --fix-broken\n',
    'RUN apk add --no-cache --virtual .empty\n',
    'RUN apt-get install --help\n',
    'RUN pip install -r requirements.txt\n',
    'RUN pip install -e .\n',
    'RUN npm install && yarn install && bundle install && poetry install\n',
    'RUN apt-get install -y\n    curl\n',
  ])('quiet: %s', (text) => {
    expect(findings(rule, base + text)).toEqual([]);
  });

  it('speaks without a FROM too', () => {
    expect(findings(rule, `RUN apt-get update && ${nothing}\n`)).toHaveLength(1);
  });
});
