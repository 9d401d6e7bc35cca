import { operands } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { factOf } from '../fact.ts';
import type { Dockerfile } from './dockerfile.ts';
import { commandFolder, isBelow, type Places } from './effects.ts';
import type { Stage } from './stages.ts';
import { joinPath } from './state.ts';

/** A link that a RUN makes, and where it leads. */
interface Link {
  readonly run: Instruction;
  readonly path: string;
  readonly target: string;
}

/** The links that `ln` makes in a file, each by the name it has if that is a folder, too. */
const linksMade: (file: Dockerfile) => readonly Link[] = factOf((file: Dockerfile) =>
  file.commands.filter(({ name }) => name === 'ln').flatMap((command): Link[] => {
    const folder = commandFolder(file, command);
    const [target, path = target?.slice(target.lastIndexOf('/') + 1)] = operands(command.words).map(({ value }) => value);
    const from = joinPath(folder, path ?? '');
    const to = joinPath(folder, target ?? '');
    if (from === undefined || to === undefined) return [];
    const { instruction: run } = command;
    return [{ run, path: from, target: to }, { run, path: `${from}/${to.slice(to.lastIndexOf('/') + 1)}`, target: to }];
  }));

/** True when a link may be there once an instruction runs: made in it or above it, in its stage or one that it is built on. */
function mayStand(file: Dockerfile, { run }: Link, instruction: Instruction): boolean {
  const maker = file.stageOf(run);
  for (let stage: Stage | undefined = file.stageOf(instruction); stage !== undefined; stage = stage.parent) {
    if (stage === maker) return run.index <= instruction.index;
  }
  return false;
}

/** The links that may be there once an instruction runs. */
export const linksBefore = (file: Dockerfile, instruction: Instruction): readonly Link[] => linksMade(file).filter((link) => mayStand(file, link, instruction));

/** With so many places anything may be meant. */
const mostPlaces = 100;

/** Places with those that links lead to: what is done to a link may be done to its target. */
export function throughLinks(places: Places, links: readonly Link[]): Places {
  if (places === 'everything') return places;
  const found = new Set(places);
  // Links may lead to links; a circle ends where nothing new is found.
  for (const place of found) {
    for (const { path, target } of links) {
      if (isBelow(place, path)) found.add(target + place.slice(path.length));
      else if (isBelow(path, place)) found.add(target);
    }
    if (found.size >= mostPlaces) return 'everything';
  }
  return [...found];
}
