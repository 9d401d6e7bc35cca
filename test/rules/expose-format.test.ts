import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/expose-format.ts';
import syntax from '../../rules/correctness/syntax.ts';
import { findings } from './lint.ts';

const base = 'FROM nginx:1.27\n';

describe('expose-format', () => {
  it.each([
    ['EXPOSE 8000-8010:9000-9010/udp\n', 'EXPOSE 9000-9010/udp\n'],
    ['EXPOSE 80,443/tcp,\n', 'EXPOSE 80 443/tcp\n'],
    ['EXPOSE 80 \\\n    8443:443\n', 'EXPOSE 80 \\\n    443\n'],
    ['  EXPOSE 80 443  # both\r\n', '  # both\r\n  EXPOSE 80 443\r\n'],
  ])('%s', (bad, fixed) => {
    expect(findings(rule, base + bad)).toMatchObject([{ fix: { safety: 'safe' }, fixed: base + fixed }]);
    expect(findings(rule, base + fixed)).toEqual([]);
    expect(findings(syntax, base + bad)).toEqual([]);
  });

  it.each(['EXPOSE http\n', 'EXPOSE 80/http\n', 'EXPOSE 90-80\n', 'EXPOSE "8080:80"\n', 'ARG PORT=80:80\nEXPOSE $PORT\n', 'EXPOSE 80 \\\n    # web\n    443 # tls\n'])('no fix: %s', (bad) => {
    expect(findings(rule, base + bad)).toMatchObject([{ fix: undefined }]);
  });

  it.each(['EXPOSE 80 443/tcp 53/udp 8000-8010\n', 'EXPOSE 80/TCP\n', 'EXPOSE $PORT ${PORT:-80}/tcp\n', 'ARG PORTS="80 443"\nEXPOSE $PORTS\n', 'EXPOSE {{port}}\n'])('quiet: %s', (text) => {
    expect(findings(rule, base + text)).toEqual([]);
  });
});
