import type { BuildContext } from '../context/context.ts';
import type { Command } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { copySources, destination } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { commandFolder, isBelow, meet } from '../model/effects.ts';
import { homeAt } from '../model/home.ts';
import type { Invocation } from '../model/packages.ts';
import { systemPlaces } from '../model/programs.ts';
import { isLoadedByInstalls } from '../model/python-modules.ts';
import { joinPath } from '../model/state.ts';
import { definitions } from '../model/variables.ts';
import { textAt } from '../span.ts';

/** Where programs, libraries and settings lie that an install uses besides its project. */
export const toolPlaces: readonly string[] = [
  '/bin', '/sbin', '/lib', '/lib64', '/etc', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/libexec', '/usr/include',
  '/usr/local/bin', '/usr/local/sbin', '/usr/local/lib', '/usr/local/etc', '/usr/local/include',
];

const firstLine = (file: Dockerfile, copy: Instruction): string => textAt(file.source, copy.span).split('\n')[0]?.trim() ?? '';

/** The files a COPY brings, and where they land. */
function landings(file: Dockerfile, copy: Instruction, context: BuildContext): { readonly path: string; readonly place: string }[] {
  const to = destination(file, copy);
  return copySources(file, copy).flatMap(({ path, glob }) => {
    if (to === undefined || path === undefined || glob || !(path === '' || context.isFolder(path))) return [];
    const below = path === '' ? 0 : path.length + 1;
    return context.sentBelow(path).map((each) => ({ path: each, place: joinPath(to.path, each.slice(below)) ?? '/' }));
  });
}

/** Absolute paths that variables in force name, by the variable: `NODE_OPTIONS="--require /app/tracing.js"`, `PIP_CONFIG_FILE=/app/pip.conf`. */
function namedByVariables(file: Dockerfile, command: Command): ReadonlyMap<string, string> {
  const { definitions: chain, workdir } = file.stateAt(command.instruction);
  const named = new Map<string, string>();
  for (const { name, value } of definitions(chain)) {
    for (const word of (value ?? '').split(/[\s,;:='"]+/).filter((each) => /[./]/.test(each))) {
      // A relative one counts from where the program runs.
      for (const folder of [workdir, commandFolder(file, command)]) {
        const place = joinPath(folder, word);
        if (place !== undefined) named.set(place, name);
      }
    }
  }
  return named;
}

/** Files that the install's program reads because a variable names them. */
function variableRefusals(file: Dockerfile, copy: Instruction, needed: readonly string[], command: Command, context: BuildContext | undefined): string[] {
  const to = destination(file, copy)?.path ?? '/';
  const named = [...namedByVariables(file, command)].filter(([place]) => isBelow(place, to) && place !== to);
  if (named.length === 0) return [];
  const places = context === undefined ? undefined : new Set(landings(file, copy, context).filter(({ path }) => !needed.includes(path)).map(({ place }) => place));
  const found = named.find(([place]) => (places === undefined ? /\.[a-zA-Z]\w*$/.test(place) : places.has(place)));
  return found === undefined ? [] : [`\`${found[1]}\` names \`${found[0]}\`, which the install may read.`];
}

/** Managers that are Python programs, or build packages by some. */
const pythonPrograms = new Set(['pip', 'pipx', 'poetry', 'pipenv', 'pdm', 'uv', 'conda']);

/** Modules of the sources that Python would load before its own, because `PYTHONPATH` names their folder. */
function moduleRefusals(file: Dockerfile, copy: Instruction, install: Invocation, context: BuildContext | undefined): string[] {
  const { lookup, workdir } = file.stateAt(install.command.instruction);
  if (context === undefined || !pythonPrograms.has(install.manager.name)) return [];
  const folders = (lookup('PYTHONPATH') ?? '').split(':').filter((part) => part !== '').flatMap((part) => joinPath(workdir, part) ?? []);
  return folders.flatMap((folder) => {
    const found = landings(file, copy, context).find(({ place }) => {
      const [module = '', ...rest] = isBelow(place, folder) && place !== folder ? place.slice(folder === '/' ? 1 : folder.length + 1).split('/') : [];
      return isLoadedByInstalls(rest.length === 0 ? module.replace(/\.(?:py|so)$/, '') : module);
    });
    return found === undefined ? [] : [`\`PYTHONPATH\` names \`${folder}\`, where \`${found.path}\` would be loaded by the install.`];
  });
}

/**
 * Why a COPY must stay above an install: it brings programs or settings that the install may use, to the system's folders or to
 * the user's own.
 * @param needed the context paths that stay above it
 */
export function landingRefusals(file: Dockerfile, copy: Instruction, needed: readonly string[], install: Invocation, context: BuildContext | undefined): string[] {
  const to = destination(file, copy);
  const run = install.command.instruction;
  const home = homeAt(file, run) ?? '/root';
  const folder = commandFolder(file, install.command);
  // What an install of system packages touches was compared with the COPY already.
  if (to === undefined || install.manager.kind === 'system') return [];
  const beside = needed.length === 0 && (folder === undefined || !isBelow(to.path, folder)) && meet([to.path], [...systemPlaces, '/usr/local', home]);
  if (beside) return [`\`${firstLine(file, copy)}\` may bring settings or programs that the install uses.`];
  const byVariable = [...variableRefusals(file, copy, needed, install.command, context), ...moduleRefusals(file, copy, install, context)];
  if (byVariable.length > 0) return byVariable;
  const places = toolPlaces.filter((place) => isBelow(place, to.path));
  const settings = isBelow(home, to.path) ? `${home}/.` : undefined;
  if (context === undefined || (places.length === 0 && settings === undefined)) return [];
  const found = landings(file, copy, context).find(({ path, place }) =>
    !needed.includes(path) && (places.some((each) => isBelow(place, each)) || (settings !== undefined && place.startsWith(settings))));
  return found === undefined ? [] : [`\`${firstLine(file, copy)}\` brings \`${found.path}\` to where the install may use it.`];
}
