import { insertAfter } from '../../src/edits.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import type { Word } from '../../src/dockerfile/words.ts';
import { destination, destinationWord } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isBelow } from '../../src/model/effects.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';
import { span, textAt } from '../../src/span.ts';

/** Folders by their form: `.`, `..`, and what ends in a slash. */
const isFolder = (path: string): boolean => path === '' || /(?:^|[\\/])\.{0,2}$/.test(path);

/** Folders that these systems have. */
const usual = /^\/(?:etc|home|opt|root|srv|tmp|usr\/(?:local\/)?bin)$/;
const systems = new Set<string | undefined>(['alpine', 'debian', 'ubuntu']);

/** The folder is there for certain: it is, or holds, the one the step works in, or the system has it. Else several files become one. */
function isThere(file: Dockerfile, instruction: Instruction): boolean {
  const path = destination(file, instruction)?.path;
  const { workdir, workdirSetBy } = file.stateAt(instruction);
  if (path === undefined) return false;
  const isUsual = usual.test(path) && systems.has(file.stageOf(instruction)?.facts?.distribution);
  return isUsual || (workdirSetBy !== undefined && workdir !== undefined && isBelow(workdir, path));
}

/** Adds the slash within the quotes of a word or of a JSON string. */
function fixOf(file: Dockerfile, instruction: Instruction, { span: at, text }: Word): Fix | undefined {
  const written = textAt(file.source, at);
  const quote = /["']$/.exec(written)?.[0].length ?? 0;
  if (/[\r\n\\`]/.test(written) || /[}\])]$/.test(text)) return undefined;
  const end = at.end - quote;
  return (text.includes('$') || !isThere(file, instruction) ? unsafe : safe)('End the destination with a slash', insertAfter(span(end, end), '/'));
}

/** The destination of several sources where it may be taken for a file. */
function fileLike(file: Dockerfile, instruction: Instruction): Word | undefined {
  const word = instruction.words.length > 2 ? destinationWord(instruction) : undefined;
  if (word === undefined || isFolder(word.text)) return undefined;
  const path = file.expand(word.raw, instruction);
  return path !== undefined && isFolder(path) ? undefined : word;
}

export default defineRule({
  summary: 'Several files copied to what may be a file',
  why: `A destination for several sources must be a folder, and end with a slash to say so. Without it, other builders refuse the
instruction, and BuildKit writes one source over the other where the folder is not there yet.

The fix adds the slash. It is safe where the folder is there already, as the one the step works in is; otherwise several files come to
lie where one did. A destination out of a variable may have its slash already, so it is left to you there. \`.\` is a folder as it stands.`,
  severity: 'warning',
  sources: ['hadolint/DL3021', 'trivy/DS-0011'],
  examples: [
    { bad: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json /app\n', good: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json /app/\n' },
    { bad: 'FROM node:22\nCOPY ["a b.txt", "c.txt", "/srv"]\n', good: 'FROM node:22\nCOPY ["a b.txt", "c.txt", "/srv/"]\n' },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      const { keyword } = instruction;
      const word = keyword === 'COPY' || keyword === 'ADD' ? fileLike(file, instruction) : undefined;
      if (word === undefined) continue;
      const isUnknown = file.expand(word.raw, instruction) === undefined;
      const fix = fixOf(file, instruction, word);
      yield {
        at: word.span,
        message: `Several sources need a folder, and \`${word.text}\` does not say that it is one; end it with \`/\`.`,
        ...(keyword === 'ADD' && { sources: [] }),
        ...(isUnknown && { onRequest: true }),
        ...(fix && { fix }),
      };
    }
  },
});
