import type { BuildContext } from '../context/context.ts';
import { readInstallInputs, type InstallInputs } from '../context/manifests.ts';
import { visible } from '../report/text.ts';
import { readDockerfile } from '../model/dockerfile.ts';
import { readInvocation } from '../model/packages.ts';
import { bind, isPath, run } from './text.ts';

/** What an install in the root of the project reads. */
export function inputsOf(context: BuildContext, command: string): InstallInputs {
  const [first] = readDockerfile(`FROM scratch\nWORKDIR /app\nRUN ${command}\n`).commands;
  const invocation = first === undefined ? undefined : readInvocation(first);
  return invocation === undefined ? { files: [], refusals: [], doubts: [] } : readInstallInputs(invocation, '', context, { directory: '/app' });
}

/** An install that manifests are enough for, or, where they are not, one behind the sources. */
export interface Install {
  /** Lines up to and with the install. */
  readonly lines: readonly string[];
  /** The sources are there already. */
  readonly hasSources: boolean;
  readonly notes: readonly string[];
}

/**
 * Installs from the manifests alone, which are mounted and leave no layer; where it needs more, behind the sources.
 * @param mounts further mounts of the RUN
 * @param known what the install reads where it is known already
 */
export function installFrom(context: BuildContext, command: string, mounts: readonly string[], known = inputsOf(context, command)): Install {
  const files = known.files.filter(isPath);
  const reason = known.refusals[0] ?? (files.length < known.files.length ? 'The name of a manifest can\'t stand in a Dockerfile.' : undefined);
  if (reason === undefined) {
    return { lines: ['# Only a changed manifest makes this run again', run([...files.map(bind), ...mounts], command)], hasSources: false, notes: [] };
  }
  return {
    lines: ['# The install reads more than manifests, so the sources come first', 'COPY . .', run(mounts, command)],
    hasSources: true,
    notes: [`The sources are copied before the install, so each change installs again: ${visible(reason)}`],
  };
}
