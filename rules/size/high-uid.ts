import { flagValue, hasFlag, type Command } from '../../src/dockerfile/command.ts';
import { addFlag } from '../../src/model/append.ts';
import { defineRule, safe, unsafe } from '../../src/rule.ts';

const debianLike: ReadonlySet<string | undefined> = new Set(['debian', 'ubuntu']);
/** Systems whose \`useradd\` writes no such log, or whose program of the name is another. */
const others: ReadonlySet<string | undefined> = new Set(['alpine', 'busybox', 'wolfi']);

const isQuiet = ({ words }: Command): boolean =>
  hasFlag(words, '--no-log-init') || words.some(({ text }) => /^-[a-zA-Z]*l[a-zA-Z]*$/.test(text));

export default defineRule({
  summary: 'User with a high id, entered in the log of logins',
  why: `\`useradd\` makes an entry for the new user in \`/var/log/lastlog\` and \`/var/log/faillog\`. The place of an entry is the user
id times its size, so an id of a million makes files that look hundreds of megabytes long. They are sparse, mostly holes, but tools that
copy layers may write the holes out. \`--no-log-init\` leaves the entry out, which nobody misses in a container.

An id that comes from a variable is judged only if you ask for it: whoever builds the image with an id of a company's directory meets
the same problem.`,
  severity: 'info',
  sources: ['hadolint/DL3046'],
  options: { variables: { default: false, about: 'Also report ids that come from a variable.' } },
  examples: [
    { bad: 'FROM debian:12\nRUN useradd -u 1000650000 app\n', good: 'FROM debian:12\nRUN useradd --no-log-init -u 1000650000 app\n' },
    {
      bad: 'FROM ubuntu:24.04\nRUN groupadd app && \\\n    useradd --uid=123456 \\\n      --gid app app\n',
      good: 'FROM ubuntu:24.04\nRUN groupadd app && \\\n    useradd --no-log-init --uid=123456 \\\n      --gid app app\n',
    },
    {
      bad: 'FROM debian:12\nARG USER_ID=1000\nRUN useradd -u $USER_ID app\n',
      good: 'FROM debian:12\nARG USER_ID=1000\nRUN useradd --no-log-init -u $USER_ID app\n',
      options: { variables: true },
    },
  ],
  * check({ file, options }) {
    for (const command of file.commands) {
      if (command.name !== 'useradd' || isQuiet(command)) continue;
      const id = flagValue(command.words, '-u', '--uid');
      const high = id?.value === undefined ? options.variables && id !== undefined && id.variables.length > 0 : Number(id.value) > 99_999;
      const distribution = file.stageOf(command.instruction)?.facts?.distribution;
      if (id === undefined || !high || (!options.variables && others.has(distribution))) continue;
      const edit = addFlag(command, command.program, '--no-log-init');
      const what = id.value === undefined ? `an id as high as \`${id.text}\` may be` : `the id ${id.value}`;
      yield {
        at: id.span,
        message: `\`useradd\` with ${what} makes very long log files of logins; add \`--no-log-init\`.`,
        fix: debianLike.has(distribution) ? safe('Add `--no-log-init`', edit) : unsafe('Add `--no-log-init`', edit),
      };
    }
  },
});
