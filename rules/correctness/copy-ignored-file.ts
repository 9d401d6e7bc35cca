import type { BuildContext } from '../../src/context/context.ts';
import type { IgnorePattern } from '../../src/context/dockerignore.ts';
import { readIgnoreFile } from '../../src/context/dockerignore.ts';
import { factOf } from '../../src/fact.ts';
import { copySources, type CopySource } from '../../src/model/copy.ts';
import { defineRule } from '../../src/rule.ts';

const patternsOf = factOf((context: BuildContext): readonly IgnorePattern[] => readIgnoreFile(context.ignoreFile?.text ?? '').patterns);

/** A COPY of it finds nothing, for the ignore file leaves it out and takes nothing below it back. */
function isLeftOut({ path, glob }: CopySource, context: BuildContext): boolean {
  if (path === undefined || glob) return false;
  const takesBack = patternsOf(context).some(({ negated }) => negated);
  if (path === '') return !takesBack && patternsOf(context).some(({ text }) => /^(?:\*|\*\*|\*\*\/\*)$/.test(text));
  if (!context.ignored(path)) return false;
  return takesBack ? context.has(path) && !context.isFolder(path) : true;
}

export default defineRule({
  summary: 'Copy of a file that the ignore file leaves out',
  why: `What an ignore pattern matches never reaches the build, so a COPY or ADD that names it fails: \`not found\`, though the file is there.
Take the pattern back with \`!path\` below it, or copy something else. It needs the build context, and says nothing of
sources with wildcards.`,
  severity: 'error',
  sources: ['buildkit/CopyIgnoredFile'],
  examples: [
    {
      bad: 'FROM debian:12\nCOPY notes.md /srv/\n', good: 'FROM debian:12\nCOPY index.html /srv/\n',
      context: { 'notes.md': 'notes\n', 'index.html': '<p>\n', '.dockerignore': '*.md\n' },
    },
    {
      bad: 'FROM debian:12\nCOPY dist/app /srv/\n', good: 'FROM debian:12\nCOPY src/app /srv/\n',
      context: { 'dist/app': '1\n', 'src/app': '1\n', '.dockerignore': 'dist\n' },
    },
  ],
  * check({ file, context }) {
    const ignoreFile = context?.ignoreFile;
    if (context === undefined || ignoreFile === undefined) return;
    const isBuildkits = !patternsOf(context).some(({ negated }) => negated);
    for (const instruction of file.instructions) {
      for (const source of copySources(file, instruction)) {
        if (!isLeftOut(source, context)) continue;
        const what = source.path === '' ? 'The whole context is' : `\`${source.path ?? ''}\` is`;
        yield {
          at: source.word.span,
          message: `${what} left out by \`${ignoreFile.path}\`, so there is nothing to copy; take it back there, or copy something else.`,
          ...(!isBuildkits && { sources: [] }),
        };
      }
    }
  },
});
