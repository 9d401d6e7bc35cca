import type { Command, Script, Step } from '../dockerfile/command.ts';
import { contains, span, textAt, type Span } from '../span.ts';

const isSequence = (operator: Step['operator']): boolean => operator === ';' || operator === '\n' || operator === '&&';

/** A step's span may take in the line break behind it, when nothing parts the two: `-y\\` and the next line. */
const endOf = (source: string, { span: at }: Step): number => at.start + textAt(source, at).replace(/[\\`][ \t]*\r?\n\s*$/, '').length;

/**
 * The text to take out so that a command that always succeeds is gone and the rest of its chain does what it did.
 * @returns undefined where the command is all there is, where it is no plain link of the chain, or where a comment would go with it
 */
export function chainLink(source: string, script: Script, command: Command): Span | undefined {
  const { step, instruction } = command;
  const at = script.steps.indexOf(step);
  const previous = script.steps[at - 1];
  const next = script.steps[at + 1];
  const plain = step.kind === 'command' && !step.negated && !step.background && command.place !== 'pipeline' && !script.exec && !script.heredoc;
  if (at === -1 || !plain || (previous === undefined && next === undefined)) return undefined;
  if ((previous !== undefined && !isSequence(step.operator)) || (next !== undefined && !isSequence(next.operator))) return undefined;
  const back = previous && span(endOf(source, previous), step.span.end);
  const forward = next && span(step.span.start, next.span.start);
  // `a; b && c` without b is `a; c`: of two operators the one that does not ask for success stays.
  const backKeeps = next === undefined || next.operator !== '&&' || step.operator === '&&';
  const forwardKeeps = previous === undefined || step.operator !== '&&' || next?.operator === '&&';
  const places = [backKeeps ? back : undefined, forwardKeeps ? forward : undefined].filter((place) => place !== undefined);
  const whole = places.filter((place) => !instruction.comments.some((comment) => contains(place, comment)));
  return whole.find((place) => !breaksLines(source, place, back, forward)) ?? whole[0];
}

/** The line break in front of the command would go, and there is none behind it: two lines would become one. */
function breaksLines(source: string, place: Span, back: Span | undefined, forward: Span | undefined): boolean {
  const hasBreak = (at: Span | undefined): boolean => at !== undefined && textAt(source, at).includes('\n');
  return place === back ? hasBreak(back) && !hasBreak(forward) && forward !== undefined : hasBreak(forward) && !hasBreak(back) && back !== undefined;
}
