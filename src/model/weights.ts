import type { BuildContext } from '../context/context.ts';
import { baseName, flagValue, operands, type Command, type ShellWord } from '../dockerfile/command.ts';
import { flag, type Instruction } from '../dockerfile/instruction.ts';
import { span, textAt, type Span } from '../span.ts';
import { copySources } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { commandFolder, isBelow } from './effects.ts';
import { homeAt } from './home.ts';
import { clears, mountedAway } from './leftovers.ts';
import { readInvocation } from './packages.ts';
import { callsForWeights, placesInCode } from './weights-code.ts';
import { joinPath } from './state.ts';

/** Extensions that nothing but weights of models has. */
const certain = /\.(?:safetensors|gguf|ggml|onnx|ckpt|tflite|caffemodel|pdparams|pdiparams|nemo|mlmodel)$/i;
/** Extensions that others have as well, templates and settings of Python among them; a name or folder that speaks of a model decides. */
const likely = /\.(?:pt|pth|bin|h5|keras)$/i;
/** Those that nothing else has when it comes from the network. */
const remote = /^(?:https?|s3|gs):\/\/.*(?:\.(?:pt|pth|keras)|huggingface\.co\/.*\.bin)$/i;
const speaksOfModel = /(?:^|[/_.-])(?:models?|weights?|checkpoints?|ckpts?|pytorch[-_]model|ggml|yolo\w*|resnet\w*|bert\w*|llama\w*|whisper\w*|best|last|u2net\w*)(?=[/_.\d-]|$)/i;
const otherFiles = /(?:^|\/)(?:tests?|__tests__|testdata|fixtures?|locales?|i18n|templates?|node_modules|site-packages)\//i;
/** Folders whose files are small, as a rule, where all of a context is copied. */
const sampleFiles = /(?:^|\/)(?:examples?|samples?|docs?|demos?|\.\w[^/]*)\//i;

/** True for a path or address that names weights of a model, by its name. */
export function isWeightFile(path: string): boolean {
  const clean = path.replace(/[?#].*$/, '');
  return !otherFiles.test(clean) && (certain.test(clean) || remote.test(clean) || (likely.test(clean) && speaksOfModel.test(clean)));
}

/** Weights that an instruction puts into its layer. */
export interface BakedWeights {
  readonly instruction: Instruction;
  readonly at: Span;
  /** The file, repository or script, for messages. */
  readonly what: string;
  readonly how: 'copied' | 'downloaded';
  /** How many other files come with it. */
  readonly more: number;
  /** Absolute paths where they may lie; none where nobody can tell. */
  readonly places: readonly string[];
}

/** Where libraries keep the models they download, unless they are told otherwise. */
function cachePlaces(file: Dockerfile, instruction: Instruction): string[] {
  const home = homeAt(file, instruction);
  const { lookup } = file.stateAt(instruction);
  const set = ['HF_HOME', 'HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'TRANSFORMERS_CACHE', 'SENTENCE_TRANSFORMERS_HOME', 'TORCH_HOME', 'XDG_CACHE_HOME', 'OLLAMA_MODELS']
    .map((name) => lookup(name)).filter((value) => typeof value === 'string').flatMap((value) => joinPath(undefined, value) ?? []);
  return home === undefined ? set : [...set, `${home}/.cache`, `${home}/.ollama`];
}

type Found = Omit<BakedWeights, 'instruction' | 'how'>;



/** A word with the variables of the Dockerfile put in, as far as they are known and the script does not set them itself. */
function textOf(file: Dockerfile, command: Command, word: ShellWord): string {
  const { lookup } = file.stateAt(command.instruction);
  const assigned = file.scripts(command.instruction).flatMap((script) => [...script.assigned]);
  return word.text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) => {
    const name = braced ?? plain ?? '';
    return (assigned.includes(name) ? undefined : lookup(name)) ?? whole;
  });
}

/** What a program that fetches files brings: an address or a name of its output that is one of weights. */
function fetched(file: Dockerfile, command: Command): Found | undefined {
  const target = flagValue(command.words, '-O', '-o', '--output', '--output-document', '--out', '-P', '--directory-prefix', '-d', '--dir');
  const candidates = command.words.map((word) => ({ word, text: textOf(file, command, word) }));
  const found = candidates.find(({ word, text }) => (text.includes('://') || word.text === target?.text) && isWeightFile(text));
  if (found === undefined) return undefined;
  const place = joinPath(commandFolder(file, command), target?.value ?? '.');
  return { at: found.word.span, what: baseName(found.text.replace(/[?#].*$/, '')), more: 0, places: place === undefined ? [] : [place] };
}

const small = /\.(?:json|txt|model|py|md|ya?ml|jinja|vocab)$/i;

/** `hf download REPOSITORY [FILE …]`, data sets and small files left out. */
function fromHub(file: Dockerfile, command: Command): Found | undefined {
  const invocation = readInvocation(command);
  if (invocation?.manager.name !== 'huggingface' || invocation.action !== 'download') return undefined;
  const [repository, ...files] = invocation.packages;
  const type = flagValue(command.words, '--repo-type', '--type')?.text;
  const included = flagValue(command.words, '--include')?.text;
  if (repository === undefined || (type !== undefined && type !== 'model') || (included !== undefined && small.test(included))) return undefined;
  if (files.length > 0 && files.every(({ text }) => small.test(text))) return undefined;
  const folder = flagValue(command.words, '--local-dir', '--cache-dir')?.value;
  const place = folder === undefined ? undefined : joinPath(commandFolder(file, command), folder);
  return { at: repository.span, what: repository.text, more: 0, places: place === undefined ? cachePlaces(file, command.instruction) : [place] };
}

/** A repository of weights, which git brings where its extension for large files is there. */
function cloned(file: Dockerfile, command: Command): Found | undefined {
  const skips = [...command.assignments.map(({ name }) => name), ...command.wrappers.map(({ text }) => text.replace(/=.*$/, ''))].includes('GIT_LFS_SKIP_SMUDGE');
  const word = command.words.find(({ text }) => /^https:\/\/(?:\S*@)?(?:huggingface\.co|hf\.co|www\.modelscope\.cn)\/(?!datasets\/|spaces\/)/.test(text));
  const set = file.stateAt(command.instruction).lookup('GIT_LFS_SKIP_SMUDGE');
  if (word === undefined || skips || typeof set === 'string' || !/\blfs\b/.test(file.source)) return undefined;
  const [, , folder] = operands(command.words, ['-b', '--branch', '--depth', '-c', '-C', '-o']);
  const place = joinPath(commandFolder(file, command), folder?.value ?? baseName(word.text));
  return { at: word.span, what: word.text.replace(/^https:\/\/(?:\S*@)?[^/]+\//, ''), more: 0, places: place === undefined ? [] : [place] };
}

/** A script or program that fetches models, by its name: `download_models.py`, `mineru-models-download`. */
const fetchesModels = /(?:^|[\s/.])((?:[\w]+[-_])?(?:(?:download|fetch|preload|pull)[-_](?:\w+[-_])?(?:models?|weights|checkpoints?)|(?:models?|weights)[-_]download)(?:\.(?:py|sh))?)(?=\s|$)/i;
const runners = /^(?:python[\d.]*|(?:ba|da|a)?sh|uv|poetry|pdm|pipenv|conda|hatch|download[-_]\w+)$/;

/** Code on the command line, or a script that says by its name that it fetches models. */
function byCode(file: Dockerfile, command: Command): Found | undefined {
  const code = command.words.find(({ text }) => /\bimport\b/.test(text) && callsForWeights(text) !== undefined);
  const folder = commandFolder(file, command);
  if (code !== undefined) {
    const own = placesInCode(code.text).flatMap((path) => joinPath(folder, path) ?? []);
    return { at: span(command.program.span.start, command.program.span.end), what: callsForWeights(code.text) ?? '', more: 0, places: own.length > 0 ? own : cachePlaces(file, command.instruction) };
  }
  if (!runners.test(command.name) && !fetchesModels.test(command.name)) return undefined;
  const script = [command.program, ...command.words].map((word) => ({ word, name: fetchesModels.exec(word.text)?.[1] })).find(({ name }) => name !== undefined);
  return script === undefined ? undefined : { at: (script.word.text.includes('\n') ? command.program : script.word).span, what: script.name ?? '', more: 0, places: [] };
}

const fetchers = new Set(['wget', 'curl', 'aria2c', 'axel', 'gdown', 'aws', 'gsutil', 'gcloud', 'azcopy', 'rclone', 'mc', 's5cmd']);

function downloaded(file: Dockerfile, command: Command): Found | undefined {
  if (fetchers.has(command.name)) return fetched(file, command);
  if (command.name === 'git') return cloned(file, command);
  const [action, model] = operands(command.words);
  if (command.name === 'ollama' && action?.text === 'pull' && model !== undefined) return { at: model.span, what: model.text, more: 0, places: cachePlaces(file, command.instruction) };
  if (command.name === 'spacy' && action?.text === 'download' && model !== undefined && /_(?:lg|trf)$/.test(model.text)) return { at: model.span, what: model.text, more: 0, places: [] };
  return fromHub(file, command) ?? byCode(file, command);
}

/** Code in a here-document of the RUN. */
function inHeredoc(file: Dockerfile, instruction: Instruction): Found | undefined {
  const forPython = file.commandsOf(instruction).some(({ name, redirects }) => /^python[\d.]*$/.test(name) && redirects.some(({ operator }) => operator.startsWith('<<')));
  for (const { body, word } of instruction.heredocs) {
    const text = textAt(file.source, body);
    const call = forPython || /^#!.*python/.test(text) ? callsForWeights(text) : undefined;
    if (call !== undefined) {
      const own = placesInCode(text).flatMap((path) => joinPath(file.stateAt(instruction).workdir, path) ?? []);
      return { at: word, what: call, more: 0, places: own.length > 0 ? own : cachePlaces(file, instruction) };
    }
  }
  return undefined;
}

const touches = (one: string, other: string): boolean => isBelow(one, other) || isBelow(other, one);

const modelPlace = /model|weight|checkpoint|hugging|hf|torch|ollama|\.cache|hub/i;

/** The download goes to a mount, or is removed again by the same RUN. */
function isGoneAgain(file: Dockerfile, command: Command, { places, what }: Found): boolean {
  const away = mountedAway(file, command.instruction);
  if (away.some((target) => (places.length === 0 ? modelPlace.test(target) : places.some((place) => touches(place, target))))) return true;
  const commands = file.commandsOf(command.instruction);
  return commands.slice(commands.indexOf(command) + 1).some((later) =>
    later.name === 'rm' && (later.words.some(({ text }) => baseName(text) === what) || places.some((place) => !/\/\.(?:cache|ollama)$/.test(place) && clears(file, later, place))));
}

/** In a branch the download is a choice; in a loop it is none. */
const isOptional = (file: Dockerfile, { conditional, step }: Command): boolean => {
  const text = textAt(file.source, step.span);
  return conditional && !(/^(?:for|while)\b/.test(text) && !/\b(?:if|case)\b/.test(text));
};

function inRun(file: Dockerfile, instruction: Instruction): BakedWeights[] {
  const found = file.commandsOf(instruction).flatMap((command): Found[] => {
    const one = isOptional(file, command) ? undefined : downloaded(file, command);
    return one === undefined || isGoneAgain(file, command, one) ? [] : [one];
  });
  const here = inHeredoc(file, instruction);
  const heredoc = here === undefined || mountedAway(file, instruction).some((target) => here.places.some((place) => touches(place, target))) ? [] : [here];
  const [first, ...others] = [...found, ...heredoc];
  return first === undefined ? [] : [{ ...first, instruction, how: 'downloaded', more: others.length, places: [...new Set([first, ...others].flatMap(({ places }) => places))] }];
}

function inCopy(file: Dockerfile, context: BuildContext | undefined, instruction: Instruction): BakedWeights[] {
  const from = flag(instruction, 'from');
  const named = instruction.words.slice(0, -1).filter((word) => isWeightFile(word.text) && (from === undefined || !file.stages.some(({ name, index }) => name === from.value?.toLowerCase() || String(index) === from.value)));
  const broad = context === undefined ? [] : copySources(file, instruction).flatMap(({ word, path, glob }) => {
    const all = path === undefined || glob ? [] : context.sentBelow(path);
    return all.filter((each) => each !== path && isWeightFile(each) && !sampleFiles.test(each)).map((each) => ({ word, each }));
  });
  const [first] = named;
  const [held] = broad;
  const how = instruction.keyword === 'ADD' && /:\/\//.test(first?.text ?? '') ? 'downloaded' as const : 'copied' as const;
  if (first !== undefined) return [{ instruction, at: first.span, what: baseName(first.text.replace(/[?#].*$/, '')), how, more: named.length - 1, places: [] }];
  return held === undefined ? [] : [{ instruction, at: held.word.span, what: held.each, how, more: broad.length - 1, places: [] }];
}

/** The weights an instruction bakes into its layer, as far as its text and the context tell. */
export function bakedWeights(file: Dockerfile, context: BuildContext | undefined, instruction: Instruction): BakedWeights[] {
  if (instruction.keyword === 'RUN') return inRun(file, instruction);
  return instruction.keyword === 'COPY' || instruction.keyword === 'ADD' ? inCopy(file, context, instruction) : [];
}

/** True when one of the copied paths holds the weights, or may hold them by its name. */
export const isCopiedOn = ({ places }: BakedWeights, copied: readonly string[]): boolean =>
  copied.some((path) => (places.length === 0 ? modelPlace.test(path) || path === '/' : places.some((place) => touches(place, path))));
