import type { BuildContext } from './context.ts';
import { readIgnoreFile } from './dockerignore.ts';

/** Stand-in. */
export function memoryContext(files: Readonly<Record<string, string>>): BuildContext {
  const names = Object.keys(files).filter((name) => !name.endsWith('/')).sort();
  const text = files['.dockerignore'];
  const rules = text === undefined ? undefined : readIgnoreFile(text);
  const ignored = (path: string): boolean => rules?.ignores(path) ?? false;
  const isFolder = (path: string): boolean => path === '' || path === '.' || Object.keys(files).some((name) => name.startsWith(`${path}/`));
  const has = (path: string): boolean => path in files || isFolder(path);
  return {
    folder: undefined, files: names, cut: false,
    ignoreFile: text === undefined ? undefined : { path: '.dockerignore', text },
    has, isFolder, isLink: () => false, ignored,
    sends: (path) => has(path) && !ignored(path),
    sentBelow: (folder) => names.filter((name) => (folder === '' || folder === '.' || name.startsWith(`${folder}/`)) && !ignored(name)),
    read: (path) => files[path],
  };
}
