import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { destinationWord } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { copiesSmallText } from '../../src/model/small-files.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';

/** Absolute, a drive of Windows, or a network share. */
const isAbsolute = (path: string): boolean => /^(?:[\\/]|[a-zA-Z]:)/.test(path);

/** The working directory is `/` because nothing says otherwise. A fragment without a FROM counts as such. */
function startsAtRoot(file: Dockerfile, instruction: Instruction, stage: Stage | undefined): boolean {
  const { workdir, workdirSetBy } = file.stateAt(instruction);
  if (workdirSetBy !== undefined) return false;
  if (stage === undefined) return !file.instructions.slice(0, instruction.index).some(({ keyword }) => keyword === 'WORKDIR');
  // An image made from scratch often has nothing but what is copied to its root.
  return workdir === '/' && !stage.fromScratch;
}

function* relativeCopies(file: Dockerfile): Generator<{ instruction: Instruction; stage: Stage | undefined }> {
  for (const instruction of file.instructions) {
    if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
    const word = destinationWord(instruction);
    const path = word === undefined ? undefined : file.expand(word.raw, instruction);
    const stage = file.stageOf(instruction);
    if (stage !== undefined && !file.neededStages.has(stage)) continue;
    if (path === undefined || path === '' || isAbsolute(path) || !startsAtRoot(file, instruction, stage)) continue;
    // A script at the root of a build stage is in nobody's way.
    if (stage !== undefined && !file.shippedStages.has(stage) && copiesSmallText(file, instruction)) continue;
    yield { instruction, stage };
  }
}

export default defineRule({
  summary: 'Files copied to a relative path before any WORKDIR',
  why: `Without a WORKDIR, relative paths are resolved against the base image's working directory. Where that is \`/\`, \`COPY . .\`
mixes the project with \`bin\`, \`etc\` and \`usr\`; a folder of the project with such a name is laid over the system's, and
with a new base image everything may land somewhere else. Set \`WORKDIR /app\`, or any folder of your own, in front of the first COPY.

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
    const first = new Set<Stage | undefined>();
    for (const { instruction, stage } of relativeCopies(file)) {
      const word = destinationWord(instruction);
      if (word === undefined || first.has(stage)) continue;
      first.add(stage);
      yield {
        at: word.span,
        message: `\`${word.text}\` is relative and no WORKDIR is set, so the files land in \`/\`, among those of the system; set a WORKDIR of your own first.`,
      };
    }
  },
});
