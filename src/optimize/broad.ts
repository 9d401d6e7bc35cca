import type { BuildContext } from '../context/context.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { copySources, destination, isWholeContext, type CopySource } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';

/** A COPY of a folder or of everything: what it brings changes with every commit. */
export function isBroadCopy(file: Dockerfile, instruction: Instruction, context: BuildContext | undefined): boolean {
  const sources = copySources(file, instruction);
  return sources.some((source) => {
    if (source.path === undefined || source.glob) return source.path === '*';
    return isWholeContext(source) || (context?.isFolder(source.path) ?? (source.word.text.endsWith('/') || seemsFolder(file, instruction, sources)));
  });
}

/** Names of files that have no dot in them. */
const plainFiles = /^(?:\w*file|license|notice|go|gradlew|mvnw|readme|makefile|version|crontab|(?:docker-)?entry-?point|(?:bash|conda|curl|npm|pip|screen|vim|wget|yarn|zsh)rc)$/i;

/** Without a context: a name without a dot in it is a folder, but for the files that have none. */
const isFolderName = (path: string): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return !name.includes('.') && !plainFiles.test(name);
};

/** Without a context: nothing but names of folders is copied, and not to the name of a file. */
function seemsFolder(file: Dockerfile, instruction: Instruction, sources: readonly CopySource[]): boolean {
  const to = destination(file, instruction);
  const named = to !== undefined && !to.folder && to.path.slice(to.path.lastIndexOf('/') + 1).includes('.');
  return !named && sources.every(({ path, glob }) => path !== undefined && !glob && isFolderName(path));
}

/** Tells folders of the context from files: surely where there is one, else by their names. */
export const folderTest = (context: BuildContext | undefined) => (source: string): boolean => context?.isFolder(source) ?? isFolderName(source);
