import { forEachChild, parse, type Assignment as AssignmentNode, type Command as CommandNode, type ParsedScript, type Pipeline as PipelineNode, type Redirection, type SyntaxNode, type Word } from 'unbash';
import { span, type Span } from '../span.ts';
import { bashConstructs } from './bash.ts';
import { baseName, programIndex, type Assignment, type BashConstruct, type Command, type Pipe, type Redirect, type Script, type ShellVariable, type ShellWord, type Step } from './command.ts';
import type { Instruction } from './instruction.ts';

export type { SyntaxNode } from 'unbash';

/** What makes up a script while it is read. */
interface Reading {
  readonly instruction: Instruction;
  readonly text: string;
  readonly base: number;
  readonly commands: Command[];
  readonly variables: ShellVariable[];
  readonly assigned: Set<string>;
  readonly pipelines: PipelineNode[];
  readonly constructs: BashConstruct[];
  directory: string | undefined;
  broken: boolean;
}

type Place = Pick<Command, 'place' | 'conditional'>;

const expansions = new Set(['SimpleExpansion', 'ParameterExpansion', 'CommandExpansion', 'ArithmeticExpansion', 'ProcessSubstitution', 'Glob', 'ExtendedGlob', 'BraceExpansion']);
const quotes = new Set(['SingleQuoted', 'DoubleQuoted', 'AnsiCQuoted', 'LocaleString']);

/** Walks the parts of a word; scripts inside (`$(…)`) are left to the caller. */
function walkParts(node: SyntaxNode, quoted: boolean, visit: (part: SyntaxNode, quoted: boolean) => void): void {
  forEachChild(node, (child) => {
    if (child.type === 'Script') return;
    visit(child, quoted);
    walkParts(child, quoted || child.type === 'DoubleQuoted', visit);
  });
}

function readVariable(part: SyntaxNode, quoted: boolean, reading: Reading): ShellVariable | undefined {
  if (part.type === 'SimpleExpansion') {
    return { name: part.text.slice(1), span: at(part, reading), operator: '', quoted };
  }
  if (part.type !== 'ParameterExpansion') return undefined;
  const operation = part.operation;
  const operator = operation === undefined ? '' : 'operator' in operation ? operation.operator : ':';
  return { name: part.parameter, span: at(part, reading), operator, quoted };
}

/** Without one of these a word is what it looks like: the parser need not take it apart. */
const special = /["'$`\\*?[\]{}()<>!@+~]/;

function readWord(word: Word, reading: Reading): ShellWord {
  if (!special.test(word.text)) return { span: at(word, reading), text: word.value, value: word.value, quoted: false, variables: [] };
  const variables: ShellVariable[] = [];
  let literal = true;
  let quoted = false;
  if (word.parts !== undefined) {
    walkParts(word, false, (part, inQuotes) => {
      if (expansions.has(part.type)) literal = false;
      if (quotes.has(part.type)) quoted = true;
      const variable = readVariable(part, inQuotes, reading);
      if (variable !== undefined) variables.push(variable);
    });
  }
  const text = word.value;
  return { span: at(word, reading), text, value: literal && !word.text.startsWith('~') ? text : undefined, quoted, variables };
}

/** Where a node stands, without a continuation right behind it: `gcc\\` and its line break. */
function at(node: { pos: number; end: number }, reading: Reading): Span {
  // In a text with mistakes, the parser may end a word behind the last character.
  let end = Math.min(node.end, reading.text.length);
  while (end - 2 > node.pos && reading.text.startsWith('\\\n', end - 2)) end -= 2;
  return span(reading.base + node.pos, reading.base + end);
}

function readAssignment(node: AssignmentNode, reading: Reading): Assignment {
  reading.assigned.add(node.name);
  const value = node.value.type === 'Word' ? readWord(node.value, reading) : undefined;
  return { name: node.name, value, span: at(node, reading) };
}

function readRedirect(node: Redirection, reading: Reading): Redirect {
  const target = node.type === 'HereDoc' || node.target === undefined ? undefined : readWord(node.target, reading);
  const descriptor = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : undefined;
  return { operator: node.operator, span: at(node, reading), target, descriptor };
}

/** Programs that set variables named by their arguments. */
const setters = new Set(['export', 'read', 'declare', 'local', 'readonly', 'typeset', 'getopts', 'mapfile', 'readarray', 'printf']);

function assignedBy(command: Pick<Command, 'name' | 'words'>, reading: Reading): void {
  if (!setters.has(command.name)) return;
  for (const word of command.words) {
    const name = /^[a-zA-Z_]\w*/.exec(word.text)?.[0];
    if (name !== undefined) reading.assigned.add(name);
  }
}

function readCommand(node: CommandNode, reading: Reading, step: Step, place: Place): void {
  const assignments: Assignment[] = [];
  const plain: ShellWord[] = node.name === undefined ? [] : [readWord(node.name, reading)];
  for (const part of node.prefix) if (part.type === 'Assignment') assignments.push(readAssignment(part, reading));
  for (const argument of node.args) {
    if (argument.type === 'Assignment') reading.assigned.add(argument.name);
    plain.push(argument.type === 'Word' ? readWord(argument, reading) : assignmentWord(argument, reading));
  }
  const index = programIndex(plain);
  const program = plain[index] ?? { span: span(reading.base + node.pos, reading.base + node.pos), text: '', value: '', quoted: false, variables: [] };
  const command: Command = {
    instruction: reading.instruction,
    span: at(node, reading),
    program,
    name: baseName(program.value ?? ''),
    wrappers: plain.slice(0, index),
    words: plain.slice(index + 1),
    assignments,
    redirects: node.redirects.map((redirect) => readRedirect(redirect, reading)),
    step,
    directory: reading.directory,
    ...place,
  };
  assignedBy(command, reading);
  reading.commands.push(command);
  if (command.name === 'cd' || command.name === 'pushd' || command.name === 'popd') changeDirectory(command, reading);
}

/** `export A=$B` and `docker -e A=b`: an argument that looks like an assignment. */
function assignmentWord(node: AssignmentNode, reading: Reading): ShellWord {
  const value = node.value.type === 'Word' ? readWord(node.value, reading) : undefined;
  const head = node.text.slice(0, node.text.indexOf('=') + 1);
  const text = head + (value?.text ?? node.text.slice(head.length));
  return {
    span: at(node, reading), text,
    value: value?.value === undefined ? undefined : head + value.value,
    quoted: value?.quoted ?? false, variables: value?.variables ?? [],
  };
}

function changeDirectory(command: Command, reading: Reading): void {
  const to = command.words.find((word) => !word.text.startsWith('-'))?.value;
  const known = command.name === 'cd' && command.place === 'alone' && !command.conditional && to !== undefined;
  if (!known || reading.directory === undefined) reading.directory = known && to.startsWith('/') ? to : undefined;
  else reading.directory = to.startsWith('/') || reading.directory === '' ? to : `${reading.directory}/${to}`;
}

const branching = new Set(['If', 'For', 'ArithmeticFor', 'While', 'Select', 'Case', 'Function', 'Coproc']);

/** Visits everything below a node: commands, loop variables, expansions, in source order. */
function visit(node: SyntaxNode, reading: Reading, step: Step, place: Place, quoted = false): void {
  if (node.type === 'Word' && !special.test(node.text)) return;
  if (node.type === 'Script' && node.source !== undefined) {
    reading.broken = true; // Escaped backticks: the positions are those of another text.
    return;
  }
  const variable = readVariable(node, quoted, reading);
  if (variable !== undefined) reading.variables.push(variable);
  for (const [kind, start, end] of bashConstructs(node, reading.text)) reading.constructs.push({ kind, span: span(reading.base + start, reading.base + end) });
  if (node.type === 'Command') readCommand(node, reading, step, place);
  if (node.type === 'Pipeline' && node.commands.length > 1) reading.pipelines.push(node);
  if ((node.type === 'For' || node.type === 'Select') && node.name.value !== '') reading.assigned.add(node.name.value);
  if (node.type === 'Assignment') reading.assigned.add(node.name);
  const outer = reading.directory;
  const inner = innerPlace(node, place);
  forEachChild(node, (child) => { visit(child, reading, step, inner, quoted || node.type === 'DoubleQuoted'); });
  if (node.type === 'Subshell' || node.type === 'CommandExpansion' || node.type === 'Pipeline') reading.directory = outer;
}

function innerPlace(node: SyntaxNode, place: Place): Place {
  if (node.type === 'Pipeline') return { ...place, place: place.place === 'alone' ? 'pipeline' : 'nested' };
  if (branching.has(node.type)) return { place: 'nested', conditional: true };
  if (node.type === 'AndOr') return { place: 'nested', conditional: place.conditional || node.operators.includes('||') };
  if (node.type === 'Statement' || node.type === 'Negation' || place.place === 'nested') return place;
  return { ...place, place: 'nested' };
}

interface Link {
  readonly node: SyntaxNode;
  readonly operator: Step['operator'];
  readonly background: boolean;
}

/** The outermost chain: statements, and the members of their `&&` and `||` lists. */
function links(script: ParsedScript, text: string): Link[] {
  const found: Link[] = [];
  let previousEnd = -1;
  let previousBackground = false;
  for (const statement of script.commands) {
    const between = previousEnd === -1 ? '' : text.slice(previousEnd, statement.pos);
    const joint = previousBackground ? '&' : between.includes(';') ? ';' : '\n';
    const operator = previousEnd === -1 ? '' : joint;
    const node = statement.command;
    const background = statement.background === true;
    if (node.type === 'AndOr') {
      node.commands.forEach((member, index) => {
        found.push({ node: member, operator: index === 0 ? operator : (node.operators[index - 1] ?? '&&'), background });
      });
    } else found.push({ node, operator, background });
    previousEnd = node.end;
    previousBackground = background;
  }
  return found;
}

function stepOf(link: Link, previous: Step | undefined, reading: Reading, commands: Command[]): Step {
  const { node } = link;
  const where = at(node, reading);
  const negated = node.type === 'Pipeline' && node.prefixes.some((prefix) => prefix.type === 'Negation');
  const kind = node.type === 'Command' ? 'command' : node.type === 'Pipeline' ? 'pipeline' : 'compound';
  return {
    span: where,
    operator: link.operator,
    joint: span(previous?.span.end ?? where.start, where.start),
    kind, negated, commands,
    background: link.background,
  };
}

/** A pipeline with the commands that were read of it. */
function readPipe(node: PipelineNode, { base, text, commands }: Reading): Pipe {
  const members = node.commands.map((member) => (member.type === 'Command' ? commands.find((each) => each.span.start === base + member.pos) : undefined));
  const [first] = node.commands;
  const bar = base + Math.max(text.indexOf('|', first?.end ?? node.pos), node.pos);
  return { span: span(base + node.pos, base + node.end), members, bar: span(bar, bar + 1) };
}

/**
 * Reads a shell text.
 * @param text the text to read, offsets in it plus `where.start` being offsets of the file
 */
export function readScript(text: string, where: Span, instruction: Instruction, heredoc: boolean): Script {
  const tree = parse(text);
  const reading: Reading = { instruction, text, base: where.start, commands: [], variables: [], assigned: new Set(), pipelines: [], constructs: [], directory: '', broken: (tree.errors?.length ?? 0) > 0 };
  const steps: Step[] = [];
  for (const link of links(tree, text)) {
    const commands: Command[] = [];
    const step = stepOf(link, steps.at(-1), reading, commands);
    const first = reading.commands.length;
    const conditional = link.operator === '||' || link.background;
    visit(link.node, reading, step, { place: 'alone', conditional });
    commands.push(...reading.commands.slice(first));
    steps.push(step);
  }
  return {
    instruction, span: where, heredoc, exec: false, steps,
    commands: reading.commands,
    variables: reading.variables,
    pipes: reading.pipelines.map((node) => readPipe(node, reading)),
    constructs: reading.constructs,
    assigned: reading.assigned,
    unreadable: reading.broken,
  };
}

/** A script nothing can be said of: another shell's, or a text that is no shell. */
export const unreadableScript = (where: Span, instruction: Instruction, heredoc: boolean): Script => ({
  instruction, span: where, heredoc, exec: false, steps: [], commands: [], variables: [], pipes: [], constructs: [], assigned: new Set(), unreadable: true,
});

/** The JSON form: one command, its words literal. */
export function execScript(instruction: Instruction): Script {
  const words = instruction.words.map((word): ShellWord => ({ span: word.span, text: word.text, value: word.text, quoted: true, variables: [] }));
  const index = programIndex(words);
  const program = words[index];
  const commands: Command[] = [];
  const where = instruction.body;
  const step: Step = { span: where, operator: '', joint: span(where.start, where.start), kind: 'command', negated: false, background: false, commands };
  if (program !== undefined) {
    commands.push({
      instruction, span: where, program, name: baseName(program.text), wrappers: words.slice(0, index), words: words.slice(index + 1),
      assignments: [], redirects: [], step, place: 'alone', conditional: false, directory: '',
    });
  }
  return { instruction, span: where, heredoc: false, exec: true, steps: commands.length > 0 ? [step] : [], commands, variables: [], pipes: [], constructs: [], assigned: new Set(), unreadable: false };
}
