import { operands } from '../../src/dockerfile/command.ts';
import { neededCommands } from '../../src/model/run-scripts.ts';
import { defineRule } from '../../src/rule.ts';

/** Releases that come without it. */
const without = /^(?:trixie|forky|sid|13|2[5-9]\.\d\d|24\.10|oracular|plucky|questing|resolute)\b/;

export default defineRule({
  summary: 'Use of `apt-key`',
  why: `A key that \`apt-key\` adds is trusted for every repository of the image, not only for the one it belongs to: whoever holds it can
replace any package. \`apt-key\` is deprecated since Debian 11, and gone from Debian 13 and Ubuntu 24.10 on.

Put the key into a file of its own below \`/etc/apt/keyrings\` (\`gpg --dearmor\` makes a binary one; names ending in \`.asc\` are taken as
text), and name that file in the repository's line: \`deb [signed-by=/etc/apt/keyrings/example.gpg] https://…\`. Which repository a key
is meant for only the author knows, so there is no fix.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM debian:12\nRUN curl -fsSL https://example.com/key.asc | apt-key add -\n',
      good: 'FROM debian:12\nRUN apt-key del 0123ABCD && curl -fsSL https://example.com/key.asc -o /etc/apt/keyrings/example.asc\n',
    },
    {
      bad: 'FROM ubuntu:24.10\nRUN apt-key adv --keyserver keyserver.ubuntu.com --recv-keys 0123456789ABCDEF\n',
      good: 'FROM ubuntu:24.10\nADD https://example.com/key.asc /etc/apt/keyrings/example.asc\n',
    },
  ],
  * check({ file }) {
    for (const command of neededCommands(file)) {
      if (command.name !== 'apt-key') continue;
      const release = file.stageOf(command.instruction)?.facts?.release;
      const gone = release !== undefined && without.test(release);
      const apart = command.words.some(({ text }) => text.startsWith('--keyring'));
      const adds = operands(command.words, ['--keyring']).some(({ text }) => text === 'add' || text === 'adv');
      // `apt-key del` or `list` trusts nobody.
      if (!gone && !adds) continue;
      const why = gone ? 'does not exist in this image' : apart ? 'is deprecated' : 'is deprecated, and its keys are trusted for every repository';
      const advice = adds ? "put the key into `/etc/apt/keyrings` and name it with `signed-by` in the repository's line" : 'work on the files in `/etc/apt/keyrings` instead';
      const message = `\`apt-key\` ${why}; ${apart && !gone ? 'write the key into that file with `gpg --dearmor`' : advice}.`;
      yield { at: command.program.span, message };
    }
  },
});
