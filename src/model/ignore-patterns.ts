import type { BuildContext } from '../context/context.ts';
import { factOf } from '../fact.ts';

export type ProjectKind = 'python' | 'node' | 'rust' | 'maven' | 'gradle' | 'dotnet' | 'php' | 'elixir';

/** Something a build context often holds and an image should not. */
export interface Unwanted {
  /** A file or folder of this name. */
  readonly name: string;
  /** At any depth; else at the root only. */
  readonly deep: boolean;
  /** The kind of project it belongs to; undefined: any. */
  readonly kind?: ProjectKind;
  /** Managers that make it anew during the build; where none of them runs, the image needs the context's. */
  readonly madeBy?: readonly string[];
  /** Too small to be worth a finding of its own. */
  readonly minor?: true;
  /** It is what we take it for only where this file lies in it. */
  readonly holds?: string;
  /** It is what we take it for only where such a file lies beside it. */
  readonly beside?: RegExp;
  /** It is what we take it for only where each file in it is of this kind, if any is known. */
  readonly output?: RegExp;
}

/** What compilers of .NET leave; a script in `bin` is none of it. */
const dotnetOutput = /(?:^|\/)(?:Debug|Release)\/|\.(?:dll|exe|pdb|so|dylib|xml|json|cache|props|targets|config|nupkg|assets|txt|cs|editorconfig|resources)$/;

const nodeManagers = ['npm', 'yarn', 'pnpm', 'bun'];

/** Nothing of this is a source; names that may also be a folder of sources (`build`, `dist`, `env`) are left out. */
export const unwanted: readonly Unwanted[] = [
  { name: '.git', deep: false },
  { name: '.env', deep: true },
  { name: '.vscode', deep: true, minor: true },
  { name: '.idea', deep: true, minor: true },
  { name: '.DS_Store', deep: true, minor: true },
  { name: '__pycache__', deep: true, kind: 'python' },
  { name: '.venv', deep: true, kind: 'python' },
  { name: 'venv', deep: true, kind: 'python', holds: 'pyvenv.cfg' },
  { name: 'env', deep: true, kind: 'python', holds: 'pyvenv.cfg' },
  { name: '.pytest_cache', deep: true, kind: 'python' },
  { name: '.mypy_cache', deep: true, kind: 'python' },
  { name: '.ruff_cache', deep: true, kind: 'python' },
  { name: '.ipynb_checkpoints', deep: true, kind: 'python' },
  { name: '.tox', deep: true, kind: 'python' },
  { name: '.nox', deep: true, kind: 'python' },
  { name: '.coverage', deep: true, kind: 'python', minor: true },
  { name: 'node_modules', deep: true, kind: 'node', madeBy: nodeManagers },
  { name: '.eslintcache', deep: true, kind: 'node', minor: true },
  { name: '.parcel-cache', deep: true, kind: 'node' },
  { name: '.turbo', deep: true, kind: 'node' },
  { name: 'npm-debug.log', deep: true, kind: 'node', minor: true },
  { name: 'target', deep: false, kind: 'rust', madeBy: ['cargo'], beside: /^Cargo\.toml$/ },
  { name: 'target', deep: true, kind: 'maven', madeBy: ['maven'], beside: /^pom\.xml$/ },
  { name: '.gradle', deep: true, kind: 'gradle', madeBy: ['gradle'] },
  { name: 'bin', deep: true, kind: 'dotnet', madeBy: ['dotnet'], beside: /\.[a-z]+proj$/, output: dotnetOutput },
  { name: 'obj', deep: true, kind: 'dotnet', madeBy: ['dotnet'], beside: /\.[a-z]+proj$/, output: dotnetOutput },
  { name: 'vendor', deep: false, kind: 'php', madeBy: ['composer'], beside: /^composer\.json$/ },
  { name: '_build', deep: false, kind: 'elixir', madeBy: ['mix'], beside: /^mix\.exs$/ },
  { name: 'deps', deep: false, kind: 'elixir', madeBy: ['mix'], beside: /^mix\.exs$/ },
];

/** Files that tell the kind of a project. */
const marks: readonly (readonly [RegExp, ProjectKind])[] = [
  [/^(?:pyproject\.toml|setup\.(?:py|cfg)|requirements[\w.-]*\.(?:txt|in)|Pipfile|environment\.ya?ml)$|\.py$/, 'python'],
  [/^package\.json$/, 'node'],
  [/^Cargo\.toml$/, 'rust'],
  [/^pom\.xml$/, 'maven'],
  [/^(?:build|settings)\.gradle(?:\.kts)?$/, 'gradle'],
  [/\.(?:cs|fs|vb)proj$|\.slnx?$/, 'dotnet'],
  [/^composer\.json$/, 'php'],
  [/^mix\.exs$/, 'elixir'],
];

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/** The line an ignore file has for it. */
export const patternOf = ({ name, deep }: Unwanted): string => (deep ? `**/${name}` : name);

/** The kinds of project a context holds, two folders deep. */
export const projectKinds = factOf((context: BuildContext): ReadonlySet<ProjectKind> => {
  const names = new Set(context.files.filter((path) => path.split('/').length <= 3).map(baseOf));
  return new Set(marks.flatMap(([pattern, kind]) => ([...names].some((name) => pattern.test(name)) ? [kind] : [])));
});

/** The folders and files of a context by name, as far as the table names them. */
type Held = ReadonlyMap<string, readonly string[]>;

const heldByFolders = factOf((_context: BuildContext) => new Map<string, Held>());

/** The folders and files named in the table that copies of `folders` take, by name. */
export function heldNames(context: BuildContext, folders: readonly string[]): Held {
  const known = heldByFolders(context);
  const key = folders.join('\0');
  const held = known.get(key) ?? findHeld(context, folders);
  known.set(key, held);
  return held;
}

function findHeld(context: BuildContext, folders: readonly string[]): Held {
  const names = new Set(unwanted.map(({ name }) => name));
  const held = new Map<string, string[]>();
  const seen = new Set<string>();
  const add = (path: string): void => {
    for (let at = path; at !== '' && !seen.has(at); at = folderOf(at)) {
      seen.add(at);
      if (names.has(baseOf(at))) held.set(baseOf(at), [...(held.get(baseOf(at)) ?? []), at]);
    }
  };
  for (const folder of folders) {
    for (const path of context.sentBelow(folder)) add(path);
    for (const path of context.heavyFolders) {
      const below = folder === '' || path === folder || path.startsWith(`${folder}/`);
      // `node_modules/**` leaves the folder itself and takes all that is in it.
      if (below && !context.ignored(path) && !context.ignored(`${path}/HEAD`)) add(path);
    }
  }
  return held;
}

/** Whether a path that is named like it is the thing itself. */
function isIt(context: BuildContext, { holds, beside, output }: Unwanted, path: string): boolean {
  if (output !== undefined && !context.files.every((file) => !file.startsWith(`${path}/`) || output.test(file.slice(path.length + 1)))) return false;
  if (holds !== undefined && !context.has(`${path}/${holds}`)) return false;
  if (beside === undefined) return true;
  const folder = folderOf(path);
  return context.files.some((file) => folderOf(file) === folder && beside.test(baseOf(file)));
}

/**
 * The paths of the context that a line for it would newly exclude.
 * @returns undefined where the line would exclude something else of the same name too
 */
export function excludedBy(context: BuildContext, entry: Unwanted, held: Held): readonly string[] | undefined {
  const all = (held.get(entry.name) ?? []).filter((path) => entry.deep || path === entry.name);
  // What lies inside another one of the kind (`node_modules/a/node_modules`) is not counted again.
  const outer = all.filter((path) => !all.some((other) => path.startsWith(`${other}/`)));
  return outer.every((path) => isIt(context, entry, path)) ? outer : undefined;
}

/** Files of trained models, by their ending. */
const modelWeights = /\.(?:safetensors|gguf|ggml|onnx|pt|pth|ckpt|h5|tflite|keras)$|^(?:pytorch|tf|flax)_model[\w.-]*\.(?:bin|h5|msgpack)$/i;

const inTests = /(?:^|\/)(?:tests?|testdata|test[-_]data|fixtures?|mocks?|examples?)\//i;

/** Model weights that a copy of the whole context takes; a text of the same ending (Python's `.pth` of paths) is none. */
export const heldWeights = factOf((context: BuildContext): readonly string[] =>
  context.sentBelow('').filter((path) => modelWeights.test(baseOf(path)) && !inTests.test(path) && !context.read(path)));

/** The text of a new ignore file. */
export const ignoreText = (patterns: readonly string[]): string => patterns.map((pattern) => `${pattern}\n`).join('');
