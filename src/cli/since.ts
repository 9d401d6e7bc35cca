import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { ConfigError, quote, shown } from '../config/error.ts';
import type { Target } from './check.ts';
import { filesBehind } from './concerns.ts';
import type { LintOptions } from './options.ts';
import { toSlashes } from './targets.ts';
import type { Terminal } from './terminal.ts';

interface Answer {
  readonly isDone: boolean;
  /** What it says on its output; where it failed, on its errors. */
  readonly text: string;
}

/** So many bytes of names are read. */
const mostBytes = 512_000_000;

/** A folder of the content that looks like a repository is none, and nothing that a repository's config names is run to look for changes. */
const settings = ['-c', 'safe.bareRepository=explicit', '-c', 'core.fsmonitor=false'];

/** A repository as git tells of it. */
class Repository {
  readonly #environment: Terminal['environment'];

  /** @param folder any in it */
  constructor(readonly folder: string, { environment }: Terminal) {
    this.#environment = { ...environment, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
  }

  /**
   * Runs git, without a shell.
   * @throws {ConfigError} where there is no git
   */
  git(...words: readonly string[]): Promise<Answer> {
    return new Promise((done, fail) => {
      execFile('git', [...settings, ...words], { cwd: this.folder, env: this.#environment, maxBuffer: mostBytes, windowsHide: true }, (error, output, errors) => {
        if (error === null) done({ isDone: true, text: output });
        else if (error.code === 'ENOENT') fail(new ConfigError('--since needs git, which is not to be found; install it.'));
        else done({ isDone: false, text: errors });
      });
    });
  }

  /** What git says when it works. @throws {ConfigError} with its own words when it does not */
  async ask(...words: readonly string[]): Promise<string> {
    const { isDone, text } = await this.git(...words);
    if (!isDone) throw new ConfigError(`--since: git failed: ${reasonIn(text)}.`);
    return text;
  }
}

/** The line of git's errors that says what is wrong. */
function reasonIn(errors: string): string {
  const lines = errors.split('\n').filter((line) => line !== '');
  const line = lines.find((each) => each.startsWith('fatal: ')) ?? lines[0] ?? 'it gives no reason';
  return shown(line.replace(/^fatal: /, '').replace(/[.\s]+$/, '').slice(0, 300));
}

const withoutNewline = (text: string): string => text.replace(/\r?\n$/, '');

/** @throws {ConfigError} when the folder is in no work tree */
async function rootOf(folder: string, terminal: Terminal): Promise<Repository> {
  const { isDone, text } = await new Repository(folder, terminal).git('rev-parse', '--show-toplevel');
  if (isDone) return new Repository(realpathSync(withoutNewline(text)), terminal);
  if (/not a git repository/.test(text)) throw new ConfigError('--since: this folder is in no git repository; run in one, or leave it out.');
  throw new ConfigError(`--since: git failed: ${reasonIn(text)}.`);
}

/** Where the history of HEAD left that of a revision. @throws {ConfigError} where that can't be told */
async function forkPoint(repository: Repository, ref: string): Promise<string> {
  const idOf = async (name: string): Promise<string | undefined> => {
    const { isDone, text } = await repository.git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
    return isDone ? withoutNewline(text) : undefined;
  };
  const isShallow = async (): Promise<boolean> => withoutNewline(await repository.ask('rev-parse', '--is-shallow-repository')) === 'true';
  const deepen = 'fetch the whole history, as `git fetch --unshallow` does (`fetch-depth: 0` of actions/checkout)';
  const id = await idOf(ref);
  if (id === undefined) {
    if ((await idOf(`refs/remotes/origin/${ref}`)) !== undefined) throw new ConfigError(`--since: git knows no commit ${quote(ref)} here; did you mean ${quote(`origin/${ref}`)}?`);
    if (await isShallow()) throw new ConfigError(`--since: this is a shallow clone without ${quote(ref)}; ${deepen}, or fetch that commit.`);
    throw new ConfigError(`--since: git knows no commit ${quote(ref)}; give a branch, tag or commit of this repository.`);
  }
  if ((await idOf('HEAD')) === undefined) throw new ConfigError('--since: this branch has no commit yet; leave it out.');
  const base = await repository.git('merge-base', id, 'HEAD');
  if (base.isDone) return withoutNewline(base.text);
  if (await isShallow()) throw new ConfigError(`--since: this clone is too shallow to tell where HEAD left ${quote(ref)}; ${deepen}.`);
  throw new ConfigError(`--since: HEAD and ${quote(ref)} have no commit in common; give another commit.`);
}

/** Names differ in how they are composed where they come from different systems. */
const composed = (path: string): string => path.normalize();

/** Every path that is not as it was then: changed, new, gone, or (as a folder) another repository that is another now. Relative to the root, with `/`. */
async function changedPaths(repository: Repository, commit: string): Promise<ReadonlySet<string>> {
  const [tracked, others] = await Promise.all([
    repository.ask('diff', '--name-only', '--no-renames', '--no-relative', '--no-ext-diff', '-z', commit, '--'),
    repository.ask('ls-files', '--others', '--exclude-standard', '-z'),
  ]);
  return new Set([...tracked.split('\0'), ...others.split('\0')].filter((path) => path !== '').map((path) => composed(path.replace(/\/$/, ''))));
}

/** A path or a folder that it lies in. */
function holds(paths: ReadonlySet<string>, path: string): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (paths.has(path.slice(0, end))) return true;
  }
  return false;
}

/** A path as git has it: its folders are real, its last part may be a link. Undefined outside of the repository. */
function pathIn(root: string, path: string): string | undefined {
  const real = relative(root, join(realPathOf(dirname(path)), basename(path)));
  return isAbsolute(real) || real === '..' || /^\.\.[\\/]/.test(real) ? undefined : composed(toSlashes(real));
}

/** Where a path leads, or the path itself where that can't be told. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * The files that changed since HEAD left a revision (as in `git diff REF...`), committed or not, also those that git does not track yet;
 * and those whose ignore file or config did.
 *
 * @throws {ConfigError} where git can't tell
 */
export async function changedSince(ref: string, targets: readonly Target[], options: LintOptions, terminal: Terminal): Promise<readonly Target[]> {
  const repository = await rootOf(terminal.folder, terminal);
  const root = repository.folder;
  const changed = await changedPaths(repository, await forkPoint(repository, ref));
  const config = typeof options.config === 'string' ? pathIn(root, resolve(terminal.folder, options.config)) ?? false : options.config;
  const context = options.context === undefined ? undefined : pathIn(root, realPathOf(resolve(terminal.folder, options.context)));
  return targets.filter(({ file, path }) => {
    if (file === undefined) return true;
    const own = pathIn(root, file);
    if (own === undefined) throw new ConfigError(`--since: ${quote(path)} lies outside of this repository; leave it out.`);
    const real = pathIn(root, realPathOf(file));
    return [own, ...(real === undefined || real === own ? [] : [real])].some((name) => filesBehind(name, { config, context }).some((each) => holds(changed, each)));
  });
}
