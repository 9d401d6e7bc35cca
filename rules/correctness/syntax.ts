import { brokenContinuations } from '../../src/model/continuations.ts';
import { defineRule } from '../../src/rule.ts';
import { overlaps, span } from '../../src/span.ts';

export default defineRule({
  summary: 'Text that BuildKit cannot read',
  why: `BuildKit refuses the file for this: nothing is built. The rest of the file is still linted, as far as its meaning does
not hang on what is wrong here. Lines that only lack the backslash before them are left to \`broken-continuation\`.`,
  severity: 'error',
  examples: [
    { bad: '# escape=\\\n# escape=`\nFROM debian:12\n', good: '# escape=`\nFROM debian:12\n' },
  ],
  * check({ file }) {
    const broken = file.problems.length === 0 ? [] : brokenContinuations(file);
    // What is wrong with the two lines is wrong because the first does not go on.
    const lines = broken.map(({ gap, line }) => span(file.source.lastIndexOf('\n', gap.start - 1) + 1, line.span.end));
    for (const { at, message } of file.problems) {
      if (!lines.some((line) => overlaps(line, at))) yield { at, message };
    }
  },
});
