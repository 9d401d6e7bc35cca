import type { BuildContext } from '../context/context.ts';
import { readIgnoreFile } from '../context/dockerignore.ts';
import { readDockerfile } from '../model/dockerfile.ts';
import { ignoreText } from '../model/ignore-patterns.ts';
import { excludable } from '../model/ignore-wants.ts';
import { isForTests, isSecret, secretFile } from '../model/secret-files.ts';
import { isPath } from './text.ts';

/** Files of the context that hold secrets, and whose names can stand in an ignore file as they are. */
export const secretsOf = (context: BuildContext): string[] => context.sentBelow('').filter((path) => {
  const file = isForTests(path) || !isPath(path) ? undefined : secretFile(path);
  if (file === undefined) return false;
  const text = context.read(path);
  return text?.trim() !== '' && isSecret(file, text);
});

/** What only the builder reads. */
const ownFiles = ['.dockerignore', 'Dockerfile*', 'compose*.yaml'];

/**
 * The ignore file for a Dockerfile: what no build of it can miss, as the rules have it, and secrets.
 * @param isOurs the Dockerfile is one of ours, which copies neither itself nor what belongs to it
 */
export function ignoreFor(dockerfile: string, context: BuildContext, isOurs: boolean): string {
  const patterns = excludable(readDockerfile(dockerfile), context, [''], true).map(({ pattern }) => pattern);
  const rules = readIgnoreFile(ignoreText(patterns));
  const secrets = secretsOf(context).filter((path) => !rules.ignores(path));
  return ignoreText([...patterns, ...secrets, ...(isOurs ? ownFiles : [])]);
}
