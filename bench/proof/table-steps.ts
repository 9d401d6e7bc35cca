import { openContext } from '../../src/context/disk.ts';
import { writeFiles, type Project } from './project.ts';
import { fixedWith } from './variants.ts';

/** A step on the way from a beginner's Dockerfile to a good one: some rules more are switched on. */
export interface TableStep {
  readonly name: string;
  readonly rules: readonly string[];
}

/** The steps, each with the rules it adds to those before it. */
export const tableSteps: readonly TableStep[] = [
  { name: 'as written', rules: [] },
  { name: 'base', rules: ['size/fat-base-image', 'size/apt-recommends'] },
  { name: 'cache', rules: ['cache/stale-package-list', 'cache/use-cache-mount', 'size/apt-lists-left', 'size/pip-cache'] },
  { name: 'ignore file', rules: ['cache/missing-dockerignore', 'cache/weak-dockerignore'] },
  { name: 'order', rules: ['cache/copy-before-install', 'cache/volatile-arg-early'] },
  { name: 'stages', rules: ['size/single-stage-build', 'size/redundant-stage-copy', 'size/dev-dependencies'] },
];

/** What the rules up to one step make of a project. */
export interface Mended {
  readonly step: string;
  readonly text: string;
  /** Other files of the context that the fixes wrote. */
  readonly otherFiles: ReadonlyMap<string, string>;
  /** Whose fixes this step applied. */
  readonly rules: readonly string[];
  readonly bugs: readonly string[];
}

/**
 * A project's Dockerfile as each step leaves it: the fixes, unsafe ones too, of the rules so far, applied to what the step before left.
 * Nobody but the fix engine writes in it.
 * @param folder a copy of the context; it is left as the last step leaves it
 */
export function mendStepwise(project: Project, folder: string, steps: readonly TableStep[] = tableSteps): Mended[] {
  const mended: Mended[] = [];
  const otherFiles = new Map<string, string>();
  let text = project.dockerfile;
  for (const [index, { name }] of steps.entries()) {
    const on = steps.slice(0, index + 1).flatMap(({ rules }) => rules);
    const variant = on.length === 0 ? undefined : fixedWith({ ...project, dockerfile: text }, openContext(folder), name, 'unsafe', on);
    text = variant?.text ?? text;
    for (const [path, content] of variant?.otherFiles ?? []) otherFiles.set(path, content);
    writeFiles(folder, [['Dockerfile', text], ...otherFiles]);
    mended.push({ step: name, text, otherFiles: new Map(otherFiles), rules: variant?.rules ?? [], bugs: variant?.bugs ?? [] });
  }
  return mended;
}
