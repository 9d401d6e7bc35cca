import { headOf, headText } from '../../src/model/invocation.ts';
import { readInvocation, type Invocation } from '../../src/model/packages.ts';
import { defineRule } from '../../src/rule.ts';

function sourcesOf({ manager, subcommandKey }: Invocation): readonly string[] {
  if (manager.name === 'zypper' && /^du|^dist/.test(subcommandKey)) return ['hadolint/DL3035'];
  return manager.name === 'apt-get' && /^(?:dist|full)-upgrade$/.test(subcommandKey) ? ['trivy/DS-0024'] : [];
}

/** All packages are brought up to date; Arch Linux supports nothing else. */
const upgradesAll = ({ manager, action, packages, unknown }: Invocation): boolean =>
  manager.kind === 'system' && manager.name !== 'pacman' && action === 'upgrade' && packages.length === 0 && unknown.length === 0;

export default defineRule({
  summary: 'Upgrade of the whole system',
  why: `What an upgrade installs depends on the day the layer was built, and the layer keeps that state until something above it
changes: two images of one Dockerfile differ, and neither is up to date for long. It also stores each replaced package a second
time. A newer tag or digest of the base image brings the same updates, and says so in the file.

Many teams upgrade on purpose, to have security updates before the base image does, so this is off unless you ask for it. There is no
fix: take the command out when the base is kept up to date another way.`,
  severity: 'off',
  sources: ['hadolint/DL3035', 'trivy/DS-0024'],
  examples: [
    { bad: 'FROM opensuse/leap:15.6\nRUN zypper --non-interactive dup\n', good: 'FROM opensuse/leap:15.6\nRUN zypper --non-interactive install curl\n' },
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get dist-upgrade -y && rm -rf /var/lib/apt/lists/*\n',
      good: 'FROM debian:12.9\nRUN apt-get update && apt-get install -y --only-upgrade openssl && rm -rf /var/lib/apt/lists/*\n',
    },
    { bad: 'FROM alpine:3.20\nRUN apk upgrade --no-cache\n', good: 'FROM alpine:3.20\nRUN apk upgrade --no-cache libssl3\n' },
  ],
  * check({ file }) {
    for (const command of file.commands) {
      const invocation = readInvocation(command);
      if (invocation === undefined || !upgradesAll(invocation)) continue;
      yield {
        at: headOf(invocation),
        message: `\`${headText(invocation)}\` makes the image depend on the day it is built; take a newer base image instead.`,
        sources: sourcesOf(invocation),
      };
    }
  },
});
