import { baseName, operands, type Command } from '../../src/dockerfile/command.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import type { Word } from '../../src/dockerfile/words.ts';
import { copySources, destination } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';

/** What `ADD` unpacks by itself. */
const unpackable = /\.(?:tar|tar\.(?:gz|bz2|xz)|tgz|tbz2?|txz)$/i;
const archive = /\.(?:tar|tar\.\w{1,4}|t[gbx]z2?|tzst|zip|gz|bz2|xz|lzma|z)$/i;

const unpackers = new Set(['unzip', 'gunzip', 'bunzip2', 'unlzma', 'unxz', 'zcat', 'gzcat', 'uncompress']);

/** `tar -xzf`, `tar xf`, `tar --extract`. */
const extracts = ({ words }: Command): boolean =>
  words.some(({ text }, index) => /^-[a-zA-Z]*x/.test(text) || /^--(?:extract|get)$/.test(text) || (index === 0 && /^[a-zA-Z]*x[a-zA-Z]*$/.test(text)));

const unpacks = (command: Command): boolean => unpackers.has(command.name) || (/^(?:bsd|g)?tar$/.test(command.name) && extracts(command));

/** Flags with which only a part is taken, or under other names: `ADD` can't. */
const picks = ({ words }: Command): boolean => words.some(({ text }) => /^--(?:strip|exclude|transform|wildcards|to-stdout|xform)|^-[a-zA-Z]*O/.test(text));

interface Copied {
  readonly word: Word;
  /** The name it has in the image. */
  readonly name: string;
}

/** The archives an instruction copies of the build context. */
function archivesOf(file: Dockerfile, instruction: Instruction): Copied[] {
  if (instruction.keyword !== 'COPY') return [];
  const to = destination(file, instruction);
  return copySources(file, instruction).flatMap(({ word, path, glob }) => {
    const renamed = to === undefined || to.folder || !archive.test(to.path) ? undefined : baseName(to.path);
    const name = renamed ?? (path === undefined || glob ? undefined : baseName(path));
    return name !== undefined && archive.test(name) ? [{ word, name }] : [];
  });
}

/** The command of a later RUN that unpacks the archive. */
function unpackerOf(file: Dockerfile, stage: Stage, from: Instruction, name: string): Command | undefined {
  for (const instruction of stage.instructions) {
    if (instruction.index <= from.index || instruction.keyword !== 'RUN') continue;
    const found = file.commandsOf(instruction).find((command) => unpacks(command) && operands(command.words).some(({ text }) => baseName(text) === name));
    if (found !== undefined) return found;
  }
  return undefined;
}

export default defineRule({
  summary: 'Archive copied and then unpacked',
  why: `The layer of the \`COPY\` keeps the archive beside what was unpacked of it, even if the next step removes it. \`ADD\` unpacks a tar archive
of the build context by itself (plain, gzip, bzip2 or xz). Where only a part is wanted, or the archive is a zip file, mount it instead:
\`RUN --mount=type=bind,source=app.zip,target=/tmp/app.zip unzip /tmp/app.zip\`; then no layer holds it.

There is no fix: what owner, folder and names the files get has to be looked at.`,
  severity: 'info',
  sources: ['hadolint/DL3010'],
  examples: [
    {
      bad: 'FROM debian:12\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz\n',
      good: 'FROM debian:12\nADD app.tar.gz /opt/\n',
    },
    {
      bad: 'FROM debian:12\nCOPY site.zip /tmp/site.zip\nRUN unzip /tmp/site.zip -d /srv\n',
      good: 'FROM debian:12\nRUN --mount=type=bind,source=site.zip,target=/tmp/site.zip unzip /tmp/site.zip -d /srv\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.shippedStages) {
      for (const instruction of stage.instructions) {
        for (const { word, name } of archivesOf(file, instruction)) {
          const unpacker = unpackerOf(file, stage, instruction, name);
          if (unpacker === undefined) continue;
          const { line } = file.lines.position(unpacker.span.start);
          const advice = unpackable.test(name) && !picks(unpacker) ? 'let `ADD` unpack it' : 'mount it for that step with `RUN --mount=type=bind`';
          yield { at: word.span, message: `\`${name}\` stays in this layer beside what line ${line} unpacks of it; ${advice}.` };
        }
      }
    }
  },
});
