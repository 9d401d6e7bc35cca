import { references } from '../../src/dockerfile/expand.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isRoot, userPart } from '../../src/model/users.ts';
import { definitions } from '../../src/model/variables.ts';
import { defineRule } from '../../src/rule.ts';

/** The name of the user, variables put in; undefined for a number, or where what the build is called with decides. */
function nameOf(file: Dockerfile, instruction: Instruction): string | undefined {
  const raw = instruction.words[0]?.raw;
  if (raw === undefined) return undefined;
  const names = new Set(references(raw, file.escape).map(({ name }) => name));
  // Also where an ENV of the same name passes the argument on.
  const isGiven = names.size > 0 && [...definitions(file.stateAt(instruction).definitions)].some(({ kind, name }) => kind === 'ARG' && names.has(name));
  const user = isGiven ? undefined : file.expand(raw, instruction);
  const name = user === undefined ? '' : userPart(user);
  return name === '' || /^\d+$/.test(name) ? undefined : name;
}

export default defineRule({
  summary: 'USER that is named instead of numbered',
  why: `Kubernetes can't tell whether a name is root: with \`runAsNonRoot\` it refuses an image whose user is no number. A number also stays
the same where the files of a volume belong to it.

What counts is the user the image runs as, so only the last USER is judged; names that the build is called with are not. Off by default, for
a name is easier to read and right wherever nobody asks for a number.`,
  severity: 'off',
  sources: ['hadolint/DL3066'],
  examples: [
    { bad: 'FROM node:22-slim\nUSER node\nCMD ["node", "server.js"]\n', good: 'FROM node:22-slim\nUSER 1000\nCMD ["node", "server.js"]\n' },
    {
      bad: 'FROM debian:12\nRUN useradd --system --uid 10001 app\nUSER app:app\n',
      good: 'FROM debian:12\nRUN useradd --system --uid 10001 app\nUSER 10001:app\n',
    },
  ],
  * check({ file }) {
    const { targetStage } = file;
    const last = targetStage === undefined ? undefined : file.stateAfterStage(targetStage).userSetBy;
    for (const stage of file.stages) {
      for (const instruction of stage.instructions) {
        const name = instruction.keyword === 'USER' ? nameOf(file, instruction) : undefined;
        if (name === undefined || stage.facts?.distribution === 'windows') continue;
        // hadolint 2.15 asks it of every USER; for root there is a rule of its own.
        const onRequest = instruction !== last || isRoot(name);
        yield {
          at: instruction.words[0]?.span ?? instruction.keywordSpan,
          message: `\`${name}\` is a name, and Kubernetes can't tell whether it is root; give the number of the user.`,
          onRequest,
        };
      }
    }
  },
});
