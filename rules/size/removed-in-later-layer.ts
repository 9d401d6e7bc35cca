import { operands, type Command } from '../../src/dockerfile/command.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { copySources, destination, readsContext } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { commandFolder, isBelow } from '../../src/model/effects.ts';
import { commandEffects } from '../../src/model/programs.ts';
import { copiesSmallText } from '../../src/model/small-files.ts';
import type { Stage } from '../../src/model/stages.ts';
import { joinPath } from '../../src/model/state.ts';
import { canJoin, joinEdit } from '../../src/optimize/join.ts';
import { defineRule, unsafe } from '../../src/rule.ts';

interface Removal {
  readonly command: Command;
  readonly path: string;
  readonly at: { readonly start: number; readonly end: number };
}

/** The literal paths that a RUN's `rm` commands take away. */
function removals(file: Dockerfile, run: Instruction): Removal[] {
  return file.commandsOf(run).filter(({ name, conditional }) => name === 'rm' && !conditional).flatMap((command) =>
    operands(command.words).flatMap((word) => {
      const path = word.value === undefined ? undefined : joinPath(commandFolder(file, command), word.value);
      return path === undefined || path === '/' ? [] : [{ command, path, at: word.span }];
    }));
}

/** Another takes its place in the same RUN: it is replaced, not cleaned up. */
const isMadeAgain = (file: Dockerfile, run: Instruction, { command, path }: Removal): boolean => file.commandsOf(run).some((later) => {
  if (later.span.start < command.span.end) return false;
  const { writes } = commandEffects(later, commandFolder(file, later));
  return later.name !== 'rm' && writes !== 'everything' && writes.some((written) => written === path);
});

const fetchers = new Set(['curl', 'wget', 'tar', 'cp', 'mv', 'git']);

/** Downloads of these kinds are small; an installer that calls itself a script (`.sh`) is not. */
const smallDownload = /\.(?:php|py|txt|key|asc|sig|gpg|pem|crt|list|repo|conf|ya?ml|toml|sha\d+|md5)$/;

/** True when the instruction certainly puts the path, or something below it, into its layer. */
function creates(file: Dockerfile, instruction: Instruction, path: string): boolean {
  if (readsContext(instruction)) {
    if (copiesSmallText(file, instruction)) return false;
    const to = destination(file, instruction);
    const [source] = instruction.words;
    if (to === undefined || source === undefined || instruction.words.length !== 2) return to !== undefined && isBelow(to.path, path);
    const name = source.text.split('/').at(-1) ?? '';
    return isBelow(to.path, path) || (to.folder && name !== '' && joinPath(to.path, name) === path);
  }
  if (instruction.keyword !== 'RUN' || smallDownload.test(path) || removals(file, instruction).some((removal) => isBelow(path, removal.path))) return false;
  return file.commandsOf(instruction).some((command) => {
    if (!fetchers.has(command.name) || command.conditional) return false;
    const { writes } = commandEffects(command, commandFolder(file, command));
    return writes !== 'everything' && command.name !== 'mv' && writes.some((written) => isBelow(written, path));
  });
}

/** The latest instruction of the stage that made what is removed. */
const creator = (file: Dockerfile, stage: Stage, run: Instruction, path: string): Instruction | undefined =>
  stage.instructions.findLast((each) => each.index < run.index && creates(file, each, path));

function adviceOf(file: Dockerfile, made: Instruction): string {
  if (made.keyword === 'RUN') return 'remove it in the same RUN';
  return copySources(file, made).length > 0 ? 'use a bind mount instead of the copy' : 'fetch it, use it and remove it in one RUN';
}

export default defineRule({
  summary: 'File removed in a later layer than the one that brought it',
  why: `A layer only adds to what is below it: a file that a later RUN removes is hidden, not gone, and everyone who pulls the image
downloads it. Fetch, use and remove it in one RUN; bind-mount what would be copied only to be used once.

The fix joins the two RUNs where they follow each other and nothing leaks from one into the other.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM debian:12\nRUN curl -fsSL -o /tmp/tool.tar.gz https://example.com/tool.tar.gz\nRUN tar -xzf /tmp/tool.tar.gz -C /opt && rm /tmp/tool.tar.gz\nCMD ["/opt/tool"]\n',
      good: 'FROM debian:12\nRUN curl -fsSL -o /tmp/tool.tar.gz https://example.com/tool.tar.gz \\\n    && tar -xzf /tmp/tool.tar.gz -C /opt && rm /tmp/tool.tar.gz\nCMD ["/opt/tool"]\n',
    },
    {
      bad: 'FROM debian:12\nCOPY app.deb /tmp/\nRUN dpkg -i /tmp/app.deb && rm /tmp/app.deb\nCMD ["app"]\n',
      good: 'FROM debian:12\nRUN --mount=type=bind,source=app.deb,target=/tmp/app.deb dpkg -i /tmp/app.deb\nCMD ["app"]\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.shippedStages) {
      for (const [index, run] of stage.instructions.entries()) {
        if (run.keyword !== 'RUN') continue;
        for (const removal of removals(file, run)) {
          const { path, at } = removal;
          const made = creator(file, stage, run, path);
          if (made === undefined || isMadeAgain(file, run, removal)) continue;
          const adjacent = stage.instructions[index - 1] === made && canJoin(file, made, run);
          yield {
            at,
            message: `\`${path}\` came with the ${made.keyword} of line ${file.lines.position(made.span.start).line}: removed here, it is hidden but still shipped in that layer; ${adviceOf(file, made)}.`,
            fix: adjacent ? unsafe('Join the two RUN instructions', joinEdit(file, made, run)) : undefined,
          };
        }
      }
    }
  },
});
