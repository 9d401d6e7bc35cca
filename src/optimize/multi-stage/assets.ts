import { flag, type Instruction } from '../../dockerfile/instruction.ts';
import { copySources, destination, placeInImage, readsContext } from '../../model/copy.ts';
import { commandFolder, isBelow } from '../../model/effects.ts';
import { joinPath } from '../../model/state.ts';
import { textAt } from '../../span.ts';
import { kindOf, languageInvocations, pathsOf } from './common.ts';
import type { Draft } from './draft.ts';

/** Files that no program reads when it runs, whatever the language: documents, settings of tools and of the repository. */
const neverRead = new RegExp([
  '(?:^|/)(?:LICEN[CS]E|COPYING|NOTICE|README|CHANGELOG|CONTRIBUTING|CODEOWNERS|SECURITY|AUTHORS|CODE_OF_CONDUCT|Makefile|Taskfile|Justfile|justfile|Procfile)(?:\\.[^/]*)?$',
  '(?:^|/)(?:[\\w.-]*\\.)?(?:Dockerfile|Containerfile)(?:\\.[^/]*)?$', '(?:^|/)(?:docker-)?compose[^/]*\\.ya?ml$', '\\.(?:md|rst|adoc|dockerignore)$',
  '(?:^|/)\\.(?!env)[^/]+(?:/|$)', '(?:^|/)(?:test|tests|testdata|docs?|vendor)/', '(?:^|/)(?:sonar-project\\.properties|renovate\\.json|codecov\\.ya?ml)$',
].join('|'));

/** More than this many entries of a folder are copied with the folder. */
const most = 6;

/** True when a command may take the file away again, or put it elsewhere. */
function movesAway(draft: Draft, path: string): boolean {
  return draft.commands.some((command) => {
    if (kindOf(command) !== 'removal' && command.name !== 'mv') return false;
    const named = pathsOf(draft, command);
    return named === undefined || named.some((each) => isBelow(path, each) || isBelow(each, path));
  });
}

/** Files of the context that a COPY of the build brings and a running program may read, by the entry of the folder they are copied to. */
function entries(draft: Draft, copy: Instruction, to: string, isSource: (path: string) => boolean): Set<string> {
  const { file, context } = draft;
  const found = new Set<string>();
  for (const { path, glob } of copySources(file, copy)) {
    if (context === undefined || path === undefined) continue;
    const files = context.sentBelow(glob ? '' : path);
    const isBuildOnly = (each: string): boolean => isSource(each) || neverRead.test(each);
    // A folder of data is copied as one, so that a file that joins it comes along.
    if (!glob && path !== '' && to !== '/' && context.isFolder(path) && files.length > 0 && !files.some(isBuildOnly)) {
      found.add(to);
      continue;
    }
    for (const each of files) {
      const place = isBuildOnly(each) ? undefined : placeInImage(file, copy, each, (source) => context.isFolder(source));
      if (place === undefined) continue;
      const below = isBelow(place, to) && place !== to ? place.slice(to === '/' ? 1 : to.length + 1).split('/')[0] ?? '' : '';
      found.add(below === '' ? place : joinPath(to, below) ?? place);
    }
  }
  return found;
}

/** True where each source is a single file by its name that only a build reads: `go.mod`. */
const namesSourcesOnly = (copy: Instruction, isSource: (path: string) => boolean): boolean =>
  copy.words.length > 1 && copy.words.slice(0, -1).every(({ text }) => isSource(text) && !text.endsWith('/'));

/** A folder the build works in, and that the program does not start in or name: what is left there is for nobody. */
function isLeftBehind(draft: Draft, folder: string): boolean {
  const { workdir } = draft.end;
  if (workdir === undefined || isBelow(workdir, folder) || isBelow(folder, workdir)) return false;
  const named = draft.all('CMD', 'ENTRYPOINT', 'ENV', 'HEALTHCHECK').some((each) => textAt(draft.file.source, each.span).includes(folder));
  return !named && languageInvocations(draft).some(({ command }) => isBelow(commandFolder(draft.file, command) ?? '', folder));
}

/**
 * Notes what the program may read of the files that are copied for the build: with a context, all that is no source; without one, the whole
 * folder.
 * @param isSource tells the files that only a build reads, by their path in the context
 */
export function copyAssets(draft: Draft, isSource: (path: string) => boolean): void {
  const { file, context } = draft;
  const paths = new Set<string>();
  const lastRun = draft.runs.at(-1)?.index ?? -1;
  for (const copy of draft.all('COPY', 'ADD').filter(({ index }) => index < lastRun)) {
    if (draft.places.has(copy)) continue;
    const to = destination(file, copy);
    if (!readsContext(copy) || copy.heredocs.length > 0 || to === undefined || (copy.keyword === 'ADD' && copy.words.some(({ text }) => /:\/\/|\.t?(?:ar|gz|xz|bz2)\b/.test(text)))) {
      draft.refuse(copy, 'Whether the program needs what this brings when it runs can\'t be told.');
      continue;
    }
    if (namesSourcesOnly(copy, isSource) || isLeftBehind(draft, to.path)) continue;
    const known = context !== undefined && !context.cut && flag(copy, 'parents') === undefined && copySources(file, copy).every(({ path }) => path !== undefined);
    const found = known ? entries(draft, copy, to.path, isSource) : new Set([to.path]);
    for (const path of found.size > most ? [to.path] : found) paths.add(path);
  }
  for (const path of paths) {
    if (path === '/') draft.refuse(draft.stage.from, 'The sources lie in `/` itself, so they can\'t be told from the system.');
    else if (movesAway(draft, path)) draft.refuse(draft.stage.from, `A script moves files of \`${path}\`, so what is left there can't be told.`);
    else if (![...paths].some((other) => other !== path && isBelow(path, other))) draft.copies.push({ from: path });
  }
}

/** Notes one more path, unless it is copied with a folder already. */
export function copyAlso(draft: Draft, from: string, to?: string): void {
  const isSame = to === undefined || to === from;
  if (isSame && draft.copies.some((copy) => isBelow(from, copy.from))) return;
  draft.copies.push(isSame ? { from } : { from, to });
}

/** Takes WORKDIR out of the stage that ships where nothing there depends on it. */
export function dropIdleWorkdir(draft: Draft, absoluteStart: boolean): void {
  const { workdir } = draft.end;
  const isUsed = workdir === undefined || draft.copies.some(({ from, to }) => isBelow(to ?? from, workdir));
  const last = draft.runs.at(-1)?.index ?? -1;
  const tail = draft.stage.instructions.some(({ index, keyword }) => index > last && (keyword === 'COPY' || keyword === 'ADD'));
  if (!absoluteStart || isUsed || tail) return;
  for (const each of draft.all('WORKDIR')) draft.places.set(each, each.index < last ? 'build' : 'none');
}
