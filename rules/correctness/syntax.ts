import { brokenContinuations } from '../../src/model/continuations.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { portFaults } from '../../src/model/ports.ts';
import { defineRule } from '../../src/rule.ts';
import { overlaps, span, type Span } from '../../src/span.ts';

/** What more telling rules speak of: two lines of which the first should go on, and ports. */
const spokenOf = (file: Dockerfile): Span[] => [
  ...brokenContinuations(file).map(({ gap, line }) => span(file.source.lastIndexOf('\n', gap.start - 1) + 1, line.span.end)),
  ...portFaults(file).map(({ at }) => at),
];

export default defineRule({
  summary: 'Text that BuildKit cannot read',
  why: `BuildKit refuses the file for this: nothing is built. The rest of the file is still linted, as far as its meaning does
not hang on what is wrong here. Lines that only lack the backslash before them are left to \`broken-continuation\`, and what is no
port to \`expose-format\`.`,
  severity: 'error',
  examples: [
    { bad: 'FROM debian:12\nRUM apt-get update\n', good: 'FROM debian:12\nRUN apt-get update\n' },
    { bad: 'FROM debian:12\nCOPY app.py\n', good: 'FROM debian:12\nCOPY app.py /srv/\n' },
    { bad: '# escape=\\\n# escape=`\nFROM debian:12\n', good: '# escape=`\nFROM debian:12\n' },
  ],
  * check({ file }) {
    const others = spokenOf(file);
    for (const { at, message } of file.problems) {
      if (!others.some((other) => overlaps(other, at))) yield { at, message };
    }
  },
});
