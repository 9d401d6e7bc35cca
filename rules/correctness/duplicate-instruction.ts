import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { wholeLines } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, safe, type Fix } from '../../src/rule.ts';
import { span, textAt } from '../../src/span.ts';

const codes: Readonly<Record<string, readonly string[]>> = {
  HEALTHCHECK: ['hadolint/DL3012', 'trivy/DS-0023'],
  CMD: ['hadolint/DL4003', 'trivy/DS-0016'],
  ENTRYPOINT: ['hadolint/DL4004', 'trivy/DS-0007'],
};

/** A comment inside would be lost, one right above would speak of what follows. */
const isCommented = ({ source, comments }: Dockerfile, instruction: Instruction): boolean =>
  instruction.comments.length > 0 || comments.some(({ span: { end } }) => end <= instruction.span.start && /^\r?\n[ \t]*$/.test(source.slice(end, instruction.span.start)));

function removal(file: Dockerfile, instruction: Instruction): Fix | undefined {
  if (isCommented(file, instruction) || instruction.unfinished) return undefined;
  const { source } = file;
  const lines = wholeLines(source, instruction);
  // Of two empty lines around it, one is enough.
  const blank = /^[ \t]*\r?\n/.exec(source.slice(lines.end))?.[0] ?? '';
  const isBelowBlank = /\n[ \t]*\r?\n$/.test(source.slice(0, lines.start));
  return safe(`Remove this ${instruction.keyword}`, { span: span(lines.start, lines.end + (isBelowBlank ? blank.length : 0)), text: '' });
}

export default defineRule({
  summary: 'CMD, ENTRYPOINT or HEALTHCHECK that a later one replaces',
  why: `Only the last CMD of a stage counts, and so it is with ENTRYPOINT and HEALTHCHECK. An earlier one does nothing but mislead; often
two of them were meant to run side by side, which a container does not do.

The finding is at the one without effect. The fix removes it, and the image says the same as before; it is not offered where a comment
belongs to it.`,
  severity: 'warning',
  sources: ['buildkit/MultipleInstructionsDisallowed', ...Object.values(codes).flat()],
  examples: [
    { bad: 'FROM debian:12\nCMD ["a"]\nCMD ["b"]\n', good: 'FROM debian:12\nCMD ["b"]\n' },
    { bad: 'FROM debian:12\nENTRYPOINT ["a"]\nCMD ["x"]\nENTRYPOINT ["b"]\n', good: 'FROM debian:12\nCMD ["x"]\nENTRYPOINT ["b"]\n' },
    {
      bad: 'FROM nginx:1.27\nHEALTHCHECK CMD curl -f localhost\n\nEXPOSE 80\nHEALTHCHECK NONE\n',
      good: 'FROM nginx:1.27\n\nEXPOSE 80\nHEALTHCHECK NONE\n',
    },
  ],
  * check({ file }) {
    for (const { instructions } of file.stages) {
      const last = new Map(instructions.map((each) => [each.keyword, each]));
      for (const instruction of instructions) {
        const { keyword } = instruction;
        const winner = last.get(keyword);
        if (codes[keyword] === undefined || winner === undefined || winner === instruction) continue;
        const fix = removal(file, instruction);
        yield {
          at: instruction.span,
          message: `This ${keyword} has no effect, for the one of line ${file.lines.position(winner.span.start).line} replaces it; keep one of the two.`,
          related: [{ at: winner.keywordSpan, message: `This ${keyword} counts: \`${textAt(file.source, winner.span).split(/\r?\n/)[0] ?? ''}\`` }],
          sources: ['buildkit/MultipleInstructionsDisallowed', ...(codes[keyword] ?? [])],
          ...(fix && { fix }),
        };
      }
    }
  },
});
