import { hasFlag, type Command } from '../../dockerfile/command.ts';
import { flag, type Instruction } from '../../dockerfile/instruction.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { commandFolder, isBelow } from '../../model/effects.ts';
import { readInvocation } from '../../model/packages.ts';
import { joinPath } from '../../model/state.ts';
import { textAt } from '../../span.ts';
import { folderOf } from './places.ts';

/*
 * What the effects of a command do not tell of what it reads. They say what a package manager reads where everything is as usual; what
 * moves out of its sight must be nothing that it might find.
 */

/** True for an install that reads nothing of the project: its packages are named, and its settings lie elsewhere. */
function readsNoProject(command: Command): boolean {
  const invocation = readInvocation(command);
  if (invocation === undefined || invocation.manager.kind === 'system') return true;
  const { manager, action } = invocation;
  if (manager.name === 'npm') return hasFlag(command.words, '-g', '--global');
  return /^(?:pip|pipx|gem|conda|mamba|micromamba)$/.test(manager.name) && action === 'install-named';
}

/** Folders of paths that the words of a manager name: a requirements file names others beside it. */
function foldersNamed(command: Command, folder: string): string[] {
  return command.words.flatMap(({ text }) => text.split('=')).filter((text) => text.includes('/') && !/^[a-z+]+:\/\//.test(text) && !text.startsWith('@')).flatMap((text) => {
    const path = joinPath(folder, text);
    return path === undefined ? [] : [folderOf(path)];
  });
}

/** What a RUN reads in its folders besides what its effects name: Python finds modules there, its installers the settings of distutils. */
export function readBeside(file: Dockerfile, run: Instruction): string[] {
  return file.commandsOf(run).flatMap((command) => {
    const folder = commandFolder(file, command) ?? '/';
    const invocation = readInvocation(command);
    if (command.wrappers.some(({ text }) => text === '-m')) return [folder];
    if (invocation === undefined || invocation.manager.kind === 'system') return [];
    return readsNoProject(command) ? [`${folder}/setup.cfg`] : [folder, ...foldersNamed(command, folder)];
  });
}

/** True when a file at `path` may belong to the project that a RUN installs: managers look for settings and workspaces in folders above. */
export const mayBeManifest = (file: Dockerfile, run: Instruction, path: string): boolean => file.commandsOf(run).some((command) => {
  const folder = commandFolder(file, command) ?? '/';
  const above = folderOf(path);
  return !readsNoProject(command) && isBelow(folder, above) && (above !== '/' || /\.|file$/i.test(path));
});

/** The sources a COPY names. */
export const sourcesOf = (copy: Instruction): readonly string[] => (flag(copy, 'from') === undefined ? copy.words.slice(0, -1).map(({ text }) => text) : []);

/** True when the text of a RUN holds the last name of one of some paths as a word. */
export function mentions(file: Dockerfile, run: Instruction, paths: readonly string[]): boolean {
  const words = new Set(textAt(file.source, run.span).split(/[^\w.@-]+/));
  return paths.some((path) => {
    const name = path.replace(/\/+$/, '').slice(path.replace(/\/+$/, '').lastIndexOf('/') + 1);
    return name.length > 1 && words.has(name);
  });
}
