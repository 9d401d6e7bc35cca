import { flag } from '../../src/dockerfile/instruction.ts';
import { replace } from '../../src/edits.ts';
import { nearName } from '../../src/model/similar.ts';
import { findStage } from '../../src/model/stages.ts';
import { defineRule, manual } from '../../src/rule.ts';

export default defineRule({
  summary: '`COPY --from` of a name that is no stage above',
  why: `BuildKit takes a name that no stage above has for an image, or for a context that the build is given (\`--build-context\`). Both
are good uses; a stage's name with a wrong letter is none: the build then asks a registry for it, and what answers there may be
anybody's image.

The rule speaks where a stage has nearly that name. Asked for by hadolint's code, it also names the images without a tag.`,
  severity: 'info',
  sources: ['hadolint/DL3022'],
  examples: [
    {
      bad: 'FROM golang:1.23 AS builder\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=buidler /app /app\n',
      good: 'FROM golang:1.23 AS builder\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=builder /app /app\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      for (const instruction of stage.instructions) {
        const from = instruction.keyword === 'COPY' ? flag(instruction, 'from') : undefined;
        const { value = '', valueSpan: at } = from ?? {};
        // What has a tag is meant for an image, and a variable is refused.
        if (at === undefined || value === '' || /[:$@]/.test(value) || findStage(file.stages, value, stage.index + 1) !== undefined) continue;
        const above = file.stages.slice(0, stage.index).flatMap(({ name }) => name ?? []);
        const meant = /[./]/.test(value) ? undefined : nearName(value, above);
        const fix = meant === undefined ? undefined : manual(`Write \`${meant}\``, replace(at, meant));
        const advice = meant === undefined ? 'name a stage, or give the image a tag' : `did you mean \`${meant}\`?`;
        yield { at, message: `\`${value}\` is no stage above, so it is taken for an image or a named context; ${advice}${meant === undefined ? '.' : ''}`, ...(fix ? { fix } : { onRequest: true }) };
      }
    }
  },
});
