import { consecutiveRuns } from '../../src/model/consecutive-runs.ts';
import { costClass } from '../../src/model/cost.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import type { Command } from '../../src/dockerfile/command.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { commandFolder, effectsOf } from '../../src/model/effects.ts';
import { readInvocation } from '../../src/model/packages.ts';
import { commandEffects } from '../../src/model/programs.ts';
import { canJoin, cleansListsAway, joinEdit } from '../../src/optimize/join.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';

/** A download, a script or a build beside the install: a step with a purpose of its own. */
const isWorkOfAnotherKind = (file: Dockerfile, command: Command): boolean =>
  /^(?:curl|wget|git)$/.test(command.name) || (readInvocation(command)?.manager.kind !== 'system' && commandEffects(command, commandFolder(file, command)).opaque !== undefined);

/** Two of the same manager of system packages, the second with no refresh of its own: one install in two pieces. */
function isOneInstall(file: Dockerfile, first: Instruction, second: Instruction): boolean {
  const [a, b] = [first, second].map((run) => file.commandsOf(run).map(readInvocation).filter((each) => each?.manager.kind === 'system'));
  const [manager] = a ?? [];
  if (manager?.manager.name === 'apt-get' && cleansListsAway(file, first)) return false;
  if ([first, second].some((run) => file.commandsOf(run).some((command) => isWorkOfAnotherKind(file, command)))) return false;
  return manager !== undefined && b !== undefined && b.length > 0 && [...(a ?? []), ...b].every((each) => each?.manager.name === manager?.manager.name) &&
    [a ?? [], b].every((run) => run.some((each) => each?.action.startsWith('install'))) && !b.some((each) => each?.action === 'refresh');
}

/** One line right behind the other, both nothing but `mkdir`, `chmod`, `ln` and the like. */
function areSmallSteps(file: Dockerfile, first: Instruction, second: Instruction): boolean {
  const gap = file.source.slice(first.span.end, second.span.start);
  return /^[ \t]*\r?\n[ \t]*$/.test(gap) && [first, second].every((run) => costClass(file, run) === 'other' && effectsOf(file, run).opaque === undefined);
}

const title = 'Join the two RUN instructions';

/** Joined, an image is the same, but what is cached changes: no more than a proposal where nothing else speaks for it. */
const joinable = (file: Dockerfile, first: Instruction, second: Instruction): Fix | undefined =>
  (canJoin(file, first, second) ? unsafe(title, joinEdit(file, first, second)) : undefined);

/** Why the two should be one; `row` where nothing speaks for it but that one follows the other. */
function kindOf(file: Dockerfile, first: Instruction, second: Instruction, isListed: boolean): 'small' | 'install' | 'row' | undefined {
  if (canJoin(file, first, second)) {
    if (areSmallSteps(file, first, second)) return 'small';
    if (isOneInstall(file, first, second)) return 'install';
  }
  return isListed ? 'row' : undefined;
}

export default defineRule({
  summary: 'RUN instructions that could be one',
  why: `Each RUN makes a layer. Two of them that install system packages, or that only set things up, are read, hashed and pushed
as two layers for no gain, and a file that the second one deletes still ships in the first.

RUNs of different kinds stay apart: joining an install and a build would run the install again with every build. Where hadolint's
code is asked for, each RUN of one command behind another is named, as hadolint does, and joining them is unsafe. The fix is
offered only where nothing leaks from one into the other (\`cd\`, \`export\`, \`set\`, \`||\`, mounts of one of them).`,
  severity: 'info',
  sources: ['hadolint/DL3059'],
  examples: [
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN apt-get install -y git\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl \\\n    && apt-get install -y git\n',
    },
    {
      bad: 'FROM debian:12\nRUN apt-get update && \\\n  apt-get install -y curl\n# For the build\nRUN apt-get install -y git\n',
      good: 'FROM debian:12\nRUN apt-get update && \\\n  apt-get install -y curl && \\\n  # For the build\n  apt-get install -y git\n',
    },
    { bad: 'FROM debian:12\nRUN mkdir -p /data\nRUN chown 1000 /data\n', good: 'FROM debian:12\nRUN mkdir -p /data \\\n    && chown 1000 /data\n' },
  ],
  * check({ file }) {
    const inRow = consecutiveRuns(file);
    for (const { instructions } of file.stages) {
      for (const [index, second] of instructions.entries()) {
        const first = instructions[index - 1];
        const isListed = inRow.has(second);
        const kind = first === undefined || second.keyword !== 'RUN' ? undefined : kindOf(file, first, second, isListed);
        if (first === undefined || kind === undefined) continue;
        const line = `This RUN and the one of line ${file.lines.position(first.span.start).line}`;
        yield {
          at: second.keywordSpan,
          message: `${line} ${kind === 'row' ? 'make a layer each, and' : kind === 'small' ? 'are small steps that' : 'install with the same tool and'} could share a layer; join them with \`&&\`.`,
          fix: kind === 'row' ? joinable(file, first, second) : safe(title, joinEdit(file, first, second)),
          ...(!isListed && { sources: [] }),
          ...(kind === 'row' && { onRequest: true }),
        };
      }
    }
  },
});
