import { hasFlag, operands, type Command } from '../../src/dockerfile/command.ts';
import { flag, type Instruction } from '../../src/dockerfile/instruction.ts';
import { insertAfter } from '../../src/edits.ts';
import { destination, readsContext } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { commandFolder, effectsOf, isBelow, meet } from '../../src/model/effects.ts';
import { copiesSmallText } from '../../src/model/small-files.ts';
import type { Stage } from '../../src/model/stages.ts';
import { joinPath } from '../../src/model/state.ts';
import { lineRemoval } from '../../src/optimize/lines.ts';
import { defineRule, unsafe, type Fix } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

interface Change {
  readonly command: Command;
  readonly owner: string | undefined;
  readonly paths: readonly string[];
}

/** A `chown -R` or `chmod -R` that certainly runs, with its literal paths. */
function changeOf(file: Dockerfile, command: Command): Change | undefined {
  if ((command.name !== 'chown' && command.name !== 'chmod') || command.conditional || !hasFlag(command.words, '-R', '--recursive')) return undefined;
  const [value, ...rest] = operands(command.words);
  const folder = commandFolder(file, command);
  const paths = rest.map((word) => (word.value === undefined ? undefined : joinPath(folder, word.value)));
  if (value === undefined || paths.length === 0) return undefined;
  return { command, owner: command.name === 'chown' ? value.value : undefined, paths: paths.filter((path) => path !== undefined) };
}

const isCopy = ({ keyword }: Instruction): boolean => keyword === 'COPY' || keyword === 'ADD';

/** The COPYs of the stage above the RUN that put files below one of the paths. */
const copiesBelow = (file: Dockerfile, stage: Stage, run: Instruction, paths: readonly string[]): Instruction[] =>
  stage.instructions.filter((each) => {
    const to = each.index < run.index && isCopy(each) ? destination(file, each) : undefined;
    return to !== undefined && paths.some((path) => path !== '/' && isBelow(to.path, path));
  });

/** Known where the COPY stands: a number, or a user that an earlier line makes. */
const knownThere = (file: Dockerfile, stage: Stage, copy: Instruction, owner: string): boolean => {
  const [user = ''] = owner.split(':');
  if (/^\d+$/.test(user) || stage.facts?.users.includes(user) === true) return true;
  return stage.instructions.some((each) => each.keyword === 'RUN' && each.index < copy.index &&
    file.commandsOf(each).some((command) => /^(?:useradd|adduser)$/.test(command.name) && command.words.some(({ value }) => value === user)));
};

function fixOf(file: Dockerfile, stage: Stage, run: Instruction, change: Change, copies: readonly Instruction[]): Fix | undefined {
  const { owner, command, paths } = change;
  const alone = file.commandsOf(run).length === 1 && command.place === 'alone' && run.comments.length === 0;
  const [first] = copies;
  if (owner === undefined || first === undefined || !alone || !/^[\w.:-]+$/.test(owner)) return undefined;
  if (copies.some((copy) => flag(copy, 'chown') !== undefined || !knownThere(file, stage, copy, owner))) return undefined;
  const others = stage.instructions.filter((each) => each.index < run.index && each.keyword === 'RUN');
  if (others.some((each) => meet(effectsOf(file, each).writes, paths))) return undefined;
  return unsafe(`Give the files to \`${owner}\` when they are copied`, copies.map((copy) => insertAfter(copy.keywordSpan, ` --chown=${owner}`)), lineRemoval(file, run.span));
}

export default defineRule({
  summary: 'Owner or mode of copied files changed in a later layer',
  why: `A RUN that changes the owner or the mode of a file writes the whole file into its layer again: the image ships it twice.
\`COPY --chown\` and \`COPY --chmod\` do it while copying.

The fix for \`chown\` is unsafe: the folder itself, where WORKDIR made it, keeps its owner. A mode given to \`--chmod\` would
hold for folders and files alike, so there is no fix for \`chmod\`.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM debian:12\nRUN useradd -r app\nCOPY . /srv\nRUN chown -R app:app /srv\nUSER app\n',
      good: 'FROM debian:12\nRUN useradd -r app\nCOPY --chown=app:app . /srv\nUSER app\n',
    },
    {
      bad: 'FROM debian:12\nCOPY scripts /scripts\nRUN chmod -R +x /scripts\n',
      good: 'FROM debian:12\nCOPY --chmod=755 scripts /scripts\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.shippedStages) {
      for (const run of stage.instructions) {
        if (run.keyword !== 'RUN') continue;
        for (const command of file.commandsOf(run)) {
          const change = changeOf(file, command);
          const copies = change === undefined ? [] : copiesBelow(file, stage, run, change.paths);
          const first = copies.find((each) => !copiesSmallText(file, each));
          if (change === undefined || first === undefined) continue;
          yield {
            at: command.span,
            message: `\`${textAt(file.source, command.span).replace(/\s*\\?\s*\n\s*/g, ' ')}\` writes the files of line ${file.lines.position(first.span.start).line} into a second layer; use \`${first.keyword} --${command.name}\` there.`,
            fix: readsContext(first) ? fixOf(file, stage, run, change, copies) : undefined,
          };
          break; // A second change in the same RUN writes the same layer.
        }
      }
    }
  },
});
