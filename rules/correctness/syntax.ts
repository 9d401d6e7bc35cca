import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { isKnown } from '../../src/dockerfile/validate/unknown.ts';
import { brokenContinuations } from '../../src/model/continuations.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { portFaults } from '../../src/model/ports.ts';
import { selfCopies } from '../../src/model/self-copy.ts';
import { defineRule } from '../../src/rule.ts';
import { overlaps, span, type Span } from '../../src/span.ts';

/** What more telling rules speak of: two lines of which the first should go on, ports, and stages that copy from themselves. */
const spokenOf = (file: Dockerfile): Span[] => [
  ...brokenContinuations(file).map(({ gap, line }) => span(file.source.lastIndexOf('\n', gap.start - 1) + 1, line.span.end)),
  ...portFaults(file).map(({ at }) => at),
  ...selfCopies(file).map(({ at }) => at),
];

const unreadable = 'hadolint/DL1000';
const early = 'hadolint/DL3061';
const trigger = 'hadolint/DL3043';

/** Known instructions in front of the first FROM that have no place there. */
function aboveFrom({ instructions }: Dockerfile): Instruction[] {
  const first = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  return instructions.slice(0, first === -1 ? undefined : first).filter((each) => each.keyword !== 'ARG' && isKnown(each));
}

/** What hadolint has a code of its own for; it says of all else that it cannot read the file. */
function codesByPlace(file: Dockerfile): Map<number, string> {
  const inner = file.instructions.flatMap((each) => (each.keyword === 'ONBUILD' && /^(?:ONBUILD|FROM|MAINTAINER)$/.test(each.inner?.keyword ?? '') ? each.inner ?? [] : []));
  return new Map([
    ...aboveFrom(file).map(({ keywordSpan }) => [keywordSpan.start, early] as const),
    ...inner.map(({ keywordSpan }) => [keywordSpan.start, trigger] as const),
  ]);
}

export default defineRule({
  summary: 'Text that BuildKit cannot read',
  why: `BuildKit refuses the file for this: nothing is built. The rest of the file is still linted, as far as its meaning does
not hang on what is wrong here. Lines that only lack the backslash before them are left to \`broken-continuation\`, what is no
port to \`expose-format\`, and a stage that copies from itself to \`copy-from-itself\`.`,
  severity: 'error',
  sources: [unreadable, early, trigger],
  examples: [
    { bad: 'FROM debian:12\nRUM apt-get update\n', good: 'FROM debian:12\nRUN apt-get update\n' },
    { bad: 'FROM debian:12\nCOPY app.py\n', good: 'FROM debian:12\nCOPY app.py /srv/\n' },
    { bad: '# escape=\\\n# escape=`\nFROM debian:12\n', good: '# escape=`\nFROM debian:12\n' },
  ],
  * check({ file }) {
    const others = spokenOf(file);
    const codes = codesByPlace(file);
    const told = new Set<number>();
    for (const { at, message } of file.problems) {
      if (others.some((other) => overlaps(other, at))) continue;
      told.add(at.start);
      yield { at, message, sources: [codes.get(at.start) ?? unreadable] };
    }
    // One is enough, but hadolint names each.
    for (const { keyword, keywordSpan: at } of told.size === 0 ? [] : aboveFrom(file)) {
      if (!told.has(at.start)) yield { at, message: `Only ARG may stand in front of the first FROM; move ${keyword} below it.`, sources: [early], onRequest: true };
    }
  },
});
