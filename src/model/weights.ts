import type { BuildContext } from '../context/context.ts';
import { factOf } from '../fact.ts';
import { baseName, type Command } from '../dockerfile/command.ts';
import { flag, type Instruction } from '../dockerfile/instruction.ts';
import { textAt, type Span } from '../span.ts';
import { copySources } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { clears, mountedAway } from './leftovers.ts';
import { touches } from './shipped.ts';
import { findStage } from './stages.ts';
import { downloadBy, downloadInHeredoc, type Download } from './weight-downloads.ts';
import { isWeightFile, withoutQuery } from './weight-files.ts';

/** Weights of models that an instruction puts into its layer. */
export interface BakedWeights {
  readonly at: Span;
  /** The first file, repository, call or script, for messages. */
  readonly what: string;
  readonly how: 'copied' | 'downloaded';
  /** How many others come with it. */
  readonly more: number;
  /** Absolute paths where they may lie; none where nobody can tell. */
  readonly places: readonly string[];
}

/** A folder that holds models by its name. */
const modelPlace = /model|weight|checkpoint|hugging|hf|torch|ollama|\.cache|hub/i;

const liesIn = ({ places }: Pick<Download, 'places'>, folder: string): boolean =>
  places.length === 0 ? folder === '/' || modelPlace.test(folder) : places.some((place) => touches(place, folder));

/** The download goes to a mount, or is removed again by the same RUN. */
function isGoneAgain(file: Dockerfile, command: Command, download: Download): boolean {
  if (mountedAway(file, command.instruction).some((target) => liesIn(download, target))) return true;
  const own = download.places.filter((place) => !/\/\.(?:cache|ollama)$/.test(place));
  const commands = file.commandsOf(command.instruction);
  return commands.slice(commands.indexOf(command) + 1).some((later) =>
    later.name === 'rm' && (later.words.some(({ text }) => baseName(text) === download.what) || own.some((place) => clears(file, later, place))));
}

/** In a branch the download is a choice; in a loop it is none. */
function isOptional(file: Dockerfile, { conditional, step }: Command): boolean {
  const text = textAt(file.source, step.span);
  return conditional && !(/^(?:for|while)\b/.test(text) && !/\b(?:if|case)\b/.test(text));
}

function inRun(file: Dockerfile, instruction: Instruction): BakedWeights | undefined {
  const found = file.commandsOf(instruction).flatMap((command): Download[] => {
    const download = isOptional(file, command) ? undefined : downloadBy(file, command);
    return download === undefined || isGoneAgain(file, command, download) ? [] : [download];
  });
  const code = downloadInHeredoc(file, instruction);
  if (code !== undefined && !mountedAway(file, instruction).some((target) => liesIn(code, target))) found.push(code);
  const [first] = found;
  return first && { at: first.at, what: first.what, how: 'downloaded', more: found.length - 1, places: [...new Set(found.flatMap(({ places }) => places))] };
}

/** Folders whose files are small, as a rule, where all of a context is copied. */
const sampleFiles = /(?:^|\/)(?:examples?|samples?|docs?|demos?|\.\w[^/]*)\//i;

/** The weights that a context sends. The ignore file is asked last: that is what takes time in a large context. */
const sentWeights = factOf((context: BuildContext) => context.files.filter((each) => isWeightFile(each) && !sampleFiles.test(each) && context.sends(each)));

function inCopy(file: Dockerfile, context: BuildContext | undefined, instruction: Instruction): BakedWeights | undefined {
  const from = flag(instruction, 'from')?.value;
  const stage = file.stageOf(instruction);
  // What another stage of the file has is found there.
  if (from !== undefined && findStage(file.stages, from, stage?.index ?? 0) !== undefined) return undefined;
  const named = instruction.words.slice(0, -1).filter(({ text }) => isWeightFile(text));
  const [first] = named;
  const what = first === undefined ? '' : baseName(withoutQuery(first.text));
  const how = instruction.keyword === 'ADD' && first?.text.includes('://') === true ? 'downloaded' : 'copied';
  if (first !== undefined) return { at: first.span, what, how, more: named.length - 1, places: [] };
  const held = copySources(file, instruction).flatMap(({ word, path, glob }) => {
    if (path === undefined || glob || context === undefined) return [];
    return sentWeights(context).filter((each) => path === '' || each.startsWith(`${path}/`)).map((each) => ({ at: word.span, what: each }));
  });
  return held[0] && { ...held[0], how: 'copied', more: held.length - 1, places: [] };
}

/** The weights an instruction bakes into its layer, as far as its text and the context tell. */
export function bakedWeights(file: Dockerfile, context: BuildContext | undefined, instruction: Instruction): BakedWeights | undefined {
  if (instruction.keyword === 'RUN') return inRun(file, instruction);
  return instruction.keyword === 'COPY' || instruction.keyword === 'ADD' ? inCopy(file, context, instruction) : undefined;
}

/** True when one of the copied paths holds the weights, or may hold them by its name. */
export const isCopiedOn = (weights: BakedWeights, copied: readonly string[]): boolean => copied.some((path) => liesIn(weights, path));
