import { flag, type Instruction } from '../dockerfile/instruction.ts';
import { factOf } from '../fact.ts';
import { cleanContextPath, copySources, isWholeContext } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { mounts } from '../model/stages.ts';
import type { BuildContext } from './context.ts';
import { compilePattern } from './pattern.ts';

/** What a source of a COPY, ADD or bind mount says of a folder: it is the whole of it, is there, is not, or nobody can tell. */
type Answer = 'whole' | 'there' | 'missing' | 'unknown';

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A file that may be absent, as in `COPY package.json yarn.lock* ./` and `pnpm-lock.yam[l] ./`. */
const isOptional = (glob: string): boolean => /(?:^|[^*?])\.[\w-]+\*$|\[\w\]/.test(glob);

const answerForPath = (path: string, context: BuildContext): Answer => (path === '' ? 'whole' : context.has(path) ? 'there' : 'missing');

/** Dockerfiles of one folder ask the same of it. */
const answered = factOf((_context: BuildContext) => new Map<string, Answer>());

function answerForGlob(glob: string, crossesFolders: boolean, context: BuildContext): Answer {
  const known = answered(context);
  const key = `${crossesFolders ? '+' : '-'}${glob}`;
  const answer = known.get(key) ?? searchGlob(glob, crossesFolders, context);
  known.set(key, answer);
  return answer;
}

function searchGlob(glob: string, crossesFolders: boolean, context: BuildContext): Answer {
  const matches = compilePattern(crossesFolders ? glob : glob.replace(/\*+/g, '*'));
  if (isOptional(glob) || matches === undefined) return 'unknown';
  // A pattern matches what is below a folder too. What heavy folders hold is not known, nor what links lead to.
  if (context.files.some(matches) || context.heavyFolders.some(matches)) return 'there';
  const folder = /^(?:[^*?[\\]*\/)?/.exec(glob)?.[0] ?? '';
  return context.cut || (folder !== '' && context.has(folder)) ? 'unknown' : 'missing';
}

/** What the sources of an instruction say; globs speak together, for it is enough that one of them matches. */
function answersOf(file: Dockerfile, instruction: Instruction, context: BuildContext): Answer[] {
  const crossesFolders = flag(instruction, 'parents') !== undefined;
  const answers = copySources(file, instruction).map((source) => {
    const { path, glob, word } = source;
    if (path === undefined) return { glob, answer: 'unknown' as const };
    const found = isWholeContext(source) ? 'whole' : glob ? answerForGlob(path, crossesFolders, context) : answerForPath(path, context);
    // A build argument may give the name another value.
    return { glob, answer: found === 'missing' && word.raw.includes('$') ? 'unknown' as const : found };
  });
  const allMissing = answers.every(({ answer }) => answer === 'missing');
  return answers.map(({ glob, answer }) => (answer === 'missing' && glob && !allMissing ? 'unknown' : answer));
}

/** What the bind mounts of a RUN say. */
const mountAnswers = (instruction: Instruction, context: BuildContext): Answer[] =>
  mounts(instruction).filter(({ type, from }) => type === 'bind' && from === undefined)
    .map(({ source = '' }) => (source.includes('$') ? 'unknown' : answerForPath(cleanContextPath(source), context)));

/** Files that a folder of Dockerfiles holds beside them. */
const aroundDockerfiles = /^(?:(?:docker|container)file(?:[._-].*)?|.*\.(?:dockerfile|containerfile|sh|bash|ps1|bat|cmd|md)|(?:.*\.)?(?:docker|container|git)ignore|(?:docker-)?entrypoint|(?:docker-)?compose(?:[._-].*)?\.ya?ml|docker-bake\.(?:hcl|json)|\.env.*|\.gitkeep|license)$/i;

const isPartOfName = (character: string | undefined): boolean => character !== undefined && /[\w.-]/.test(character);

/** The Dockerfile names a file so that it lies at the top of what it copies, and not in a folder called like this one. */
function names(file: Dockerfile, path: string, folder: string): boolean {
  return file.instructions.some(({ span }) => {
    const text = file.source.slice(span.start, span.end);
    for (let at = text.indexOf(path); at !== -1; at = text.indexOf(path, at + 1)) {
      const isWhole = !isPartOfName(text[at - 1]) && !isPartOfName(text[at + path.length]);
      if (isWhole && (folder === '' || text.slice(Math.max(0, at - folder.length - 1), at) !== `${folder}/`)) return true;
    }
    return false;
  });
}

/** A folder of Dockerfiles and their scripts, none of which this one runs: what it copies whole lies elsewhere. */
function holdsNoProject(file: Dockerfile, context: BuildContext): boolean {
  const { files, heavyFolders, cut } = context;
  if (cut || heavyFolders.length > 0 || !files.every((path) => aroundDockerfiles.test(baseOf(path)))) return false;
  const folder = baseOf((context.folder ?? '').replaceAll('\\', '/'));
  return !files.some((path) => /\.(?:sh|bash|ps1|bat|cmd)$|entrypoint$/i.test(path) && names(file, path, folder));
}

/**
 * Tells whether a folder may be the build context of a Dockerfile. False where a COPY, ADD or bind mount names a file
 * that the folder does not have, or where the whole context is copied and the folder holds nothing but Dockerfiles and
 * what stands around them: the image is then built with another context, and nothing may be concluded from this one.
 * Variables, and globs that may match nothing, speak for neither.
 */
export function contextFits(file: Dockerfile, context: BuildContext): boolean {
  const answers = new Set<Answer>();
  for (const instruction of file.instructions) {
    for (const answer of [...answersOf(file, instruction, context), ...mountAnswers(instruction, context)]) {
      if (answer === 'missing') return false;
      answers.add(answer);
    }
  }
  return !answers.has('whole') || answers.has('there') || !holdsNoProject(file, context);
}
