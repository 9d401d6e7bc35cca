import type { Instruction } from '../../src/dockerfile/instruction.ts';
import type { Comment } from '../../src/dockerfile/parse.ts';
import { insertAfter, newlineOf } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, safe } from '../../src/rule.ts';
import type { Span } from '../../src/span.ts';

interface Definition {
  readonly name: string;
  readonly at: Span;
}

/** What a comment above may describe: arguments, or a stage with a name. */
function definedBy({ keyword, pairs, words: [, as, name] }: Instruction): Definition[] {
  if (keyword === 'ARG') return pairs.map((pair) => ({ name: pair.name, at: pair.nameSpan }));
  return keyword === 'FROM' && as?.text.toLowerCase() === 'as' && name !== undefined ? [{ name: name.text, at: name.span }] : [];
}

const begins = ({ text }: Comment, names: readonly Definition[]): boolean => names.some(({ name }) => `${text} `.startsWith(`${name} `));

const isRightAbove = (source: string, { span: { end } }: Comment, start: number): boolean => /^\r?\n[ \t]*$/.test(source.slice(end, start));

/** The comment on the line right above, with words in it. */
function commentAbove({ source, comments, directives }: Dockerfile, { span: { start } }: Instruction): Comment | undefined {
  const comment = comments.findLast(({ span }) => span.end <= start);
  if (comment === undefined || comment.text === '' || directives.some(({ span }) => span.start === comment.span.start)) return undefined;
  return isRightAbove(source, comment, start) ? comment : undefined;
}

/** BuildKit warns by the last line alone, but takes a description that begins in a line further up. */
function isDescribed({ source, comments }: Dockerfile, last: Comment, names: readonly Definition[]): boolean {
  let below = last;
  for (const comment of comments.slice(0, comments.indexOf(last)).toReversed()) {
    if (comment.text === '' || !isRightAbove(source, comment, below.span.start)) return false;
    if (begins(comment, names)) return true;
    below = comment;
  }
  return false;
}

/** Comments for tools speak to the line below. */
const isForTools = ({ text }: Comment): boolean => /^(?:hadolint|shipshape|check|checkov|trivy|kics|nosemgrep|renovate)\b/i.test(text);

export default defineRule({
  summary: 'Comment above a definition that does not begin with its name',
  why: `\`docker build --call=outline\` lists arguments and stages with what the comment above them says, where that begins with their
name: \`# VERSION is the release to build\`. Any other comment right above is left out, and may be meant for the whole section.

The fix parts the two by an empty line. The check is an experiment of BuildKit's and off unless asked for.`,
  severity: 'off',
  sources: ['buildkit/InvalidDefinitionDescription'],
  examples: [
    { bad: '# The release\nARG VERSION=1.4\nFROM debian:12\n', good: '# The release\n\nARG VERSION=1.4\nFROM debian:12\n' },
    { bad: '# the compiler\nFROM golang:1.23 AS build\n', good: '# the compiler\n\nFROM golang:1.23 AS build\n' },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      const names = definedBy(instruction);
      const [defined] = names;
      const comment = defined && commentAbove(file, instruction);
      if (defined === undefined || comment === undefined || begins(comment, names)) continue;
      const isMeant = isDescribed(file, comment, names);
      const fix = isMeant || isForTools(comment) ? undefined : safe('Put an empty line between the two', insertAfter(comment, newlineOf(file.source)));
      yield {
        at: defined.at,
        message: `The comment above describes \`${defined.name}\` only if it begins with the name; do so, or put an empty line between.`,
        ...(isMeant && { onRequest: true }),
        ...(fix && { fix }),
      };
    }
  },
});
