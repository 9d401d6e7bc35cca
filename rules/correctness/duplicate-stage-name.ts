import type { Stage } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';

export default defineRule({
  summary: 'Two stages of the same name',
  why: `A name that two stages have means the later one in some places and the earlier in others: \`FROM\` takes the last above it,
\`--target\` and \`--from\` need not. Give each stage a name of its own. There is no fix: which of the two the file means at each
place only its author knows.`,
  severity: 'warning',
  sources: ['buildkit/DuplicateStageName', 'hadolint/DL3024', 'trivy/DS-0012', 'checkov/CKV_DOCKER_11'],
  examples: [
    {
      bad: 'FROM golang:1.23 AS build\nRUN id\nFROM node:22 AS build\nRUN id\n',
      good: 'FROM golang:1.23 AS build-server\nRUN id\nFROM node:22 AS build-site\nRUN id\n',
    },
  ],
  * check({ file }) {
    const first = new Map<string, Stage>();
    for (const stage of file.stages) {
      const { name, nameWord } = stage;
      if (name === undefined || nameWord === undefined) continue;
      const other = first.get(name)?.nameWord;
      if (other === undefined) first.set(name, stage);
      else {
        const { line } = file.lines.position(other.span.start);
        yield { at: nameWord.span, message: `The stage of line ${line} is called \`${name}\` too; give one of them another name.`, related: [{ at: other.span, message: 'The first stage of this name.' }] };
      }
    }
  },
});
