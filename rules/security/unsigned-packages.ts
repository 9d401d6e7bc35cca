import { removeWithBlanksBefore } from '../../src/edits.ts';
import { readInvocation } from '../../src/model/packages.ts';
import { withoutSignature } from '../../src/model/verification.ts';
import { defineRule, unsafe } from '../../src/rule.ts';

export default defineRule({
  summary: 'Signature of packages not checked',
  why: `A package manager installs as root whatever it is handed. The signature is what tells that a package comes from its distribution,
and not from a mirror or a network in between that was tampered with.

The fix takes the flag out. The build may then fail where a key is missing: add the key of the repository, which for a local file means
to check the file itself first. So the fix is unsafe.`,
  severity: 'warning',
  sources: ['checkov/CKV2_DOCKER_7', 'checkov/CKV2_DOCKER_8', 'checkov/CKV2_DOCKER_9', 'checkov/CKV2_DOCKER_10', 'checkov/CKV2_DOCKER_11'],
  examples: [
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y --allow-unauthenticated curl\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\n',
    },
    { bad: 'FROM alpine:3.20\nRUN apk add --no-cache --allow-untrusted glibc.apk\n', good: 'FROM alpine:3.20\nRUN apk add --no-cache glibc.apk\n' },
    { bad: 'FROM rockylinux:9\nRUN dnf install -y --nogpgcheck nginx\n', good: 'FROM rockylinux:9\nRUN dnf install -y nginx\n' },
    { bad: 'FROM rockylinux:9\nRUN rpm -i --nosignature agent.rpm\n', good: 'FROM rockylinux:9\nRUN rpm -i agent.rpm\n' },
  ],
  * check({ file }) {
    for (const command of file.commands) {
      const found = withoutSignature(command);
      // `--force-yes` of a removal is about other dangers.
      if (found === undefined || readInvocation(command)?.action === 'remove') continue;
      const { word, code, alone } = found;
      const plain = alone && command.instruction.json === undefined;
      yield {
        at: word.span,
        message: `With \`${word.text}\`, \`${command.name}\` installs packages whatever their signature says; take it out, and add the key that is missing.`,
        sources: code === undefined ? [] : [`checkov/${code}`],
        ...(plain && { fix: unsafe(`Take \`${word.text}\` out`, removeWithBlanksBefore(file.source, word)) }),
      };
    }
  },
});
