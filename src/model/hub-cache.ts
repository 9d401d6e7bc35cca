import { hasFlag, type Command } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from './dockerfile.ts';
import { homeAt } from './home.ts';
import { readInvocation } from './packages.ts';
import { joinPath } from './state.ts';
import { placesInCode } from './weight-code.ts';
import { downloadBy } from './weight-downloads.ts';

/** Where a download from the hub of Hugging Face is kept. */
export interface HubCache {
  readonly path: string;
  /** The variable that says so; undefined where the user's home does. */
  readonly variable: string | undefined;
  /** The repository or call, for messages. */
  readonly what: string;
}

/** Variables that name the folder, or one above it, the strongest first. */
const variables: readonly (readonly [name: string, below: string])[] = [
  ['HF_HUB_CACHE', ''], ['HUGGINGFACE_HUB_CACHE', ''], ['HF_HOME', 'hub'], ['XDG_CACHE_HOME', 'huggingface/hub'],
];

/** Variables that some libraries heed, and some only in older releases. */
const ofLibraries = ['TRANSFORMERS_CACHE', 'PYTORCH_TRANSFORMERS_CACHE', 'PYTORCH_PRETRAINED_BERT_CACHE', 'SENTENCE_TRANSFORMERS_HOME'];

/** The variable that decides, and its value. */
function decides(file: Dockerfile, run: Instruction, byProgram: boolean): { name: string; value: string; below: string } | 'unknown' | undefined {
  const { lookup } = file.stateAt(run);
  if (!byProgram && ofLibraries.some((name) => typeof lookup(name) === 'string')) return 'unknown';
  for (const [name, below] of variables) {
    const value = lookup(name);
    // What the base image sets is not known: no image for Python sets one of them.
    if (typeof value === 'string' && value !== '') return /[$~]/.test(value) ? 'unknown' : { name, value, below };
  }
  return undefined;
}

/** The command, or the code it runs, names a folder of its own, or sets a variable that would. */
const tellsFolder = ({ words, assignments, wrappers }: Command): boolean =>
  hasFlag(words, '--local-dir', '--cache-dir') || assignments.length > 0 || wrappers.some(({ text }) => /=|^(?:sudo|gosu|su-exec|su)$/.test(text)) ||
  words.some(({ text }) => placesInCode(text).length > 0 || /environ|cache_dir|local_dir/.test(text));

const fromHub = /from_pretrained|snapshot_download|hf_hub_download|SentenceTransformer|CrossEncoder|pipeline/;

function hubCache(file: Dockerfile, command: Command): HubCache | 'unknown' | undefined {
  const download = downloadBy(file, command);
  if (download === undefined) return undefined;
  const isProgram = readInvocation(command)?.manager.name === 'huggingface';
  if (tellsFolder(command) || command.conditional || (!isProgram && !fromHub.test(download.what))) return 'unknown';
  const found = decides(file, command.instruction, isProgram);
  const home = homeAt(file, command.instruction);
  if (found === 'unknown' || (found === undefined && home === undefined)) return 'unknown';
  const path = found === undefined ? `${home ?? ''}/.cache/huggingface/hub` : joinPath(file.stateAt(command.instruction).workdir, `${found.value}/${found.below}`);
  return path === undefined ? 'unknown' : { path, variable: found?.name, what: download.what };
}

/** Where the downloads of a RUN from the hub are kept; undefined where that of one of them is not known. */
export function hubCaches(file: Dockerfile, run: Instruction): HubCache[] | undefined {
  const setsVariable = file.scripts(run).some(({ assigned, unreadable }) => unreadable || [...assigned].some((name) => /^(?:HF_|HUGGING|TRANSFORMERS_|XDG_|HOME$)/.test(name)));
  if (setsVariable) return undefined;
  const found = file.commandsOf(run).map((command) => hubCache(file, command)).filter((each) => each !== undefined);
  const known = found.filter((each) => each !== 'unknown');
  return known.length === found.length && known.length > 0 ? known : undefined;
}
