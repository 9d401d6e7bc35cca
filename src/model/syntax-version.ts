import type { Dockerfile } from './dockerfile.ts';

/**
 * True when the frontend a file asks for knows a flag.
 * @param minor the minor version of Dockerfile syntax 1 that brought it: 2 for `RUN --mount` (Dockerfile reference)
 */
export function knowsSyntax(file: Dockerfile, minor: number): boolean {
  const directive = file.directives.find(({ name }) => name === 'syntax');
  if (directive === undefined) return true;
  const version = /docker\/dockerfile(?:-upstream)?:(\d+)(?:\.(\d+))?/.exec(directive.value);
  if (version === null) return true;
  const [, major, given] = version;
  return Number(major) > 1 || given === undefined || Number(given) >= minor;
}
