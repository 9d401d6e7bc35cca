import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/no-workdir.ts';
import { findings } from './lint.ts';

describe('no-workdir', () => {
  it.each([
    ['FROM debian:12\nADD app.tar.gz ./\n', './'],
    ['FROM debian:12\nARG DIR=app\nCOPY . $DIR\n', '$DIR'],
    ['FROM debian:12 AS a\nFROM a\nCOPY . .\n', '.'],
    ['FROM debian:12\nCOPY ["a b", "c"]\n', '"c"'],
    ['FROM debian:12\nCOPY package.json .\nCOPY src ./src\n', './src'],
    ['FROM debian:12\nCOPY a.sh b.sh ./\n', './'],
    ['FROM nginx:1.27\nCOPY index.html usr/share/nginx/html\n', 'usr/share/nginx/html'],
    ['RUN mkdir scripts\nCOPY scripts scripts\n', 'scripts'],
  ])('%s', (text, at) => {
    expect(findings(rule, text)).toMatchObject([{ text: at }]);
  });

  it('speaks once a stage', () => {
    expect(findings(rule, 'FROM debian:12 AS a\nCOPY b c\nCOPY d e\nFROM debian:12\nCOPY --from=a c c\n')).toHaveLength(2);
  });

  it.each([
    'FROM debian:12\nWORKDIR /app\nCOPY . .\n',
    'FROM debian:12\nWORKDIR /\nCOPY . .\n',
    'FROM debian:12\nWORKDIR app\nCOPY . .\n',
    'FROM debian:12 AS a\nWORKDIR /app\nFROM a\nCOPY . .\n',
    'FROM golang:1.23\nCOPY . .\n',
    'FROM registry.example.com/base:1\nCOPY . .\n',
    'FROM scratch\nCOPY app app\n',
    'FROM debian:12\nCOPY . /app\nCOPY c:/a C:/b\n',
    'FROM debian:12\nARG DIR\nCOPY . $DIR\n',
    'FROM debian:12\nONBUILD COPY . .\n',
    'FROM debian:12 AS idle\nCOPY . .\nFROM debian:12\nRUN make\n',
    'WORKDIR /app\nCOPY . .\n',
    'FROM debian:12\nCOPY --chmod=755 docker/entrypoint.sh entrypoint.sh\nADD environment.yml ./environment.yml\nCOPY --from=example/tool:1 /opt/run.sh .\n',
    'FROM debian:12 AS build\nCOPY install.sh install.sh\nRUN sh install.sh\nFROM debian:12\nCOPY --from=build /opt /opt\n',
  ])('quiet: %s', (text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});
