import { hasFlag, type Command } from '../../src/dockerfile/command.ts';
import { remove } from '../../src/edits.ts';
import { addFlag, appendCommand } from '../../src/model/append.ts';
import { isRemovedByName } from '../../src/model/cache-readers.ts';
import { chainLink } from '../../src/model/chain.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { headOf, headText } from '../../src/model/invocation.ts';
import { leftLists, mayInstall, whoNeedsLists, type LeftLists, type ListKeeper, type Need } from '../../src/model/package-lists.ts';
import { readInvocation, type Invocation } from '../../src/model/packages.ts';
import { defineRule, safe, unsafe, type Edit, type Fix } from '../../src/rule.ts';

/** What cleans up behind a manager; apk is told not to keep anything instead. */
function cleanupOf({ manager, command }: Invocation): string {
  if (manager.name === 'apt-get') return 'rm -rf /var/lib/apt/lists/*';
  return `${command.program.text} clean ${manager.name === 'zypper' ? '--all' : 'all'}`;
}

/** The checks elsewhere, by the manager that leaves something and by what it did; they don't look at other subcommands. */
const checks: Readonly<Record<string, { readonly of: RegExp; readonly sources: readonly string[] }>> = {
  'apt-get': { of: /^update$/, sources: ['hadolint/DL3009'] },
  apk: { of: /^add$/, sources: ['hadolint/DL3019', 'trivy/DS-0025'] },
  yum: { of: /^install$/, sources: ['hadolint/DL3032', 'trivy/DS-0015'] },
  zypper: { of: /^in(?:stall)?$/, sources: ['hadolint/DL3036', 'trivy/DS-0020'] },
  dnf: { of: /^(?:in(?:stall)?|up(?:grade|-min|grade-minimal)?|rei(?:nstall)?)$/, sources: ['hadolint/DL3040', 'trivy/DS-0019'] },
  microdnf: { of: /^(?:install|upgrade|reinstall)$/, sources: ['hadolint/DL3040'] },
};

const sourcesOf = ({ left }: LeftLists): string[] => [...new Set(left.flatMap(({ manager, subcommandKey }) => {
  const check = Object.hasOwn(checks, manager.name) ? checks[manager.name] : undefined;
  return check?.of.test(subcommandKey) === true ? check.sources : [];
}))];

/** Commands that are told to work with what is there, or ask the index. */
const worksOffline = ({ managers }: ListKeeper, command: Command): boolean => managers.includes(command.name) && (
  command.words.some(({ text }) => /^(?:-C|--cacheonly|--no-refresh|--no-network)$/.test(text)) ||
  (command.name === 'apk' && /^(?:search|list|policy|version|fetch)$/.test(readInvocation(command)?.subcommandKey ?? '')));

const addsWithApk = (command: Command): boolean => command.name === 'apk' && readInvocation(command)?.subcommandKey === 'add';

/** `--no-cache` for each `apk add`; an `apk update` is then of no use, unless a script of the project comes behind it. */
function apkEdits(source: string, { script, left }: LeftLists): Edit[] | undefined {
  if (left.some(({ action }) => action === 'refresh') && (script.commands.some(mayInstall) || !script.commands.some(addsWithApk))) return undefined;
  const edits = left.map(({ action, command, subcommand }) => {
    if (action !== 'refresh') return subcommand && addFlag(command, subcommand, '--no-cache');
    const link = chainLink(source, script, command);
    return link && remove(link);
  });
  const found = edits.filter((edit) => edit !== undefined);
  return found.length === edits.length ? found : undefined;
}

/** Removes the manager, or what it is written in: behind this it can't clean up any more. */
const takesManagerAway = (command: Command): boolean =>
  (command.name === 'rpm' && hasFlag(command.words, '-e', '--erase')) ||
  (readInvocation(command)?.action === 'remove' && command.words.some(({ text }) => /^(?:python[\d.]*(?:-libs)?$|yum|(?:micro|lib|t)?dnf|rpm|zypper|libzypp|libsolv)/.test(text)));

function fixOf(file: Dockerfile, lists: LeftLists, need: Need): Fix | undefined {
  const { keeper, script, left } = lists;
  if (typeof need === 'object' || file.commands.some((command) => worksOffline(keeper, command))) return undefined;
  if (isRemovedByName(file, script.instruction, keeper.folders)) return undefined;
  if (keeper.managers.includes('apk')) {
    const edits = apkEdits(file.source, lists);
    return edits && safe('Add `--no-cache`', edits);
  }
  const last = left.at(-1) ?? left[0];
  if (last.manager.name !== 'apt-get' && script.commands.some(takesManagerAway)) return undefined;
  const sudo = last.command.wrappers[0]?.text === 'sudo' ? 'sudo ' : '';
  const text = cleanupOf(last);
  const edit = appendCommand(file, script, sudo + text);
  return edit && (need === undefined ? safe : unsafe)(`Append \`${text}\``, edit);
}

/** True for a RUN that fetches the lists for a later one and installs nothing itself. */
const onlyFetches = ({ script }: LeftLists): boolean =>
  !script.commands.some((command) => /^(?:install|upgrade)/.test(readInvocation(command)?.action ?? ''));

function adviceOf(file: Dockerfile, lists: LeftLists, need: Need): string {
  const { keeper, left } = lists;
  if (keeper.managers.includes('apk')) return 'use `apk add --no-cache`, which keeps none.';
  if (typeof need !== 'object') return `end this RUN with \`${cleanupOf(left.at(-1) ?? left[0])}\`.`;
  const { line } = file.lines.position(need.span.start);
  if (onlyFetches(lists)) return `line ${line} works with them: do both in one RUN, and end it with \`rm -rf /var/lib/apt/lists/*\`.`;
  return `line ${line} works with them: let that RUN fetch them itself, and end both with \`rm -rf /var/lib/apt/lists/*\`.`;
}

export default defineRule({
  summary: 'Package lists left in the layer',
  why: `Package managers fetch lists of all packages there are before they install one. Left in the layer they ship with the image,
20 to 50 MB for apt and more for dnf, and are out of date within days. A later RUN that removes them saves nothing.
The images of Debian and Ubuntu clean up downloaded packages by themselves, but not the lists.

The fix removes them at the end of the same RUN (\`apk\`: keeps none). There is none where a later install, here or in a stage built
on this one, works with them; where a script of the project may be such an install, it is unsafe. Cache mounts on the
folder are fine as they are.`,
  severity: 'warning',
  sources: Object.values(checks).flatMap((each) => each.sources).filter((source, index, all) => all.indexOf(source) === index),
  examples: [
    {
      bad: 'FROM debian:12\nRUN apt-get update && \\\n    apt-get install -y --no-install-recommends curl\nCMD ["curl"]\n',
      good: 'FROM debian:12\nRUN apt-get update && \\\n    apt-get install -y --no-install-recommends curl && \\\n    rm -rf /var/lib/apt/lists/*\nCMD ["curl"]\n',
    },
    {
      bad: 'FROM alpine:3.20\nRUN apk update && apk add curl git\n',
      good: 'FROM alpine:3.20\nRUN apk add --no-cache curl git\n',
    },
    {
      bad: 'FROM rockylinux:9\nRUN dnf install -y nginx \\\n  # for the health check\n  && dnf install -y curl\n',
      good: 'FROM rockylinux:9\nRUN dnf install -y nginx \\\n  # for the health check\n  && dnf install -y curl \\\n  && dnf clean all\n',
    },
    {
      bad: 'FROM ubuntu:24.04\nRUN <<EOF\nset -e\napt-get update\napt-get install -y --no-install-recommends curl\nEOF\n',
      good: 'FROM ubuntu:24.04\nRUN <<EOF\nset -e\napt-get update\napt-get install -y --no-install-recommends curl\nrm -rf /var/lib/apt/lists/*\nEOF\n',
    },
    {
      bad: 'FROM opensuse/leap:15.6\nRUN zypper --non-interactive install curl\n',
      good: 'FROM opensuse/leap:15.6\nRUN zypper --non-interactive install curl && zypper clean --all\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      const ships = file.shippedStages.has(stage);
      for (const instruction of stage.instructions.filter(({ keyword }) => keyword === 'RUN')) {
        for (const lists of leftLists(file, instruction)) {
          if (lists.keeper.needed && !ships) continue;
          const need = whoNeedsLists(file, lists.keeper, instruction);
          const fix = fixOf(file, lists, need);
          yield {
            at: headOf(lists.left[0]),
            sources: sourcesOf(lists),
            message: `\`${headText(lists.left[0])}\` leaves ${lists.keeper.what} in this layer; ${adviceOf(file, lists, need)}`,
            ...(fix && { fix }),
            ...(!ships && { onRequest: true }),
          };
        }
      }
    }
  },
});
