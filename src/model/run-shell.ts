import type { Script } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { factOf } from '../fact.ts';
import { textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { shellKindOf } from './shell-variables.ts';
import type { Stage } from './stages.ts';

/** The shell that reads a text; `sh` is dash, `bash` stands for zsh and ksh too. */
export type RunShell = 'bash' | 'sh' | 'ash';

/** RUNs of each stage that may put another program in the place of /bin/sh. */
const changesOfShell = factOf((file: Dockerfile): ReadonlyMap<Stage, readonly Instruction[]> => {
  if (!/bin\/sh\b|\bdash\b/.test(file.source)) return new Map();
  const changes = ({ keyword, span }: Instruction): boolean => keyword === 'RUN' && /bin\/sh\b|\bdash\b/.test(textAt(file.source, span));
  return new Map(file.stages.map((stage) => [stage, stage.instructions.filter(changes)]));
});

/** True where an earlier RUN may have changed what /bin/sh is. */
export function isChanged(file: Dockerfile, instruction: Instruction): boolean {
  const changes = changesOfShell(file);
  for (let stage = file.stageOf(instruction); stage !== undefined; stage = stage.parent) {
    if (changes.get(stage)?.some(({ index }) => index < instruction.index) === true) return true;
  }
  return false;
}

/** The shell that reads a script, after SHELL, the base image and a here-document's first line; undefined where nobody can tell. */
export function shellOf(file: Dockerfile, script: Script): RunShell | undefined {
  const { instruction } = script;
  const interpreter = script.heredoc ? /^#!\s*(?:\S*\/env\s+)?(\S+)/.exec(textAt(file.source, script.span))?.[1] : undefined;
  const words = interpreter === undefined ? file.stateAt(instruction).shell : [interpreter];
  const shell = shellKindOf(words, file.stageOf(instruction)?.facts?.shell);
  return shell !== 'bash' && shell !== undefined && isChanged(file, instruction) ? undefined : shell;
}
