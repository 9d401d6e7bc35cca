import { isMovingTag } from '../../src/model/official-images.ts';
import { defineRule } from '../../src/rule.ts';

export default defineRule({
  summary: 'Base image with the tag `latest`, or one that names no version',
  why: `\`latest\` moves with every release of the image, so two builds of the same Dockerfile may differ, and an old build can't be
repeated. The same goes for \`latest-gpu\`, and for \`alpine\` or \`slim\` alone on the image of a language or a
server. Name the version you build on; only you know which.`,
  severity: 'warning',
  sources: ['hadolint/DL3007', 'trivy/DS-0001', 'checkov/CKV_DOCKER_7'],
  examples: [
    { bad: 'FROM node:latest\nCMD ["node"]\n', good: 'FROM node:22.11\nCMD ["node"]\n' },
    { bad: 'FROM python:slim\nCMD ["python"]\n', good: 'FROM python:3.13-slim\nCMD ["python"]\n' },
    { bad: 'ARG TAG=latest\nFROM node:$TAG\nCMD ["node"]\n', good: 'ARG TAG=22.11\nFROM node:$TAG\nCMD ["node"]\n' },
  ],
  * check({ file }) {
    for (const { image, imageWord } of file.stages) {
      if (image === undefined || !isMovingTag(image) || image.digest !== undefined || imageWord === undefined) continue;
      const message = `\`${image.text}\` moves with every release of the image; name a version.`;
      // Others look at the one tag only.
      yield { at: imageWord.span, message, ...(image.tag !== 'latest' && { sources: [] }) };
    }
  },
});
