import { applyEdits, insertAfter, insertBefore, replace } from '../../src/edits.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import type { Edit } from '../../src/rule.ts';
import { span } from '../../src/span.ts';
import type { Kind } from './cache-edits.ts';
import { slowCommand } from './cache-names.ts';

/** What a build of the target reads, without the FROM lines. */
const neededInstructions = (file: Dockerfile): Instruction[] => [...file.neededStages].sort((a, b) => a.index - b.index).flatMap(({ instructions }) => instructions);

const bodyOf = (instruction: Instruction): string => instruction.logical.text.slice(instruction.bodyIndex);

/** The last RUN that is quick, else the last one. */
function lastRun(file: Dockerfile, fits: (run: Instruction) => boolean = () => true): Instruction | undefined {
  const runs = neededInstructions(file).filter((each) => each.keyword === 'RUN' && fits(each));
  return runs.findLast((run) => !slowCommand.test(run.logical.text)) ?? runs.at(-1);
}

/** The first word of a RUN in shell form that a blank follows on the same line. */
const firstWord = (file: Dockerfile, { body }: Instruction): string | undefined => /^[\w./-]+(?= [^\s\\])/.exec(file.source.slice(body.start, body.end))?.[0];

const isPlainRun = (file: Dockerfile, run: Instruction): boolean => run.json === undefined && run.heredocs.length === 0 && firstWord(file, run) !== undefined;

/** Keyword in another case, and more blanks wherever the engine skips them. */
function reformatted(instruction: Instruction): Edit[] {
  const { keyword, keywordSpan, json, heredocs, words, pairs, legacyPairs, flags } = instruction;
  const capital = keyword.slice(0, 1) + keyword.slice(1).toLowerCase();
  const between = (places: readonly { readonly span: { readonly start: number; readonly end: number } }[]): Edit[] => places.map((place) => insertBefore(place, '  '));
  const spaced = json !== undefined || heredocs.length > 0 ? []
    : keyword === 'COPY' || keyword === 'ADD' || keyword === 'FROM' ? between(words)
    : keyword === 'ENV' && !legacyPairs ? between(pairs.slice(1)) : [];
  return [replace(keywordSpan, capital), ...between(flags), ...spaced];
}

/** A value that takes one more character without a new meaning for quotes or variables. */
const simpleValue = /^[\w.:/-]+$/;

const inFrom = (file: Dockerfile, name: string): boolean => file.stages.some(({ imageWord }) => new RegExp(`\\$\\{?${name}\\b`).test(imageWord?.raw ?? ''));

const lineOf = (file: Dockerfile, { span: { start } }: Instruction): string => `line ${file.source.slice(0, start).split('\n').length}`;

/** Changes of the Dockerfile that is built, and of what it is built with. */
export const dockerfileKinds: readonly Kind[] = [
  ['value of a build argument', ({ file }) => {
    const pair = neededInstructions(file).filter(({ keyword }) => keyword === 'ARG').flatMap(({ pairs }) => pairs)
      .findLast(({ name }) => !inFrom(file, name) && !/FLAGS|VERSION/.test(name));
    return pair && { what: pair.name, arguments: { [pair.name]: 'another' } };
  }],
  ['a build argument that no step gets', () => ({ what: 'NO_PROXY', arguments: { NO_PROXY: 'nobody.invalid' } })],
  ['a comment', ({ file }) => {
    const second = file.instructions[1];
    return second && { what: lineOf(file, second), text: applyEdits(file.source, [insertBefore(second, '# One more comment.\n')]) };
  }],
  ['value of an ENV', ({ file }) => {
    const instruction = neededInstructions(file).findLast(({ keyword, pairs }) => keyword === 'ENV' && pairs.some(({ raw, name }) => simpleValue.test(raw ?? '') && name !== 'PATH'));
    const pair = instruction?.pairs.findLast(({ raw, name }) => simpleValue.test(raw ?? '') && name !== 'PATH');
    return pair && { what: pair.name, text: applyEdits(file.source, [insertAfter(pair.valueSpan, '0')]) };
  }],
  ['blanks within a RUN', ({ file }) => {
    const run = lastRun(file, (each) => isPlainRun(file, each));
    if (run === undefined) return undefined;
    const end = run.body.start + (firstWord(file, run) ?? '').length;
    return { what: lineOf(file, run), text: applyEdits(file.source, [insertAfter(span(end, end), ' ')]) };
  }],
  ['another form of what is no RUN', ({ file }) => ({ what: 'all lines', text: applyEdits(file.source, file.instructions.flatMap(reformatted)) })],
  ['a comment within a RUN', ({ file }) => {
    // Behind the first line that goes on: what follows stays the same text.
    const run = lastRun(file, (each) => each.heredocs.length === 0 && /\\[ \t]*\n/.test(file.source.slice(each.span.start, each.span.end)) && file.escape === '\\');
    if (run === undefined || bodyOf(run) === '') return undefined;
    const next = file.source.indexOf('\n', run.span.start) + 1;
    return { what: lineOf(file, run), text: applyEdits(file.source, [insertAfter(span(next, next), '    # One more comment.\n')]) };
  }],
  ['an ENV above a RUN', ({ file }) => {
    const run = lastRun(file);
    return run && { what: lineOf(file, run), text: applyEdits(file.source, [insertBefore(run, 'ENV ONE_MORE=1\n')]) };
  }],
  ['an ENV above a COPY', ({ file }) => {
    const copy = neededInstructions(file).findLast(({ keyword }) => keyword === 'COPY');
    return copy && { what: lineOf(file, copy), text: applyEdits(file.source, [insertBefore(copy, 'ENV ONE_MORE=1\n')]) };
  }],
  ['an instruction at the end', ({ file }) => {
    const last = file.targetStage?.instructions.at(-1);
    return last && { what: lineOf(file, last), text: applyEdits(file.source, [insertAfter(last, '\nLABEL one.more=1\nWORKDIR /one/more\n')]) };
  }],
];
