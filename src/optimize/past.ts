import type { BuildContext } from '../context/context.ts';
import type { ChangedPath, Commit } from '../context/history.ts';
import { readIgnoreFile } from '../context/dockerignore.ts';
import { ContextState, type ContextEntry, type StateRules } from '../model/layers.ts';
import { linksOf } from './taken.ts';

/** Contents that no commit in sight changes: they only have to be the same all the time. */
const asToday: ContextEntry = { kind: 'file', mode: 0o644, hash: 'as today' };

/** The context as the newest commit left it. */
export interface Today {
  readonly state: ContextState;
  /** The ignore file in force excludes a path. */
  readonly ignores: (path: string) => boolean;
  /** All links that are there, or were. */
  readonly links: readonly string[];
}

/** The rules of an ignore file that remember what they said of a path: each state on the way back asks again. */
function rulesOf(text: string): StateRules {
  const { patterns, ignores } = readIgnoreFile(text);
  const known = new Map<string, boolean>();
  return {
    patterns,
    ignores: (path) => {
      let answer = known.get(path);
      if (answer === undefined) known.set(path, (answer = ignores(path)));
      return answer;
    },
  };
}

/**
 * The context as the newest commit left it, under today's ignore file. What the commits changed is as they say; of all else only the
 * names count, so that no file need be read.
 * @param linkOf where a link leads, as it is written; without it a link counts as a file
 */
export function readToday(context: BuildContext | undefined, commits: readonly Commit[], linkOf: (path: string) => string | undefined = () => undefined): Today {
  const entries = new Map<string, ContextEntry | undefined>();
  for (const path of context?.files ?? []) {
    const link = context?.isLink(path) === true ? linkOf(path) : undefined;
    entries.set(path, link === undefined ? asToday : { kind: 'link', mode: 0o777, link });
  }
  const links = linksOf([...entries].flatMap(([path, entry]) => (entry?.kind === 'link' ? [path] : [])), commits);
  const newest = new Map<string, ContextEntry | undefined>();
  for (const { changes } of commits) for (const { path, after } of changes) if (!newest.has(path)) newest.set(path, after);
  for (const [path, entry] of newest) {
    const today = entries.get(path);
    // Where a link leads is known of today's alone.
    entries.set(path, entry?.kind === 'link' && today?.kind === 'link' ? today : entry);
  }
  const present = [...entries].flatMap(([path, entry]): [string, ContextEntry][] => (entry === undefined ? [] : [[path, entry]]));
  const rules = context?.ignoreFile && rulesOf(context.ignoreFile.text);
  return { state: ContextState.of(present, rules), ignores: rules?.ignores ?? (() => false), links };
}

/** Walks a context back through its commits. A state is made only where one is asked for. */
export class Past {
  #state: ContextState;
  #waiting = new Map<string, ContextEntry | undefined>();

  constructor({ state }: Today) {
    this.#state = state;
  }

  /** The state as the next commit to be undone left it. */
  get state(): ContextState {
    if (this.#waiting.size > 0) this.#state = changed(this.#state, [...this.#waiting]);
    this.#waiting = new Map();
    return this.#state;
  }

  /** The state before that commit. */
  before({ changes }: Commit): ContextState {
    return changed(this.state, changes.map(({ path, before }) => [path, before]));
  }

  undo({ changes }: Commit): void {
    for (const { path, before } of changes) this.#waiting.set(path, before);
  }
}

/** What is gone is taken away first, for a folder may have been a file. */
const changed = (state: ContextState, changes: readonly (readonly [path: string, entry: ContextEntry | undefined])[]): ContextState =>
  state.with([...changes.filter(([, entry]) => entry === undefined), ...changes.filter(([, entry]) => entry !== undefined)]);

/** A kind of file, by its name, and in how many of a hundred commits one of them changes. */
interface FileKind {
  readonly pattern: RegExp;
  readonly ofHundred: number;
}

/** The first that fits. What fits none is source. */
const kinds: readonly FileKind[] = [
  { pattern: /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Cargo\.lock|go\.sum|Gemfile\.lock|composer\.lock|packages\.lock\.json)$/, ofHundred: 10 },
  { pattern: /(?:^|\/)(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|Pipfile|[\w.-]*requirements[\w.-]*\.(?:txt|in)|Cargo\.toml|go\.mod|Gemfile|composer\.json|pom\.xml|build\.gradle(?:\.kts)?|environment\.ya?ml|[^/]*\.csproj)$/, ofHundred: 8 },
  { pattern: /(?:^|\/)(?:[^/]*Dockerfile[^/]*|Containerfile|\.[^/]+|Makefile|[^/]*\.(?:toml|ini|cfg)|tsconfig[^/]*\.json|LICENSE[^/]*)$/, ofHundred: 5 },
  { pattern: /\.(?:png|jpe?g|gif|svg|ico|webp|woff2?|ttf|otf|mp[34]|csv|parquet|safetensors|bin|onnx|pt|gguf)$/i, ofHundred: 3 },
  { pattern: /(?:^|\/)(?:docs?|licenses?)\/|\.(?:md|rst|txt|adoc)$/i, ofHundred: 15 },
  { pattern: /(?:^|\/)(?:tests?|spec|__tests__|e2e)\/|\.(?:test|spec)\.\w+$/i, ofHundred: 40 },
];
const source: FileKind = { pattern: /^/, ofHundred: 90 };

const hundred = 100;

/** In which share of all commits a file of this kind changes, one file of it at a time. */
export const usualShare = (path: string): number => (kinds.find(({ pattern }) => pattern.test(path)) ?? source).ofHundred / hundred;

/**
 * A hundred commits that nobody made, for where no history is known: each kind of file changes as often as it usually does, one file
 * of it at a time, each in turn.
 */
export function assumedCommits(files: readonly string[]): readonly Commit[] {
  const groups = new Map<FileKind, string[]>();
  for (const path of files) {
    const kind = kinds.find(({ pattern }) => pattern.test(path)) ?? source;
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [path]);
    else group.push(path);
  }
  return Array.from({ length: hundred }, (_, index): Commit => {
    const number = hundred - index;
    const changes = [...groups].flatMap(([{ ofHundred }, paths]): ChangedPath[] => {
      const turn = Math.floor((number * ofHundred) / hundred);
      if (turn === Math.floor(((number - 1) * ofHundred) / hundred)) return [];
      const version = (at: number): ContextEntry => ({ kind: 'file', mode: 0o644, hash: `assumed ${at}` });
      return [{ path: paths[turn % paths.length] ?? '', before: version(number - 1), after: version(number) }];
    });
    return { id: `assumed ${number}`, time: 0, subject: '', changes };
  });
}
