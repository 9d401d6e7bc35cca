import type { Command } from '../dockerfile/command.ts';
import { flag, type Instruction } from '../dockerfile/instruction.ts';
import { copySources, destination, matchesGlob, placeInImage } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { commandFolder, effectsOf, isBelow, meet, type Effects } from '../model/effects.ts';
import { mounts } from '../model/stages.ts';
import { joinPath } from '../model/state.ts';
import { usualFolders } from '../model/usual-folders.ts';
import { folderTest } from './broad.ts';
import { copiesAbove, type Reading } from './sink-reading.ts';

const plain = (path: string): string => path.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '').replace(/^\.$/, '');

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const inside = (source: string, folder: string, place: string): string => {
  const rest = place.slice(folder === '/' ? 1 : folder.length + 1);
  return source === '' || rest === '' ? source + rest : `${source}/${rest}`;
};

/** The file of the context that a bind mount of the RUN shows at a place; the last one lies above the others. */
function boundAt(file: Dockerfile, run: Instruction, place: string): string | undefined {
  const { workdir } = file.stateAt(run);
  const found = mounts(run).filter(({ type, from }) => type === 'bind' && from === undefined).findLast(({ target }) => {
    const path = joinPath(workdir, target ?? '');
    return path !== undefined && isBelow(place, path);
  });
  const target = joinPath(workdir, found?.target ?? '');
  return found === undefined || target === undefined ? undefined : inside(plain(found.source ?? ''), target, place);
}

/** The file of the context that a COPY leaves at a place; '' where several may come to lie there, undefined where none does. */
function copiedTo({ file, context }: Reading, copy: Instruction, place: string): string | undefined {
  const to = destination(file, copy);
  if (to === undefined) return '';
  const found = new Set(copySources(file, copy).flatMap(({ path, glob }) => {
    if (path === undefined) return [''];
    if (glob) return (context?.files ?? ['']).filter((each) => each === '' || (matchesGlob(path, each) && joinPath(to.path, lastPart(each)) === place));
    if (path === '' || folderTest(context)(path)) {
      const name = inside(path, to.path, place);
      return isBelow(place, to.path) && (context?.sends(name) ?? true) ? [name] : [];
    }
    return (to.folder ? joinPath(to.path, lastPart(path)) : to.path) === place ? [path] : [];
  }));
  const [one, ...more] = found;
  return more.length > 0 ? '' : one;
}

/** True when a file of the context lies at its place when the RUN begins, wherever the sunk COPYs stand. */
export function isPresent(reading: Reading, path: string, place: string): boolean {
  const { file, stage, run, sunk } = reading;
  const bound = boundAt(file, run, place);
  if (bound !== undefined) return bound === path;
  for (const copy of copiesAbove(stage, run)) {
    const found = sunk.includes(copy) ? undefined : copiedTo(reading, copy, place);
    if (found === undefined) continue;
    const changes = (each: Instruction): boolean => each.keyword === 'RUN' && meet(effectsOf(file, each).writes, [place]);
    return found === path && stage.instructions.includes(copy) && !stage.instructions.some((each) => each.index > copy.index && each.index < run.index && changes(each));
  }
  return false;
}

/** A folder that a `cd` of the RUN goes to and that nothing but the sunk COPYs makes, as far as we see. */
export function hasLostFolder({ file, stage, run, sunk }: Reading, needed: readonly string[]): boolean {
  const { workdir } = file.stateAt(run);
  const others = copiesAbove(stage, run).filter((copy) => !sunk.includes(copy)).map((copy) => destination(file, copy));
  const made = [...needed, ...(workdir === undefined ? [] : [workdir]), ...others.flatMap((to) => (to?.folder === true ? [`${to.path}/`] : []))];
  return file.commandsOf(run).filter(({ name }) => name === 'cd').some((command) => {
    const word = command.words.find(({ text }) => !text.startsWith('-'));
    const from = commandFolder(file, command);
    const folder = from === undefined || word?.value === undefined ? undefined : joinPath(from, word.value);
    if (folder === undefined || usualFolders.has(folder)) return false;
    const sinks = sunk.some((copy) => meet([folder], [destination(file, copy)?.path ?? '/']));
    return sinks && !made.some((place) => isBelow(place, folder) || place === `${folder}/`);
  });
}

/** Folders that a COPY makes on its way, as far as nothing that surely stands above it does: the image, WORKDIR. */
export function foldersMade(file: Dockerfile, copy: Instruction): string[] {
  const to = destination(file, copy);
  const { workdir } = file.stateAt(copy);
  const parts = to === undefined ? [] : to.path.split('/').filter((part) => part !== '');
  const all = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  return all.filter((folder) => !usualFolders.has(folder) && (workdir === undefined || !isBelow(workdir, folder)));
}

/** True when a command may need a folder that only a COPY makes on its way. */
export const needsFolderOf = (file: Dockerfile, copy: Instruction, { reads, writes }: Effects): boolean =>
  [reads, writes].some((places) => places !== 'everything' && places.some((place) => foldersMade(file, copy).some((folder) => isBelow(place, folder))));

/** True when folders on the way would belong to whoever copies first, and the COPYs do not agree. */
export function disagreeOnOwner(file: Dockerfile, copies: readonly Instruction[]): boolean {
  const made = copies.map((copy) => ({ owner: `${flag(copy, 'chown')?.value ?? ''} ${flag(copy, 'chmod')?.value ?? ''}`, folders: foldersMade(file, copy) }));
  return made.some((one) => made.some((other) => one.owner !== other.owner && one.folders.some((folder) => other.folders.includes(folder))));
}

/** A COPY of a folder gives the folders below it its own owner and mode, those that are there already too; a COPY of manifests does not. */
export function keepsOtherOwner({ file, stage, run, context, inputs }: Reading, copy: Instruction): boolean {
  const { user } = file.stateAt(run);
  const to = destination(file, copy)?.path;
  const places = [...inputs].flatMap((path) => placeInImage(file, copy, path.replace(/\*$/, ''), folderTest(context)) ?? []);
  const folders = places.map((place) => place.slice(0, place.lastIndexOf('/')) || '/').filter((folder) => folder !== to);
  if (user === 'root' || user === '0' || user === undefined && stage.facts?.user === 'root') return false;
  return stage.instructions.some((each) => each !== copy && each.index < run.index && meet(effectsOf(file, each).writes, folders));
}

/** True when `--chown` names an account whose number a command changes. */
export const renumbersOwner = (copy: Instruction, commands: readonly Command[]): boolean =>
  /[a-z]/i.test(flag(copy, 'chown')?.value ?? '') && commands.some(({ name }) => /^(?:user(?:mod|del)|group(?:mod|del)|del(?:user|group))$/.test(name));
