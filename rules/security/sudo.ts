import { baseName, type Command, type ShellWord } from '../../src/dockerfile/command.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { scriptOf } from '../../src/model/run-scripts.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';
import { contains, span } from '../../src/span.ts';

/** What the shell does itself, in place of a program of that name, or what is no program at all. */
const builtins = new Set([
  '', '.', 'alias', 'cd', 'echo', 'eval', 'exec', 'exit', 'export', 'false', 'kill', 'printf', 'pwd', 'read', 'set', 'source', 'test', '[', 'true',
  'type', 'ulimit', 'umask', 'unset', 'wait',
]);

/**
 * Programs that do not look at what sudo tells its command: `USER`, `LOGNAME` and `SUDO_USER` are set in it, and not in a build
 * (sudoers(5), "Command environment"). Scripts and shells may read them, and npm does.
 */
const indifferent = new Set([
  'addgroup', 'add-apt-repository', 'adduser', 'apk', 'apt', 'apt-get', 'apt-key', 'cat', 'chgrp', 'chmod', 'chown', 'cp', 'curl', 'dnf', 'dpkg',
  'gpg', 'groupadd', 'gunzip', 'install', 'ldconfig', 'ln', 'locale-gen', 'microdnf', 'mkdir', 'mv', 'rm', 'rmdir', 'sed', 'tar', 'tee', 'touch', 'truncate',
  'unzip', 'update-alternatives', 'update-ca-certificates', 'useradd', 'usermod', 'wget', 'yum', 'zypper',
]);

function sudoIn({ program, wrappers }: Command): ShellWord | undefined {
  const [first] = wrappers;
  const word = wrappers.find(({ value }) => value !== undefined && baseName(value) === 'sudo');
  return word ?? (first === undefined && program.value !== undefined && baseName(program.value) === 'sudo' ? program : undefined);
}

/** sudo hides the variables of the build from its command; where there are none, it makes no difference. */
function hasNoVariables(file: Dockerfile, command: Command): boolean {
  const { definitions } = file.stateAt(command.instruction);
  const set = scriptOf(file, command)?.assigned.size ?? 1;
  return definitions === undefined && set === 0 && file.stageOf(command.instruction)?.facts?.environment?.length === 0;
}

/** `sudo cmd` of root, without options or variables, is `cmd`. */
function fixOf(file: Dockerfile, command: Command, sudo: ShellWord, isRoot: boolean): Fix | undefined {
  const { wrappers, program, instruction, assignments } = command;
  const [next = program] = wrappers.slice(wrappers.indexOf(sudo) + 1);
  const plain = next !== sudo && /^[\w./+-]+$/.test(next.value ?? '') && !next.text.startsWith('-') && !builtins.has(next.text);
  if (!isRoot || !plain || wrappers[0] !== sudo || instruction.json !== undefined || assignments.length > 0) return undefined;
  const gone = span(sudo.span.start, next.span.start);
  if (instruction.comments.some((comment) => contains(gone, comment))) return undefined;
  return (indifferent.has(command.name) && hasNoVariables(file, command) ? safe : unsafe)('Remove `sudo`', { span: gone, text: '' });
}

/** `sudo -u app make`: the command is another user's. */
const stepsDown = ({ wrappers }: Command): boolean => wrappers.some(({ text }) => /^(?:-u|--user)/.test(text));

function messageOf(command: Command, user: string | undefined, isRoot: boolean): string {
  if (stepsDown(command)) return 'A step is run as another user by `USER` in front of it; leave `sudo` out.';
  if (isRoot) return 'This step runs as root already; leave `sudo` out.';
  if (user === undefined) return 'A step runs as root unless `USER` or the base image says otherwise; put `USER root` in front of it where need be, and leave `sudo` out.';
  return `\`sudo\` lets \`${user}\` become root in the image too; run this step in front of \`USER ${user}\`, or behind a \`USER root\`.`;
}

export default defineRule({
  summary: 'Use of `sudo`',
  why: `A build runs as root until \`USER\` says otherwise, so \`sudo\` is either for nothing or stands behind a \`USER\`. Then it needs a user
without a password who may do everything, and that user is in the image that runs: whoever takes over the service is root. Put what
needs root in front of \`USER\`, or between \`USER root\` and the next one. To step down at start, \`gosu\` and \`su-exec\` hand over the process.

The fix takes \`sudo\` away where the step runs as root. It is safe where no variable is set, because \`sudo\` keeps those of the build from
its command, and the command is a plain tool like \`apt-get\`: a script may ask \`sudo\` for who called it.`,
  severity: 'warning',
  sources: ['hadolint/DL3004', 'trivy/DS-0010', 'checkov/CKV2_DOCKER_1'],
  examples: [
    { bad: 'FROM debian:12\nRUN sudo apt-get update\n', good: 'FROM debian:12\nRUN apt-get update\n' },
    {
      bad: 'FROM ubuntu:24.04\nENV LANG=C.UTF-8\nRUN echo deb > /tmp/list && \\\n    cat /tmp/list | sudo tee /etc/apt/sources.list\n',
      good: 'FROM ubuntu:24.04\nENV LANG=C.UTF-8\nRUN echo deb > /tmp/list && \\\n    cat /tmp/list | tee /etc/apt/sources.list\n',
    },
    {
      bad: 'FROM debian:12\nUSER app\nRUN sudo chown app /srv\n',
      good: 'FROM debian:12\nRUN chown app /srv\nUSER app\n',
    },
  ],
  * check({ file }) {
    for (const command of file.commands) {
      const sudo = sudoIn(command);
      if (sudo === undefined) continue;
      const { user } = file.stateAt(command.instruction);
      const isRoot = user !== undefined && /^(?:root|0)(?::|$)/.test(user);
      const fix = fixOf(file, command, sudo, isRoot);
      yield { at: sudo.span, message: messageOf(command, user, isRoot), ...(fix && { fix }) };
    }
  },
});
