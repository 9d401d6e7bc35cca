import type { Command, Script } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from './dockerfile.ts';
import { clears, isMountedAway } from './leftovers.ts';
import { readInvocation, type Action, type Invocation } from './packages.ts';
import type { Stage } from './stages.ts';

/** A family of system package managers, and what they keep of the repositories they install from. */
export interface ListKeeper {
  readonly managers: readonly string[];
  /** What is kept, for messages. */
  readonly what: string;
  /** Where it is kept, whatever the version. */
  readonly folders: readonly string[];
  /** What an invocation that does this leaves there. */
  readonly leaving: readonly Action[];
  /** A later install fails without it, and fetches nothing itself. */
  readonly needed: boolean;
}

/** Debian's own images keep the lists: their `docker-clean` deletes archives of packages only. */
export const listKeepers: readonly ListKeeper[] = [
  { managers: ['apt-get'], what: 'the package lists', folders: ['/var/lib/apt/lists'], leaving: ['refresh'], needed: true },
  { managers: ['apk'], what: 'the package index', folders: ['/var/cache/apk'], leaving: ['refresh', 'install-named', 'upgrade'], needed: false },
  {
    managers: ['dnf', 'yum', 'microdnf', 'tdnf'], what: 'the metadata of the repositories', needed: false,
    folders: ['/var/cache/dnf', '/var/cache/yum', '/var/cache/libdnf5', '/var/cache/tdnf'], leaving: ['refresh', 'install-named', 'upgrade'],
  },
  {
    managers: ['zypper'], what: 'the metadata of the repositories', needed: false,
    folders: ['/var/cache/zypp'], leaving: ['refresh', 'install-named', 'upgrade'],
  },
];

/** What a RUN leaves of the lists of one family. */
export interface LeftLists {
  readonly keeper: ListKeeper;
  readonly script: Script;
  /** The commands that leave it, in order. */
  readonly left: readonly [Invocation, ...Invocation[]];
}

/** The manager works on another root, or keeps its lists elsewhere. */
const worksElsewhere = ({ command }: Invocation): boolean =>
  command.words.some(({ text }) => /^(?:--(?:install)?root|--cache-dir|--rootfs)(?:=|$)|Dir::(?:State|Cache)|^-p$/.test(text));

const isOf = (keeper: ListKeeper, invocation: Invocation | undefined): invocation is Invocation =>
  invocation !== undefined && keeper.managers.includes(invocation.manager.name);

function leaves(keeper: ListKeeper, invocation: Invocation): boolean {
  const { manager, command } = invocation;
  const without = [manager.noCacheFlag].filter((flag) => flag !== undefined);
  return keeper.leaving.includes(invocation.action) && !worksElsewhere(invocation) && !command.words.some(({ text }) => without.includes(text));
}

/** `apt-get clean` deletes archives of packages only; `distclean` the lists too. */
function cleans(file: Dockerfile, keeper: ListKeeper, command: Command): boolean {
  const invocation = readInvocation(command);
  if (invocation?.action === 'clean' && isOf(keeper, invocation)) return invocation.manager.name !== 'apt-get' || invocation.subcommandKey === 'distclean';
  return invocation === undefined && keeper.folders.some((folder) => clears(file, command, folder));
}

/** apk learnt `--no-cache` with Alpine 3.3. */
const isOldAlpine = (stage: Stage | undefined): boolean => stage?.facts?.distribution === 'alpine' && /^(?:2\.|3\.[0-2]$)/.test(stage.facts.release ?? '');

/** The lists each RUN leaves in its layer: fetched, not cleaned up behind it, in no cache mount. */
export function leftLists(file: Dockerfile, instruction: Instruction): LeftLists[] {
  return file.scripts(instruction).flatMap((script) => {
    const invocations = script.commands.map((command) => readInvocation(command));
    return listKeepers.flatMap((keeper) => {
      if (!invocations.some((each) => isOf(keeper, each))) return [];
      if (keeper.folders.some((folder) => isMountedAway(file, instruction, folder))) return [];
      if (keeper.managers.includes('apk') && isOldAlpine(file.stageOf(instruction))) return [];
      const cleaned = script.commands.findLastIndex((command) => cleans(file, keeper, command));
      const [first, ...others] = invocations.slice(cleaned + 1).filter((each) => isOf(keeper, each)).filter((each) => leaves(keeper, each));
      return first === undefined ? [] : [{ keeper, script, left: [first, ...others] as const }];
    });
  });
}

/** Programs that may install system packages without saying so. */
const installers = new RegExp(`^(?:${[
  '\\.', 'source', 'eval', '(?:ba|da|a|z)?sh', 'make', 'ansible.*', 'puppet', 'chef.*', 'salt-call', 'rosdep', '.*apt.*', 'install[-_]packages', 'tasksel',
  'gdebi', 'mk-build-deps', 'dselect', 'debootstrap',
].join('|')})$`);
const ownScript = /^(?:\.|(?!\/(?:usr\/(?:local\/)?)?s?bin\/)\/).*|\.(?:sh|bash)$/;

/** `python scripts/install_dependencies.py`: a script in another language that sets the machine up, by its name. */
const setsUp = ({ name, words }: Command): boolean =>
  /^(?:python|perl|ruby|node|php)[\d.]*$/.test(name) &&
  words.some(({ text }) => /(?:install|dep(?:endencie)?s|bootstrap|provision|setup[-_])[\w-]*\.(?:py|pl|rb|[cm]?js|php)$/i.test(text));

/** True for a command that may install system packages in a way nobody can tell: a script of the project, `make`, a variable. */
export const mayInstall = (command: Command): boolean =>
  command.program.value === undefined || setsUp(command) || installers.test(command.name) || ownScript.test(command.program.text);

/** `xargs apt-get install`, `su -c "apt-get …"`, `grep … /var/lib/apt/lists/*`: another program is handed the manager, or the lists. */
const handedOn = /(?:^|[\s"'`(;|&])(?:apt|apt-get|aptitude|nala)(?=$|[\s"'`);|&])|\bimport apt\b|\/var\/lib\/apt(?:\/lists|$)/;

const isHandedOn = ({ name, words }: Command): boolean => name === 'nala' || (name !== 'rm' && words.some(({ text }) => handedOn.test(text)));

/** A program that a COPY brought, started by its bare name. */
const isOfProject = (file: Dockerfile, { name }: Command): boolean =>
  file.instructions.some(({ keyword, words }) => (keyword === 'COPY' || keyword === 'ADD') && words.some(({ text }) => text.slice(text.lastIndexOf('/') + 1) === name));

const readers = new Set(['apt-cache', 'apt-file', 'apt-show-versions']);
const needy: readonly Action[] = ['install-named', 'upgrade', 'download', 'query'];

/** Who needs the lists that an earlier step left: a command, or nobody can tell. */
export type Need = Command | 'unknown' | undefined;

function needIn(file: Dockerfile, keeper: ListKeeper, instruction: Instruction): Need | 'refreshed' {
  let need: Need;
  for (const script of file.scripts(instruction)) {
    if (script.unreadable) need = 'unknown';
    for (const command of script.commands) {
      const invocation = readInvocation(command);
      if (isOf(keeper, invocation)) {
        if (invocation.action === 'refresh' && !command.conditional) return need ?? 'refreshed';
        if (needy.includes(invocation.action)) return command;
      } else if (readers.has(command.name) || (keeper.needed && isHandedOn(command))) return command;
      else if (invocation === undefined && (mayInstall(command) || isOfProject(file, command))) need ??= 'unknown';
    }
  }
  return need;
}

const runs = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'ONBUILD']);

/** What comes behind an instruction in a stage, and then in the stages built on it. */
function needAfter(file: Dockerfile, keeper: ListKeeper, stage: Stage, from: number): Need {
  let need: Need;
  for (const instruction of stage.instructions) {
    if (instruction.index <= from || !runs.has(instruction.keyword)) continue;
    // What a container runs is no command of the build, but one that installs needs the lists all the same.
    const found = needIn(file, keeper, instruction);
    const starts = instruction.keyword !== 'RUN' && instruction.keyword !== 'ONBUILD';
    if (found === 'refreshed') return need;
    if (found !== undefined && !(starts && found === 'unknown')) need = found;
    if (typeof need === 'object') return need;
  }
  for (const child of file.stages.filter(({ parent }) => parent === stage)) {
    const found = needAfter(file, keeper, child, from);
    if (typeof found === 'object') return found;
    need ??= found;
  }
  return need;
}

/**
 * Who relies on the lists a RUN leaves, further down in its stage or in a stage built on it.
 * @returns the command that would fail without them; `unknown` where a script of the project may be one
 */
export function whoNeedsLists(file: Dockerfile, keeper: ListKeeper, instruction: Instruction): Need {
  const stage = file.stageOf(instruction);
  return !keeper.needed || stage === undefined ? undefined : needAfter(file, keeper, stage, instruction.index);
}
