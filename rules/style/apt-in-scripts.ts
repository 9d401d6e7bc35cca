import type { Command } from '../../src/dockerfile/command.ts';
import { insertAfter, replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isBelow } from '../../src/model/effects.ts';
import { readInvocation, type Invocation } from '../../src/model/packages.ts';
import { mounts } from '../../src/model/stages.ts';
import { defineRule, safe, unsafe, type Edit, type Fix } from '../../src/rule.ts';

/** Subcommands that do the same for `apt-get`, and what it needs besides. */
const twins: Readonly<Record<string, string>> = {
  update: '', install: '', reinstall: '', remove: '', purge: '', autoremove: '', clean: '', autoclean: '', 'build-dep': '', download: '', source: '',
  'dist-upgrade': '', 'full-upgrade': '',
  // apt installs packages that an upgrade newly needs, apt-get leaves those upgrades out.
  upgrade: ' --with-new-pkgs',
};

/** Asked of `apt-cache`, which says the same in another layout. */
const asked = new Set(['search', 'show', 'policy', 'depends', 'rdepends', 'showsrc']);

/** Flags that both know. */
const shared: readonly RegExp[] = [
  /^-[a-zA-Z]$/, /^-[a-zA-Z]*[qy][a-zA-Z]*$/, /^-q=\d$/, /^-[otca]./,
  /^--(?:yes|assume-yes|quiet(?:=\d)?|force-yes|(?:no-)?install-(?:recommends|suggests)|fix-(?:broken|missing|policy)|allow-\w+(?:-\w+)*)$/,
  /^--(?:reinstall|only-upgrade|no-upgrade|purge|auto-?remove|no-remove|download-only|simulate|dry-run|ignore-(?:missing|hold)|with-new-pkgs)$/,
  /^--(?:target-release|default-release|option|config-file)(?:=|$)/,
];

/** The program in front of the subcommand, on the path it was called by. */
function renamed({ program, instruction }: Command, name: string): Edit {
  const text = program.text.replace(/apt$/, name);
  return replace(program, instruction.json === undefined ? text : JSON.stringify(text));
}

/** Subcommands that download no archive they install. */
const downloadsNothing = /^(?:update|remove|purge|autoremove|clean|autoclean|source)$/;

/** Where the image was told to keep archives, apt removes those of its install all the same, and apt-get does not. */
const keepsArchives = ({ source }: Dockerfile, { instruction }: Command): boolean =>
  /docker-clean|Keep-Downloaded-Packages/i.test(source) && !mounts(instruction).some(({ type, target }) => type === 'cache' && target !== undefined && isBelow('/var/cache/apt/archives', target));

function fixOf(file: Dockerfile, command: Command, invocation: Invocation | undefined): Fix | undefined {
  const { subcommand, subcommandKey = '' } = invocation ?? {};
  if (subcommand === undefined || command.program.quoted !== (command.instruction.json !== undefined)) return undefined;
  if (asked.has(subcommandKey)) return unsafe('Replace `apt` with `apt-cache`', renamed(command, 'apt-cache'));
  const more = Object.hasOwn(twins, subcommandKey) ? twins[subcommandKey] : undefined;
  if (more === undefined || (more !== '' && command.instruction.json !== undefined)) return undefined;
  const flags = command.words.filter(({ text }) => text.startsWith('-'));
  const known = invocation?.unknown.length === 0 && flags.every(({ text }) => shared.some((pattern) => pattern.test(text)));
  const edits = [renamed(command, 'apt-get'), ...(more === '' ? [] : [insertAfter(subcommand, more)])];
  return (known && (downloadsNothing.test(subcommandKey) || !keepsArchives(file, command)) ? safe : unsafe)('Replace `apt` with `apt-get`', edits);
}

export default defineRule({
  summary: 'Use of `apt` in a script',
  why: `\`apt\` is made for people at a terminal. It warns in each build that its command line is not stable, and draws progress bars.
\`apt-get\` and \`apt-cache\` do the same for scripts, and stay as they are.

The fix is safe for the subcommands and flags that \`apt-get\` shares; \`apt upgrade\` also installs packages that are newly needed, so
\`--with-new-pkgs\` goes with it. It is unsafe where the file takes \`docker-clean\` away: \`apt\` removes what it downloaded even then.
What \`apt-cache\` prints looks different, so that fix is unsafe, and \`apt list\` has no twin.`,
  severity: 'warning',
  sources: ['hadolint/DL3027', 'checkov/CKV_DOCKER_9'],
  examples: [
    { bad: 'FROM debian:12\nRUN apt-get update && apt install -y curl\n', good: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\n' },
    { bad: 'FROM debian:12\nRUN DEBIAN_FRONTEND=noninteractive apt -y upgrade\n', good: 'FROM debian:12\nRUN DEBIAN_FRONTEND=noninteractive apt-get -y upgrade --with-new-pkgs\n' },
    { bad: 'FROM ubuntu:24.04\nRUN ["/usr/bin/apt", "update"]\n', good: 'FROM ubuntu:24.04\nRUN ["/usr/bin/apt-get", "update"]\n' },
    { bad: 'FROM debian:12\nRUN apt show curl\n', good: 'FROM debian:12\nRUN apt-cache show curl\n' },
  ],
  * check({ file }) {
    for (const command of file.commands) {
      if (command.name !== 'apt') continue;
      const invocation = readInvocation(command);
      const other = asked.has(invocation?.subcommandKey ?? '') ? 'apt-cache' : invocation?.subcommandKey === 'list' ? 'dpkg-query' : 'apt-get';
      const fix = fixOf(file, command, invocation);
      yield { at: command.program.span, message: `\`apt\` has no stable command line; use \`${other}\` in a script.`, ...(fix && { fix }) };
    }
  },
});
