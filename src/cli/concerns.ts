import { dirname } from 'node:path/posix';
import { CONFIG_NAME } from '../config/config.ts';
import { HADOLINT_NAMES } from '../config/hadolint-files.ts';

/** The folders of a path, the nearest first, up to the root of all relative paths. */
function foldersOf(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' || folder === path ? [''] : [`${folder}/`, ...foldersOf(folder)];
}

const kinds = ['docker', 'container'];

/** The ignore files that a Dockerfile may have, in its own folder or in that of its context. */
const ignoreFilesOf = (path: string, context: string | undefined): string[] => [
  ...kinds.map((kind) => `${path}.${kind}ignore`),
  ...[foldersOf(path)[0] ?? '', ...(context === undefined ? [] : [context === '' ? '' : `${context}/`])].flatMap((folder) => kinds.map((kind) => `${folder}.${kind}ignore`)),
];

/**
 * The files whose change concerns a Dockerfile: itself, its ignore files, and its config, or those that would be one if they were there.
 * All paths are relative to the root of the repository, with `/`.
 *
 * @param given what the user says of the config and the context
 */
export function filesBehind(path: string, given: { readonly config: string | false | undefined; readonly context?: string | undefined }): readonly string[] {
  const { config, context } = given;
  const configs = config === undefined ? foldersOf(path).flatMap((folder) => [CONFIG_NAME, ...HADOLINT_NAMES].map((name) => folder + name)) : config === false ? [] : [config];
  return [path, ...ignoreFilesOf(path, context), ...configs];
}
