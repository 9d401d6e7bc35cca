import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { newlineOf, replace } from '../../src/edits.ts';
import { brokenContinuations, type BrokenContinuation } from '../../src/model/continuations.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, safe, type Edit } from '../../src/rule.ts';
import { span } from '../../src/span.ts';

/** What is to stand in the gap. A comment goes on a line of its own, indented as the line that follows. */
const fillings: Readonly<Record<BrokenContinuation['kind'], (file: Dockerfile, line: Instruction) => string>> = {
  missing: ({ escape }) => ` ${escape}`,
  doubled: ({ escape }) => escape,
  comment: ({ source }, { span: { start } }) => newlineOf(source) + source.slice(source.lastIndexOf('\n', start - 1) + 1, start),
};

/** The edit takes in the first character of the line that follows, for that line becomes part of another instruction. */
function mend(file: Dockerfile, { kind, gap, line }: BrokenContinuation): Edit {
  const end = line.span.start + 1;
  return replace(span(gap.start, end), fillings[kind](file, line) + file.source.slice(gap.end, end));
}

const causes: Readonly<Record<BrokenContinuation['kind'], (escape: string) => string>> = {
  missing: (escape) => `the line before does not end in \`${escape}\``,
  doubled: (escape) => `a doubled \`${escape}\` does not continue the line before`,
  comment: (escape) => `a comment behind the \`${escape}\` ends the line before`,
};

const titles: Readonly<Record<BrokenContinuation['kind'], (escape: string) => string>> = {
  missing: (escape) => `End the line before in \`${escape}\``,
  doubled: (escape) => `Leave one \`${escape}\` at the end of the line before`,
  comment: () => 'Put the comment on a line of its own',
};

export default defineRule({
  summary: 'Line that was to continue an instruction, but does not',
  why: `An instruction goes on in the next line only where a line ends in one escape character (a backslash, unless a directive
says otherwise), with nothing but blanks behind it. Without it BuildKit takes the next line for an instruction of its own and
refuses the whole file. A comment behind the backslash, or a second backslash, has the same effect.

The rule speaks where the line can be nothing else: it begins with an operator, a flag or a variable, or goes on with a list. The
fix puts the backslash back. Such a file does not build, so there is no reason to switch it off.`,
  severity: 'error',
  sources: ['hadolint/DL1000'],
  examples: [
    {
      bad: 'FROM debian:12\nARG USERNAME=app\nRUN adduser \\\n    --disabled-password\n    $USERNAME\n',
      good: 'FROM debian:12\nARG USERNAME=app\nRUN adduser \\\n    --disabled-password \\\n    $USERNAME\n',
    },
    { bad: 'FROM debian:12\nRUN apt-get update\n    && apt-get install -y curl\n', good: 'FROM debian:12\nRUN apt-get update \\\n    && apt-get install -y curl\n' },
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y \\\n    curl \\ # to fetch the model\n    git\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y \\\n    curl \\\n    # to fetch the model\n    git\n',
    },
    { bad: 'FROM debian:12\nENV HOST=0.0.0.0 \\\\\n    PORT=8000\n', good: 'FROM debian:12\nENV HOST=0.0.0.0 \\\n    PORT=8000\n' },
  ],
  * check({ file }) {
    for (const broken of brokenContinuations(file)) {
      const { head, line, at, kind, gap } = broken;
      // A here-document would take the lines that follow with it.
      const fix = /(?<!<)<<(?!<)/.test(line.logical.text) ? undefined : safe(titles[kind](file.escape), mend(file, broken));
      yield {
        at,
        message: `This line belongs to the ${head.keyword} above it, but ${causes[kind](file.escape)}.`,
        related: [{ at: gap, message: 'The line that should go on ends here.' }],
        ...(fix && { fix }),
      };
    }
  },
});
