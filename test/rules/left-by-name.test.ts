import { describe, expect, it } from 'vitest';
import cacheMount from '../../rules/cache/use-cache-mount.ts';
import aptLists from '../../rules/size/apt-lists-left.ts';
import mergeable from '../../rules/size/mergeable-runs.ts';
import pipCache from '../../rules/size/pip-cache.ts';
import { fixedText } from './lint.ts';

describe('fixes that would take away what a later step asks for by name', () => {
  it.each([
    ['a glob of `rm`', aptLists, 'FROM alpine:3.20\nRUN apk -U add bash\nRUN apk del bash && rm /var/cache/apk/*\n'],
    ['the lists', aptLists, 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN rm -r /var/lib/apt/lists/*\n'],
    ['the cache of pip', pipCache, 'FROM python:3.12\nRUN pip install flask\nRUN rm -r /root/.cache/pip\n'],
    ['the folder above it', pipCache, 'FROM python:3.12\nRUN pip install flask\nRUN rm -r ~/.cache\n'],
    ['the cache of pip, copied', pipCache, 'FROM python:3.12 AS build\nRUN pip install flask\nFROM python:3.12-slim\nCOPY --from=build /root/.cache /root/.cache\nCMD ["a"]\n'],
    ['the cache of npm', cacheMount, 'FROM node:22\nRUN npm ci\nRUN rm -r /root/.npm\n'],
    ['the manager itself', aptLists, 'FROM centos:7\nRUN yum install -y a && rpm -e --nodeps python python-libs\n'],
    ['what the manager is written in', aptLists, 'FROM centos:7\nRUN yum install -y a && yum remove -y python\n'],
  ])('%s', (_name, rule, text) => {
    expect(fixedText(rule, text, 'unsafe')).toBe(text);
  });

  it.each([
    ['a cleanup that does not mind', aptLists, 'FROM alpine:3.20\nRUN apk -U add bash\nRUN rm -rf /var/cache/apk/*\n'],
    ['a package of the same family', aptLists, 'FROM centos:7\nRUN yum install -y a && yum remove -y python3-pip\n'],
    ['an install in two pieces', mergeable, 'FROM debian:12\nRUN apt-get update && apt-get install -y a\nRUN apt-get install -y b && ln -s b /c\n'],
  ])('still mends: %s', (_name, rule, text) => {
    expect(fixedText(rule, text, 'safe')).not.toBe(text);
  });

  it('leaves an install apart that a download stands in front of', () => {
    const text = 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs\n';
    expect(fixedText(mergeable, text, 'safe')).toBe(text);
  });
});
