import type { ShellWord } from '../../src/dockerfile/command.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { insertBefore, newlineOf } from '../../src/edits.ts';
import { addFlag } from '../../src/model/append.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { headOf, headText } from '../../src/model/invocation.ts';
import { readInvocation, type Invocation } from '../../src/model/packages.ts';
import { installsWithRecommends } from '../../src/model/recommends.ts';
import { lineage } from '../../src/model/shipped.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule, unsafe, type Edit } from '../../src/rule.ts';

const certificates = 'ca-certificates';

/** Packages that recommend the certificates every https address needs. */
const needsCertificates = /^(?:curl|wget|git|git-lfs)(?:=|$)/;

const namesCertificates = (file: Dockerfile, instruction: Instruction): boolean =>
  file.commandsOf(instruction).some((command) => readInvocation(command)?.packages.some(({ text }) => text.startsWith(certificates)) === true);

/**
 * The instruction from which on the image has certificates: full images bring them with their own curl or git, else they
 * must be named once recommendations are off.
 */
function certificatesFrom(file: Dockerfile, stage: Stage): number {
  if (stage.facts?.programs.some((program) => program === 'curl' || program === 'git') === true) return 0;
  const all = lineage(stage).toReversed().flatMap(({ instructions }) => instructions);
  return all.find((each) => each.keyword === 'RUN' && namesCertificates(file, each))?.index ?? Infinity;
}

/** Names the certificates in front of the first package that recommends them; on a line of its own where that package has one. */
function certificatesEdit(file: Dockerfile, invocation: Invocation): Edit | undefined {
  const word = invocation.packages.find(({ text }) => needsCertificates.test(text));
  if (word === undefined) return undefined;
  const { source, escape } = file;
  const indent = source.slice(source.lastIndexOf('\n', word.span.start) + 1, word.span.start);
  if (invocation.command.instruction.json !== undefined) return insertBefore(word, `${JSON.stringify(certificates)}, `);
  return insertBefore(word, /^[ \t]+$/.test(indent) ? `${certificates} ${escape}${newlineOf(source)}${indent}` : `${certificates} `);
}

/** The last of the everyday flags right behind `install`, or that word itself. */
function lastCommonFlag({ command, subcommand }: Invocation): ShellWord[] {
  if (subcommand === undefined) return [];
  const at = command.words.indexOf(subcommand);
  const behind = command.words.slice(at + 1);
  const end = behind.findIndex(({ text }) => !/^-[yqf]+$|^--(?:yes|assume-yes|quiet)$/.test(text));
  return [command.words[at + (end === -1 ? behind.length : end)] ?? subcommand];
}

function editsOf(file: Dockerfile, invocations: readonly Invocation[], hasCertificates: boolean): Edit[] {
  const flags = invocations.flatMap((each) => lastCommonFlag(each).map((word) => addFlag(each.command, word, '--no-install-recommends')));
  const named = hasCertificates ? undefined : invocations.map((each) => certificatesEdit(file, each)).find((edit) => edit !== undefined);
  return named === undefined ? flags : [...flags, named];
}

export default defineRule({
  summary: 'Recommended packages installed too',
  why: `apt installs what a package recommends besides what it needs: manuals, helpers, whole desktops. \`--no-install-recommends\`
leaves those out, and what is needed stands in the Dockerfile. A package may work worse without what it recommends, so the
fix is unsafe. Known cases it minds: \`curl\`, \`wget\` and \`git\` recommend \`ca-certificates\`, without which https fails,
so it names them.

Switch it off where you set \`APT::Install-Recommends\` in an image you build on.`,
  severity: 'info',
  sources: ['hadolint/DL3015', 'trivy/DS-0029'],
  examples: [
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y libpq5 && rm -rf /var/lib/apt/lists/*\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y \\\n    curl \\\n    nginx\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n    ca-certificates \\\n    curl \\\n    nginx\n',
    },
    {
      bad: 'FROM python:3.12\nRUN ["apt-get", "install", "-y", "curl"]\n',
      good: 'FROM python:3.12\nRUN ["apt-get", "install", "-y", "--no-install-recommends", "curl"]\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      const from = certificatesFrom(file, stage);
      for (const [first, ...others] of installsWithRecommends(file, stage)) {
        const edits = editsOf(file, [first, ...others], from <= first.command.instruction.index);
        yield {
          at: headOf(first),
          message: `\`${headText(first)}\` also installs what the packages only recommend; add \`--no-install-recommends\` and name what is missing then.`,
          related: others.map((each) => ({ at: headOf(each), message: 'So does this one.' })),
          fix: unsafe('Add `--no-install-recommends`', edits),
          ...(!file.shippedStages.has(stage) && { onRequest: true }),
        };
      }
    }
  },
});
