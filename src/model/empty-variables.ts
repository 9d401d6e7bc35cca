import type { Script, ShellVariable } from '../dockerfile/command.ts';
import { textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { findDefinition, platformArguments, proxyArguments } from './variables.ts';

/** What may be wrong with a variable's value where it stands without quotes. */
export type Doubt = 'empty' | 'blank';

/** Programs that print nothing where they find nothing. */
const mayPrintNothing = /^["']?(?:\$\(|`)[^]*\b(?:grep|curl|wget|find|jq|which|getent)\b/;

/** Platform arguments that are empty on most machines. */
const oftenEmpty = /(?:VARIANT|OSVERSION)$/;

/** The script looks itself whether there is a value. */
const isTested = (text: string, name: string): boolean => new RegExp(`(?:-z\\s+["']?|-n\\s+["'])\\$\\{?${name}\\b|\\$\\{${name}:?[-=?+]`).test(text);

function doubtOfAssigned(script: Script, name: string): Doubt | undefined {
  const values = script.commands.flatMap(({ assignments }) => assignments.filter((each) => each.name === name).map(({ value }) => value));
  return values.some((value) => value !== undefined && (value.value === '' || mayPrintNothing.test(value.text))) ? 'empty' : undefined;
}

function doubtOfDefined(file: Dockerfile, script: Script, name: string): Doubt | undefined {
  const definition = findDefinition(file.stateAt(script.instruction).definitions, name);
  if (definition === undefined || proxyArguments.has(name)) return undefined;
  if (platformArguments.has(name)) return oftenEmpty.test(name) ? 'empty' : undefined;
  if (definition.value === undefined) return undefined;
  if (definition.value === null || definition.value === '') return 'empty';
  return /\s/.test(definition.value) ? 'blank' : undefined;
}

/** Whether a variable's value may be empty, or holds blanks; undefined where it is a plain word, or nobody can tell. */
export function doubtOf(file: Dockerfile, script: Script, { name, operator }: ShellVariable): Doubt | undefined {
  if (operator !== '' || !/^[a-zA-Z_]\w*$/.test(name)) return undefined;
  const doubt = script.assigned.has(name) ? doubtOfAssigned(script, name) : doubtOfDefined(file, script, name);
  return doubt === 'empty' && isTested(textAt(file.source, script.span), name) ? undefined : doubt;
}
