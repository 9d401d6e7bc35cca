import { describe, expect, it } from 'vitest';
import curl from '../../rules/shell/curl-without-fail.ts';
import piped from '../../rules/security/piped-download.ts';
import plain from '../../rules/security/plain-http-download.ts';
import progress from '../../rules/style/wget-progress.ts';
import { findings } from './lint.ts';

const base = 'FROM debian:12\n';

describe('curl-without-fail', () => {
  it.each([
    'curl -fsSL x | sh', 'curl -sSLf x -o y', 'curl --fail -o y x', 'curl --fail-with-body x > y', 'curl x', 'curl -I x > y', 'curl -w "%{http_code}" -o y x', 'curl x | tar xz',
    'curl -o t.zip x && unzip t.zip', 'curl -o t x && sha256sum -c sums', 'curl -X POST x | cat', 'curl http://localhost/x > y', 'curl x 2> y', 'wget x -O y',
  ])('quiet: %s', (run) => {
    expect(findings(curl, `${base}RUN ${run}\n`)).toEqual([]);
  });

  it.each(['curl -F a=b -o c x', 'curl -sSo/tmp/f x', 'set -o pipefail; curl -H "a: f" x | cat', 'set -o pipefail; v=$(curl x | grep y)', 'curl -O x'])('finds: %s', (run) => {
    expect(findings(curl, `${base}RUN ${run}\n`)).toMatchObject([{ text: 'curl', fix: { safety: 'unsafe' } }]);
  });
});

describe('piped-download', () => {
  it.each(['curl x | sudo -E bash -', 'bash <(curl x)', 'eval "$(wget -qO- x)"', 'curl x | tac | tac | sh', 'curl x | php -- --quiet'])('finds: %s', (run) => {
    expect(findings(piped, `${base}RUN ${run}\n`).length).toBe(run.includes('php') ? 0 : 1);
  });

  it.each(['curl x | tar xz', 'curl x | python3 -m json.tool', 'curl x | bash -c "cat"', 'curl -o i x && sh i', 'echo x | sh', 'curl x | tee i | sha256sum -c && sh i'])('quiet: %s', (run) => {
    expect(findings(piped, `${base}RUN ${run}\n`)).toEqual([]);
  });
});

describe('plain-http-download', () => {
  it.each(['RUN wget http://example.com/a.deb', 'RUN curl http://example.com/i | sh', 'RUN curl http://example.com/$V/a.tgz -o b', 'ADD http://example.com/a.zip?x=1 /'])('finds: %s', (text) => {
    expect(findings(plain, `${base}${text}\n`)).toHaveLength(1);
  });

  it.each([
    'RUN curl http://localhost:80/a.zip', 'RUN curl http://proxy/a.zip', 'RUN curl http://10.0.0.1/a.zip', 'RUN curl -x http://proxy.example.com/a.zip https://b', 'RUN curl http://$HOST/a.zip',
    'RUN curl http://example.com/index.html -o a', 'RUN curl http://example.com/a.zip && sha256sum -c b', 'RUN echo "deb http://deb.debian.org/debian x.deb" > /etc/apt/sources.list',
    'ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d http://example.com/a.zip /',
  ])('quiet: %s', (text) => {
    expect(findings(plain, `${base}${text}\n`)).toEqual([]);
  });
});

describe('wget-progress', () => {
  it.each(['wget -q x', 'wget -qO- x', 'wget -nv x', 'wget -nvO y x', 'wget -o log x', 'wget --progress=dot x', 'wget --quiet x', 'wget --no-verbose x', 'wget --version', 'curl x', '$(which wget) x'])('quiet: %s', (run) => {
    expect(findings(progress, `${base}RUN ${run}\n`)).toEqual([]);
  });

  it.each([
    [base, 'wget -nc x', 'safe'],
    [base, 'wget -O/a/q x', 'safe'],
    [base, 'sudo wget x', 'safe'],
    [base, 'wget x 2> log', 'unsafe'],
    [base, 'a=$(wget x)', 'unsafe'],
    ['FROM example.com/x\n', 'wget x', 'unsafe'],
    ['FROM alpine:3.20\n', 'wget x', undefined],
  ])('%s %s: %s', (from, run, safety) => {
    expect(findings(progress, `${from}RUN ${run}\n`).map(({ fix }) => fix?.safety)).toEqual([safety]);
  });
});
