import type { Invocation } from '../model/packages.ts';
import type { BuildContext } from './context.ts';

/** What an install reads of the project, and what speaks for or against reading nothing else. */
export interface InstallInputs {
  /** Files the install reads, relative to the context, sorted; each is there and not ignored. */
  readonly files: readonly string[];
  /** Why the install certainly needs more than `files` (a lifecycle script, a local path, a workspace …). */
  readonly refusals: readonly string[];
  /** Why it is only likely that `files` is all: full sentences for a person. */
  readonly doubts: readonly string[];
}

export type ReadInstallInputs = (invocation: Invocation, folder: string, context: BuildContext) => InstallInputs;
