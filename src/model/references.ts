import { references, type Reference } from '../dockerfile/expand.ts';
import type { Instruction, Pair } from '../dockerfile/instruction.ts';
import { contains, span, textAt, type Span } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';

/** A place where a variable's value is put in. */
export interface VariableUse {
  readonly name: string;
  /** `$NAME` or `${NAME}`, braces and operators included. */
  readonly span: Span;
  readonly instruction: Instruction;
  /**
   * Who puts it in, and where: `from` (a FROM, or an ARG in front of the first), `instruction` and `copy-heredoc` are
   * BuildKit's work; `shell` is the shell's, `shell-heredoc` the same in a here-document that a command of the RUN reads.
   */
  readonly place: 'from' | 'instruction' | 'copy-heredoc' | 'shell' | 'shell-heredoc';
  /** ENV and ARG: the pair whose value takes it in. */
  readonly pair: Pair | undefined;
}

/** Forms that say themselves what to do with a variable that is not set: `${NAME:-word}` and its like. */
const isGuarded = (operator: string): boolean => /^:?[-+?=]$/.test(operator);

/** `$1`, `$@`: no names one could define. */
const isName = (name: string): boolean => /^[a-zA-Z_]/.test(name);

/** Instructions whose arguments BuildKit expands; LABEL's and ENV's names too. */
const expanding = new Set(['FROM', 'ADD', 'COPY', 'ENV', 'EXPOSE', 'LABEL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR', 'ARG']);

/** Flags whose value is expanded. */
const expandingFlags: Readonly<Record<string, ReadonlySet<string>>> = {
  FROM: new Set(['platform']),
  ADD: new Set(['chown', 'chmod', 'checksum']),
  COPY: new Set(['chown', 'chmod']),
  RUN: new Set(['mount']),
};

/** `${option:name}` and `${typst.version}` are another language's: BuildKit refuses them. */
const isForeign = ({ operator, operand }: Reference): boolean => operator === '' && operand !== '';

const wanted = (reference: Reference): boolean => isName(reference.name) && !isGuarded(reference.operator) && !isForeign(reference);

const isGlobal = (file: Dockerfile, { index }: Instruction): boolean => index < (file.stages[0]?.from.index ?? 0);

function bodyUses(file: Dockerfile, instruction: Instruction): VariableUse[] {
  const { logical, bodyIndex, keyword } = instruction;
  if (!expanding.has(keyword)) return [];
  const place = keyword === 'FROM' || isGlobal(file, instruction) ? 'from' : 'instruction';
  return references(logical.text.slice(bodyIndex), file.escape).filter(wanted).map(({ name, start, end }) => {
    const where = logical.span(bodyIndex + start, bodyIndex + end);
    return { name, span: where, instruction, place, pair: keyword === 'LABEL' ? undefined : instruction.pairs.find((pair) => contains(pair.span, where)) };
  });
}

function flagUses(file: Dockerfile, instruction: Instruction): VariableUse[] {
  const names = expandingFlags[instruction.keyword];
  return instruction.flags.flatMap(({ name: flagName, valueSpan }) => {
    if (names?.has(flagName) !== true) return [];
    return references(textAt(file.source, valueSpan), file.escape).filter(wanted).map(({ name, start, end }): VariableUse => ({
      name, instruction, pair: undefined,
      span: span(valueSpan.start + start, valueSpan.start + end), place: instruction.keyword === 'FROM' ? 'from' : 'instruction',
    }));
  });
}

/** In a here-document quotes are text like any other. */
function heredocUses(file: Dockerfile, instruction: Instruction): VariableUse[] {
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return [];
  return instruction.heredocs.filter(({ expands }) => expands).flatMap(({ body }) =>
    references(textAt(file.source, body).replace(/["']/g, ' '), '\\').filter(wanted).map(({ name, start, end }): VariableUse => ({
      name, instruction, pair: undefined, span: span(body.start + start, body.start + end), place: 'copy-heredoc',
    })));
}

/** Again, what a shell would refuse. */
const isPlain = (text: string): boolean => !/^\$\{[#!]?\w+[.\s]/.test(text);

function shellUses(file: Dockerfile, instruction: Instruction): VariableUse[] {
  if (instruction.keyword !== 'RUN') return [];
  return file.scripts(instruction).filter(({ unreadable }) => !unreadable).flatMap((script) =>
    script.variables.filter(({ name, operator, span: at }) => isName(name) && !isGuarded(operator) && isPlain(textAt(file.source, at))).map(({ name, span: at }): VariableUse => {
      const fed = !script.heredoc && instruction.heredocs.some(({ body }) => contains(body, at));
      return { name, span: at, instruction, pair: undefined, place: fed ? 'shell-heredoc' : 'shell' };
    }));
}

/** The variables an instruction uses without saying what to do where one is not set, in source order. ONBUILD is left out. */
export const variableUses = (file: Dockerfile, instruction: Instruction): VariableUse[] =>
  [flagUses, bodyUses, heredocUses, shellUses].flatMap((read) => read(file, instruction));
