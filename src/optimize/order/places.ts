import { flag, type Instruction } from '../../dockerfile/instruction.ts';
import { destination } from '../../model/copy.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { isBelow } from '../../model/effects.ts';
import { homeAt } from '../../model/home.ts';
import { mounts } from '../../model/stages.ts';
import { joinPath } from '../../model/state.ts';
import { usualFolders } from '../../model/usual-folders.ts';
import { definitions } from '../../model/variables.ts';
import { toolPlaces } from '../landing.ts';

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** True when a folder is surely there in front of an instruction: every distribution has it, or a WORKDIR of the file made it. */
export function exists(file: Dockerfile, before: Instruction, folder: string): boolean {
  const stage = file.stageOf(before);
  if (usualFolders.has(folder) && stage?.fromScratch === false) return true;
  for (let at = stage; at !== undefined; at = at.parent) {
    const made = at.instructions.some((each) => {
      const place = each.keyword === 'WORKDIR' && each.index < before.index ? placeOf(file, each) : undefined;
      return place !== undefined && isBelow(place, folder);
    });
    if (made) return true;
  }
  return stage?.facts?.workdir !== undefined && isBelow(stage.facts.workdir, folder);
}

/** The folder that WORKDIR leads to. */
function placeOf(file: Dockerfile, workdir: Instruction): string | undefined {
  const text = file.expand(workdir.words[0]?.raw ?? '', workdir);
  return text === undefined ? undefined : joinPath(file.stateAt(workdir).workdir, text);
}

/** Variables that name where the project lies: no program looks them up. */
const ownNames = /^(?:APP|PROJECT|SERVICE|WORK|SRC|SOURCE|CODE)_?(?:HOME|DIR|ROOT|PATH|FOLDER|DIRECTORY)$/;

/** Paths that variables in force name: `PYTHONPATH`, `LD_LIBRARY_PATH`, `NODE_OPTIONS="--require /app/a.js"`; their own names included. */
function namedByVariables(file: Dockerfile, run: Instruction): string[] {
  const { definitions: chain, workdir } = file.stateAt(run);
  return [...definitions(chain)].flatMap(({ name, value, pair }) => {
    if (ownNames.test(name)) return [];
    return `${value ?? ''} ${pair.raw ?? ''}`.split(/[\s,;:='"]+/).flatMap((word) => {
      if (word.includes('$') || !/^\.{0,2}\/./.test(word)) return [];
      const path = joinPath(workdir, word) ?? '/';
      // Beside a file that is named lie those that belong to it: `BUNDLE_GEMFILE=/gems/Gemfile`.
      return /(?:\.\w+|file)$/i.test(path) ? folderOf(path) : path;
    });
  });
}

/** What a RUN reads although its text does not name it. */
export const surroundings = (file: Dockerfile, run: Instruction): readonly string[] => [...toolPlaces, ...namedByVariables(file, run)];

/** True when files that land at `place` may be settings in the home folder of the user that a RUN runs as. */
export function homeSettings(file: Dockerfile, run: Instruction, place: string): boolean {
  const home = homeAt(file, run) ?? '/root';
  return isBelow(home, place) || place.startsWith(`${home}/.`);
}

/** Where a RUN has mounts: their folders stay behind, empty. Undefined where one can't be told. */
export function mountTargets(file: Dockerfile, run: Instruction): readonly string[] | undefined {
  const { workdir } = file.stateAt(run);
  const targets = mounts(run).map(({ target, type, options }) => {
    const text = target ?? (type === 'secret' ? `/run/secrets/${options.get('id') ?? ''}` : type === 'ssh' ? '/run/buildkit' : undefined);
    return text === undefined || text.includes('$') ? undefined : joinPath(workdir, text);
  });
  return targets.includes(undefined) ? undefined : targets.filter((target) => target !== undefined);
}

/** Names that no folder has. */
const fileNames = /^[\w./@-]*\.(?:sh|py|js|mjs|cjs|ts|json|ya?ml|toml|conf|cfg|ini|txt|pem|crt|sql|jar|war|php|rb|lock|xml|md|html)$/;

/**
 * Where a COPY writes: a single file that is copied into a folder lands at its own name there.
 * @returns undefined where that can't be told
 */
export function landingPlaces(file: Dockerfile, copy: Instruction): readonly string[] | undefined {
  const to = destination(file, copy);
  if (to === undefined) return undefined;
  const sources = copy.words.slice(0, -1).map(({ text }) => text);
  const isPlain = copy.keyword === 'COPY' && copy.heredocs.length === 0 && flag(copy, 'parents') === undefined && sources.length > 0;
  if (!(to.folder || exists(file, copy, to.path)) || !isPlain || !sources.every((text) => fileNames.test(text))) return [to.path];
  return sources.flatMap((text) => joinPath(to.path, text.slice(text.lastIndexOf('/') + 1)) ?? []);
}
