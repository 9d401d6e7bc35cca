import type { Instruction } from '../../src/dockerfile/instruction.ts';
import type { Word } from '../../src/dockerfile/words.ts';
import { insertBefore, newlineOf, removeWithBlanksBefore, replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, safe, type Finding, type Fix } from '../../src/rule.ts';
import { span, textAt, type Span } from '../../src/span.ts';

const highestPort = 65_535;

/** `8000`, `8000-8010`, with `/tcp`, `/udp` or `/sctp`. */
const portPattern = /^(\d+)(?:-(\d+))?(?:\/(?:tcp|udp|sctp)?)?$/i;

/** Why a port or range is none; undefined where it is fine. */
function fault(text: string): string | undefined {
  const [, first, last] = portPattern.exec(text) ?? [];
  if (first === undefined) return 'is no port';
  if (Number(first) > highestPort || Number(last ?? 0) > highestPort) return `is no port: the highest is ${highestPort}`;
  return last !== undefined && Number(last) < Number(first) ? 'ends before it begins' : undefined;
}

const rewrite = (word: Word, text: string): Fix | undefined => (word.raw === textOf(word) ? safe(`Write \`${text}\``, replace(word, text)) : undefined);

/** Nothing is quoted, continued or variable, so the word can be written anew. */
const textOf = (word: Word): string | undefined => (word.span.end - word.span.start === word.raw.length && !/["'\\`$]/.test(word.raw) ? word.raw : undefined);

/** `{{port}}`, `<port>`, `%%PORT%%`: the file is a template. */
const isPlaceholder = (text: string): boolean => /[{}<>@%]/.test(text);

function judge(word: Word, text: string): Finding | undefined {
  if (isPlaceholder(text)) return undefined;
  const at = word.span;
  const found = (message: string, fix?: Fix): Finding => ({ at, message, ...(fix && { fix }) });
  const container = text.slice(text.lastIndexOf(':') + 1);
  if (container !== text && fault(container) === undefined) {
    return found(`EXPOSE takes the container's port alone, \`${text}\` names one of the host too; write \`${container}\` and leave the host's to \`docker run -p\`.`, rewrite(word, container));
  }
  const parts = text.split(',').filter((part) => part !== '');
  if (text.includes(',') && parts.length > 0 && parts.every((part) => fault(part) === undefined)) {
    return found(`Ports are parted by blanks; \`${text}\` with its comma is no port and fails the build.`, rewrite(word, parts.join(' ')));
  }
  const wrong = fault(text);
  return wrong === undefined ? undefined : found(`\`${text}\` ${wrong}, so the build fails; EXPOSE takes ports such as \`8000\`, \`8000-8010\` or \`53/udp\`.`);
}

/** `EXPOSE 80 # web`: to BuildKit these are ports too. */
function judgeComment(file: Dockerfile, instruction: Instruction, at: Span): Finding {
  const { source } = file;
  const start = source.lastIndexOf('\n', instruction.span.start - 1) + 1;
  const indentation = source.slice(start, instruction.span.start);
  const oneLine = indentation.trim() === '' && !textAt(source, instruction.span).includes('\n');
  const fix = safe('Put the comment on a line of its own', [
    insertBefore(span(start, start), indentation + textAt(source, at) + newlineOf(source)),
    removeWithBlanksBefore(source, at),
  ]);
  return { at, message: 'A comment must stand on a line of its own; here its words are taken for ports and the build fails.', ...(oneLine && { fix }) };
}

export default defineRule({
  summary: 'EXPOSE of something that is no container port',
  why: `EXPOSE notes which ports the program in the container listens on; it publishes nothing. BuildKit still takes \`8080:80\`,
drops the host's part and warns; a port above 65535, a comma, or a comment on the same line fails the build.

The fix keeps the container's port, or parts the ports by blanks. The image says the same as before.`,
  severity: 'warning',
  sources: ['buildkit/ExposeInvalidFormat', 'hadolint/DL3011', 'trivy/DS-0008'],
  examples: [
    { bad: 'FROM nginx:1.27\nEXPOSE 443 8080:80/tcp\n', good: 'FROM nginx:1.27\nEXPOSE 443 80/tcp\n' },
    { bad: 'FROM nginx:1.27\nEXPOSE 127.0.0.1:8080:80\n', good: 'FROM nginx:1.27\nEXPOSE 80\n' },
    { bad: 'FROM nginx:1.27\nEXPOSE 80,443\n', good: 'FROM nginx:1.27\nEXPOSE 80 443\n' },
    { bad: 'FROM nginx:1.27\nEXPOSE 80 # the site\n', good: 'FROM nginx:1.27\n# the site\nEXPOSE 80\n' },
    { bad: 'FROM nginx:1.27\nEXPOSE 80800\n', good: 'FROM nginx:1.27\nEXPOSE 8080\n' },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      if (instruction.keyword !== 'EXPOSE') continue;
      for (const word of instruction.words) {
        if (word.raw.startsWith('#')) {
          yield judgeComment(file, instruction, span(word.span.start, instruction.body.end));
          break;
        }
        // A variable may hold several ports.
        for (const text of file.expand(word.raw, instruction)?.split(/\s+/).filter((part) => part !== '') ?? []) {
          const finding = judge(word, text);
          if (finding !== undefined) yield finding;
        }
      }
    }
  },
});
