import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';

const flagsOf = ({ source }: Dockerfile, { flags }: Instruction): string => flags.map((each) => textAt(source, each.span)).sort().join(' ');

/** A single command on the RUN's own lines, those inside `$(…)` counted; a text that no shell reads has none. */
const isSingle = (file: Dockerfile, run: Instruction): boolean =>
  run.heredocs.length === 0 && file.commandsOf(run).filter(({ name }) => name !== '[' && name !== '[[').length < 2;

/**
 * RUNs right behind another one, both of a single command and with the same flags, whatever the commands do: what
 * hadolint would see in one instruction (DL3059).
 * @returns the first of a row for each that follows it
 */
export function consecutiveRuns(file: Dockerfile): Map<Instruction, Instruction> {
  const found = new Map<Instruction, Instruction>();
  for (const { instructions } of file.stages) {
    let first: Instruction | undefined;
    for (const instruction of instructions) {
      if (instruction.keyword !== 'RUN') first = undefined;
      else if (first !== undefined && isSingle(file, first) && isSingle(file, instruction) && flagsOf(file, first) === flagsOf(file, instruction)) found.set(instruction, first);
      else first = instruction;
    }
  }
  return found;
}
