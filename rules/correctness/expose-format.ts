import { insertBefore, newlineOf, removeWithBlanksBefore, replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { portFaults, type PortFault } from '../../src/model/ports.ts';
import { defineRule, safe, type Fix } from '../../src/rule.ts';
import { span, textAt } from '../../src/span.ts';

/** The word is quoted, continued or holds a variable: writing it anew would lose that. */
const isInvolved = (source: string, { at, text }: PortFault): boolean => textAt(source, at) !== text;

function rewrite({ source }: Dockerfile, fault: PortFault): Fix | undefined {
  const { at, ports } = fault;
  return ports === undefined || isInvolved(source, fault) ? undefined : safe(`Write \`${ports}\``, replace(at, ports));
}

function moveComment({ source }: Dockerfile, { instruction, at }: PortFault): Fix | undefined {
  const start = source.lastIndexOf('\n', instruction.span.start - 1) + 1;
  const indentation = source.slice(start, instruction.span.start);
  if (indentation.trim() !== '' || textAt(source, instruction.span).includes('\n')) return undefined;
  const line = indentation + textAt(source, at) + newlineOf(source);
  return safe('Put the comment on a line of its own', insertBefore(span(start, start), line), removeWithBlanksBefore(source, at));
}

const messages: Readonly<Record<PortFault['kind'], (fault: PortFault) => string>> = {
  host: ({ text, ports = '' }) => `EXPOSE takes the container's port alone, but \`${text}\` names one of the host too; write \`${ports}\` and leave the host's to \`docker run -p\`.`,
  comma: ({ text }) => `Blanks part the ports of an EXPOSE; \`${text}\` with its comma is no port and fails the build.`,
  comment: () => 'A comment must stand on a line of its own; here its words are taken for ports and the build fails.',
  port: ({ text, problem = 'is no port' }) => `\`${text}\` ${problem}. The build fails with it.`,
};

/** hadolint cannot read a file with any of these but a number too large. */
const sourcesOf: Readonly<Record<PortFault['kind'], readonly string[]>> = {
  host: ['buildkit/ExposeInvalidFormat', 'hadolint/DL1000'],
  comma: ['hadolint/DL1000'],
  comment: ['hadolint/DL1000'],
  port: ['hadolint/DL3011', 'trivy/DS-0008'],
};

export default defineRule({
  summary: 'EXPOSE of something that is no container port',
  why: `EXPOSE notes which ports the program in the container listens on; it publishes nothing. BuildKit still takes \`8080:80\`,
drops the host's part and warns that it will become an error; a port above 65535, a comma, or a comment on the same line fails
the build.

The fix keeps the container's port, or parts the ports by blanks. The image says the same as before.`,
  severity: 'error',
  sources: ['buildkit/ExposeInvalidFormat', 'hadolint/DL3011', 'hadolint/DL1000', 'trivy/DS-0008'],
  examples: [
    { bad: 'FROM nginx:1.27\nEXPOSE 443 8080:80/tcp\n', good: 'FROM nginx:1.27\nEXPOSE 443 80/tcp\n' },
    { bad: 'FROM nginx:1.27\nEXPOSE 127.0.0.1:8080:80\n', good: 'FROM nginx:1.27\nEXPOSE 80\n' },
    { bad: 'FROM nginx:1.27\nEXPOSE 80,443\n', good: 'FROM nginx:1.27\nEXPOSE 80 443\n' },
    { bad: 'FROM nginx:1.27\nEXPOSE 80 # the site\n', good: 'FROM nginx:1.27\n# the site\nEXPOSE 80\n' },
    { bad: 'FROM nginx:1.27\nEXPOSE 80800\n', good: 'FROM nginx:1.27\nEXPOSE 8080\n' },
  ],
  * check({ file }) {
    for (const fault of portFaults(file)) {
      const fix = fault.kind === 'comment' ? moveComment(file, fault) : rewrite(file, fault);
      yield { at: fault.at, message: messages[fault.kind](fault), sources: sourcesOf[fault.kind], ...(fix && { fix }) };
    }
  },
});
