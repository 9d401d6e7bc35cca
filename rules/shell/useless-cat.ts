import type { Command, Pipe, ShellWord } from '../../src/dockerfile/command.ts';
import { neededScripts } from '../../src/model/run-scripts.ts';
import { defineRule, unsafe, type Fix } from '../../src/rule.ts';
import { contains, span, textAt } from '../../src/span.ts';

/** A variable without quotes may be a list of files. */
const mayBeList = ({ span: at, variables }: ShellWord): boolean => variables.some(({ quoted, span: own }) => !quoted && own.start === at.start && own.end === at.end);

/** `cat FILE` and nothing more. */
const isPlainCat = ({ name, words, wrappers, redirects, assignments }: Command): boolean =>
  name === 'cat' && words.length === 1 && wrappers.length === 0 && redirects.length === 0 && assignments.length === 0 &&
  words.every((word) => !/^-|[*?[]/.test(word.text) && !mayBeList(word));

/** `cat FILE | cmd` becomes `cmd < FILE`. */
function fixOf(source: string, { members }: Pipe): Fix | undefined {
  const [cat, next] = members;
  const file = cat?.words[0];
  if (cat === undefined || file === undefined || next === undefined || next.redirects.length > 0) return undefined;
  const gone = span(cat.span.start, next.span.start);
  if (cat.instruction.comments.some((comment) => contains(gone, comment))) return undefined;
  const end = span(next.span.end, next.span.end);
  return unsafe('Read the file with `<`', { span: gone, text: '' }, { span: end, text: ` < ${textAt(source, file.span)}` });
}

export default defineRule({
  summary: '`cat` of one file into a pipe',
  why: `\`cat file | cmd\` starts a program to do what \`cmd < file\` does, and hides a missing file: the pipe has the status of \`cmd\`. Some
find the order easier to read; that is why this check is off unless you switch it on.

The fix is not safe: where the file is missing, \`cmd\` no longer runs.`,
  severity: 'off',
  sources: ['shellcheck/SC2002'],
  examples: [
    { bad: 'FROM debian:12\nRUN cat /etc/passwd | grep app\n', good: 'FROM debian:12\nRUN grep app < /etc/passwd\n' },
    {
      bad: 'FROM debian:12\nRUN cat "$LIST" | \\\n    xargs apt-get install -y && echo done\n',
      good: 'FROM debian:12\nRUN xargs apt-get install -y < "$LIST" && echo done\n',
    },
    {
      bad: 'FROM debian:12\nRUN cat /list | while read name; do echo $name; done\n',
      good: 'FROM debian:12\nRUN cat /a /b | sort && cat -A /a | sort && cat *.txt | sort && cat $LISTS | sort && cat /a\n',
    },
  ],
  * check({ file }) {
    for (const pipe of neededScripts(file).flatMap(({ pipes }) => pipes)) {
      const [cat, next] = pipe.members;
      if (cat === undefined || !isPlainCat(cat)) continue;
      const fix = fixOf(file.source, pipe);
      const name = next?.name ?? '';
      yield { at: cat.span, message: `\`${name === '' ? 'What follows' : name}\` can read the file itself: \`< ${cat.words[0]?.text ?? ''}\` instead of \`cat\`.`, ...(fix && { fix }) };
    }
  },
});
