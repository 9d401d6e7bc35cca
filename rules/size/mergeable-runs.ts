import { costClass } from '../../src/model/cost.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { canJoin, joinEdit } from '../../src/optimize/join.ts';
import { defineRule, safe } from '../../src/rule.ts';

/** Steps that are rebuilt together anyway: two of the same manager of system packages, or two cheap ones. */
function belongTogether(file: Dockerfile, first: Instruction, second: Instruction): boolean {
  const kind = costClass(file, first);
  return kind === costClass(file, second) && (kind === 'system packages' || kind === 'other');
}

export default defineRule({
  summary: 'RUN instructions that could be one',
  why: `Each RUN makes a layer. Two of them that install system packages, or that only set things up, are read, hashed and pushed
as two layers for no gain, and a file that the second one deletes still ships in the first.

RUNs of different kinds stay apart: joining an install and a build would run the install again with every build. The fix is
offered only where nothing leaks from one into the other (\`cd\`, \`export\`, \`set\`, \`||\`, mounts of one of them).`,
  severity: 'info',
  sources: ['hadolint/DL3059'],
  examples: [
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN apt-get install -y git\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl \\\n    && apt-get install -y git\n',
    },
    {
      bad: 'FROM debian:12\nRUN mkdir -p /data && \\\n  touch /data/log\n# The service writes there.\nRUN chown -R 1000 /data\n',
      good: 'FROM debian:12\nRUN mkdir -p /data && \\\n  touch /data/log && \\\n# The service writes there.\n  chown -R 1000 /data\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      for (const [index, second] of stage.instructions.entries()) {
        const first = stage.instructions[index - 1];
        if (first === undefined || !canJoin(file, first, second) || !belongTogether(file, first, second)) continue;
        yield {
          at: second.keywordSpan,
          message: `This RUN and the one of line ${file.lines.position(first.span.start).line} do the same kind of work and could share a layer; join them with \`&&\`.`,
          fix: safe('Join the two RUN instructions', joinEdit(file, first, second)),
        };
      }
    }
  },
});
