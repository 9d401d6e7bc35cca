import { removeLines, removeWithBlanksBefore } from '../../src/edits.ts';
import { shippedInstructions } from '../../src/model/privileges.ts';
import { defineRule, unsafe } from '../../src/rule.ts';

export default defineRule({
  summary: 'EXPOSE of the SSH port',
  why: `A container that runs an SSH server has a second way in, with keys, passwords and updates to care for, beside the one that Docker or
Kubernetes has anyway: \`docker exec\`, \`kubectl exec\`. Ports that EXPOSE names are also those that \`docker run -P\` opens to the world.

The fix takes the port away where nothing else in the file speaks of SSH. Switch the rule off for images whose service is SSH, such as a Git
server.`,
  severity: 'info',
  sources: ['trivy/DS-0004', 'checkov/CKV_DOCKER_1'],
  examples: [
    { bad: 'FROM node:22-slim\nEXPOSE 3000 22\nCMD ["node", "server.js"]\n', good: 'FROM node:22-slim\nEXPOSE 3000\nCMD ["node", "server.js"]\n' },
    { bad: 'FROM node:22-slim\nEXPOSE 22/tcp\nEXPOSE 3000\nCMD ["node", "server.js"]\n', good: 'FROM node:22-slim\nEXPOSE 3000\nCMD ["node", "server.js"]\n' },
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y openssh-server\nEXPOSE 22\nCMD ["/usr/sbin/sshd", "-D"]\n',
      good: 'FROM debian:12\nCMD ["sleep", "infinity"]\n',
    },
  ],
  * check({ file }) {
    for (const instruction of shippedInstructions(file)) {
      if (instruction.keyword !== 'EXPOSE') continue;
      const { words, span } = instruction;
      for (const word of words) {
        if (!/^22(?:\/tcp)?$/i.test(file.expand(word.raw, instruction) ?? '')) continue;
        const isOneLine = !/[\r\n]/.test(file.source.slice(span.start, span.end));
        const fix = unsafe('Take the port away', words.length === 1 ? removeLines(file.source, instruction) : removeWithBlanksBefore(file.source, word));
        yield {
          at: word.span,
          message: 'Port 22 is that of SSH, a second way into the container to guard; take it away, and use `docker exec` or `kubectl exec`.',
          ...(isOneLine && file.problems.length === 0 && !/ssh/i.test(file.source) && { fix }),
        };
      }
    }
  },
});
