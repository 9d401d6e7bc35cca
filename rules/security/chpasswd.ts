import { flagValue, hasFlag, type Command, type ShellWord } from '../../src/dockerfile/command.ts';
import { neededCommands } from '../../src/model/run-scripts.ts';
import { mounts } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

/** A value that no password fits, or none at all for a group's sake: `*`, `!`. */
const isLocked = (value: string | undefined): boolean => value !== undefined && /^[*!x]*$/.test(value);

/** The word by which a command gives a user a password. */
function passwordWord({ name, words, program }: Command): ShellWord | undefined {
  if (name === 'chpasswd') return hasFlag(words, '--help') ? undefined : program;
  if (name === 'passwd') return hasFlag(words, '--stdin') ? program : undefined;
  const value = name === 'useradd' || name === 'usermod' ? flagValue(words, '-p', '--password') : undefined;
  return value === undefined || isLocked(value.value) ? undefined : value;
}

/** Passwords that nobody gets to know. */
const drawn = /\/dev\/u?random|\bopenssl\s+rand\b|\b(?:pwgen|uuidgen|apg)\b/;

const hasSecret = ({ instruction }: Command): boolean => mounts(instruction).some(({ type }) => type === 'secret');

export default defineRule({
  summary: 'Password set in the image',
  why: `A password that a RUN sets is known to everybody who has the Dockerfile or the image: the RUN's text is in the image's history, its
hash in \`/etc/shadow\`. The same password is in every container. Containers need no log-in: use \`docker exec\`, run the service as
its own user, and where there must be a password, set it at start from a secret. A password drawn at random is left alone.`,
  severity: 'warning',
  sources: ['checkov/CKV2_DOCKER_17'],
  examples: [
    { bad: 'FROM debian:12\nRUN useradd app && echo "app:app" | chpasswd\n', good: 'FROM debian:12\nRUN useradd app\n' },
    { bad: 'FROM debian:12\nRUN useradd --create-home --password secret app\n', good: 'FROM debian:12\nRUN useradd --create-home --password "*" app && passwd -l app\n' },
    {
      bad: 'FROM rockylinux:9\nRUN echo secret | passwd --stdin root\n',
      good: 'FROM rockylinux:9\nRUN --mount=type=secret,id=passwords chpasswd < /run/secrets/passwords\nRUN echo "app:$(openssl rand -hex 32)" | chpasswd\n',
    },
  ],
  * check({ file }) {
    for (const command of neededCommands(file)) {
      const word = passwordWord(command);
      const stage = file.stageOf(command.instruction);
      if (word === undefined || hasSecret(command) || (stage !== undefined && !file.shippedStages.has(stage))) continue;
      if (drawn.test(textAt(file.source, command.step.span))) continue;
      yield { at: word.span, message: `\`${command.name}\` puts a password into the image, the same for every container; leave the user without one.` };
    }
  },
});
