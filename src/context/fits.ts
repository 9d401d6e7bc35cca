import { copySources } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { BuildContext } from './context.ts';

/**
 * False where a COPY or ADD names a file that the folder does not have: the image is then built with
 * another context, and nothing may be concluded from this one.
 */
export function contextFits(file: Dockerfile, context: BuildContext): boolean {
  return file.instructions.every((instruction) =>
    copySources(file, instruction).every(({ path, glob }) => path === undefined || glob || path === '' || context.has(path) || context.cut));
}
