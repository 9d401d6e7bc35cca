import { baseName, operands, type Command } from '../../src/dockerfile/command.ts';
import { replace } from '../../src/edits.ts';
import { scriptOf } from '../../src/model/run-scripts.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, unsafe, type Fix } from '../../src/rule.ts';

const isShell = (path: string | undefined): boolean => path === '/bin/sh' || path === '/usr/bin/sh';

/** `ln -sf /bin/bash /bin/sh`: the link is the last word; `-t` names a folder. */
function linkedTo({ words }: Command): string | undefined {
  const paths = operands(words, ['-t', '-S']);
  return paths.length > 1 && isShell(paths.at(-1)?.value) ? paths[0]?.value : undefined;
}

/** The RUN does nothing else, so a SHELL instruction can stand in its place. */
function fixOf(file: Dockerfile, command: Command, target: string): Fix | undefined {
  const { instruction } = command;
  const script = scriptOf(file, command);
  const only = script?.steps.every(({ kind, commands: [each] }) =>
    kind === 'command' && (each === command || (each !== undefined && /^(?:rm|mv)$/.test(each.name) && isShell(operands(each.words)[0]?.value))));
  const bash = baseName(target) === 'bash' && target.startsWith('/');
  if (only !== true || !bash || instruction.keyword !== 'RUN' || instruction.flags.length > 0 || instruction.comments.length > 0) return undefined;
  return unsafe(`Use \`SHELL ["${target}", "-c"]\``, replace(instruction, `SHELL ["${target}", "-c"]`));
}

export default defineRule({
  summary: 'Shell changed by a link to `/bin/sh`',
  why: `A link that lays another program over \`/bin/sh\` changes the shell for everything in the image: package scripts and system
tools are written for the shell that was there. \`SHELL\` changes it for the RUN, CMD and ENTRYPOINT that follow, and says so.

The fix puts a SHELL in the place of a RUN that does nothing but link; it is not safe, because scripts of the image that begin with
\`#!/bin/sh\` may have come to rely on the other shell.`,
  severity: 'info',
  sources: ['hadolint/DL4005'],
  examples: [
    { bad: 'FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\n', good: 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\n' },
    { bad: 'FROM debian:12\nRUN rm /bin/sh && ln -s /bin/bash /bin/sh\n', good: 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\n' },
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y make && ln -snf /bin/bash /bin/sh\n',
      good: 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN apt-get update && apt-get install -y make && ln -s /bin/sh /usr/local/bin/posix-sh\n',
    },
  ],
  * check({ file }) {
    for (const command of file.commands) {
      const target = command.name === 'ln' ? linkedTo(command) : undefined;
      if (target === undefined) continue;
      const fix = fixOf(file, command, target);
      yield { at: command.span, message: `This lays \`${target}\` over \`/bin/sh\` for every program of the image; use a \`SHELL\` instruction.`, ...(fix && { fix }) };
    }
  },
});
