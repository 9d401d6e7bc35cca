import { references } from '../../src/dockerfile/expand.ts';
import { replace } from '../../src/edits.ts';
import { defineRule, unsafe } from '../../src/rule.ts';

/** Docker keeps these for itself; those of its extensions it asks their authors for. */
const reserved = /^(?:com\.docker|io\.docker|org\.dockerproject)\./;
const forExtensions = /^com\.docker\.(?:desktop\.)?extension\./;

/** What is wrong with a key, as the end of a sentence; undefined for a good one. */
function problemOf(key: string): string | undefined {
  if (reserved.test(key)) return forExtensions.test(key) ? undefined : 'begins with a namespace that Docker keeps for itself; use one of your own';
  if (/[A-Z]/.test(key)) return 'has capitals; write keys in lower case';
  const odd = /[^0-9a-z._/-]/u.exec(key)?.[0];
  if (odd !== undefined) return `holds \`${odd}\`; use lower-case letters, digits, dots, dashes, slashes and underscores only`;
  if (!/^[a-z]/.test(key) || !/[a-z0-9]$/.test(key)) return 'must begin with a letter and end with a letter or a digit';
  return /\.\.|--/.test(key) ? 'has two dots or dashes in a row' : undefined;
}

export default defineRule({
  summary: 'Label key that breaks the conventions',
  why: `Docker's guidelines want keys of lower-case letters, digits, dots and dashes, so that they can be typed and filtered everywhere:
\`docker images --filter label=…\` is exact about case. What begins with \`com.docker.\`, \`io.docker.\` or \`org.dockerproject.\` is Docker's own.

The fix writes the key in lower case, where no other label has that key. Something outside the file may ask for the old one, so it is not
safe.`,
  severity: 'info',
  sources: ['hadolint/DL3048'],
  examples: [
    { bad: 'FROM debian:12\nLABEL Description="A service"\n', good: 'FROM debian:12\nLABEL description="A service"\n' },
    { bad: 'FROM debian:12\nLABEL build,date=2024-05-31\n', good: 'FROM debian:12\nLABEL build-date=2024-05-31\n' },
    { bad: 'FROM debian:12\nLABEL com.docker.team=search\n', good: 'FROM debian:12\nLABEL com.example.team=search\n' },
  ],
  * check({ file }) {
    const labels = file.instructions.filter(({ keyword }) => keyword === 'LABEL').flatMap(({ pairs }) => pairs);
    const keys = new Set(labels.map(({ name }) => name));
    for (const { name, nameSpan } of labels) {
      const problem = problemOf(name);
      if (problem === undefined || name === '' || references(name, file.escape).length > 0) continue;
      const lower = name.toLowerCase();
      const written = file.source.slice(nameSpan.start, nameSpan.end);
      // Keys all in capitals, such as RUN and INSTALL, are what tools ask for by that name.
      const mends = problemOf(lower) === undefined && !keys.has(lower) && name !== name.toUpperCase() && written.replace(/["']/g, '') === name;
      yield {
        at: nameSpan,
        message: `The label key \`${name}\` ${problem}.`,
        ...(mends && { fix: unsafe(`Write \`${lower}\``, replace(nameSpan, written.toLowerCase())) }),
      };
    }
  },
});
