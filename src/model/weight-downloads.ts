import { baseName, flagValue, operands, type Command, type ShellWord } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt, type Span } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { commandFolder } from './effects.ts';
import { homeAt } from './home.ts';
import { readInvocation } from './packages.ts';
import { joinPath } from './state.ts';
import { isWeightFile, withoutQuery } from './weight-files.ts';
import { callsForWeights, placesInCode } from './weight-code.ts';

/** Weights that a command or a piece of code brings. */
export interface Download {
  readonly at: Span;
  /** The file, repository, call or script, for messages. */
  readonly what: string;
  /** Absolute paths where they may lie; none where nobody can tell. */
  readonly places: readonly string[];
}

const known = (place: string | undefined): string[] => (place === undefined ? [] : [place]);

const cacheVariables = [
  'HF_HOME', 'HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'TRANSFORMERS_CACHE', 'SENTENCE_TRANSFORMERS_HOME', 'TORCH_HOME', 'XDG_CACHE_HOME', 'OLLAMA_MODELS',
];

/** Where libraries keep the models they download, unless they are told otherwise. */
function cachePlaces(file: Dockerfile, instruction: Instruction): string[] {
  const home = homeAt(file, instruction);
  const { lookup } = file.stateAt(instruction);
  const set = cacheVariables.map((name) => lookup(name)).filter((value) => typeof value === 'string').flatMap((value) => known(joinPath(undefined, value)));
  return home === undefined ? set : [...set, `${home}/.cache`, `${home}/.ollama`];
}

/** The folders a piece of code names, or else those its libraries use. */
function placesOf(file: Dockerfile, instruction: Instruction, code: string, folder: string | undefined): string[] {
  const own = placesInCode(code).flatMap((path) => known(joinPath(folder, path)));
  return own.length > 0 ? own : cachePlaces(file, instruction);
}

/** A word with the variables of the Dockerfile put in, as far as they are known and the script does not set them itself. */
function textOf(file: Dockerfile, command: Command, word: ShellWord): string {
  const { lookup } = file.stateAt(command.instruction);
  const scripts = file.scripts(command.instruction);
  return word.text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) => {
    const name = braced ?? plain ?? '';
    return (scripts.some(({ assigned }) => assigned.has(name)) ? undefined : lookup(name)) ?? whole;
  });
}

const outputFlags = ['-O', '-o', '--output', '--output-document', '--out', '-P', '--directory-prefix', '-d', '--dir'];

/** What a program that fetches files brings: an address, or a name of its output, that is one of weights. */
function fetched(file: Dockerfile, command: Command): Download | undefined {
  const target = flagValue(command.words, ...outputFlags);
  const candidates = command.words.map((word) => ({ word, text: textOf(file, command, word) }));
  const found = candidates.find(({ word, text }) => (text.includes('://') || word.text === target?.text) && isWeightFile(text));
  if (found === undefined) return undefined;
  return { at: found.word.span, what: baseName(withoutQuery(found.text)), places: known(joinPath(commandFolder(file, command), target?.value ?? '.')) };
}

/** Files of a repository that hold no weights. */
const small = /\.(?:json|txt|model|py|md|ya?ml|jinja|vocab)$/i;

/** `hf download REPOSITORY [FILE …]`, data sets and small files left out. */
function fromHub(file: Dockerfile, command: Command): Download | undefined {
  const invocation = readInvocation(command);
  if (invocation?.manager.name !== 'huggingface' || invocation.action !== 'download') return undefined;
  const [repository, ...files] = invocation.packages;
  const type = flagValue(command.words, '--repo-type', '--type')?.text ?? 'model';
  const included = flagValue(command.words, '--include')?.text ?? '';
  if (repository === undefined || type !== 'model' || small.test(included)) return undefined;
  if (files.length > 0 && files.every(({ text }) => small.test(text))) return undefined;
  const folder = flagValue(command.words, '--local-dir', '--cache-dir')?.value;
  const place = folder === undefined ? undefined : joinPath(commandFolder(file, command), folder);
  return { at: repository.span, what: repository.text, places: place === undefined ? cachePlaces(file, command.instruction) : [place] };
}

const pointersOnly = 'GIT_LFS_SKIP_SMUDGE';
const modelHost = /^https:\/\/(?:[^\s@/]*@)?(?:huggingface\.co|hf\.co|www\.modelscope\.cn)\/(?!datasets\/|spaces\/)/;

/** A repository of weights, which git brings where its extension for large files is there. */
function cloned(file: Dockerfile, command: Command): Download | undefined {
  const word = command.words.find(({ text }) => modelHost.test(text));
  if (word === undefined || !/\blfs\b/.test(file.source)) return undefined;
  const skips = command.assignments.some(({ name }) => name === pointersOnly) || command.wrappers.some(({ text }) => text.startsWith(`${pointersOnly}=`));
  if (skips || typeof file.stateAt(command.instruction).lookup(pointersOnly) === 'string') return undefined;
  const [, , folder] = operands(command.words, ['-b', '--branch', '--depth', '-c', '-C', '-o']);
  const place = joinPath(commandFolder(file, command), folder?.value ?? baseName(word.text));
  return { at: word.span, what: word.text.replace(modelHost, ''), places: known(place) };
}

/** A script or program that fetches models, by its name: `download_models.py`, `mineru-models-download`. */
const fetchesModels = new RegExp(
  '(?:^|[\\s/.])((?:\\w{1,30}[-_])?' +
  '(?:(?:download|fetch|preload|pull)[-_](?:\\w{1,30}[-_])?(?:models?|weights|checkpoints?)|(?:models?|weights)[-_]download)' +
  '(?:\\.(?:py|sh))?)(?=\\s|$)', 'i',
);
const runners = /^(?:python[\d.]*|(?:ba|da|a)?sh|uv|poetry|pdm|pipenv|conda|hatch)$/;

/** Code on the command line, or a script that says by its name that it fetches models. */
function byCode(file: Dockerfile, command: Command): Download | undefined {
  for (const { text } of command.words) {
    const call = /\bimport\b/.test(text) ? callsForWeights(text) : undefined;
    if (call !== undefined) return { at: command.program.span, what: call, places: placesOf(file, command.instruction, text, commandFolder(file, command)) };
  }
  if (!runners.test(command.name) && !fetchesModels.test(command.name)) return undefined;
  for (const word of [command.program, ...command.words]) {
    const name = fetchesModels.exec(word.text)?.[1];
    if (name !== undefined) return { at: (word.text.includes('\n') ? command.program : word).span, what: name, places: [] };
  }
  return undefined;
}

/** Programs with a subcommand that brings a model by its name. */
function byName(file: Dockerfile, command: Command): Download | undefined {
  const [action, model] = operands(command.words);
  if (model === undefined) return undefined;
  if (command.name === 'ollama' && action?.text === 'pull') return { at: model.span, what: model.text, places: cachePlaces(file, command.instruction) };
  // The small models of spaCy are packages of a few megabytes.
  const isLarge = command.name === 'spacy' && action?.text === 'download' && /_(?:lg|trf)$/.test(model.text);
  return isLarge ? { at: model.span, what: model.text, places: [] } : undefined;
}

const fetchers = new Set(['wget', 'curl', 'aria2c', 'axel', 'gdown', 'aws', 'gsutil', 'gcloud', 'azcopy', 'rclone', 'mc', 's5cmd']);

/** The weights a command downloads, as far as its words tell. */
export function downloadBy(file: Dockerfile, command: Command): Download | undefined {
  if (fetchers.has(command.name)) return fetched(file, command);
  if (command.name === 'git') return cloned(file, command);
  return byName(file, command) ?? fromHub(file, command) ?? byCode(file, command);
}

const readsHeredoc = ({ name, redirects }: Command): boolean => /^python[\d.]*$/.test(name) && redirects.some(({ operator }) => operator.startsWith('<<'));

/** The weights that code in a here-document of a RUN downloads. */
export function downloadInHeredoc(file: Dockerfile, instruction: Instruction): Download | undefined {
  const forPython = instruction.heredocs.length > 0 && file.commandsOf(instruction).some(readsHeredoc);
  for (const { body, word } of instruction.heredocs) {
    const text = textAt(file.source, body);
    const call = forPython || /^#!.*python/.test(text) ? callsForWeights(text) : undefined;
    if (call !== undefined) return { at: word, what: call, places: placesOf(file, instruction, text, file.stateAt(instruction).workdir) };
  }
  return undefined;
}
