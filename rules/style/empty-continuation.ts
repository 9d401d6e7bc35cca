import { remove } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, safe } from '../../src/rule.ts';
import type { Span } from '../../src/span.ts';

const keyword = /^[ \t]*(?:FROM|RUN|CMD|LABEL|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|STOPSIGNAL|HEALTHCHECK|SHELL)\s/;

/** What follows the line looks like an instruction of its own: then the escape character above is what is wrong. */
const runsIntoNext = ({ source }: Dockerfile, { end }: Span): boolean => keyword.test(source.slice(end, end + 200));

export default defineRule({
  summary: 'Empty line inside an instruction',
  why: `A line that ends in a backslash goes on behind the empty line, which hardly anybody expects; often the backslash is what is
left over. BuildKit warns of it, and says that it will be an error. The fix takes the empty lines out; the instruction stays what it
is. Where the next line begins with a keyword, the author must say what is meant, so there is none.`,
  severity: 'warning',
  sources: ['buildkit/NoEmptyContinuation'],
  examples: [
    { bad: 'FROM debian:12\nRUN apt-get update \\\n\n    && apt-get install -y curl\n', good: 'FROM debian:12\nRUN apt-get update \\\n    && apt-get install -y curl\n' },
    { bad: 'FROM debian:12\nENV A=1 \\\n\n    # two\n\n    B=2\n', good: 'FROM debian:12\nENV A=1 \\\n    # two\n    B=2\n' },
    { bad: 'FROM debian:12\nRUN apt-get update \\\n\nRUN id\n', good: 'FROM debian:12\nRUN apt-get update\n\nRUN id\n' },
  ],
  * check({ file }) {
    for (const { blankLines, keyword: name } of file.instructions) {
      const [first] = blankLines;
      if (first === undefined) continue;
      const mistaken = blankLines.find((line) => runsIntoNext(file, line));
      if (mistaken !== undefined) {
        yield { at: mistaken, message: `The ${name} goes on below this empty line, for the line above ends in \`${file.escape}\`; take that away if it should not.` };
      } else {
        const fix = safe('Remove the empty lines', blankLines.map((line) => remove(line)));
        yield { at: first, message: `The ${name} goes on below this empty line, which BuildKit will refuse one day; remove it.`, fix };
      }
    }
  },
});
