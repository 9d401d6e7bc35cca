import type { Command } from '../../src/dockerfile/command.ts';
import { flag, type Instruction } from '../../src/dockerfile/instruction.ts';
import { copySources, destination, isWholeContext } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { lacks } from '../../src/model/lean-images.ts';
import { readInvocation } from '../../src/model/packages.ts';
import { shippedInstructions } from '../../src/model/privileges.ts';
import { defineRule } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

/** Commands that certainly put no program into the image. */
const harmless = new Set([
  'mkdir', 'rm', 'cd', 'chown', 'chmod', 'chgrp', 'ln', 'echo', 'printf', 'touch', 'useradd', 'groupadd', 'adduser', 'addgroup', 'usermod', 'sed', 'grep', 'cat', 'set', 'export',
  'true', ':', 'test', '[', 'ls', 'find', 'cp', 'update-ca-certificates', 'locale-gen', 'ldconfig', 'id', 'mv', 'python', 'python3', 'node', 'go', 'tsc', 'npx', 'awk', 'tr', 'cut', 'sort',
]);

/** True where a command may bring the program: it installs what nobody can name, or is of no known kind. */
function mayBring(command: Command): boolean {
  const invocation = readInvocation(command);
  if (invocation === undefined) return command.program.value === undefined || !harmless.has(command.name);
  return invocation.manager.kind === 'system' && (invocation.unknown.length > 0 || invocation.packages.some(({ value }) => value === undefined || value.startsWith('.') || value.includes('/')));
}

const inPath = /^\/(?:(?:usr\/)?(?:local\/)?s?bin(?:\/|$)|usr\/?(?:local\/?)?$|$)/;

function mayBeBrought(file: Dockerfile, program: string, check: Instruction): boolean {
  return shippedInstructions(file).some((instruction) => {
    if (!/^(?:RUN|COPY|ADD)$/.test(instruction.keyword) || instruction === check) return false;
    if (new RegExp(`\\b${program}\\b`).test(textAt(file.source, instruction.span))) return true;
    if (instruction.keyword === 'RUN') return file.scripts(instruction).some(({ unreadable, commands }) => unreadable || commands.some(mayBring));
    const to = destination(file, instruction)?.path;
    const isOwn = flag(instruction, 'from') === undefined && copySources(file, instruction).some(isWholeContext);
    return to === undefined || (inPath.test(to) && !isOwn);
  });
}

export default defineRule({
  summary: 'HEALTHCHECK by a program that the image lacks',
  why: `A health check runs inside the container. Slim images, Alpine and distroless ones come without \`curl\`, most of them without \`wget\`
too; the check then fails each time, and the container is unhealthy for ever, which nobody sees before it runs.

Install the program, or ask with what is there: \`wget -q -O /dev/null\` on Alpine, a line of Python or Node on their images. The rule says
nothing where a script or a copied file may bring the program.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nCOPY main.py /app/\nHEALTHCHECK CMD curl -f http://localhost:8000/health\nCMD ["python", "/app/main.py"]\n',
      good: 'FROM python:3.12-slim\nCOPY main.py /app/\nHEALTHCHECK CMD python -c "import urllib.request as r; r.urlopen(\'http://localhost:8000/health\')"\nCMD ["python", "/app/main.py"]\n',
    },
    {
      bad: 'FROM node:22-alpine\nCOPY . /app\nHEALTHCHECK CMD ["curl", "-f", "http://localhost:3000"]\nCMD ["node", "/app/server.js"]\n',
      good: 'FROM node:22-alpine\nCOPY . /app\nHEALTHCHECK CMD ["wget", "-q", "-O", "/dev/null", "http://localhost:3000"]\nCMD ["node", "/app/server.js"]\n',
    },
  ],
  * check({ file }) {
    const base = [...file.shippedStages].at(-1);
    const check = shippedInstructions(file).findLast(({ keyword }) => keyword === 'HEALTHCHECK');
    if (check === undefined || base?.image === undefined) return;
    const missing: readonly string[] = lacks(base.image, base.facts);
    if (missing.length === 0) return;
    // `curl … || wget …` has a second way.
    const used = file.commandsOf(check).filter(({ name }) => name === 'curl' || name === 'wget');
    if (new Set(used.map(({ name }) => name)).size !== 1) return;
    const [command] = used;
    if (command === undefined || command.program.value?.startsWith('/') === true || !missing.includes(command.name) || mayBeBrought(file, command.name, check)) return;
    const instead = missing.includes('wget') ? 'install it, or ask with a program that is there' : 'install it, or use `wget`';
    yield { at: command.program.span, message: `\`${base.image.text}\` has no \`${command.name}\`, and nothing installs it, so this check always fails; ${instead}.` };
  },
});
