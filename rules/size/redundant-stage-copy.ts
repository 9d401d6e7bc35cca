import { flag, type Instruction } from '../../src/dockerfile/instruction.ts';
import { destination } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { effectsOf, meet } from '../../src/model/effects.ts';
import { findStage, type Stage } from '../../src/model/stages.ts';
import { joinPath } from '../../src/model/state.ts';
import { textAt } from '../../src/span.ts';
import { lineRemoval } from '../../src/optimize/lines.ts';
import { defineRule, safe, unsafe } from '../../src/rule.ts';

/** The path that a `COPY --from` takes and puts in the same place; undefined for any other. */
function samePath(file: Dockerfile, copy: Instruction): string | undefined {
  const [source, target, more] = copy.words;
  const to = destination(file, copy);
  if (source === undefined || target === undefined || more !== undefined || to === undefined) return undefined;
  const from = file.expand(source.raw, copy);
  const path = from === undefined ? undefined : joinPath('/', from);
  // A slash behind the destination alone puts a file into a folder of its name.
  const slashed = target.text.endsWith('/') && !source.text.endsWith('/');
  return path === to.path && path !== '/' && !slashed && !/[*?[]/.test(from ?? '') ? path : undefined;
}

/** What runs between the end of the ancestor and the COPY: it may have changed the path. */
function between(stage: Stage, ancestor: Stage, copy: Instruction): Instruction[] {
  const found = stage.instructions.filter(({ index }) => index < copy.index);
  for (let at = stage.parent; at !== undefined && at !== ancestor; at = at.parent) found.push(...at.instructions);
  return found;
}

/** A FROM that names its stage by an argument may be given an image instead. */
const isAncestor = (stage: Stage, candidate: Stage): boolean => {
  for (let at = stage; at.parent !== undefined && at.imageWord?.text.includes('$') !== true; at = at.parent) if (at.parent === candidate) return true;
  return false;
};

/** A COPY gives what it brings to root, and follows links: where a step below may have made either, it is not the same without. */
function mayOwnOrLink(file: Dockerfile, stage: Stage | undefined, path: string): boolean {
  if (stage === undefined) return false;
  const others = stage.instructions.some((each) => /\b(?:chown|useradd|adduser|ln|install -o|tar)\b/.test(textAt(file.source, each.span)) ||
    (each.keyword === 'RUN' && file.stateAt(each).user !== 'root' && file.stateAt(each).user !== '0'));
  return others || path.startsWith('/home') || mayOwnOrLink(file, stage.parent, path);
}

export default defineRule({
  summary: 'Files copied from a stage that this one is built on',
  why: `A stage that is built on another has all its files. Copying them to the same place once more writes them a second time into
a layer of their own, and the image ships both.

The fix removes the copy where nothing in between touches the path. A copy also gives the files to root: where they may belong to
another user before it, the fix is not safe.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM python:3.12-slim AS base\nRUN python -m venv /opt/venv\n\nFROM base\nCOPY --from=base /opt/venv /opt/venv\nCMD ["python"]\n',
      good: 'FROM python:3.12-slim AS base\nRUN python -m venv /opt/venv\n\nFROM base\nCMD ["python"]\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      for (const copy of stage.instructions) {
        const from = copy.keyword === 'COPY' ? flag(copy, 'from') : undefined;
        const ancestor = from?.value === undefined ? undefined : findStage(file.stages, from.value, stage.index);
        const path = samePath(file, copy);
        if (from === undefined || ancestor === undefined || path === undefined || !isAncestor(stage, ancestor)) continue;
        const changed = between(stage, ancestor, copy).some((each) => meet(effectsOf(file, each).writes, [path]));
        const plain = copy.flags.length === 1 && copy.comments.length === 0;
        yield {
          at: copy.span,
          message: `This stage is built on \`${from.value ?? ''}\`, so \`${path}\` is there already; the copy only holds it a second time.`,
          fix: changed || !plain ? undefined : (mayOwnOrLink(file, ancestor, path) ? unsafe : safe)('Remove the copy', lineRemoval(file, copy.span)),
        };
      }
    }
  },
});
