import { addFlag } from '../../src/model/append.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { failsTheBuild } from '../../src/model/failure.ts';
import { headOf, headText } from '../../src/model/invocation.ts';
import { readInvocation, type Invocation } from '../../src/model/packages.ts';
import { missingAnswer, type MissingAnswer } from '../../src/model/prompts.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';

/** The checks elsewhere, and the subcommands they look at. */
const checks: Readonly<Record<string, { readonly of: RegExp; readonly sources: readonly string[] }>> = {
  'apt-get': { of: /^install$/, sources: ['hadolint/DL3014', 'trivy/DS-0021'] },
  yum: { of: /^(?:install|groupinstall|localinstall)$/, sources: ['hadolint/DL3030'] },
  zypper: { of: /^(?:install|in|remove|rm|source-install|si|patch)$/, sources: ['hadolint/DL3034'] },
  dnf: { of: /^(?:install|groupinstall|localinstall)$/, sources: ['hadolint/DL3038'] },
  microdnf: { of: /^(?:install|groupinstall|localinstall)$/, sources: ['hadolint/DL3038'] },
};

function sourcesOf({ manager, subcommandKey }: Invocation): readonly string[] {
  const check = Object.hasOwn(checks, manager.name) ? checks[manager.name] : undefined;
  return check?.of.test(subcommandKey) === true ? check.sources : [];
}

/** Where the build fails without an answer, it makes no image that could differ. */
function fixOf(file: Dockerfile, { command }: Invocation, { flag, behind }: MissingAnswer): Fix {
  const script = file.scripts(command.instruction).find(({ commands }) => commands.includes(command));
  const proven = script !== undefined && failsTheBuild(file, script, command);
  return (proven ? safe : unsafe)(`Add \`${flag}\``, addFlag(command, behind, flag));
}

export default defineRule({
  summary: 'Package manager that waits for an answer',
  why: `Package managers ask before they install more than what was named, or remove something. In a build nobody answers: the command
gives up, and the build fails, sometimes only months later, when a package has got a new dependency. \`DEBIAN_FRONTEND\` does not
answer this question, only those that packages ask while they are set up.

The fix adds the flag that says yes. It is safe where a command that gives up ends the build; behind \`||\`, or where the script goes on
after a failure, it changes what is installed, so it is unsafe there. Nothing is found where an answer is piped in, where apt is quiet
twice (\`-qq\` means yes) or where an earlier step wrote settings that answer.`,
  severity: 'warning',
  sources: ['hadolint/DL3014', 'hadolint/DL3030', 'hadolint/DL3034', 'hadolint/DL3038', 'trivy/DS-0021'],
  examples: [
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install --no-install-recommends \\\n    curl \\\n && rm -rf /var/lib/apt/lists/*\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n    curl \\\n && rm -rf /var/lib/apt/lists/*\n',
    },
    { bad: 'FROM rockylinux:9\nRUN dnf install nginx && dnf clean all\n', good: 'FROM rockylinux:9\nRUN dnf install -y nginx && dnf clean all\n' },
    {
      bad: 'FROM opensuse/leap:15.6\nRUN zypper install curl && zypper clean\n',
      good: 'FROM opensuse/leap:15.6\nRUN zypper --non-interactive install curl && zypper clean\n',
    },
    { bad: 'FROM debian:12\nRUN ["apt-get", "install", "curl"]\n', good: 'FROM debian:12\nRUN ["apt-get", "install", "-y", "curl"]\n' },
    {
      bad: 'FROM debian:12\nRUN apt-get install -qq curl && apt-get -q install git\n',
      good: 'FROM debian:12\nRUN apt-get install -qq curl && apt-get -q install -y git\n',
    },
  ],
  * check({ file }) {
    for (const command of file.commands) {
      const invocation = readInvocation(command);
      const missing = invocation?.manager.kind === 'system' ? missingAnswer(file, invocation) : undefined;
      if (invocation === undefined || missing === undefined) continue;
      yield {
        at: headOf(invocation),
        message: `\`${headText(invocation)}\` may ask whether to go on, and in a build nobody answers; add \`${missing.flag}\`.`,
        sources: sourcesOf(invocation),
        fix: fixOf(file, invocation, missing),
      };
    }
  },
});
