import type { Command, Script } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { destination, copySources, readsContext } from './copy.ts';
import { homeAt } from './home.ts';
import type { Dockerfile } from './dockerfile.ts';
import { commandEffects } from './programs.ts';
import { linksBefore, throughLinks } from './links.ts';
import { mounts } from './stages.ts';
import { joinPath } from './state.ts';

/** Absolute paths of the image, each standing for itself and all below; or everything. */
export type Places = readonly string[] | 'everything';

/** What an instruction does, as far as order is concerned. What is not known is `everything`. */
export interface Effects {
  readonly reads: Places;
  readonly writes: Places;
  /** Paths of the build context it takes; `''` is all of it. */
  readonly context: readonly string[];
  readonly network: boolean;
  /** The text of the command that nothing is known of, for explanations; undefined where all is known. */
  readonly opaque: string | undefined;
}

export const noEffects: Effects = { reads: [], writes: [], context: [], network: false, opaque: undefined };

const joinPlaces = (a: Places, b: Places): Places => (a === 'everything' || b === 'everything' ? 'everything' : [...new Set([...a, ...b])]);

/** The effects of two things together. */
export const both = (a: Effects, b: Effects): Effects => ({
  reads: joinPlaces(a.reads, b.reads),
  writes: joinPlaces(a.writes, b.writes),
  context: [...a.context, ...b.context],
  network: a.network || b.network,
  opaque: a.opaque ?? b.opaque,
});

/** The effects of something nothing is known of. */
export const opaqueEffects = (text: string): Effects => ({ reads: 'everything', writes: 'everything', context: [], network: true, opaque: text });

/** True when `inner` is `outer` or lies below it. */
export const isBelow = (inner: string, outer: string): boolean => outer === '/' || inner === outer || inner.startsWith(`${outer}/`);

/** True when the two sets share a path, or one holds a folder the other has something in. */
export function meet(a: Places, b: Places): boolean {
  if (a === 'everything') return b === 'everything' || b.length > 0;
  if (b === 'everything') return a.length > 0;
  return a.some((one) => b.some((other) => isBelow(one, other) || isBelow(other, one)));
}

/** True when no order of the two can be told from the other by the files they leave. */
export const independent = (a: Effects, b: Effects): boolean =>
  !meet(a.writes, b.writes) && !meet(a.writes, b.reads) && !meet(a.reads, b.writes);

/** The folder a command runs in; undefined where unknown. */
export function commandFolder(file: Dockerfile, command: Command): string | undefined {
  if (command.directory === undefined) return undefined;
  return joinPath(file.stateAt(command.instruction).workdir, command.directory === '' ? '.' : command.directory);
}

function scriptEffects(file: Dockerfile, script: Script): Effects {
  if (script.unreadable) return opaqueEffects('this script');
  let effects = noEffects;
  for (const command of script.commands) effects = both(effects, effectsOfCommand(file, command));
  return effects;
}

/** What one command of a RUN reads and writes, run where it stands. */
export function effectsOfCommand(file: Dockerfile, command: Command): Effects {
  const effects = commandEffects(command, commandFolder(file, command), file.stateAt(command.instruction).lookup, homeOfCommand(file, command));
  const links = linksBefore(file, command.instruction);
  return links.length === 0 ? effects : { ...effects, reads: throughLinks(effects.reads, links), writes: throughLinks(effects.writes, links) };
}

const changesUser = /^(?:sudo|gosu|su-exec|su|runuser|setpriv|chroot|HOME=.*)$/;

/** The home a command runs with; undefined where it may be another one than that of its RUN. */
function homeOfCommand(file: Dockerfile, { instruction, wrappers, assignments }: Command): string | undefined {
  const sets = assignments.some(({ name }) => name === 'HOME') || file.scripts(instruction).some(({ assigned }) => assigned.has('HOME'));
  // Images that run as root set no HOME, of those there are facts about; any other may.
  const known = file.stageOf(instruction)?.facts?.user === 'root' || typeof file.stateAt(instruction).lookup('HOME') === 'string';
  return sets || !known || wrappers.some(({ text }) => changesUser.test(text)) ? undefined : homeAt(file, instruction);
}

/** What a RUN does, bind mounts of the context included; what it does to cache and tmpfs mounts stays there. */
function runEffects(file: Dockerfile, instruction: Instruction): Effects {
  let effects = noEffects;
  for (const script of file.scripts(instruction)) effects = both(effects, scriptEffects(file, script));
  const bound = mounts(instruction).filter((mount) => mount.type === 'bind' && mount.from === undefined);
  return { ...effects, context: [...effects.context, ...bound.map((mount) => mount.source ?? '')] };
}

function copyEffects(file: Dockerfile, instruction: Instruction): Effects {
  const to = destination(file, instruction);
  const context = readsContext(instruction) ? copySources(file, instruction).map(({ path }) => path ?? '') : [];
  const writes = to === undefined ? 'everything' : throughLinks([to.path], linksBefore(file, instruction));
  return { ...noEffects, writes, context, network: instruction.keyword === 'ADD' };
}

const readers: Readonly<Record<string, (file: Dockerfile, instruction: Instruction) => Effects>> = {
  RUN: runEffects,
  COPY: copyEffects,
  ADD: copyEffects,
  WORKDIR: (file, instruction) => {
    const path = joinPath(file.stateAt(instruction).workdir, file.expand(instruction.words[0]?.raw ?? '', instruction) ?? '$');
    return { ...noEffects, writes: path === undefined || path.includes('$') ? 'everything' : [path] };
  },
};

/** The planner asks for the effects of the same instructions again and again. */
const known = new WeakMap<Instruction, Effects>();

/** What an instruction reads and writes of the image and takes of the context. */
export function effectsOf(file: Dockerfile, instruction: Instruction): Effects {
  const reader = readers[instruction.keyword];
  if (reader === undefined) return noEffects;
  let effects = known.get(instruction);
  if (effects === undefined) {
    effects = reader(file, instruction);
    known.set(instruction, effects);
  }
  return effects;
}
