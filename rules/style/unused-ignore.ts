import { isShellCode } from '../../src/codes.ts';
import { suggest } from '../../src/suggest.ts';
import { removeLines, replace } from '../../src/edits.ts';
import type { IgnoreComment, IgnoredName } from '../../src/ignore.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, manual, safe, type Finding, type Fix } from '../../src/rule.ts';
import { span, textAt } from '../../src/span.ts';

const self = 'style/unused-ignore';

/** Rules that are silent without a build context, in whole or in part: what they would say in another run nobody knows. */
const needContext = new Set([
  'cache/missing-dockerignore', 'cache/weak-dockerignore', 'cache/copy-before-install', 'security/secret-file-copied', 'size/baked-model',
]);

/** True where taking the first lines away would make a directive of the comment that follows. */
function shieldsDirective(file: Dockerfile, comment: IgnoreComment): boolean {
  const [first] = file.instructions;
  if (first !== undefined && comment.at.start > first.span.start) return false;
  return /^\s*#\s*\w+\s*=/.test(file.source.slice(comment.at.end).replace(/^[ \t]*\r?\n/, ''));
}

/** Takes a name out of the list with the separator at one side, or the line when it is the only one. */
function removal(file: Dockerfile, comment: IgnoreComment, name: IgnoredName | undefined): Fix | undefined {
  const { names } = comment;
  if (name === undefined || names.length === 1) {
    return shieldsDirective(file, comment) ? undefined : safe('Remove the comment', removeLines(file.source, comment.at));
  }
  const index = names.indexOf(name);
  const before = names[index - 1];
  const after = names[index + 1];
  const place = before === undefined ? span(name.at.start, after?.at.start ?? name.at.end) : span(before.at.end, name.at.end);
  // The comment as a whole is what changes.
  const text = file.source.slice(comment.at.start, place.start) + file.source.slice(place.end, comment.at.end);
  return safe(`Remove \`${name.text}\` from the comment`, replace(comment.at, text));
}

function unknownName(file: Dockerfile, comment: IgnoreComment, name: IgnoredName, running: ReadonlySet<string>): Finding {
  const known = [...running].map((id) => (name.text.includes('/') ? id : id.slice(id.indexOf('/') + 1)));
  const meant = suggest(name.text, known);
  const fix = meant === undefined ? removal(file, comment, name) : manual(`Replace \`${name.text}\` with \`${meant}\``, { span: name.at, text: meant });
  const advice = meant === undefined ? 'remove it.' : `did you mean \`${meant}\`?`;
  return { at: name.at, message: `No rule is called \`${name.text}\`; ${advice}`, ...(fix && { fix }) };
}

/** A name that can be judged: all rules it stands for ran, and could have spoken. */
const isJudged = ({ rules = [] }: IgnoredName, running: ReadonlySet<string>, hasContext: boolean): boolean =>
  rules.length > 0 && rules.every((id) => running.has(id) && id !== self && (hasContext || !needContext.has(id)));

export default defineRule({
  summary: 'Ignore comment that ignores nothing',
  why: `A comment that once took a finding away stays when the finding is long gone, and hides the next one of its kind. The fix
removes the name, or the whole comment with its reason.

A name nobody knows is most often a slip of the pen. Rules that did not run, or that need a build context where none is
known, are not judged; nor are ignore comments of other tools.`,
  severity: 'warning',
  examples: [
    {
      bad: '# shipshape ignore: no-such-rule-at-all -- historical\nFROM debian:12\n',
      good: 'FROM debian:12\n',
    },
    {
      bad: 'FROM debian:12\n# shipshape ignore: style/unused-ignor\nRUN make\n',
      good: 'FROM debian:12\n# shipshape ignore: style/unused-ignore\nRUN make\n',
    },
    {
      bad: 'FROM debian:12\nRUN make && \\\n    # shipshape ignore:\n    make install\n',
      good: 'FROM debian:12\nRUN make && \\\n    make install\n',
    },
    {
      bad: 'FROM debian:12\n# shipshape ignore: style/unused-ignore, gone-rule-xyz\nRUN make\n',
      good: 'FROM debian:12\n# shipshape ignore: style/unused-ignore\nRUN make\n',
    },
  ],
  * check({ file, context, ignores = [], running = new Set() }) {
    // Of a file that would not build most rules keep silent.
    if (file.problems.length > 0) return;
    for (const comment of ignores) {
      if (comment.names.length === 0) {
        const fix = removal(file, comment, undefined);
        yield { at: comment.at, message: 'This comment names no rule, so it ignores nothing; name one, or remove it.', ...(fix && { fix }) };
      }
      for (const name of comment.names) {
        // What ShellCheck finds nobody knows yet.
        if (isShellCode(name.text)) continue;
        if (name.rules?.length === 0) yield unknownName(file, comment, name, running);
        else if (isJudged(name, running, context !== undefined) && !comment.used.has(name)) {
          const fix = removal(file, comment, name);
          yield { at: name.at, message: `\`${textAt(file.source, name.at)}\` has nothing to ignore here; remove it.`, ...(fix && { fix }) };
        }
      }
    }
  },
});
