import { expand } from '../../src/dockerfile/expand.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, safe, type Fix } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

const label = 'org.opencontainers.image.authors';

/** MAINTAINER takes its line as it stands; people put it in quotes all the same, which a label's value has anyway. */
function authorOf(raw: string, escape: string): string {
  const inner = /^"([^"]*)"$|^'([^']*)'$/.exec(raw);
  return inner === null || raw.includes(escape) ? raw : (inner[1] ?? inner[2] ?? '');
}

/** In double quotes, so that LABEL takes it as it stands. */
const quoted = (text: string, escape: string): string =>
  `"${[...text].map((character) => (character === '"' || character === '$' || character === escape ? escape + character : character)).join('')}"`;

function fixOf(file: Dockerfile, instruction: Instruction): Fix | undefined {
  const [word] = instruction.words;
  const labelled = file.stageOf(instruction)?.instructions.some(({ keyword, pairs }) => keyword === 'LABEL' && pairs.some(({ name }) => name === label));
  if (word === undefined || labelled !== false || instruction.comments.length > 0) return undefined;
  const author = authorOf(word.raw, file.escape);
  const value = quoted(author, file.escape);
  // oxlint-disable-next-line no-control-regex
  if (/[\0-\x1f]/.test(author) || expand(value, () => null, file.escape) !== author) return undefined;
  const written = textAt(file.source, instruction.keywordSpan);
  const keyword = written === written.toLowerCase() ? 'label' : 'LABEL';
  return safe(`Write it as the label \`${label}\``, replace(instruction.span, `${keyword} ${label}=${value}`));
}

export default defineRule({
  summary: 'MAINTAINER, which a label has replaced',
  why: `MAINTAINER has been deprecated since 2017, and BuildKit warns of it in every build. The same goes into the label
\`${label}\`, which registries and scanners read, and \`docker inspect\` shows.

The fix takes over the text, quotes and dollar signs escaped where a label needs it. Nothing is rebuilt for it. It is not offered
where the stage has such a label already.`,
  severity: 'warning',
  sources: ['buildkit/MaintainerDeprecated', 'hadolint/DL4000', 'trivy/DS-0022', 'checkov/CKV_DOCKER_6'],
  examples: [
    { bad: 'FROM debian:12\nMAINTAINER Ada <ada@example.com>\n', good: `FROM debian:12\nLABEL ${label}="Ada <ada@example.com>"\n` },
    { bad: 'FROM debian:12\nMAINTAINER "Ada Lovelace"\n', good: `FROM debian:12\nLABEL ${label}="Ada Lovelace"\n` },
    { bad: 'FROM debian:12\nMAINTAINER Ada "the $ender" Lovelace\n', good: `FROM debian:12\nLABEL ${label}="Ada \\"the \\$ender\\" Lovelace"\n` },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      if (instruction.keyword !== 'MAINTAINER') continue;
      const fix = fixOf(file, instruction);
      yield { at: instruction.keywordSpan, message: `MAINTAINER is deprecated; name the authors in the label \`${label}\`.`, ...(fix && { fix }) };
    }
  },
});
