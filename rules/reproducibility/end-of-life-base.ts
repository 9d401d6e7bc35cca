import { endOfLife } from '../../src/model/end-of-life.ts';
import { defineRule } from '../../src/rule.ts';

export default defineRule({
  summary: 'Base image past its end of life',
  why: `A release past its end of life gets no security fixes: each hole found since then stays open in the image. Its packages move to
archives, or leave the mirrors, so that one day the build itself fails.

Which release to go to only the author can tell, so there is no fix. The dates are those the makers announced; paid support for longer is
not counted. The facts are part of this release: a base that ended since is found after an update.`,
  severity: 'info',
  examples: [
    { bad: 'FROM node:16-slim\nCMD ["node", "server.js"]\n', good: 'FROM node:24-slim\nCMD ["node", "server.js"]\n' },
    { bad: 'FROM python:3.11-slim-buster\nCMD ["python3"]\n', good: 'FROM python:3.11-slim-bookworm\nCMD ["python3"]\n' },
    { bad: 'ARG RELEASE=7\nFROM centos:${RELEASE}\nCMD ["bash"]\n', good: 'ARG RELEASE=9\nFROM rockylinux:${RELEASE}\nCMD ["bash"]\n' },
    {
      bad: 'FROM mcr.microsoft.com/dotnet/aspnet:6.0\nCOPY out /app\n',
      good: 'FROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY out /app\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      const { image, imageWord, facts } = stage;
      if (image === undefined || imageWord === undefined || !file.neededStages.has(stage)) continue;
      const ended = endOfLife(image, facts);
      if (ended === undefined) continue;
      yield { at: imageWord.span, message: `${ended.what} has had no security fixes since ${ended.since}; build on a release that gets them.` };
    }
  },
});
