import { selfCopies } from '../../src/model/self-copy.ts';
import { defineRule } from '../../src/rule.ts';

export default defineRule({
  summary: 'Stage that copies from itself',
  why: `\`--from\` takes files of another stage or image; a stage that names itself waits for its own end, and BuildKit refuses the file.
What is in the stage already is copied with \`RUN cp\`; otherwise another stage was meant.`,
  severity: 'error',
  sources: ['hadolint/DL3023', 'trivy/DS-0006'],
  examples: [
    {
      bad: 'FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM debian:12 AS final\nCOPY --from=final /app /app\n',
      good: 'FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM debian:12 AS final\nCOPY --from=build /app /app\n',
    },
  ],
  * check({ file }) {
    for (const { at, text } of selfCopies(file)) {
      yield { at, message: `\`${text}\` is the stage this line stands in, which cannot copy from itself; name another one.` };
    }
  },
});
