import type { BashKind } from './command.ts';
import type { SyntaxNode } from './shell.ts';

/** Kind, start and end, as offsets of the text. */
type Found = readonly [kind: BashKind, start: number, end: number];
type Node<Type extends SyntaxNode['type']> = Extract<SyntaxNode, { type: Type }>;

function parameter(node: Node<'ParameterExpansion'>): Found[] {
  const whole = (kind: BashKind): Found[] => [[kind, node.pos, node.end]];
  if (node.index !== undefined) return whole('element');
  if (node.prefix === '!') return whole('indirect');
  const { operation } = node;
  if (operation?.type === 'Replace') return whole('replace');
  if (operation?.type === 'Slice') return whole('slice');
  return operation?.type === 'CaseModification' || operation?.type === 'Transform' ? whole('case-change') : [];
}

function assignment(node: Node<'Assignment'>): Found[] {
  const operator = node.pos + node.name.length;
  if (node.value.type === 'ArrayValue') return [['array', node.pos, node.end]];
  if (node.index !== undefined) return [['array', node.pos, node.value.pos]];
  return node.append === true ? [['append', operator, operator + 2]] : [];
}

function redirect(node: Node<'Redirect'>, text: string): Found[] {
  const at = text.indexOf(node.operator, node.pos);
  const target = node.target?.text ?? '';
  const both = node.operator.startsWith('&>') || (node.operator === '>&' && node.descriptor === undefined && !/^(?:\d+-?|-|\$.*)?$/.test(target));
  return both && at !== -1 ? [['redirect-both', at, at + node.operator.length]] : [];
}

function pipes(node: Node<'Pipeline'>, text: string): Found[] {
  return node.operators.flatMap((operator, index): Found[] => {
    const at = text.indexOf('|&', node.commands[index]?.end ?? node.pos);
    return operator === '|&' && at !== -1 ? [['pipe-both', at, at + 2]] : [];
  });
}

const nothing: readonly Found[] = [];

/** Nodes that begin with a piece of bash, whatever they hold, and its length. */
const openings: Readonly<Partial<Record<SyntaxNode['type'], readonly [kind: BashKind, length: number]>>> = {
  TestCommand: ['test', 2],
  ProcessSubstitution: ['process', 2],
  ArithmeticCommand: ['arithmetic', 2],
  ArithmeticFor: ['arithmetic', 3],
  Select: ['select', 6],
  Coproc: ['select', 6],
};

/** `{a,b}` in the list of a `for`. */
const loopBraces = ({ wordlist = [] }: Node<'For'>): Found[] =>
  wordlist.flatMap(({ parts = [] }) => parts.filter(({ type }) => type === 'BraceExpansion').map(({ pos, end }): Found => ['loop-braces', pos, end]));

/** What a node of the shell's tree has that only bash and its like understand; what is inside of it is not looked at. */
export function bashConstructs(node: SyntaxNode, text: string): readonly Found[] {
  const opening = openings[node.type];
  if (opening !== undefined) return [[opening[0], node.pos, node.pos + opening[1]]];
  if (node.type === 'Assignment') return assignment(node);
  if (node.type === 'ParameterExpansion') return parameter(node);
  if (node.type === 'Redirect') return redirect(node, text);
  if (node.type === 'Pipeline') return pipes(node, text);
  if (node.type === 'BraceExpansion') return [['braces', node.pos, node.end]];
  if (node.type === 'For') return loopBraces(node);
  if (node.type === 'Function' && /^function\s/.test(text.slice(node.pos, node.pos + 9))) return [['function', node.pos, node.pos + 8]];
  if (node.type === 'HereString') return [['here-string', text.indexOf('<<<', node.pos), text.indexOf('<<<', node.pos) + 3]];
  const falls = node.type === 'CaseItem' && (node.terminator === ';&' || node.terminator === ';;&');
  return falls ? [['fall-through', node.end - (node.terminator?.length ?? 0), node.end]] : nothing;
}
