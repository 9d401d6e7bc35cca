import type { Command, Script } from '../../src/dockerfile/command.ts';
import { scriptOf } from '../../src/model/run-scripts.ts';
import { defineRule } from '../../src/rule.ts';

/** Commands that do nothing of use in a build, and why. */
const reasons: ReadonlyMap<string, string> = new Map([
  ...['free', 'ps', 'top'].map((name) => [name, 'it shows the state of the machine that builds, not of the container that will run'] as const),
  ['vim', 'nobody sits in front of a build'],
  ['ssh', 'let the build fetch what it needs with `COPY`, `ADD` or a mount instead'],
  ['shutdown', 'there is no machine to shut down'],
  ['mount', 'what it mounts ends with this step; use `RUN --mount` or a volume'],
  ['service', 'processes end with this step'],
  ['kill', 'processes end with the step that started them'],
]);

const starts = ({ words }: Command): boolean => words.some(({ text }) => /^(?:re)?start$/.test(text));

/** Without words, and with options alone, it lists what is mounted. */
const lists = ({ name, words }: Command): boolean => name === 'mount' && words.every(({ text }) => /^-(?:[lv]|-show-labels|-version|V|h|-help)$/.test(text));

/** A service started for the steps behind it, and a process that this very RUN started, are there for a purpose. */
function hasPurpose(command: Command, script: Script | undefined): boolean {
  const { name, words } = command;
  const steps = script?.steps ?? [];
  if (name === 'kill') return steps.some(({ background }) => background) || /\$|`|%/.test(words.map(({ text }) => text).join(' '));
  return name === 'service' && starts(command) && steps.at(-1) !== command.step;
}

export default defineRule({
  summary: 'Command that makes no sense in a container',
  why: `A RUN is over before the container starts: services started in it are gone, processes can't be seen, mounts are lost. What
is left of such a command is its layer. A service that is started for the steps behind it in the same RUN, say to fill a database,
does have a purpose and is not flagged.`,
  severity: 'info',
  sources: ['hadolint/DL3001'],
  examples: [
    { bad: 'FROM debian:12\nRUN service ssh start\n', good: 'FROM debian:12\nCMD ["/usr/sbin/sshd", "-D"]\n' },
    {
      bad: 'FROM debian:12\nRUN apt-get update && ps aux\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y ssh vim\n',
    },
    {
      bad: 'FROM debian:12\nRUN mount /dev/sda1 /mnt\n',
      good: 'FROM mysql:8.4\nRUN service mysql start && mysql -e "CREATE DATABASE app"\n',
    },
  ],
  * check({ file }) {
    for (const command of file.commands) {
      const reason = reasons.get(command.name);
      if (reason === undefined || hasPurpose(command, scriptOf(file, command))) continue;
      const advice = command.name === 'service' && starts(command) ? '; start it with `CMD` or `ENTRYPOINT`' : '';
      const asked = lists(command) || (command.name === 'service' && !starts(command));
      yield { at: command.program.span, message: `\`${command.name}\` is of no use in a build: ${reason}${advice}.`, ...(asked && { onRequest: true }) };
    }
  },
});
