import { remove } from '../../src/edits.ts';
import { defineRule, safe, type Fix } from '../../src/rule.ts';
import { span, type Span } from '../../src/span.ts';

/** The operator a text begins with, and the blanks behind it. */
const leadingOperator = /^(&&|\|\||\||;)[ \t]*/;

/** Without the operator the rest would be nothing, a JSON array or a here-document: it would mean something else. */
const changesMeaning = (rest: string): boolean => /^\s*(?:$|\[|\d*<<|#|--(?!(?:mount|network|security)=))/.test(rest);

function fixOf(operator: Span, blanks: number, rest: string): Fix | undefined {
  return changesMeaning(rest) ? undefined : safe('Remove the operator', remove(span(operator.start, operator.end + blanks)));
}

export default defineRule({
  summary: 'RUN whose command begins with an operator',
  why: `The flags of a RUN (\`--mount\`, \`--network\`, \`--security\`) are no commands: nothing joins them to what follows. With \`&&\`
behind them, the shell gets a text that begins with \`&&\`, calls it a syntax error, and the build fails.

The fix takes the operator away and leaves the layout as it is.`,
  severity: 'error',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nRUN --mount=type=cache,target=/root/.cache/pip && \\\n    pip install transformers && \\\n    pip check\n',
      good: 'FROM python:3.12-slim\nRUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install transformers && \\\n    pip check\n',
    },
    {
      bad: 'FROM python:3.12-slim\nRUN --mount=type=cache,target=/root/.cache/pip \\\n    # the server\n    && pip install vllm\n',
      good: 'FROM python:3.12-slim\nRUN --mount=type=cache,target=/root/.cache/pip \\\n    # the server\n    pip install vllm\n',
    },
    { bad: 'FROM alpine:3.20\nRUN --network=none ; make test\n', good: 'FROM alpine:3.20\nRUN --network=none make test\n' },
  ],
  * check({ file }) {
    for (const outer of file.instructions) {
      const instruction = outer.keyword === 'ONBUILD' ? outer.inner : outer;
      const flag = instruction?.flags.at(-1);
      if (instruction?.keyword !== 'RUN' || flag === undefined) continue;
      const text = instruction.logical.text.slice(instruction.bodyIndex);
      const [all, operator] = leadingOperator.exec(text) ?? [];
      if (all === undefined || operator === undefined) continue;
      const at = span(instruction.body.start, instruction.body.start + operator.length);
      // Blanks in front of a line's escape character belong to the layout that stays.
      const blanks = file.source.slice(at.end).match(/^[ \t]*/)?.[0].length ?? 0;
      const fix = fixOf(at, blanks, text.slice(all.length));
      yield {
        at,
        message: `\`${operator}\` stands right behind \`--${flag.name}\`, so the shell gets a command that begins with it and fails; take it away.`,
        ...(fix && { fix }),
      };
    }
  },
});
