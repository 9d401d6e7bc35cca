import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/apt-recommends.ts';
import { findings } from './lint.ts';

const debian = 'FROM debian:12\n';

describe('finds nothing', () => {
  it.each([
    'RUN apt-get install -y --no-install-recommends nginx\n',
    'RUN apt-get --no-install-recommends install -y nginx\n',
    'RUN apt-get install -y --install-recommends nginx\n',
    'RUN apt-get install -y -o APT::Install-Recommends=false nginx\n',
    'RUN apt-get -oAPT::Install-Recommends=0 install -y nginx\n',
    'RUN aptitude install -y -R nginx\n',
    'RUN echo \'APT::Install-Recommends "0";\' > /etc/apt/apt.conf.d/99lean\nRUN apt-get install -y nginx\n',
    'RUN echo \'APT::Install-Recommends "false";\' | tee /etc/apt/apt.conf && apt-get install -y nginx\n',
    'COPY lean.conf /etc/apt/apt.conf.d/\nRUN apt-get install -y nginx\n',
    'ENV APT_CONFIG=/apt.conf\nRUN apt-get install -y nginx\n',
    'RUN apt-get install -y\n',
    'RUN apt-get update && apt-get upgrade -y && apt-get remove -y nginx\n',
  ])('in %j', (text) => {
    expect(findings(rule, debian + text)).toEqual([]);
  });

  it('in a stage that does not ship', () => {
    expect(findings(rule, 'FROM debian:12 AS build\nRUN apt-get install -y gcc\nFROM debian:12\nCOPY --from=build /a /a\n')).toEqual([]);
  });

  it('where the stage below sets it', () => {
    expect(findings(rule, 'FROM debian:12 AS base\nRUN echo \'APT::Install-Recommends "0";\' > /etc/apt/apt.conf.d/lean\nFROM base\nRUN apt-get install -y nginx\n')).toEqual([]);
  });
});

describe('the fix', () => {
  it.each([
    ['RUN apt-get install nginx -y\n', 'RUN apt-get install --no-install-recommends nginx -y\n'],
    ['RUN apt-get -qq install -y -q nginx && apt install -y vim\n', 'RUN apt-get -qq install -y -q --no-install-recommends nginx && apt install -y --no-install-recommends vim\n'],
    ['RUN apt-get install -y git ca-certificates\n', 'RUN apt-get install -y --no-install-recommends git ca-certificates\n'],
    ['RUN apt-get install -y wget=1.21.3-1+b2\n', 'RUN apt-get install -y --no-install-recommends ca-certificates wget=1.21.3-1+b2\n'],
    ['RUN apt-get install -y ca-certificates\nRUN apt-get install -y --no-install-recommends curl\n', 'RUN apt-get install -y --no-install-recommends ca-certificates\nRUN apt-get install -y --no-install-recommends curl\n'],
    ['RUN apt-get install -y \\\n    # for downloads\n    curl \\\n    vim\n', 'RUN apt-get install -y --no-install-recommends \\\n    # for downloads\n    ca-certificates \\\n    curl \\\n    vim\n'],
    ['RUN apt-get install -y\\\n  nginx\n', 'RUN apt-get install -y --no-install-recommends\\\n  nginx\n'],
    ['RUN ["apt-get", "install", "-y", "curl"]\n', 'RUN ["apt-get", "install", "-y", "--no-install-recommends", "ca-certificates", "curl"]\n'],
  ])('of %j is unsafe', (before, after) => {
    const [found, ...others] = findings(rule, debian + before);
    expect(others).toEqual([]);
    expect(found?.fix?.safety).toBe('unsafe');
    expect(found?.fixed).toBe(debian + after);
  });
});
