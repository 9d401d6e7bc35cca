import { flag } from '../../src/dockerfile/instruction.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';

const buildkit = 'buildkit/FromPlatformFlagConstDisallowed';
const hadolint = 'hadolint/DL3029';

/** A stage that has the platform in its name says that it is meant for this one. */
const saysSo = ({ name }: Stage, platform: string): boolean => {
  const [system, architecture] = platform.toLowerCase().split('/');
  return [system, architecture].some((part) => part !== undefined && part !== '' && name?.includes(part) === true);
};

/** Who speaks of it: BuildKit of plain values, hadolint of all that don't follow the build's platform. */
const sourcesOf = (stage: Stage, platform: string): string[] =>
  [...(platform.includes('$') || saysSo(stage, platform) ? [] : [buildkit]), ...(/BUILDPLATFORM|TARGETPLATFORM/.test(platform) ? [] : [hadolint])];

export default defineRule({
  summary: 'FROM with a fixed platform',
  why: `With \`--platform=linux/amd64\` the stage is made for that platform, whatever \`docker build --platform\` asks for: on a Mac with an
ARM processor it runs in an emulator, and an image for several platforms holds the same files in each. Leave the flag out to follow the
build, or write \`$BUILDPLATFORM\` for a stage that cross-compiles.

There is no fix: some images exist for one platform alone. Switch it off where that is so, or put the platform into the stage's name.`,
  severity: 'info',
  sources: [hadolint, buildkit],
  examples: [
    { bad: 'FROM --platform=linux/amd64 debian:12\nRUN id\n', good: 'FROM debian:12\nRUN id\n' },
    { bad: 'FROM --platform=linux/amd64 golang:1.23 AS build\nRUN id\n', good: 'FROM --platform=$BUILDPLATFORM golang:1.23 AS build\nRUN id\n' },
    { bad: 'FROM --platform=linux/arm64 debian:12\nRUN id\n', good: 'FROM --platform=linux/arm64 debian:12 AS app-arm64\nRUN id\n' },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      const platform = flag(stage.from, 'platform');
      const sources = platform?.value === undefined || platform.value === '' ? [] : sourcesOf(stage, platform.value);
      if (platform?.value === undefined || sources.length === 0) continue;
      yield {
        at: platform.span,
        message: `This stage is made for \`${platform.value}\`, whatever platform the build is for; leave the flag out, or write \`$BUILDPLATFORM\`.`,
        sources,
        ...(!sources.includes(buildkit) && { onRequest: true }),
      };
    }
  },
});
