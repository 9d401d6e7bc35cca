import type { BuildContext } from '../context/context.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Span } from '../span.ts';
import { placeInImage } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { commandFolder } from './effects.ts';
import { readInvocation, type Invocation } from './packages.ts';
import { instructionsUpTo } from './shipped.ts';
import { joinPath } from './state.ts';

/** A package of Python that an install names, on the command line or in a requirements file. */
export interface PythonPackage {
  /** As PyPI compares names: `llama-cpp-python`. */
  readonly name: string;
  readonly extras: readonly string[];
  /** What stands behind the name: `==2.4.0`, ` @ https://…`; empty for none. */
  readonly version: string;
  /** The word on the command line that names it or its file. */
  readonly at: Span;
  /** The file of the context that names it; undefined for the command line. */
  readonly file: string | undefined;
}

/** Reads `torch[opt]==2.4.0`; undefined for a path, an address or a variable. */
function readRequirement(text: string): Pick<PythonPackage, 'name' | 'extras' | 'version'> | undefined {
  const match = /^([a-zA-Z\d][\w.-]*)\s*(?:\[([^\]]*)\])?\s*(?=$|[=<>~!;@(\s])(.*)$/.exec(text.trim());
  if (match === null || /[/$]/.test(match[1] ?? '') || /\.(?:whl|txt|zip|gz)$/.test(match[1] ?? '')) return undefined;
  return {
    name: (match[1] ?? '').toLowerCase().replace(/[-_.]+/g, '-'),
    extras: (match[2] ?? '').split(',').map((extra) => extra.trim().toLowerCase()).filter((extra) => extra !== ''),
    version: (match[3] ?? '').trim(),
  };
}

/**
 * The file of the context that stands at a path of the image when an instruction runs.
 * @returns undefined where no COPY in front of it brings one of that name there
 */
export function contextFileAt(file: Dockerfile, context: BuildContext, before: Instruction, path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const candidates = context.files.filter((each) => (each === name || each.endsWith(`/${name}`)) && !context.ignored(each));
  const copies = instructionsUpTo(file.stageOf(before), before).filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD');
  return candidates.find((each) => copies.some((copy) => placeInImage(file, copy, each, (source) => context.isFolder(source)) === path));
}

/** A requirements file of the context. */
export interface RequirementFile {
  /** The word on the command line that names it. */
  readonly at: Span;
  readonly path: string;
  /** Without comments, continuations and empty lines. */
  readonly lines: readonly string[];
}

/** The requirements files an install names, as far as the context has them. */
export function requirementFiles(file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): RequirementFile[] {
  if (context === undefined) return [];
  const { command } = invocation;
  const folder = commandFolder(file, command);
  return invocation.manifestFlags.flatMap((word) => {
    const place = word.value === undefined ? undefined : joinPath(folder, word.value);
    const path = place === undefined ? undefined : contextFileAt(file, context, command.instruction, place);
    const text = path === undefined ? undefined : context.read(path);
    if (path === undefined || text === undefined) return [];
    const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/, '').replace(/\s--hash[=\s].*$/, '').trim());
    return [{ at: word.span, path, lines: lines.filter((line) => line !== '') }];
  });
}

const installers = new Set(['pip', 'uv', 'poetry', 'pipenv', 'pdm', 'pipx']);

/** The Python packages a command installs by name, and those of its requirements files where the context has them. */
export function pythonPackages(file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): PythonPackage[] {
  if (!installers.has(invocation.manager.name) || !invocation.action.startsWith('install')) return [];
  const named = invocation.packages.flatMap((word): PythonPackage[] => {
    const read = readRequirement(word.text);
    return read === undefined ? [] : [{ ...read, at: word.span, file: undefined }];
  });
  const listed = requirementFiles(file, context, invocation).flatMap(({ at, path, lines }) => lines.flatMap((line): PythonPackage[] => {
    const read = line.startsWith('-') ? undefined : readRequirement(line);
    return read === undefined ? [] : [{ ...read, at, file: path }];
  }));
  return [...named, ...listed];
}

/** The install commands of Python packages of an instruction. */
export const pythonInstalls = (file: Dockerfile, instruction: Instruction): Invocation[] =>
  instruction.keyword !== 'RUN' ? [] : file.commandsOf(instruction).map((command) => readInvocation(command)).filter((each) => each !== undefined)
    .filter(({ manager, action }) => installers.has(manager.name) && action.startsWith('install'));
