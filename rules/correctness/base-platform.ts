import { flag } from '../../src/dockerfile/instruction.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';

/** Accounts of Docker Hub whose images are for one platform: https://github.com/docker-library/official-images#architectures-other-than-amd64 */
const accounts: Readonly<Record<string, string>> = {
  amd64: 'linux/amd64', arm32v5: 'linux/arm', arm32v6: 'linux/arm', arm32v7: 'linux/arm', arm64v8: 'linux/arm64', i386: 'linux/386',
  mips64le: 'linux/mips64le', ppc64le: 'linux/ppc64le', riscv64: 'linux/riscv64', s390x: 'linux/s390x', winamd64: 'windows/amd64',
};

const otherNames: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'], ['x86-64', 'amd64'], ['aarch64', 'arm64'], ['armhf', 'arm'], ['armel', 'arm'], ['i386', '386'],
]);

/** Only the platform of the image itself, as far as the tables tell for sure: `windows` or `linux/arm64`. */
function platformOf({ image, facts, parent }: Stage): string | undefined {
  if (image === undefined || parent !== undefined) return undefined;
  const [account = ''] = image.registry === undefined && image.name.includes('/') ? image.name.split('/') : [];
  if (Object.hasOwn(accounts, account)) return accounts[account];
  if (facts?.distribution === 'windows') return 'windows';
  // Some tags of a name may be for Windows; distributions are not.
  return facts?.distribution === undefined || facts.distribution === 'distroless' ? undefined : 'linux';
}

/** True where both say something of the same part, and not the same. */
function differs(asked: string, has: string): boolean {
  const [a, b] = [asked, has].map((each) => each.toLowerCase().split('/').map((part) => otherNames.get(part) ?? part));
  return [0, 1].some((index) => a?.[index] !== undefined && b?.[index] !== undefined && a[index] !== b[index]);
}

export default defineRule({
  summary: 'Base image that does not exist for the platform asked for',
  why: `A stage for Linux cannot start from an image of Windows, nor one for ARM from an image of \`amd64/\`. The build fails when it gets
the image, or goes on with the wrong one and fails later. The rule speaks of images whose platform their name or our tables tell for sure.`,
  severity: 'error',
  sources: ['buildkit/InvalidBaseImagePlatform'],
  examples: [
    {
      bad: 'FROM --platform=linux/amd64 mcr.microsoft.com/windows/servercore:ltsc2022\nRUN dir\n',
      good: 'FROM --platform=windows/amd64 mcr.microsoft.com/windows/servercore:ltsc2022\nRUN dir\n',
    },
    { bad: 'FROM --platform=linux/amd64 arm64v8/alpine:3.20\nRUN id\n', good: 'FROM --platform=linux/arm64 arm64v8/alpine:3.20\nRUN id\n' },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      const platform = flag(stage.from, 'platform');
      const asked = platform?.value?.includes('/') === true && !platform.value.includes('$') ? platform.value : undefined;
      const has = asked === undefined ? undefined : platformOf(stage);
      if (platform === undefined || asked === undefined || has === undefined || !differs(asked, has)) continue;
      yield { at: platform.valueSpan, message: `\`${stage.image?.text ?? ''}\` is an image for \`${has}\`, but \`${asked}\` is asked for; correct one of the two.` };
    }
  },
});
