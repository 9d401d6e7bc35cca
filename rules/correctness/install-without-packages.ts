import { operands } from '../../src/dockerfile/command.ts';
import { remove } from '../../src/edits.ts';
import { chainLink } from '../../src/model/chain.ts';
import { isCutShort } from '../../src/model/continuations.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { listKeepers, whoNeedsLists } from '../../src/model/package-lists.ts';
import { readInvocation, type Invocation } from '../../src/model/packages.ts';
import { lineRemoval } from '../../src/optimize/lines.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';

interface Habit {
  readonly subcommand: RegExp;
  /** What an install of nothing does. */
  readonly result: 'nothing' | 'failure';
  /** A flag that gives the command a purpose of its own. */
  readonly purpose: RegExp;
}

const rpm: Habit = { subcommand: /^(?:install|in)$/, result: 'failure', purpose: /^(?:--advisory|--bz|--cve|--sec|--help)/ };

/** Managers whose install needs names; npm, yarn, bundler and the like install what the project's manifest says. */
const habits: Readonly<Record<string, Habit>> = {
  // `apt-get install -f` repairs, on Debian a common step behind `dpkg -i`.
  'apt-get': { subcommand: /^install$/, result: 'nothing', purpose: /^(?:-[a-zA-Z]*f[a-zA-Z]*|--fix-broken|--fix-missing|--fix-policy|-[a-zA-Z]*h|--help)$/ },
  // `apk add -t NAME` makes an empty package, `--initdb` a new root.
  apk: { subcommand: /^add$/, result: 'nothing', purpose: /^(?:-[a-zA-Z]*[thupU][a-zA-Z]*$|--virtual|--initdb|--root|--upgrade|--update|--help)/ },
  dnf: rpm,
  microdnf: rpm,
  yum: rpm,
  tdnf: rpm,
  pip: { subcommand: /^install$/, result: 'failure', purpose: /^(?:--group|--dry-run|--requirements-from-script|--help|-h$)/ },
  uv: { subcommand: /^pip install$/, result: 'failure', purpose: /^(?:--group|--help|-h$)/ },
};

function habitOf(invocation: Invocation): Habit | undefined {
  const { manager, subcommandKey, packages, manifestFlags, command } = invocation;
  const habit = Object.hasOwn(habits, manager.name) ? habits[manager.name] : undefined;
  if (habit === undefined || !habit.subcommand.test(subcommandKey) || packages.length > 0) return undefined;
  if (manifestFlags.some((word) => !/constraint/.test(word.text))) return undefined;
  return command.words.some(({ text }) => habit.purpose.test(text)) ? undefined : habit;
}

/** Flags that change nothing where there is nothing to install. */
const idle = /^(?:-y+|-q+|-[yq]+|--yes|--assume-yes|--quiet|--force-yes|--allow-\w+(?:-\w+)*|--no-install-(?:recommends|suggests)|--no-upgrade)$/;

/** Packages that `dpkg` left half done make any install fail. */
const usesDpkg = (file: Dockerfile): boolean => file.commands.some(({ name }) => name === 'dpkg');

/** A RUN that only refreshes lists for this install, and lists that no later step needs. */
function wholeRun(file: Dockerfile, { command, manager }: Invocation): Fix | undefined {
  const { instruction } = command;
  const keeper = listKeepers.find(({ managers }) => managers.includes(manager.name));
  const others = file.commandsOf(instruction).filter((each) => each !== command);
  const only = others.length > 0 && others.every((each) => {
    const other = readInvocation(each);
    if (other !== undefined) return other.manager.name === manager.name && (other.action === 'refresh' || other.action === 'clean');
    return each.name === 'rm' && operands(each.words).every(({ text }) => keeper?.folders.some((folder) => text.startsWith(`${folder}/`)) === true);
  });
  const plain = instruction.flags.length === 0 && instruction.comments.length === 0 && instruction.heredocs.length === 0;
  if (keeper === undefined || !only || !plain || instruction.unfinished || whoNeedsLists(file, keeper, instruction) !== undefined) return undefined;
  return safe('Take the RUN out', lineRemoval(file, instruction.span));
}

function fixOf(file: Dockerfile, invocation: Invocation): Fix | undefined {
  const { command, manager, subcommand } = invocation;
  const script = file.scripts(command.instruction).find(({ commands }) => commands.includes(command));
  const where = script === undefined ? undefined : chainLink(file.source, script, command);
  if (where === undefined || command.redirects.some(({ target }) => target?.text !== '/dev/null' && target?.text !== '1')) return undefined;
  const others = command.words.filter((word) => word !== subcommand);
  const proven = manager.name === 'apt-get' && !usesDpkg(file) && others.every(({ text }) => idle.test(text));
  return (proven ? wholeRun(file, invocation) : undefined) ?? (proven ? safe : unsafe)('Take the command out', remove(where));
}

export default defineRule({
  summary: 'Install command that names no packages',
  why: `\`apt-get install -y\` with nothing behind it installs nothing: a list was forgotten, or left behind when its last package
went. \`apk add\` does the same; \`dnf\`, \`yum\` and \`pip\` fail.

Where the command does nothing and stands in a chain, the fix takes it out, or the whole RUN if that only refreshes the
lists for it: safe for \`apt-get\` with everyday flags, else unsafe. Put in the packages instead if some are missing. A command
with a purpose of its own, such as \`apt-get install -f\` or \`apk add --virtual\`, is not meant.`,
  severity: 'warning',
  examples: [
    { bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y\nCMD ["bash"]\n', good: 'FROM debian:12\nCMD ["bash"]\n' },
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y\nRUN apt-get install -y curl\n',
      good: 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n',
    },
    {
      bad: 'FROM debian:12\nRUN apt-get update \\\n    && apt-get install -y --no-install-recommends \\\n    && apt-get install -y curl \\\n    && rm -rf /var/lib/apt/lists/*\n',
      good: 'FROM debian:12\nRUN apt-get update \\\n    && apt-get install -y curl \\\n    && rm -rf /var/lib/apt/lists/*\n',
    },
    { bad: 'FROM alpine:3.20\nRUN apk add --no-cache && \\\n    adduser -D app\n', good: 'FROM alpine:3.20\nRUN adduser -D app\n' },
    { bad: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir\n', good: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir fastapi==0.115.6\n' },
  ],
  * check({ file }) {
    for (const command of file.commands) {
      const invocation = readInvocation(command);
      const habit = invocation === undefined ? undefined : habitOf(invocation);
      if (invocation === undefined || habit === undefined || isCutShort(file, command.instruction)) continue;
      const fix = habit.result === 'nothing' ? fixOf(file, invocation) : undefined;
      const effect = habit.result === 'nothing' ? 'does nothing' : 'fails';
      yield {
        at: command.span,
        message: `This \`${command.name} ${invocation.subcommandKey}\` names no packages, so it ${effect}; name them, or take the command out.`,
        ...(fix && { fix }),
      };
    }
  },
});
