import { hasFlag, type Command, type Pipe } from '../../src/dockerfile/command.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { insertBefore, newlineOf } from '../../src/edits.ts';
import { isFetch } from '../../src/model/fetches.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { hasPipefail } from '../../src/model/pipefail.ts';
import { defineRule, unsafe, type Fix } from '../../src/rule.ts';

/** Programs that succeed with an input that breaks off, or with none. */
const takesAnything = /^(?:(?:ba|da|a|z|k)?sh|python[\d.]*|perl|node|ruby|php|bsdtar|tee|dd|patch|psql|mysql|xargs|base64|install)$/;

/** Programs that fail with it: the pipe fails with them. */
const notices = /^(?:tar|cpio|gpg|apt-key|gunzip|gzip|zcat|bunzip2|bzip2|xz|unxz|unzip|kubectl|rpm|grep)$/;

/** A download in front, and nothing behind it that notices that it failed. */
function matters({ members }: Pipe): Command | undefined {
  const at = members.findIndex((each) => each !== undefined && isFetch(each) && !hasFlag(each.words, '--version'));
  const isTaken = members.slice(at + 1).some((each) => each !== undefined && takesAnything.test(each.name));
  return isTaken && !notices.test(members.at(-1)?.name ?? '') ? members[at] : undefined;
}

const runsInShell = ({ keyword, json, inner }: Instruction): boolean =>
  (keyword === 'CMD' || keyword === 'ENTRYPOINT') ? json === undefined : keyword === 'HEALTHCHECK' && inner !== undefined && inner.json === undefined;

/** Pipes in which a program fails in the course of things: one whose reader ends early, or that found nothing. */
const livesWithFailure = ({ members }: Pipe): boolean =>
  members.slice(0, -1).some((each) => /^(?:yes|[ef]?grep|diff|cmp)$/.test(each?.name ?? '')) || members.slice(1).some((each) => each?.name === 'head');

/** A SHELL in front of the first such RUN of a stage, where the base image has bash and no text for another shell follows. */
function fixOf(file: Dockerfile, instruction: Instruction): Fix | undefined {
  const stage = file.stageOf(instruction);
  const { shell } = file.stateAt(instruction);
  const [program = '', option, another] = shell;
  const plain = option === '-c' && another === undefined && /^(?:\/bin\/sh|(?:\/usr)?\/bin\/bash|bash|sh)$/.test(program);
  if (stage?.facts?.bash !== true || !plain) return undefined;
  if (stage.instructions.some((each) => each.keyword === 'RUN' && file.scripts(each).some(({ pipes }) => pipes.some(livesWithFailure)))) return undefined;
  const later = file.instructions.slice(instruction.index + 1);
  if (later.some((each) => runsInShell(each) || (each.keyword === 'SHELL' && file.stageOf(each) === stage))) return undefined;
  const words = JSON.stringify([program.endsWith('bash') ? program : '/bin/bash', '-o', 'pipefail', '-c']).replaceAll(',', ', ');
  return unsafe(`Set \`pipefail\` with SHELL`, insertBefore(instruction, `SHELL ${words}${newlineOf(file.source)}`));
}

export default defineRule({
  summary: 'Pipe whose first program may fail unnoticed',
  why: `Of \`a | b\` the shell looks at the exit status of \`b\` alone. If the download in front breaks off, \`sh\` runs half a script or none,
\`tee\` writes an empty file, and the build goes on. \`set -o pipefail\`, or a SHELL that says so, makes the whole pipe fail. dash, the
\`/bin/sh\` of Debian and Ubuntu, does not know the option; bash, zsh and BusyBox's ash do.

By default only downloads are judged that a program behind takes as they come, not those that \`tar\` or \`gpg\` would refuse;
\`every\` asks for all pipes. The fix sets bash with \`pipefail\` for the stage; it is not safe, because everything that follows runs in
another shell, and left out where a pipe such as \`yes | cmd\` would then fail.`,
  severity: 'info',
  sources: ['hadolint/DL4006'],
  options: { every: { default: false, about: 'Report every pipe, whatever is in front of it.' } },
  examples: [
    {
      bad: 'FROM debian:12\nRUN curl -fsSL https://example.com/install.sh | sh\n',
      good: 'FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL https://example.com/install.sh | sh\n',
    },
    {
      bad: 'FROM alpine:3.20\nRUN wget -qO- https://example.com/key | tee /etc/key\n',
      good: 'FROM alpine:3.20\nRUN set -o pipefail && wget -qO- https://example.com/key | tee /etc/key\n',
    },
    {
      bad: 'FROM debian:12\nRUN ls /etc | wc -l\n',
      good: 'FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN ls /etc | wc -l\n',
      options: { every: true },
    },
  ],
  * check({ file, options }) {
    const mended = new Set<number | undefined>();
    for (const instruction of file.instructions) {
      if (instruction.keyword !== 'RUN') continue;
      const found = file.scripts(instruction).flatMap((script) => script.pipes
        .filter((pipe) => (options.every || matters(pipe) !== undefined) && !hasPipefail(file, script, pipe)));
      const [pipe] = found;
      if (pipe === undefined) continue;
      const stage = file.stageOf(instruction)?.index;
      const fix = mended.has(stage) ? undefined : fixOf(file, instruction);
      mended.add(stage);
      const first = (matters(pipe) ?? pipe.members[0])?.name ?? '';
      const last = pipe.members.at(-1)?.name ?? '';
      const who = first === '' ? 'what stands in front' : `\`${first}\``;
      yield {
        at: pipe.bar,
        message: `If ${who} fails, the pipe still has the exit status of ${last === '' ? 'its last program' : `\`${last}\``} alone. Set \`pipefail\`.`,
        related: found.slice(1).map(({ bar }) => ({ at: bar, message: 'The same holds for this pipe.' })),
        ...(fix && { fix }),
      };
    }
  },
});
