import type { Instruction } from '../../src/dockerfile/instruction.ts';
import type { Word } from '../../src/dockerfile/words.ts';
import { destinationWord } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { copiesSmallText, isSmallText } from '../../src/model/small-files.ts';
import type { Stage } from '../../src/model/stages.ts';
import { isAbsolutePath } from '../../src/model/state.ts';
import { defineRule } from '../../src/rule.ts';

/** The working directory is `/` because nothing says otherwise. A fragment without a FROM counts as such. */
function startsAtRoot(file: Dockerfile, instruction: Instruction, stage: Stage | undefined): boolean {
  const { workdir, workdirSetBy } = file.stateAt(instruction);
  if (workdirSetBy !== undefined) return false;
  if (stage === undefined) return !file.instructions.slice(0, instruction.index).some(({ keyword }) => keyword === 'WORKDIR');
  // An image made from scratch often has nothing but what is copied to its root.
  return workdir === '/' && !stage.fromScratch;
}

interface RelativeCopy {
  readonly instruction: Instruction;
  readonly stage: Stage | undefined;
  readonly word: Word;
}

function* relativeCopies(file: Dockerfile): Generator<RelativeCopy> {
  for (const instruction of file.instructions) {
    if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
    const word = destinationWord(instruction);
    const path = word === undefined ? undefined : file.expand(word.raw, instruction) ?? (word.text.startsWith('$') ? undefined : word.text);
    if (word === undefined || path === undefined || path === '' || isAbsolutePath(path)) continue;
    if (file.stateAt(instruction).workdirSetBy === undefined) yield { instruction, stage: file.stageOf(instruction), word };
  }
}

/** One script or text for the root itself, `COPY entrypoint.sh entrypoint.sh`, is where many images have it. */
const isOneText = (file: Dockerfile, { instruction, word }: RelativeCopy): boolean =>
  instruction.words.length === 2 && /^(?:\.\/)?[^/]*$/.test(word.text) && (copiesSmallText(file, instruction) || isSmallText(instruction.words[0]?.text ?? ''));

/** The files certainly land among those of the system, where they are in the way. */
function isMisplaced(file: Dockerfile, copy: RelativeCopy): boolean {
  const { instruction, stage, word } = copy;
  if (file.expand(word.raw, instruction) === undefined || (stage !== undefined && !file.neededStages.has(stage))) return false;
  if (!startsAtRoot(file, instruction, stage) || isOneText(file, copy)) return false;
  // A script at the root of a build stage is in nobody's way.
  return stage === undefined || file.shippedStages.has(stage) || !copiesSmallText(file, instruction);
}

export default defineRule({
  summary: 'Files copied to a relative path before any WORKDIR',
  why: `Without a WORKDIR, relative paths are resolved against the base image's working directory. Where that is \`/\`, \`COPY . .\`
mixes the project with \`bin\`, \`etc\` and \`usr\`; a folder of the project with such a name is laid over the system's, and
with a new base image everything may land somewhere else. Set \`WORKDIR /app\`, or any folder of your own, in front of the first COPY.
One copy of a stage is named, and none of a single script or text, such as \`entrypoint.sh\`; asked for by hadolint's code, all are.

There is no automatic fix: scripts, CMD and mounts outside the file may name the old paths. Switch it off if files at the root are
what you want, or say so with \`WORKDIR /\`.`,
  severity: 'warning',
  sources: ['hadolint/DL3045'],
  examples: [
    {
      bad: 'FROM python:3.12-slim\nCOPY requirements.txt requirements.txt\nCOPY . .\n',
      good: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt requirements.txt\nCOPY . .\n',
    },
    { bad: 'FROM debian:12\nCOPY scripts scripts\nWORKDIR /srv\nCOPY . .\n', good: 'FROM debian:12\nWORKDIR /srv\nCOPY scripts scripts\nCOPY . .\n' },
  ],
  * check({ file }) {
    const told = new Set<Stage | undefined>();
    for (const copy of relativeCopies(file)) {
      const { instruction, stage, word } = copy;
      const where = startsAtRoot(file, instruction, stage) ? 'in `/`, among those of the system' : 'wherever the base image decides';
      const message = `\`${word.text}\` is relative and no WORKDIR is set, so the files land ${where}; set a WORKDIR of your own first.`;
      const isNews = !told.has(stage) && isMisplaced(file, copy);
      if (isNews) told.add(stage);
      yield { at: word.span, message, ...(instruction.keyword === 'ADD' && { sources: [] }), ...(!isNews && { onRequest: true }) };
    }
  },
});
