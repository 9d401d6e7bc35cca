import type { Command, Script, Step } from '../dockerfile/command.ts';
import { contains, span, type Span } from '../span.ts';

const isSequence = (operator: Step['operator']): boolean => operator === ';' || operator === '\n' || operator === '&&';

/**
 * The text to take out so that a command that always succeeds is gone and the rest of its chain does what it did.
 * @returns undefined where the command is all there is, where it is no plain link of the chain, or where a comment would go with it
 */
export function chainLink(script: Script, command: Command): Span | undefined {
  const { step, instruction } = command;
  const at = script.steps.indexOf(step);
  const previous = script.steps[at - 1];
  const next = script.steps[at + 1];
  const plain = step.kind === 'command' && !step.negated && !step.background && command.place !== 'pipeline' && !script.exec && !script.heredoc;
  if (at === -1 || !plain || (previous === undefined && next === undefined)) return undefined;
  if ((previous !== undefined && !isSequence(step.operator)) || (next !== undefined && !isSequence(next.operator))) return undefined;
  // `a; b && c` without b is `a; c`: of two operators the one that does not ask for success stays.
  const forward = previous === undefined || (next?.operator === '&&' && step.operator !== '&&');
  const where = forward ? span(step.span.start, next?.span.start ?? step.span.end) : span(previous.span.end, step.span.end);
  return instruction.comments.some((comment) => contains(where, comment)) ? undefined : where;
}
