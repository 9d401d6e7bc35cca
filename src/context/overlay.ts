import type { BuildContext } from './context.ts';
import { readIgnoreFile } from './dockerignore.ts';

/** A context with some files changed or added, as fixes leave them before they are written. */
export function overlayContext(context: BuildContext, files: ReadonlyMap<string, string>): BuildContext {
  const path = context.ignoreFile?.path ?? '.dockerignore';
  const text = files.get(path);
  const rules = text === undefined ? undefined : readIgnoreFile(text);
  const ignored = (name: string): boolean => (rules === undefined ? context.ignored(name) : rules.ignores(name));
  const has = (name: string): boolean => files.has(name) || context.has(name);
  const all = (): readonly string[] => [...new Set([...context.files, ...files.keys()])].sort();
  return {
    folder: context.folder,
    get files() { return all(); },
    get heavyFolders() { return context.heavyFolders; },
    get cut() { return context.cut; },
    ignoreFile: text === undefined ? context.ignoreFile : { path, text },
    has,
    isFolder: (name) => context.isFolder(name),
    isLink: (name) => context.isLink(name),
    ignored,
    sends: (name) => has(name) && !ignored(name),
    sentBelow: (folder) => (rules === undefined ? context.sentBelow(folder) : all().filter((name) => isIn(name, folder) && !ignored(name))),
    read: (name) => files.get(name) ?? context.read(name),
  };
}

const isIn = (name: string, folder: string): boolean => folder === '' || folder === '.' || name === folder || name.startsWith(`${folder}/`);
