import { replace } from '../../src/edits.ts';
import { defineRule, safe } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

export default defineRule({
  summary: '`AS` written in other letters than its FROM',
  why: `\`FROM … as build\` works, but BuildKit warns of it in every build: keywords of one line are easier to find in one casing.
The fix writes \`AS\` like its \`FROM\`; the build is the same. Nothing is said where FROM itself is in mixed letters.`,
  severity: 'info',
  sources: ['buildkit/FromAsCasing'],
  examples: [
    { bad: 'FROM debian:12 as build\nRUN id\n', good: 'FROM debian:12 AS build\nRUN id\n' },
    { bad: 'from debian:12 AS build\nrun id\n', good: 'from debian:12 as build\nrun id\n' },
  ],
  * check({ file }) {
    for (const { from, nameWord } of file.stages) {
      const as = from.words[1];
      if (nameWord === undefined || as === undefined) continue;
      const keyword = textAt(file.source, from.keywordSpan);
      const right = keyword === 'FROM' ? 'AS' : keyword === 'from' ? 'as' : as.raw;
      if (as.raw === right) continue;
      yield { at: as.span, message: `\`${as.raw}\` and \`${keyword}\` differ in casing; write \`${right}\`.`, fix: safe(`Write \`${right}\``, replace(as, right)) };
    }
  },
});
