import { hasFlag } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from './dockerfile.ts';
import { isBelow } from './effects.ts';
import { clears } from './leftovers.ts';
import { mounts, stageUses, type Stage } from './stages.ts';
import { joinPath } from './state.ts';

/** The stage itself and those built on it. */
const heirsOf = (file: Dockerfile, stage: Stage): Stage[] =>
  file.stages.filter((each) => {
    for (let at: Stage | undefined = each; at !== undefined; at = at.parent) if (at === stage) return true;
    return false;
  });

/** Absolute paths that an instruction takes of another stage; `/` is taken for its own sake, whatever lies in it. */
function takenPaths(instruction: Instruction): string[] {
  const sources = instruction.keyword === 'RUN'
    ? mounts(instruction).filter(({ from }) => from !== undefined).map(({ source }) => source ?? '/')
    : instruction.words.slice(0, -1).map(({ text }) => text);
  return sources.map((text) => joinPath('/', text.replace(/[^/]*[*?[].*$/, '')) ?? '/').filter((path) => path !== '/');
}

/**
 * True when something behind a RUN takes files of a folder that the RUN fills: with a cache mount there it would find none.
 * @param path the folder, absolute
 */
export function isReadBehind(file: Dockerfile, stage: Stage, run: Instruction, path: string): boolean {
  const heirs = heirsOf(file, stage);
  const taken = file.stages.flatMap((each) => stageUses(each, file.stages)).filter((use) => use.stage !== undefined && heirs.includes(use.stage));
  if (taken.some(({ instruction }) => takenPaths(instruction).some((each) => isBelow(each, path) || isBelow(path, each)))) return true;
  const later = heirs.flatMap(({ instructions }) => instructions).filter((each) => each.index > run.index && each.keyword === 'RUN');
  return later.some((each) => file.commandsOf(each).some(({ name, words }) => name !== 'rm' && words.some(({ text }) => text.includes(path))));
}

/**
 * True when something behind a RUN removes what it leaves in a folder, and fails where there is nothing: `rm /var/cache/apk/*`, `rm -r`
 * of a folder that is not made any more.
 */
export function isRemovedByName(file: Dockerfile, run: Instruction, folders: readonly string[]): boolean {
  const stage = file.stageOf(run);
  const later = stage === undefined ? [] : heirsOf(file, stage).flatMap(({ instructions }) => instructions).filter((each) => each.index > run.index && each.keyword === 'RUN');
  return later.some((each) => file.commandsOf(each).some((command) =>
    (command.name === 'find' || (command.name === 'rm' && !hasFlag(command.words, '-f', '--force'))) && folders.some((folder) => clears(file, command, folder))));
}
