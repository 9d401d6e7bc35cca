import { hasFlag, operands, type Command } from '../../src/dockerfile/command.ts';
import { flag } from '../../src/dockerfile/instruction.ts';
import { isNeeded, neededCommands } from '../../src/model/run-scripts.ts';
import { defineRule } from '../../src/rule.ts';
import type { Span } from '../../src/span.ts';

/** True for a mode that lets everybody write; a sticky bit keeps others' files safe. */
function letsAllWrite(mode: string): boolean {
  if (/^[0-7]{3,4}$/.test(mode)) return /[2367]$/.test(mode) && !/^[1357]\d{3}$/.test(mode);
  return mode.split(',').some((part) => /^[ugo]*[ao][ugoa]*[+=][rxXst]*w[rwxXst]*$/.test(part)) && !/t/.test(mode);
}

/** Folders that are everybody's anyway. */
const shared = /^(?:\/tmp|\/var\/tmp|\/dev(?:\/.*)?|\/run\/lock)\/?$/;

/** The mode word, and what it is given to. */
function read({ words }: Command): { mode: string; at: Span; targets: readonly string[] } | undefined {
  const [mode, ...targets] = operands(words, ['--reference']);
  return mode?.value === undefined || hasFlag(words, '--reference') ? undefined : { mode: mode.value, at: mode.span, targets: targets.map(({ text }) => text) };
}

export default defineRule({
  summary: 'Files or folders that everybody may write to',
  why: `With mode 777 every user and every process of the container may replace the program, its configuration or its libraries: the
user that a service runs as no longer keeps an intruder from changing it. Give the files to the user that needs them
(\`COPY --chown\`, \`chown\`), or to a group (\`chmod g+w\`), and let others read. A sticky bit, as \`/tmp\` has it, is fine.`,
  severity: 'info',
  examples: [
    { bad: 'FROM debian:12\nRUN mkdir /data && chmod -R 777 /data\n', good: 'FROM debian:12\nRUN mkdir /data && chown app /data && chmod -R 755 /data\n' },
    { bad: 'FROM debian:12\nRUN chmod a+rwx /srv\n', good: 'FROM debian:12\nRUN chmod g+rwx /srv && chmod a+rx /srv && chmod +w /srv && chmod 1777 /srv\n' },
    { bad: 'FROM debian:12\nCOPY --chmod=777 app /app\n', good: 'FROM debian:12\nCOPY --chmod=755 app /app\n' },
  ],
  * check({ file }) {
    for (const command of neededCommands(file)) {
      if (command.name !== 'chmod') continue;
      const given = read(command);
      if (given === undefined) continue;
      const { mode, at, targets } = given;
      if (!letsAllWrite(mode) || targets.every((target) => shared.test(target))) continue;
      const what = targets.length === 1 ? `\`${targets[0]}\`` : 'these files';
      yield { at, message: `\`chmod ${mode}\` lets everybody in the container change ${what}; give it to the user or group that needs it.` };
    }
    for (const instruction of file.instructions) {
      const mode = flag(instruction, 'chmod');
      if (mode?.value === undefined || !letsAllWrite(mode.value) || !isNeeded(file, instruction)) continue;
      yield { at: mode.span, message: `Mode ${mode.value} lets everybody in the container change these files; give them to the user that needs them.` };
    }
  },
});
