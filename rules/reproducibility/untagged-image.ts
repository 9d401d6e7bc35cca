import { isLocalName } from '../../src/model/official-images.ts';
import { defineRule } from '../../src/rule.ts';

export default defineRule({
  summary: 'Base image without a tag',
  why: `An image without a tag is \`latest\`: whatever was published last. The same Dockerfile then builds on another release
tomorrow, with other libraries, and nothing in the file says why the build broke. Name the version you build on; only you know which.

Names such as \`deps\` that no registry serves are contexts that the build is given by name (\`--build-context\`): they are named only where
hadolint's code is asked for.`,
  severity: 'warning',
  sources: ['hadolint/DL3006', 'trivy/DS-0001', 'checkov/CKV_DOCKER_7'],
  examples: [
    { bad: 'FROM python\nRUN python --version\n', good: 'FROM python:3.12\nRUN python --version\n' },
    { bad: 'FROM ghcr.io/acme/base AS build\n', good: 'FROM ghcr.io/acme/base:2.4 AS build\n' },
  ],
  * check({ file }) {
    for (const { image, imageWord } of file.stages) {
      // A tag or digest that a variable may bring along is the variable's business.
      if (image === undefined || imageWord === undefined || imageWord.text.startsWith('$')) continue;
      if (image.tag !== undefined || image.digest !== undefined) continue;
      const message = `\`${image.text}\` has no tag, so each build may start from another release; name a version.`;
      const onRequest = isLocalName(image) || imageWord.text.includes('$');
      yield { at: imageWord.span, message, ...(onRequest && { onRequest, sources: ['hadolint/DL3006'] }) };
    }
  },
});
