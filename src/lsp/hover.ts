import type { Instruction } from '../dockerfile/instruction.ts';
import type { Diagnostic } from '../lint.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { effectsOf, type Effects, type Places } from '../model/effects.ts';
import type { Stage } from '../model/stages.ts';
import type { State } from '../model/state.ts';
import { visible } from '../report/text.ts';
import type { AnyRule } from '../rule.ts';
import { contains, span, textAt, type Span } from '../span.ts';
import type { Analysis } from './analysis.ts';
import { stageName } from './symbols.ts';

/** What is told of a place, in Markdown, and the piece of the text it is about. */
export interface Hover {
  readonly markdown: string;
  readonly at: Span;
}

const longestText = 200;
const mostPlaces = 8;

/** A text of the file as code, with nothing in it that Markdown would take for its own. */
function code(text: string): string {
  const plain = visible(text.length > longestText ? `${text.slice(0, longestText)}…` : text);
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${plain === '' ? ' ' : plain}\`` : `${fence} ${plain} ${fence}`;
}

/** A message or title: what stands in it in backticks is code, the rest nothing that Markdown knows. */
const prose = (text: string): string =>
  visible(text).split(/(`[^`]+`)/).map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_[\]<>#|~`&]/g, '\\$&'))).join('');

const codes = (texts: readonly string[]): string =>
  texts.slice(0, mostPlaces).map(code).join(', ') + (texts.length > mostPlaces ? ` and ${texts.length - mostPlaces} more` : '');

const fixWords = { safe: 'Safe fix', unsafe: 'Fix that may change the image', manual: 'Proposal' } as const;

/** A finding and its rule. */
function findingText({ rule: id, severity, message, fix, sources }: Diagnostic, rule: AnyRule | undefined): string {
  const parts = [
    `**${id}** · ${severity}`,
    prose(message),
    ...(fix === undefined ? [] : [`${fixWords[fix.safety]}: ${prose(fix.title)}.`]),
    ...(rule === undefined ? [] : [rule.why.trim()]),
    ...(sources.length === 0 ? [] : [`The same check elsewhere: ${sources.join(', ')}`]),
  ];
  return parts.join('\n\n');
}

function placesText(what: string, places: Places): string[] {
  if (places === 'everything') return [`${what} a place that cannot be told`];
  return places.length === 0 ? [] : [`${what} ${codes(places)}`];
}

/** What an instruction reads, writes and takes; of commands that nobody knows, that they may do anything. */
function effectsText({ reads, writes, context, network, opaque }: Effects, keyword: string): string[] {
  const taken = context.length === 0 ? [] : [`takes ${context.includes('') ? 'the whole build context' : `${codes(context)} of the build context`}`];
  if (opaque !== undefined) return [`may read and write anything: nothing is known of ${code(opaque)}`, ...taken];
  return [...placesText('reads', reads), ...placesText('writes', writes), ...taken, ...(network && keyword === 'RUN' ? ['uses the network'] : [])];
}

/** What the instruction leaves in the image; others change what the image is configured to. */
const layers: Readonly<Record<string, string>> = {
  FROM: 'starts from the layers of its image',
  RUN: 'makes a layer',
  COPY: 'makes a layer',
  ADD: 'makes a layer',
  WORKDIR: 'makes a layer, which holds nothing where the folder is there',
  ARG: 'makes no layer, and is not in the image; RUNs below are run again when its value changes',
};

/** What becomes of a stage's layers. */
function fateOf(file: Dockerfile, stage: Stage): string {
  if (file.shippedStages.has(stage)) return 'its layers are in the image';
  return file.neededStages.has(stage) ? 'its layers are not in the image, but what is copied from it' : 'nothing in the image needs it, and no build runs it';
}

function stateText({ user, workdir, shell }: State, inFront: boolean): string[] {
  const known = (text: string | undefined): string => (text === undefined ? 'unknown' : code(text));
  const when = inFront ? '' : ' from here on';
  return [`user${when}: ${known(user)}`, `working directory${when}: ${known(workdir)}`, `shell${when}: ${code(shell.join(' '))}`];
}

/** These change what the hover tells of: it then tells what holds behind them. */
const setsState = new Set(['USER', 'WORKDIR', 'SHELL', 'FROM']);

function stateHere(file: Dockerfile, stage: Stage, instruction: Instruction): State {
  if (!setsState.has(instruction.keyword)) return file.stateAt(instruction);
  const next = stage.instructions.find(({ index }) => index > instruction.index);
  return next === undefined ? file.stateAfterStage(stage) : file.stateAt(next);
}

/** What the model knows at an instruction. */
function instructionText(file: Dockerfile, instruction: Instruction): string {
  const { keyword } = instruction;
  const stage = file.stageOf(instruction);
  const layer = layers[keyword] ?? 'makes no layer: it changes the configuration only';
  if (stage === undefined) return `**${prose(keyword)}** in front of the stages: FROM lines see it, and stages that declare it again.`;
  const base = stage.parent === undefined ? textAt(file.source, stage.imageWord?.span ?? span(0, 0)) : stageName(stage.parent);
  const facts = [
    ...stateText(stateHere(file, stage, instruction), !setsState.has(keyword)),
    ...effectsText(effectsOf(file, instruction), keyword),
    layer,
  ];
  const place = `**${prose(keyword)}** in ${code(stageName(stage))} (${stage.index + 1} of ${file.stages.length}), built on ${code(base)}: ${fateOf(file, stage)}`;
  return `${place}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
}

/** What there is to tell at an offset: its findings, then its instruction. */
export function hoverAt({ file, diagnostics, request }: Analysis, offset: number): Hover | undefined {
  const here = span(offset, offset);
  const found = diagnostics.filter(({ at }) => contains(at, here));
  const instruction = file.instructions.find((each) => contains(each.span, here));
  const rules = new Map(request?.rules.map(({ id, rule }) => [id, rule] as const));
  const texts = [
    ...found.map((diagnostic) => findingText(diagnostic, rules.get(diagnostic.rule))),
    ...(instruction === undefined ? [] : [instructionText(file, instruction)]),
  ];
  const at = found[0]?.at ?? instruction?.keywordSpan;
  return at === undefined ? undefined : { markdown: texts.join('\n\n---\n\n'), at };
}
