import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import type { ContextEntry } from '../model/layers.ts';

/** A path of the context that a commit changed; undefined where it was not there. */
export interface ChangedPath {
  /** Relative to the context, with `/`. */
  readonly path: string;
  readonly before: ContextEntry | undefined;
  readonly after: ContextEntry | undefined;
}

/** A commit, as far as the build context is concerned, held against its first parent. Its texts are anybody's. */
export interface Commit {
  readonly id: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly subject: string;
  /** None where it changed only a Dockerfile that lies outside of the context. */
  readonly changes: readonly ChangedPath[];
}

export interface History {
  /** The newest first. */
  readonly commits: readonly Commit[];
  /** What is missing of it, a sentence each. */
  readonly notes: readonly string[];
}

export interface HistoryRequest {
  /** The build context. */
  readonly folder: string;
  readonly dockerfile: string;
  /** So many commits are read at most. */
  readonly most?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** So many commits say how a project changes. */
export const usualCommits = 200;

/** So many changed paths are kept in memory, of all commits and of one. */
const mostChanges = 400_000;
const mostChangesOfOne = 20_000;
const longestSubject = 200;
/** No name and no subject is longer; what is, is no answer of git. */
const longestToken = 4_000_000;

/**
 * A folder of the content that looks like a repository is none, nothing that a repository's config names is run, and the form of
 * the answer does not hang on the user's settings.
 */
const settings = ['safe.bareRepository=explicit', 'core.fsmonitor=false', 'log.follow=false', 'log.diffMerges=separate', 'log.showSignature=false']
  .flatMap((setting) => ['-c', setting]);

const logWords = [
  'log', '--first-parent', '-m', '--raw', '-z', '--no-renames', '--no-abbrev', '--relative', '--ignore-submodules=none', '--no-ext-diff',
  '--no-show-signature', '--no-notes', '--no-color', '--encoding=UTF-8', '--format=%H%x09%ct%x09%P%x09%s',
];

const lastLine = (text: string): string => (text.split('\n').findLast((line) => line.trim() !== '') ?? 'it gives no reason').replace(/^fatal: /, '').replace(/[.\s]+$/, '').slice(0, 300);

/**
 * Runs git without a shell, and hands over its output piece by piece; as soon as `take` says that it has enough, git is ended.
 * @returns what went wrong, a clause
 */
function runGit(words: readonly string[], { folder, environment = process.env }: Pick<HistoryRequest, 'folder' | 'environment'>, take: (piece: string) => boolean): Promise<string | undefined> {
  return new Promise((done) => {
    // Commits that a partial clone lacks are not fetched; where git is too old to be told so, no protocol is allowed.
    const env = { ...environment, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none', GIT_TERMINAL_PROMPT: '0' };
    const child = spawn('git', [...settings, '--literal-pathspecs', ...words], { cwd: folder, env, windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    let hasEnough = false;
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      if (hasEnough || take(piece)) return;
      hasEnough = true;
      child.kill();
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => { if (errors.length < 10_000) errors += piece; });
    child.on('error', (error) => { done('code' in error && error.code === 'ENOENT' ? 'git is not to be found' : error.message); });
    child.on('close', (code) => { done(hasEnough || code === 0 ? undefined : `git says: ${lastLine(errors)}`); });
  });
}

const realPathOf = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

/** Reads the tokens of `git log --raw -z` as they come: a commit's line, then a line and a name for each path. */
class LogReader {
  readonly commits: Commit[] = [];
  /** A commit without a parent made all its files: nothing was built before it. */
  isAtRoot = false;
  isCut = false;
  /** Not all changes of some commit were kept. */
  isPartial = false;
  #rest = '';
  #changes: ChangedPath[] = [];
  #count = 0;
  #meta: string | undefined;
  /** What stands at most paths of many commits is the same in two of them. */
  readonly #entries = new Map<string, ContextEntry>();

  /** False where it wants no more. */
  take(piece: string): boolean {
    const tokens = (this.#rest + piece).split('\0');
    this.#rest = tokens.pop() ?? '';
    for (const token of tokens) this.#token(token);
    if (this.#rest.length > longestToken || this.#count > mostChanges) this.isCut = true;
    return !this.isCut;
  }

  #token(token: string): void {
    if (this.#meta !== undefined) {
      this.#change(this.#meta, token);
      this.#meta = undefined;
    } else if (/^\n?:/.test(token)) this.#meta = token;
    else this.#commit(token);
  }

  #commit(line: string): void {
    const [id = '', time = '', parents = '', ...subject] = line.replace(/^\n/, '').split('\t');
    this.#changes = [];
    this.isAtRoot = parents === '';
    if (this.isAtRoot || !/^[0-9a-f]{40,64}$/.test(id)) return;
    this.commits.push({ id, time: Number(time) || 0, subject: subject.join(' ').slice(0, longestSubject), changes: this.#changes });
  }

  #change(meta: string, path: string): void {
    const [oldMode = '', newMode = '', oldHash = '', newHash = ''] = meta.replace(/^\n?:/, '').split(' ');
    if (this.isAtRoot) return;
    if (this.#changes.length >= mostChangesOfOne) {
      this.isPartial = true;
      return;
    }
    this.#count += 1;
    const before = this.#entry(oldMode, oldHash);
    const after = this.#entry(newMode, newHash);
    const places = new Set([placeOf(path, oldMode), placeOf(path, newMode)]);
    for (const place of places) {
      const [was, is] = [place === placeOf(path, oldMode) ? before : undefined, place === placeOf(path, newMode) ? after : undefined];
      if (was !== undefined || is !== undefined) this.#changes.push({ path: place, before: was, after: is });
    }
  }

  #entry(mode: string, hash: string): ContextEntry | undefined {
    if (/^0+$/.test(mode)) return undefined;
    const key = `${mode} ${hash}`;
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    // Where a link leads is in the blob, which is not read.
    const entry: ContextEntry = mode === '120000' ? { kind: 'link', mode: 0o777, link: `\u0001${hash}` } : { kind: 'file', mode: Number.parseInt(mode.slice(-3), 8), hash };
    this.#entries.set(key, entry);
    return entry;
  }
}

/** Another commit of a submodule changes what is in its folder: a file in it that no project has stands for that. */
const placeOf = (path: string, mode: string): string => (mode === '160000' ? `${path}/\u0001commit` : path);

/** Where the repository begins, and whether its history does not. */
interface Repository {
  readonly root: string;
  readonly isShallow: boolean;
}

async function repositoryOf(request: HistoryRequest): Promise<Repository | string> {
  let text = '';
  const problem = await runGit(['rev-parse', '--show-toplevel', '--is-shallow-repository'], request, (piece) => { text += piece; return true; });
  if (problem !== undefined) return /not a git repository/.test(problem) ? 'it is in no git repository' : problem;
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const isShallow = lines.pop() === 'true';
  return { root: realPathOf(lines.join('\n')), isShallow };
}

/** The commit that is checked out; undefined where there is none. Never throws. */
export async function readHead(request: Pick<HistoryRequest, 'folder' | 'environment'>): Promise<string | undefined> {
  let text = '';
  const problem = await runGit(['rev-parse', '--verify', '--quiet', 'HEAD'], request, (piece) => { text += piece; return true; });
  return problem === undefined ? text.trim() : undefined;
}

/** The Dockerfile as git may be asked for it; undefined outside of the repository. */
function dockerfileIn({ root }: Repository, { folder, dockerfile }: HistoryRequest): string | undefined {
  const real = join(realPathOf(dirname(dockerfile)), basename(dockerfile));
  const inside = relative(root, real);
  return inside.startsWith('..') || isAbsolute(inside) ? undefined : relative(realPathOf(folder), real);
}

/**
 * The last commits that changed something in a build context or its Dockerfile, along the first parents of HEAD, by one run of git.
 * What is not committed is not in it. Never throws.
 *
 * @returns why there is none, a clause, where the folder is in no repository or git can't tell
 */
export async function readHistory(request: HistoryRequest): Promise<History | { readonly problem: string }> {
  const repository = await repositoryOf(request);
  if (typeof repository === 'string') return { problem: repository };
  const dockerfile = dockerfileIn(repository, request);
  const reader = new LogReader();
  const most = request.most ?? usualCommits;
  const words = [...logWords, `--max-count=${most}`, 'HEAD', '--', '.', ...(dockerfile === undefined ? [] : [dockerfile])];
  const problem = await runGit(words, request, (piece) => reader.take(piece));
  if (problem !== undefined) return { problem: /bad revision 'HEAD'|ambiguous argument 'HEAD'|unknown revision|does not have any commits/.test(problem) ? 'this branch has no commit yet' : problem };
  const notes: string[] = [];
  if (repository.isShallow && reader.commits.length < most) {
    notes.push('This is a shallow clone, which lacks older commits; `git fetch --unshallow` fetches them (`fetch-depth: 0` of actions/checkout).');
  }
  if (reader.isCut) notes.push('The history is too large to be read whole; older commits are left out.');
  if (reader.isPartial) notes.push(`Of commits that change more than ${mostChangesOfOne} files, the others are left out.`);
  return { commits: reader.commits, notes };
}
