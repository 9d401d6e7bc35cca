import type { Command } from '../../src/dockerfile/command.ts';
import { insertBefore, newlineOf } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { outerOf, scriptOf } from '../../src/model/run-scripts.ts';
import { joinPath } from '../../src/model/state.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';
import { contains, span } from '../../src/span.ts';

const plainPath = /^[\w./+-]+$/;

/**
 * For a RUN that is `cd DIR && …`, with no other `cd`: where it is in that folder already, or where the next instruction
 * is a WORKDIR, so that nothing else is moved.
 */
function fixOf(file: Dockerfile, command: Command): Fix | undefined {
  const { instruction, words: [to, another], redirects } = command;
  const script = scriptOf(file, command);
  const [first, second] = script?.steps ?? [];
  const { workdir } = file.stateAt(instruction);
  const path = to?.value;
  if (script === undefined || script.heredoc || script.exec || first?.kind !== 'command' || first !== command.step || second?.operator !== '&&') return undefined;
  if (path === undefined || another !== undefined || !plainPath.test(path) || path === '-' || redirects.length > 0) return undefined;
  if (instruction.flags.length > 0 || script.commands.filter(({ name }) => /^(?:cd|pushd|popd)$/.test(name)).length > 1) return undefined;
  const gone = span(first.span.start, second.span.start);
  if (instruction.comments.some((comment) => contains(gone, comment))) return undefined;
  if (workdir !== undefined && joinPath(workdir, path) === workdir) return safe('Remove `cd`', { span: gone, text: '' });
  const next = file.instructions[instruction.index + 1];
  if (next?.keyword !== 'WORKDIR' || next.words[0]?.raw.startsWith('/') !== true) return undefined;
  return unsafe(`Use \`WORKDIR ${path}\``, insertBefore(instruction, `WORKDIR ${path}${newlineOf(file.source)}`), { span: gone, text: '' });
}

export default defineRule({
  summary: '`cd` in a RUN',
  why: `A \`cd\` holds for the rest of its RUN only. \`WORKDIR\` says where a step works, for all steps that follow, and makes the folder if
there is none. In a chain that has to pass through a folder, or in a subshell, \`cd\` is the right tool; that is why this check is off
unless you switch it on.

The fix takes a \`cd\` at the beginning of a RUN out where the step is in that folder anyway, which is safe, and puts a WORKDIR in its place
where the next instruction is a WORKDIR, so that nothing else moves. That is not safe: a folder that was missing failed the build, and is
now made.`,
  severity: 'off',
  sources: ['hadolint/DL3003', 'trivy/DS-0013'],
  examples: [
    {
      bad: 'FROM debian:12\nWORKDIR /app\nRUN cd /app && make\nCMD ["./run"]\n',
      good: 'FROM debian:12\nWORKDIR /app\nRUN make\nCMD ["./run"]\n',
    },
    {
      bad: 'FROM debian:12\nRUN cd /usr/src \\\n    && make \\\n    && make install\nWORKDIR /srv\n',
      good: 'FROM debian:12\nWORKDIR /usr/src\nRUN make \\\n    && make install\nWORKDIR /srv\n',
    },
    {
      bad: 'FROM debian:12\nRUN git clone https://example.com/tool.git && cd tool && make\n',
      good: 'FROM debian:12\nRUN git clone https://example.com/tool.git && make -C tool\n',
    },
  ],
  * check({ file }) {
    const seen = new Set<number>();
    for (const command of file.commands) {
      const { index } = command.instruction;
      if (command.name !== 'cd' || outerOf(file, command).keyword !== 'RUN' || seen.has(index)) continue;
      seen.add(index);
      const fix = fixOf(file, command);
      const to = command.words[0]?.text;
      const where = to === undefined ? '' : ` to \`${to}\``;
      yield { at: command.span, message: `\`cd\`${where} holds for this RUN only; \`WORKDIR\` sets the folder for the steps that follow.`, ...(fix && { fix }) };
    }
  },
});
