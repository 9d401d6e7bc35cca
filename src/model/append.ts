import type { Command, Script, ShellWord, Step } from '../dockerfile/command.ts';
import { insertAfter, newlineOf } from '../edits.ts';
import type { Edit } from '../rule.ts';
import { span, textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { stopsAtFailure } from './failure.ts';

/** Programs behind which nothing of the script runs. */
const enders = new Set(['exit', 'exec', 'return']);

/** True when a command put behind this step with `&&` runs exactly when the step succeeds. */
function canFollow(step: Step): boolean {
  if (step.background || step.negated) return false;
  return step.commands.every(({ name, wrappers, redirects, place, conditional }) => {
    const ends = enders.has(name) && (place !== 'nested' || conditional);
    return !ends && !wrappers.some(({ text }) => text === 'exec') && !redirects.some(({ operator }) => /^<<-?$/.test(operator));
  });
}

/** The indentation of the line that holds `offset`. */
function indentation(source: string, offset: number): string {
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(source.slice(start, offset))?.[0] ?? '';
}

const isLink = ({ operator }: Step): boolean => operator === '&&' || operator === ';';

/** The last joint that breaks the line, else the last one: where steps stand on lines of their own, the new one does too. */
function jointOf(source: string, script: Script, last: Step): string {
  const breaking = script.steps.findLast((step) => isLink(step) && textAt(source, step.joint).includes('\n'));
  const step = breaking ?? (isLink(last) ? last : undefined);
  return step === undefined ? ' && ' : textAt(source, step.joint).replace(/^;+/, ' &&').replace(/;+/, '&&');
}

/** `set -e; a; b`: a failure ends the script, so steps are parted by nothing but `;`. */
const isPartedBySemicolons = (file: Dockerfile, script: Script): boolean =>
  script.steps.length > 2 && script.steps.slice(1).every(({ operator }) => operator === ';') && stopsAtFailure(file, script);

/** How the script joins its steps, written with `&&` unless `;` does the same. */
function jointText(file: Dockerfile, script: Script, last: Step): string {
  const { source, escape } = file;
  const joint = jointOf(source, script, last);
  if (isPartedBySemicolons(file, script) && !joint.includes('#')) return joint.replace(/^\s*&&/, ';');
  const newline = (script.heredoc ? '' : ` ${escape}`) + newlineOf(source);
  if (joint.includes('#')) {
    const indent = indentation(source, last.span.start);
    return /^\s*&&/.test(joint) ? ` &&${newline}${indent}` : `${newline}${indent}&& `;
  }
  const lines = textAt(source, last.span).split('\n');
  if (lines.length === 1 || joint.includes('\n') || script.heredoc) return joint;
  return `${newline}${/^[ \t]*/.exec(lines.at(-1) ?? '')?.[0] ?? ''}&& `;
}

/**
 * The edit that puts a command at the end of a script, in the script's own layout; it fails where the script failed.
 * @returns undefined for a script in which nothing can be put there for sure: the JSON form, `exec`, `&`, a heredoc inside
 */
export function appendCommand(file: Dockerfile, script: Script, text: string): Edit | undefined {
  const last = script.steps.at(-1);
  const { instruction } = script;
  if (script.exec || script.unreadable || last === undefined || !canFollow(last)) return undefined;
  if (instruction.heredocs.length > (script.heredoc ? 1 : 0)) return undefined;
  const end = span(last.span.end, last.span.end);
  if (script.heredoc && last.operator === '\n' && stopsAtFailure(file, script)) {
    const rest = file.source.slice(end.end, file.source.indexOf('\n', end.end));
    if (rest.trim() === '') return { span: end, text: `${newlineOf(file.source)}${indentation(file.source, last.span.start)}${text}` };
  }
  return { span: end, text: jointText(file, script, last) + text };
}

/** The edit that gives a command a flag right behind one of its words. */
export const addFlag = (command: Command, word: ShellWord, flag: string): Edit =>
  insertAfter(word, command.instruction.json === undefined ? ` ${flag}` : `, ${JSON.stringify(flag)}`);
