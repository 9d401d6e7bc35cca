import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, safe } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

const written = ({ source }: Dockerfile, { keywordSpan }: Instruction): string => textAt(source, keywordSpan);

/** Small letters where most keywords have them; those in mixed letters don't count. */
function smallWins(file: Dockerfile, instructions: readonly Instruction[]): boolean {
  const words = instructions.map((each) => written(file, each));
  return words.filter((word) => word === word.toLowerCase()).length > words.filter((word) => word === word.toUpperCase()).length;
}

export default defineRule({
  summary: 'Keyword in other letters than most of the file',
  why: `Keywords work in any casing. In one file, one casing is easier to read, and BuildKit warns of the odd ones out. The fix writes
them like the rest of the file, in capitals where there is no majority; the build is the same.`,
  severity: 'info',
  sources: ['buildkit/ConsistentInstructionCasing'],
  examples: [
    { bad: 'FROM debian:12\nrun id\nCMD ["bash"]\n', good: 'FROM debian:12\nRUN id\nCMD ["bash"]\n' },
    { bad: 'from debian:12\nrun id\nCmd ["bash"]\n', good: 'from debian:12\nrun id\ncmd ["bash"]\n' },
  ],
  * check({ file }) {
    const instructions = file.stages.flatMap(({ from, instructions: others }) => [from, ...others]);
    const small = smallWins(file, instructions);
    for (const instruction of instructions) {
      const word = written(file, instruction);
      const right = small ? word.toLowerCase() : word.toUpperCase();
      if (word === right) continue;
      yield {
        at: instruction.keywordSpan,
        message: `\`${word}\` stands out among the keywords of this file; write \`${right}\`.`,
        fix: safe(`Write \`${right}\``, replace(instruction.keywordSpan, right)),
      };
    }
  },
});
