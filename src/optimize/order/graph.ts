import { operands } from '../../dockerfile/command.ts';
import { flag, type Instruction } from '../../dockerfile/instruction.ts';
import { factOfPart } from '../../fact.ts';
import { destination } from '../../model/copy.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { commandFolder, effectsOf, isBelow, meet, type Effects } from '../../model/effects.ts';
import { linksBefore, throughLinks } from '../../model/links.ts';
import { readInvocation } from '../../model/packages.ts';
import { commandEffects } from '../../model/programs.ts';
import { mounts, type Stage } from '../../model/stages.ts';
import { joinPath } from '../../model/state.ts';
import { textAt } from '../../span.ts';
import { withComments } from '../lines.ts';
import { mayBeManifest, mentions, readBeside, sourcesOf } from './nets.ts';
import { exists, homeSettings, landingPlaces, mountTargets, surroundings } from './places.ts';

/** Instructions that only change the image's settings: they stand where they stand, and no step asks for them. */
const settings = new Set(['LABEL', 'EXPOSE', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'STOPSIGNAL', 'MAINTAINER']);

const isCopy = ({ keyword }: Instruction): boolean => keyword === 'COPY' || keyword === 'ADD';
const isRun = ({ keyword }: Instruction): boolean => keyword === 'RUN';

/** What has a place in the order of a stage: its steps, and what changes the state they run in. */
export const orderedOf = (stage: Stage): readonly Instruction[] => stage.instructions.filter(({ keyword }) => !settings.has(keyword));

/** An instruction as a message names it. */
export const nameOf = (file: Dockerfile, { span }: Instruction): string => {
  const line = (textAt(file.source, span).split('\n')[0] ?? '').replace(/[\s\\]+$/, '');
  return `\`${line.length > 70 ? `${line.slice(0, 69)}…` : line}\``;
};

/** The author says why it stands where it stands, or that it is there to be run again. */
const speaksOfOrder = /\b(?:before|after|order|first|last|bust\w*|invalidat\w*|refresh\w*|must|(?:each|every) (?:\w+ )?(?:re)?build)\b/i;

/** Why a step stays where it is, whatever it reads and writes. */
const ownReason = factOfPart((file: Dockerfile, step: Instruction): string | undefined => {
  if (isRun(step) && file.commandsOf(step).some((command) => readInvocation(command)?.action === 'upgrade')) return `${nameOf(file, step)} may be there to bring the newest packages with each build`;
  const comment = file.source.slice(withComments(file, step).start, step.span.start);
  return speaksOfOrder.test(comment) ? `the comment of ${nameOf(file, step)} speaks of its place` : undefined;
});

/** Two instructions of a stage in the author's order, and where that is. */
interface Pair {
  readonly file: Dockerfile;
  readonly above: Instruction;
  readonly below: Instruction;
}

/** What a RUN may read and write, its surroundings included; undefined where that can't be told. */
const runEffects = factOfPart((file: Dockerfile, run: Instruction): Effects | undefined => {
  const effects = effectsOf(file, run);
  const { reads, writes } = effects;
  if (effects.opaque !== undefined || reads === 'everything' || writes === 'everything') return undefined;
  const mounted = mountTargets(file, run);
  if (mounted === undefined || file.commandsOf(run).some(({ step }) => step.background)) return undefined;
  return { ...effects, reads: [...reads, ...mounted, ...surroundings(file, run), ...readBeside(file, run)], writes: [...writes, ...mounted] };
});

/** Programs that every image with a shell has, and that no package changes as far as a Dockerfile uses them. */
const basic = new Set([
  '', ':', 'true', 'false', 'test', '[', 'echo', 'printf', 'cd', 'set', 'export', 'mkdir', 'touch', 'chmod', 'chown', 'chgrp', 'ln', 'cp', 'mv',
  'rm', 'rmdir', 'cat', 'useradd', 'groupadd', 'adduser', 'addgroup',
]);

/** Programs that add accounts and change none. */
const addsAccounts = new Set(['useradd', 'groupadd', 'adduser', 'addgroup']);

const isSystemInstall = (file: Dockerfile, run: Instruction): boolean =>
  file.commandsOf(run).every((command) => readInvocation(command)?.manager.kind === 'system' || basic.has(command.name));

/** Names of `--chown` are looked up in the image as it is: accounts must be there, and the same. */
function accountsReason({ file, above, below }: Pair): string | undefined {
  const [copy, run] = isCopy(above) ? [above, below] : [below, above];
  const owner = flag(copy, 'chown')?.value ?? '';
  if (/^\d*(?::\d*)?$/.test(owner) || !isRun(run)) return undefined;
  const writesAccounts = meet(effectsOf(file, run).writes, ['/etc/passwd', '/etc/group']);
  const onlyAdds = copy === above && file.commandsOf(run).every((command) =>
    readInvocation(command)?.manager.kind === 'system' || (basic.has(command.name) && (addsAccounts.has(command.name) || !meetsEtc(command.words.map(({ text }) => text)))));
  return writesAccounts && !onlyAdds ? `${nameOf(file, run)} may change the account that \`--chown=${owner}\` names` : undefined;
}

const meetsEtc = (words: readonly string[]): boolean => words.some((word) => word.includes('/etc'));

/** Flags that make the folders a COPY makes on its way other than plain ones of root. */
const makesPlainFolders = (copy: Instruction): boolean => ['chown', 'chmod', 'parents', 'keep-git-dir', 'unpack'].every((name) => flag(copy, name) === undefined);

const isByRoot = (file: Dockerfile, instruction: Instruction): boolean => /^(?:root|0+)(?::(?:root|0+))?$/.test(file.stateAt(instruction).user ?? '');

/** The folders that lie above both of two paths, the lowest one. */
function commonFolder(one: string, other: string): string {
  const parts = one.split('/');
  const others = other.split('/');
  const end = parts.findIndex((part, index) => part !== others[index] || index >= Math.min(parts.length, others.length) - 1);
  return parts.slice(0, end === -1 ? parts.length - 1 : end).join('/') || '/';
}

const listOf = (places: Effects['reads']): readonly string[] => (places === 'everything' ? ['/'] : places);

const writtenBy = factOfPart((file: Dockerfile, instruction: Instruction): readonly string[] =>
  (isCopy(instruction) ? listOf(throughLinks(landingPlaces(file, instruction) ?? ['/'], linksBefore(file, instruction))) : listOf(effectsOf(file, instruction).writes)));

/** A folder that both need and nobody made yet belongs to whoever comes first; or the second can't do without the first. */
function foldersReason(pair: Pair): string | undefined {
  const { file, above, below } = pair;
  for (const one of writtenBy(file, above)) {
    for (const other of writtenBy(file, below)) {
      const shared = commonFolder(one, other);
      if (exists(file, above, shared)) continue;
      const alike = [above, below].every((each) => isCopy(each)) && textsOf(file, above) === textsOf(file, below);
      if (!alike) return `both need \`${shared}\`, which the first of them makes`;
    }
  }
  return undefined;
}

/** The flags of a COPY that tell who owns what it makes. */
const textsOf = (file: Dockerfile, copy: Instruction): string =>
  copy.flags.filter(({ name }) => name !== 'from' && name !== 'link').map((each) => textAt(file.source, each.span)).sort().join(' ');

const sharePaths = ({ file, above, below }: Pair): string => `${nameOf(file, above)} and ${nameOf(file, below)} touch the same files`;

/** Why a COPY and a WORKDIR must stay as they are. */
function workdirReason(pair: Pair): string | undefined {
  const { file, above, below } = pair;
  const [copy, workdir] = isCopy(above) ? [above, below] : [below, above];
  const to = destination(file, copy);
  const last = copy.words.at(-1)?.text ?? '';
  if (to === undefined || !last.startsWith('/')) return `${nameOf(file, copy)} is told where to by ${nameOf(file, workdir)}`;
  const { writes } = effectsOf(file, workdir);
  const plain = makesPlainFolders(copy) && isByRoot(file, workdir);
  const isInside = writes !== 'everything' && writes.every((path) => isBelow(to.path, path) && to.path !== path);
  // Root makes the folder either way, and nothing else comes of it.
  if (copy === above && plain && isInside) return undefined;
  if (meet([to.path], writes)) return sharePaths(pair);
  return plain ? undefined : foldersReason(pair);
}

/** An install of system packages does the same in any folder. */
function systemInstallPasses({ file, above, below }: Pair): boolean {
  const [run, state] = isRun(above) ? [above, below] : [below, above];
  const effects = runEffects(file, run);
  if (effects === undefined || state.keyword !== 'WORKDIR' || !isSystemInstall(file, run) || mounts(run).length > 0) return false;
  const { writes } = effectsOf(file, state);
  return isByRoot(file, state) && isByRoot(file, run) && !meet(writes, effects.writes) && !meet(writes, effects.reads) && isInAnyFolder(file, run);
}

/** The commands of a RUN do the same wherever it begins. */
const isInAnyFolder = (file: Dockerfile, run: Instruction): boolean => file.commandsOf(run).every((command) => {
  const { lookup } = file.stateAt(run);
  const [here, elsewhere] = [commandFolder(file, command), joinPath('/elsewhere', command.directory ?? '.')];
  return command.directory !== undefined && JSON.stringify(commandEffects(command, here, lookup)) === JSON.stringify(commandEffects(command, elsewhere, lookup));
});

/** Why a step and what changes the state of later steps must stay as they are. */
function stateReason(pair: Pair): string | undefined {
  const { file, above, below } = pair;
  const [step, state] = isCopy(above) || isRun(above) ? [above, below] : [below, above];
  if (isRun(step)) return systemInstallPasses(pair) ? undefined : `${nameOf(file, step)} runs in what ${nameOf(file, state)} sets`;
  if (state.keyword === 'WORKDIR') return workdirReason(pair);
  const usesNames = /\$/.test(textAt(file.source, step.span));
  return (state.keyword === 'ENV' || state.keyword === 'ARG') && usesNames ? `${nameOf(file, step)} uses variables that ${nameOf(file, state)} may set` : undefined;
}

/** Why a COPY and a RUN must stay as they are. */
function copyAndRunReason(pair: Pair): string | undefined {
  const { file, above, below } = pair;
  const [copy, run] = isCopy(above) ? [above, below] : [below, above];
  const to = destination(file, copy);
  const effects = runEffects(file, run);
  if (to === undefined) return `where ${nameOf(file, copy)} writes can't be told`;
  if (effects === undefined) return `what ${nameOf(file, run)} reads and writes can't be told`;
  if (flag(copy, 'link') !== undefined && flag(copy, 'chown') !== undefined) return `the folders of ${nameOf(file, copy)} lie over those that are there`;
  const places = writtenBy(file, copy);
  if (meet(places, effects.writes) || meet(places, effects.reads)) return sharePaths(pair);
  if (mentions(file, run, [...places, ...sourcesOf(copy)]) || places.some((path) => mayBeManifest(file, run, path))) return `${nameOf(file, run)} may read what ${nameOf(file, copy)} brings`;
  if (places.some((path) => homeSettings(file, run, path))) return `${nameOf(file, copy)} may bring settings of the user that ${nameOf(file, run)} reads`;
  const plain = makesPlainFolders(copy) && isByRoot(file, run) && !file.commandsOf(run).some(({ name }) => name === 'umask');
  return accountsReason(pair) ?? (plain && (run === above || !needsFolder(file, run)) ? undefined : foldersReason(pair));
}

/** `mkdir -p` and the managers make folders on their way; any other program wants them to be there. */
const needsFolder = (file: Dockerfile, run: Instruction): boolean => file.commandsOf(run).some((command) =>
  readInvocation(command) === undefined && (command.redirects.length > 0 || !(command.name === 'mkdir' ? command.words.some(({ text }) => /^-[a-z]*p|^--parents$/.test(text)) : operands(command.words).length === 0)));

/** Why two RUNs must stay as they are. */
function runsReason(pair: Pair): string | undefined {
  const { file, above, below } = pair;
  const [first, second] = [runEffects(file, above), runEffects(file, below)];
  const unknown = first === undefined ? above : below;
  if (first === undefined || second === undefined) return `what ${nameOf(file, unknown)} reads and writes can't be told`;
  // The first is to run behind the second: its programs must be those they were.
  if (!file.commandsOf(above).every(({ name, wrappers }) => basic.has(name) && wrappers.length === 0)) return `${nameOf(file, above)} may run otherwise once ${nameOf(file, below)} has run`;
  const own = effectsOf(file, above);
  const [reads, writes] = [listOf(own.reads), listOf(own.writes)];
  if (meet(writes, second.reads) || meet(writes, second.writes) || meet(reads, second.writes)) return sharePaths(pair);
  if (mentions(file, below, [...reads, ...writes])) return sharePaths(pair);
  if (!isSystemInstall(file, below) && meet(second.writes, programPlaces)) return `${nameOf(file, below)} may change programs that ${nameOf(file, above)} runs`;
  return foldersReason(pair);
}

const programPlaces = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/lib', '/etc'];

/** Why two COPYs must stay as they are. */
function copiesReason(pair: Pair): string | undefined {
  const { file, above, below } = pair;
  return meet(writtenBy(file, above), writtenBy(file, below)) ? sharePaths(pair) : foldersReason(pair);
}

/**
 * Why an instruction must stay below one that stands above it.
 * @returns a clause; undefined where no order of the two can be told from the other by what the build makes
 */
export function reasonToStay(file: Dockerfile, above: Instruction, below: Instruction): string | undefined {
  const pair: Pair = { file, above, below };
  const steps = [above, below].filter((each) => isCopy(each) || isRun(each));
  const barrier = [above, below].find(({ keyword }) => !isKnown(keyword));
  if (barrier !== undefined) return `nothing moves past ${nameOf(file, barrier)}`;
  if (steps.length === 0) return 'settings keep their order';
  const own = steps.map((step) => ownReason(file, step)).find((reason) => reason !== undefined);
  if (own !== undefined) return own;
  if (steps.length === 1) return stateReason(pair);
  const copies = steps.filter(isCopy).length;
  return copies === 2 ? copiesReason(pair) : copies === 1 ? copyAndRunReason(pair) : runsReason(pair);
}

const known = new Set(['RUN', 'COPY', 'ADD', 'ENV', 'ARG', 'USER', 'WORKDIR', 'SHELL']);
const isKnown = (keyword: string): boolean => known.has(keyword);

/** What must stay in its order in a stage, and why. */
export interface OrderGraph {
  readonly nodes: readonly Instruction[];
  /** `reasons[below][above]`: why the one must stay below the other. */
  readonly reasons: readonly (readonly (string | undefined)[])[];
}

/** Reads which instructions of a stage may not change places. */
export function orderGraph(file: Dockerfile, stage: Stage): OrderGraph {
  const nodes = orderedOf(stage);
  return { nodes, reasons: nodes.map((below, number) => nodes.slice(0, number).map((above) => reasonToStay(file, above, below))) };
}
