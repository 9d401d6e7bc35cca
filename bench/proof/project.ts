import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Engine } from './engine.ts';
import { readJson, type Fields } from './json.ts';
import { must, ProofError } from './process.ts';

/** What is asked of a container, and what its answer must hold. */
export type Check = { readonly expect: string } & (
  /** The container's program, with these words instead of those of CMD where there are any; it ends by itself. */
  | { readonly kind: 'start'; readonly words: readonly string[] }
  /** Another program of the image instead of its own. */
  | { readonly kind: 'run'; readonly words: readonly string[] }
  /** The container's program is a server: this address is asked. */
  | { readonly kind: 'get'; readonly address: string }
);

/** A change of the context or of the Dockerfile, with the steps that must, or must not, run again after it. */
export interface ContextEdit {
  readonly file: string;
  /** The text it gets; undefined: the file goes. */
  readonly text: string | undefined;
}

/** A change of one line of a source, as someone at work makes it. */
export interface SourceChange {
  readonly file: string;
  /** A part of the file that it has once, and what comes in its place. */
  readonly from: string;
  readonly to: string;
}

/** A fix that is wrong on purpose: the proof must notice it. */
export interface Planted {
  readonly name: string;
  /** The rule whose fix it pretends to be. */
  readonly rule: string;
  /** What stands in the Dockerfile, and what the wrong fix makes of it. */
  readonly from: string;
  readonly to: string;
  /** A part of what the proof must say of it. */
  readonly shows: string;
}

export interface Project {
  readonly name: string;
  readonly folder: string;
  readonly dockerfile: string;
  /** The file builds before any fix; where it does not, the safe fixes together must make it build. */
  readonly builds: boolean;
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  readonly checks: readonly Check[];
  /** The number of the user that the fixed image runs as, after the unsafe fixes. */
  readonly user: string | undefined;
  /** Files of the context that a repository would not hold: `.git/HEAD`, `node_modules/…`, `.env`. */
  readonly files: Readonly<Record<string, string>>;
  /** The context is a Git repository with all its files in one commit. */
  readonly repository: boolean;
  readonly edits: readonly ContextEdit[];
  /** The change that the table measures a rebuild after. */
  readonly change?: SourceChange | undefined;
  readonly planted: readonly Planted[];
}

function checkOf(fields: Fields, where: string): Check {
  const expect = fields.text('expect') ?? '';
  if (expect === '') throw new ProofError(`${where}: a check needs \`expect\`, a part of what the container answers.`);
  const start = fields.texts('start');
  const words = fields.texts('run');
  const address = fields.text('get');
  fields.end();
  if (start !== undefined) return { kind: 'start', words: start, expect };
  if (words !== undefined && words.length > 0) return { kind: 'run', words, expect };
  if (address?.startsWith('http://127.0.0.1:') === true) return { kind: 'get', address, expect };
  throw new ProofError(`${where}: a check is one of \`get\` (an address at 127.0.0.1), \`start\` and \`run\` (lists of words).`);
}

function editOf(fields: Fields, where: string): ContextEdit {
  const edit = { file: fields.text('file') ?? '', text: fields.text('text') };
  fields.end();
  if (edit.file === '') throw new ProofError(`${where}: an edit needs \`file\`.`);
  return edit;
}

function changeOf(fields: Fields, folder: string, where: string): SourceChange {
  const change = { file: fields.text('file') ?? '', from: fields.text('from') ?? '', to: fields.text('to') ?? '' };
  fields.end();
  const path = join(folder, change.file);
  const found = existsSync(path) && !path.endsWith('/') ? readFileSync(path, 'utf8').split(change.from).length - 1 : 0;
  if (change.from === '' || change.to === '' || found !== 1) throw new ProofError(`${where}: \`change\` needs \`file\`, \`from\`, which the file has once, and \`to\`.`);
  return change;
}

function plantedOf(fields: Fields, dockerfile: string, where: string): Planted {
  const need = (name: string): string => fields.text(name) ?? '';
  const planted = { name: need('name'), rule: need('rule'), from: need('from'), to: need('to'), shows: need('shows') };
  fields.end();
  if (planted.name === '' || planted.rule === '' || planted.shows === '') throw new ProofError(`${where}: a planted fix needs \`name\`, \`rule\`, \`from\`, \`to\` and \`shows\`.`);
  if (dockerfile.split(planted.from).length !== 2) throw new ProofError(`${where}: "${planted.name}" must find its \`from\` once in the Dockerfile.`);
  return planted;
}

/**
 * Reads a project: its Dockerfile and `proof.json`.
 * @throws {ProofError} when one of them is missing or wrong
 */
export function readProject(projects: string, name: string): Project {
  const folder = join(projects, name);
  const path = join(folder, 'proof.json');
  if (!existsSync(join(folder, 'Dockerfile')) || !existsSync(path)) throw new ProofError(`${folder}: a project needs a Dockerfile and a proof.json.`);
  const fields = readJson(path);
  const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
  const project = {
    name, folder, dockerfile,
    builds: fields.flag('builds') ?? true,
    buildArguments: fields.table('arguments'),
    target: fields.text('target'),
    checks: fields.list('checks').map((each) => checkOf(each, path)),
    user: fields.text('user'),
    files: fields.table('files'),
    repository: fields.flag('repository') ?? false,
    edits: fields.list('edits').map((each) => editOf(each, path)),
    change: fields.list('change').map((each) => changeOf(each, folder, path))[0],
    planted: fields.list('planted').map((each) => plantedOf(each, dockerfile, path)),
  };
  fields.end();
  if (project.checks.length === 0) throw new ProofError(`${path}: name at least one of \`checks\`.`);
  return project;
}

/** The names of all projects. */
export const projectNames = (projects: string): string[] =>
  readdirSync(projects, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Iterable<readonly [string, string]>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/**
 * A copy of the build context, as a build is to get it. The Dockerfile in it stays the one before any fix: builds take
 * the fixed text from elsewhere, so that an image that holds all of the context does not differ by it.
 */
export async function copyContext(engine: Engine, project: Project): Promise<string> {
  const folder = mkdtempSync(join(engine.scratch, `${project.name}-`));
  cpSync(project.folder, folder, { recursive: true, verbatimSymlinks: true, filter: (path) => path !== join(project.folder, 'proof.json') });
  writeFiles(folder, Object.entries(project.files));
  if (project.repository) await commit(folder, engine.signal);
  return folder;
}

/**
 * A copy of a copy with some files changed.
 * @param files what fixes change or make beside the Dockerfile
 */
export function changedContext(engine: Engine, context: string, files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(engine.scratch, 'changed-'));
  cpSync(context, folder, { recursive: true, verbatimSymlinks: true });
  writeFiles(folder, files);
  return folder;
}

/**
 * Makes a folder a repository that is the same each time. The ignore file counts as unchanged whatever fixes make of it, as it
 * will be once the fix is committed: builds that ask Git would see a changed tree otherwise.
 */
async function commit(folder: string, signal: AbortSignal): Promise<void> {
  const date = '2026-01-01T00:00:00Z';
  const who = { NAME: 'proof', EMAIL: 'proof@localhost', DATE: date };
  const environment: NodeJS.ProcessEnv = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  for (const [name, value] of Object.entries(who)) for (const role of ['AUTHOR', 'COMMITTER']) environment[`GIT_${role}_${name}`] = value;
  const git = (...args: string[]): Promise<string> => must('git', args, { cwd: folder, environment, signal });
  await git('init', '--quiet', '--initial-branch=main');
  writeFiles(folder, [['.git/info/exclude', '.dockerignore\n']]);
  await git('add', '--all');
  await git('commit', '--quiet', '--message=All');
}
