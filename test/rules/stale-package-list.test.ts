import { describe, expect, it } from 'vitest';
import rule from '../../rules/cache/stale-package-list.ts';
import { findings } from './lint.ts';

describe('stale-package-list', () => {
  it('speaks where another command stands beside the refresh', () => {
    const text = 'FROM ubuntu:24.04\nRUN add-apt-repository -y ppa:a/b && apt-get update\nRUN apt-get install -y tool\n';
    expect(findings(rule, text)).toMatchObject([{ text: 'apt-get update', message: expect.stringContaining('are two RUN instructions') }]);
  });

  it.each(['apk add --no-cache git', 'apk --no-cache add git', 'apk add -U git'])('is quiet where `%s` asks for the list itself', (install) => {
    expect(findings(rule, `FROM alpine:3.20\nRUN apk update\nRUN ${install}\n`)).toEqual([]);
  });
});
