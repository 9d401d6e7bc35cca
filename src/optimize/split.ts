import type { Command, Script, Step } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { newlineOf } from '../edits.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { isErrexit } from '../model/failure.ts';
import { readInvocation } from '../model/packages.ts';
import type { Edit } from '../rule.ts';
import { textAt } from '../span.ts';
import { changesShell, hasScratch, isRun, leaksState, shellReadsFiles } from './join.ts';

/** A RUN that can be cut in two at a joint of its chain. */
export interface Split {
  readonly run: Instruction;
  /** The second RUN begins with it. */
  readonly step: Step;
  /** What sets up the shell of the first RUN and has to be said again in the second: `set -eux`, `cd app`. */
  readonly setUp: readonly string[];
}

/** `set -eux`: it has to be said again, and does no more. */
const setsFlags = ({ name, place, words }: Command): boolean => name === 'set' && place === 'alone' && words.every(({ value }) => value !== undefined && /^[-+][a-zA-Z]+$|^pipefail$/.test(value));

/** `cd app`, to one folder that is named. */
const changesFolder = ({ name, place, directory, words }: Command): boolean =>
  name === 'cd' && place === 'alone' && directory !== undefined && words.length === 1 && words[0]?.value !== undefined && words[0].value !== '-';

const isSetUp = (step: Step): boolean => step.kind === 'command' && step.commands.every((command) => setsFlags(command) || changesFolder(command));

/** What is thrown away behind the joint would stay in the layer of the first RUN. */
export const throwsAway = (command: Command): boolean =>
  ['rm', 'rmdir', 'unlink', 'find', 'shred', 'truncate'].includes(command.name) || ['clean', 'remove'].includes(readInvocation(command)?.action ?? '') ||
  command.words.some(({ text }) => /^(?:prune|autoremove|purge)$/.test(text));

/** A chain that ends at its first failure: joined by `&&`, or by `;` behind `set -e`. A mixture may go on after one. */
function endsAtFailure({ steps }: Script): boolean {
  const [begin] = steps;
  const [first, ...others] = steps.slice(1).map(({ operator }) => operator);
  const plain = steps.every(({ negated, background }) => !negated && !background);
  const rest = others.every((operator) => operator === '&&');
  return plain && (first === '&&' ? rest : first === ';' && begin !== undefined && isErrexit(begin) && (rest || others.every((operator) => operator === ';')));
}

/** Nothing but this RUN's own shell sees what the steps in front of the joint leave besides files. */
const leavesOnlyFiles = (steps: readonly Step[]): boolean =>
  steps.every((step) => isSetUp(step) || (step.kind !== 'compound' && step.commands.every((command) => !leaksState(command) && !changesShell(command))));

/**
 * How a RUN is cut in two in front of a step, so that both leave the files that the one left; undefined where that can't be told: the
 * second would need variables of the first, or throws away what the first one's layer would keep.
 */
export function splitBefore(file: Dockerfile, run: Instruction, step: Step): Split | undefined {
  const [script, another] = file.scripts(run);
  const at = script?.steps.indexOf(step) ?? -1;
  if (script === undefined || another !== undefined || script.unreadable || script.exec || script.heredoc || at < 1 || !isRun(run)) return undefined;
  const before = script.steps.slice(0, at);
  const joint = textAt(file.source, step.joint);
  if (!endsAtFailure(script) || !leavesOnlyFiles(before) || /\bPIPESTATUS\b|\$[?!_-]/.test(textAt(file.source, run.body))) return undefined;
  if (shellReadsFiles(file, run) || hasScratch(file, run) || script.steps.slice(at).some(({ commands }) => commands.some(throwsAway))) return undefined;
  if (run.comments.some((comment) => comment.start < step.joint.end && comment.end > step.joint.start) || /#/.test(joint)) return undefined;
  return { run, step, setUp: before.filter(isSetUp).map(({ span: where }) => textAt(file.source, where).trim()) };
}

/** The edit that cuts a RUN in two, with lines between them. */
export function splitEdit(file: Dockerfile, { run, step, setUp }: Split, between: string): Edit {
  const words = [run.keywordSpan, ...run.flags.map((each) => each.span)].map((each) => textAt(file.source, each));
  return { span: step.joint, text: `${between}${newlineOf(file.source)}${words.join(' ')} ${setUp.map((each) => `${each} && `).join('')}` };
}
