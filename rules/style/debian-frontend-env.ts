import { replace } from '../../src/edits.ts';
import { shippedInstructions } from '../../src/model/privileges.ts';
import { defineRule, unsafe } from '../../src/rule.ts';

export default defineRule({
  summary: 'DEBIAN_FRONTEND that stays in the image',
  why: `\`DEBIAN_FRONTEND=noninteractive\` keeps \`apt-get\` from asking during the build. As ENV it also holds in every container and in every
image built on this one, where somebody who installs a package by hand may want to be asked. An ARG holds during the build only.

The fix makes an ARG of an ENV that sets nothing else. The image then lacks the variable, so it is not safe.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM debian:12\nENV DEBIAN_FRONTEND=noninteractive\nRUN apt-get update && apt-get install -y tzdata\n',
      good: 'FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\nRUN apt-get update && apt-get install -y tzdata\n',
    },
    {
      bad: 'FROM debian:12\nENV DEBIAN_FRONTEND noninteractive\nRUN apt-get update && apt-get install -y tzdata\n',
      good: 'FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\nRUN apt-get update && apt-get install -y tzdata\n',
    },
    {
      bad: 'FROM debian:12\nENV LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive\nRUN apt-get update\n',
      good: 'FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\nENV LANG=C.UTF-8\nRUN apt-get update\n',
    },
  ],
  * check({ file }) {
    const set = shippedInstructions(file).filter(({ keyword }) => keyword === 'ENV')
      .flatMap((instruction) => instruction.pairs.filter(({ name }) => name === 'DEBIAN_FRONTEND').map((pair) => ({ instruction, pair })));
    // One that is taken back at the end does not stay.
    if (set.at(-1)?.pair.value !== 'noninteractive') return;
    const [first] = set.filter(({ pair }) => pair.value === 'noninteractive');
    if (first === undefined) return;
    const { instruction, pair } = first;
    const isAlone = set.length === 1 && instruction.pairs.length === 1 && pair.raw !== undefined;
    const edits = [replace(instruction.keywordSpan, 'ARG'), ...(instruction.legacyPairs ? [replace(pair.span, `${pair.name}=${pair.raw ?? ''}`)] : [])];
    yield {
      at: pair.nameSpan,
      message: '`DEBIAN_FRONTEND` is for the build, but as ENV it stays in the image; use ARG.',
      ...(isAlone && instruction.comments.length === 0 && { fix: unsafe('Make it an ARG', edits) }),
    };
  },
});
