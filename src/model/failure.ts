import { baseName, hasFlag, type Command, type Script, type Step } from '../dockerfile/command.ts';
import type { Dockerfile } from './dockerfile.ts';

/** `set -e` among other flags: from here on the script ends at the first command that fails. */
export const isErrexit = (step: Step): boolean => {
  const [command] = step.commands;
  return step.kind === 'command' && command?.name === 'set' && hasFlag(command.words, '-e');
};

/** `SHELL ["/bin/bash", "-eo", "pipefail", "-c"]`. */
const shellStops = (shell: readonly string[]): boolean =>
  /^(?:ba|da|a|z|k)?sh$/.test(baseName(shell[0] ?? '')) && shell.slice(1).some((word) => /^-[a-z]*e/.test(word));

/** True when the RUN certainly fails where this command fails: nothing catches it or goes on after it. */
export function failsTheBuild(file: Dockerfile, script: Script, command: Command): boolean {
  if (script.exec) return true;
  const at = script.steps.indexOf(command.step);
  if (at === -1 || command.place !== 'alone' || command.conditional || command.step.negated) return false;
  const stops = shellStops(file.stateAt(command.instruction).shell) || script.steps.slice(0, at).some(isErrexit);
  for (const step of script.steps.slice(at + 1)) {
    if (step.operator === '||') return false;
    if (step.operator !== '&&') return stops;
  }
  return true;
}

/** True when `set -e`, or a SHELL that says so, ends the script at the first command that fails. */
export const stopsAtFailure = (file: Dockerfile, script: Script): boolean =>
  (shellStops(file.stateAt(script.instruction).shell) || script.steps.some(isErrexit)) &&
  !script.commands.some(({ name, words }) => name === 'set' && words.some(({ text }) => /^\+[a-z]*e/.test(text)));
