import { expect } from 'vitest';
import type { BuildContext } from '../src/context/context.ts';
import { readInstallInputs, type InstallInputs, type InstallPlace } from '../src/context/manifests.ts';
import { memoryContext } from '../src/context/memory.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { readInvocation, type Invocation } from '../src/model/packages.ts';

export type Files = Readonly<Record<string, string>>;

/** A command in a build context and what is expected; no refusal and no doubt named: there are none. */
export interface Row {
  /** What the row shows. */
  readonly about: string;
  readonly run: string;
  readonly context: Files;
  readonly folder?: string;
  readonly place?: InstallPlace;
  readonly files?: readonly string[];
  /** A part of the refusals, and of the doubts. */
  readonly refuses?: RegExp;
  readonly doubts?: RegExp;
}

export function invocationOf(run: string): Invocation {
  const invocation = readDockerfile(`FROM x\nRUN ${run}\n`).commands.map(readInvocation).find((each) => each !== undefined);
  if (invocation === undefined) throw new Error(`${run} is no command of a package manager`);
  return invocation;
}

export const inputsOf = (run: string, context: BuildContext, folder = '', place: InstallPlace = {}): InstallInputs =>
  readInstallInputs(invocationOf(run), folder, context, place);

export function check(row: Row): void {
  const inputs = inputsOf(row.run, memoryContext(row.context), row.folder, row.place);
  if (row.refuses === undefined) expect(inputs.refusals).toEqual([]);
  else expect(inputs.refusals.join('\n')).toMatch(row.refuses);
  if (row.doubts !== undefined) expect(inputs.doubts.join('\n')).toMatch(row.doubts);
  else if (row.refuses === undefined) expect(inputs.doubts).toEqual([]);
  if (row.files !== undefined) expect(inputs.files).toEqual(row.files);
}

export const json = (value: unknown): string => JSON.stringify(value);
export const sources = { 'src/main.py': '', 'README.md': '' };
