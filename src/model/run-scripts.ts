import type { Command, Script } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { factOf } from '../fact.ts';
import { contains, type Span } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';

/** True for a RUN, behind ONBUILD too. */
export const isRun = ({ keyword, inner }: Instruction): boolean => keyword === 'RUN' || (keyword === 'ONBUILD' && inner?.keyword === 'RUN');

/** True for an instruction that a build of the target runs, and for one of a text without any FROM. */
export function isNeeded(file: Dockerfile, instruction: Instruction): boolean {
  const stage = file.stageOf(instruction);
  return stage === undefined || file.neededStages.has(stage);
}

/** The shell texts of every RUN that a build of the target needs (those behind ONBUILD too). */
export const neededScripts = factOf((file: Dockerfile): readonly Script[] =>
  file.instructions.filter((each) => isRun(each) && isNeeded(file, each)).flatMap((each) => file.scripts(each)));

/** The simple commands of the same RUNs. */
export const neededCommands = factOf((file: Dockerfile): readonly Command[] => neededScripts(file).flatMap(({ commands }) => commands));

/** The instruction that a command stands in: behind ONBUILD the whole one. */
export const outerOf = (file: Dockerfile, { instruction }: Command): Instruction => file.instructions[instruction.index] ?? instruction;

/** The script that a command is part of. */
export const scriptOf = (file: Dockerfile, command: Command): Script | undefined =>
  file.scripts(outerOf(file, command)).find(({ commands }) => commands.includes(command));

/** The innermost command that stands around a place. */
export const commandAround = ({ commands }: Script, at: Span): Command | undefined =>
  commands.filter((each) => contains(each.span, at)).toSorted((a, b) => b.span.start - a.span.start)[0];
