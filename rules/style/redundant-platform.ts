import { flag } from '../../src/dockerfile/instruction.ts';
import { removeWithBlanksBefore } from '../../src/edits.ts';
import { defineRule, safe } from '../../src/rule.ts';

export default defineRule({
  summary: '`--platform=$TARGETPLATFORM`, which is the default',
  why: `A stage is built for the target's platform anyway, so the flag says nothing, and makes readers look for a reason. The fix
takes it away. Where an ARG in front of the first FROM gives \`TARGETPLATFORM\` a value of its own, it is left alone.`,
  severity: 'info',
  sources: ['buildkit/RedundantTargetPlatform', 'hadolint/DL3065'],
  examples: [
    { bad: 'FROM --platform=$TARGETPLATFORM debian:12\nRUN id\n', good: 'FROM debian:12\nRUN id\n' },
    { bad: 'FROM --platform=${TARGETPLATFORM} golang:1.23 AS build\nRUN id\n', good: 'FROM golang:1.23 AS build\nRUN id\n' },
  ],
  * check({ file }) {
    if (file.globalArguments.some(({ pairs }) => pairs.some(({ name }) => name === 'TARGETPLATFORM'))) return;
    for (const { from } of file.stages) {
      const platform = flag(from, 'platform');
      if (platform?.value !== '$TARGETPLATFORM' && platform?.value !== '${TARGETPLATFORM}') continue;
      const fix = safe('Remove the flag', removeWithBlanksBefore(file.source, platform));
      yield { at: platform.span, message: `\`${platform.value}\` is the platform of every stage that names none; leave the flag out.`, fix };
    }
  },
});
