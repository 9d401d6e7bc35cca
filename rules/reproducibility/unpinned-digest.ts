import { readImage } from '../../src/dockerfile/image.ts';
import { flag } from '../../src/dockerfile/instruction.ts';
import { isLocalName } from '../../src/model/official-images.ts';
import { findStage } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';

const message = (text: string): string =>
  `\`${text}\` has no digest, so whoever may push to its tag changes what is built on; pin it with \`@sha256:…\`.`;

/** Where an argument has no default, a piece of the name is missing; the build's caller gives it. */
const hasGap = (text: string): boolean => /^[/:]|\/\/|\/:|:[-.]|--|[-.:/]$/.test(text);

export default defineRule({
  summary: 'Image without a digest',
  why: `A tag can be moved, by its maintainer for an update as well as by whoever steals the account. A digest names the bytes:
\`python:3.12-slim@sha256:…\` is the same image for everyone, for ever.

It also keeps security updates out until somebody moves the pin. Use it where a bot such as Renovate or Dependabot does so; without one, a
tag is the better choice, and so the rule is off by default.`,
  severity: 'off',
  sources: ['semgrep/dockerfile-source-not-pinned'],
  examples: [
    {
      bad: 'FROM python:3.12-slim\nCMD ["python3"]\n',
      good: 'FROM python:3.12-slim@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\nCMD ["python3"]\n',
    },
    {
      bad: 'FROM scratch\nCOPY --from=busybox:1.36 /bin/busybox /bin/\n',
      good: 'FROM scratch\nCOPY --from=busybox:1.36@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef /bin/busybox /bin/\n',
    },
  ],
  * check({ file }) {
    for (const { image, imageWord, instructions } of file.stages) {
      const isOpen = image === undefined || image.digest !== undefined || image.text.includes('$') || hasGap(image.text) || isLocalName(image);
      if (imageWord !== undefined && !isOpen) yield { at: imageWord.span, message: message(image.text) };
      for (const instruction of instructions) {
        const from = instruction.keyword === 'COPY' ? flag(instruction, 'from') : undefined;
        if (from?.value === undefined || /^\d+$|[$@]/.test(from.value) || findStage(file.stages, from.value, file.stages.length) !== undefined) continue;
        if (!isLocalName(readImage(from.value))) yield { at: from.valueSpan, message: message(from.value) };
      }
    }
  },
});
