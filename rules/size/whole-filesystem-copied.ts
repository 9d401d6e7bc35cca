import { flag, type Instruction } from '../../src/dockerfile/instruction.ts';
import { destinationWord } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { findStage, type Stage } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';

const isRoot = (text: string | undefined): boolean => text !== undefined && /^\/+(?:\.\/*)*$/.test(text);

/** An image or stage made to be laid over another: it holds a few files and no system. */
function isOverlay(file: Dockerfile, stage: Stage, text: string): boolean {
  const from = findStage(file.stages, text, stage.index);
  if (from === undefined) return !/^(?:docker\.io\/library\/)?(?:debian|ubuntu|alpine|fedora|centos|python|node|golang)(?::|$)/.test(text);
  // An image nobody knows may be such a thing as well; the helpers for cross-compiling are.
  return from.fromScratch || from.facts === undefined || from.image?.name === 'tonistiigi/xx';
}

/** `COPY --from=NAME / /`: the name. */
function copiedWhole(file: Dockerfile, instruction: Instruction): string | undefined {
  if (instruction.keyword !== 'COPY' || instruction.words.length !== 2) return undefined;
  const [source] = instruction.words;
  const texts = [source, destinationWord(instruction)].map((word) => word && file.expand(word.raw, instruction));
  return texts.every(isRoot) ? flag(instruction, 'from')?.value : undefined;
}

export default defineRule({
  summary: 'Whole file system of another stage copied',
  why: `\`COPY --from=build / /\` takes along what the stages were made to leave behind: compilers, caches, package lists, secrets that a
step wrote. It also lays one system over another, whose package databases then say what is not there. Copy the files that are needed.

Nothing is said where the target is \`scratch\`, which makes one layer of many on purpose, and where the source is built from
\`scratch\` or is no known system: such images are made to be laid over others.`,
  severity: 'info',
  sources: ['hadolint/DL3067'],
  examples: [
    {
      bad: 'FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=build / /\n',
      good: 'FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=build /app /app\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      for (const instruction of stage.instructions) {
        const from = copiedWhole(file, instruction);
        const [source] = instruction.words;
        if (from === undefined || source === undefined) continue;
        const quiet = stage.fromScratch || isOverlay(file, stage, from);
        yield { at: source.span, message: `All files of \`${from}\` are copied, tools and caches of its build too; copy those that are needed.`, ...(quiet && { onRequest: true }) };
      }
    }
  },
});
