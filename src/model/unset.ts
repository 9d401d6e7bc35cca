import type { Dockerfile } from './dockerfile.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { variableUses, type VariableUse } from './references.ts';
import type { Stage } from './stages.ts';
import { findDefinition, proxyArguments } from './variables.ts';

/** What the image at the bottom of a stage sets; undefined where nobody can tell. */
function baseNames(stage: Stage | undefined): readonly string[] | undefined {
  let root = stage;
  while (root?.parent !== undefined) root = root.parent;
  return root?.fromScratch === true ? [] : root?.facts?.environment;
}

/** BuildKit checks what it expands itself, in a stage; EXPOSE it leaves out. */
export const isCheckedByBuildkit = ({ place, instruction }: VariableUse): boolean =>
  (place === 'instruction' || place === 'copy-heredoc') && instruction.keyword !== 'EXPOSE';

/**
 * Uses of variables that are certainly not set where they stand, whatever that is good for: `ENV PYTHONPATH=/app:$PYTHONPATH` too.
 * Only those BuildKit would name (UndefinedVar), and where the base image's variables are known.
 */
export function unsetVariables(file: Dockerfile, instruction: Instruction): VariableUse[] {
  const stage = file.stageOf(instruction);
  if (stage === undefined || instruction.keyword === 'FROM' || !file.source.slice(instruction.span.start, instruction.span.end).includes('$')) return [];
  const base = baseNames(stage);
  if (base === undefined) return [];
  const { definitions } = file.stateAt(instruction);
  const isSet = (name: string): boolean => name === 'PATH' || proxyArguments.has(name) || base.includes(name) || findDefinition(definitions, name) !== undefined;
  return variableUses(file, instruction).filter((use) => isCheckedByBuildkit(use) && !use.name.startsWith('BUILDKIT_SBOM_SCAN_') && !isSet(use.name));
}
