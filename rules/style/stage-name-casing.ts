import { flag, type Instruction } from '../../src/dockerfile/instruction.ts';
import { replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule, safe, type Edit } from '../../src/rule.ts';
import { textAt, type Span } from '../../src/span.ts';

/** Where an instruction names a stage or an image: FROM and `--from`. */
function named(instruction: Instruction): Span[] {
  const { keyword, words: [image] } = instruction;
  const from = keyword === 'COPY' ? flag(instruction, 'from')?.valueSpan : keyword === 'FROM' ? image?.span : undefined;
  return from === undefined ? [] : [from];
}

/** The name and the places further down that name it the same way. */
function lowered(file: Dockerfile, { from, name = '' }: Stage, word: Span): Edit[] {
  const written = textAt(file.source, word);
  const uses = file.instructions.filter(({ index }) => index > from.index).flatMap(named).filter((at) => textAt(file.source, at) === written);
  return [word, ...uses].map((at) => replace(at, name));
}

export default defineRule({
  summary: 'Stage name with capitals',
  why: `BuildKit takes stage names in lower case, whatever the file says, and warns of capitals; tools that compare them letter by
letter miss the stage. The fix writes the name in small letters, here and where \`FROM\` and \`--from\` name it; \`--target\` takes both.`,
  severity: 'info',
  sources: ['buildkit/StageNameCasing'],
  examples: [
    { bad: 'FROM golang:1.23 AS Build\nRUN go build -o /app .\n', good: 'FROM golang:1.23 AS build\nRUN go build -o /app .\n' },
    {
      bad: 'FROM golang:1.23 AS Build\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=Build /app /app\n',
      good: 'FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=build /app /app\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      const { nameWord, name = '' } = stage;
      if (nameWord === undefined || nameWord.raw === name) continue;
      const clear = textAt(file.source, nameWord.span) === nameWord.raw;
      const fix = clear ? safe(`Write \`${name}\``, lowered(file, stage, nameWord.span)) : undefined;
      yield { at: nameWord.span, message: `Stages have names in lower case; write \`${name}\`.`, ...(fix && { fix }) };
    }
  },
});
