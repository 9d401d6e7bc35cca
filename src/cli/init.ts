import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError, listed, quote } from '../config/error.ts';
import type { BuildContext } from '../context/context.ts';
import { openContext } from '../context/disk.ts';
import { overlayContext } from '../context/overlay.ts';
import { lint } from '../index.ts';
import { Asker } from '../init/ask.ts';
import { wordsOf } from '../init/command.ts';
import { composeNames, composeText } from '../init/compose.ts';
import { candidates, ecosystems, projectFolders, type Candidate } from '../init/detect.ts';
import { ignoreFor, secretsOf } from '../init/ignore.ts';
import { ecosystemNames } from '../init/names.ts';
import type { Plan, Wishes } from '../init/plan.ts';
import { isThere, writeFiles, type NewFile } from '../init/write.ts';
import { plural, visible, visibleLines } from '../report/text.ts';
import type { InitOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** What a run works with. */
interface Run {
  readonly folder: string;
  readonly context: BuildContext;
  readonly options: InitOptions;
  readonly terminal: Terminal;
  readonly asker: Asker | undefined;
}

const dockerfileNames = ['Dockerfile', 'dockerfile', 'Containerfile'];

/** Which of several names is there already. */
const present = ({ folder }: Run, names: readonly string[]): string | undefined => names.find((name) => isThere(folder, name));

/** The kinds that a folder shows, or a sentence that says where else to look. */
function unknown({ context }: Run): ConfigError {
  const folders = projectFolders(context);
  if (folders.length === 0) {
    const what = 'No manifest here says what this project is (package.json, pyproject.toml, go.mod …), so nothing is written';
    return new ConfigError(`${what}; name it with --ecosystem ${ecosystemNames.join('|')}.`);
  }
  const rest = folders.length > 8 ? `, and ${folders.length - 8} more` : '';
  const names = rest === '' ? listed(folders, 'and') : folders.slice(0, 8).map(quote).join(', ');
  return new ConfigError(`There is no project in this folder itself but in ${names}${rest}: run shipshape init DIR with one of them.`);
}

async function choose(run: Run): Promise<Candidate> {
  const { context, options, asker } = run;
  const { ecosystem: name } = options;
  if (name !== undefined) return { name, ecosystem: ecosystems[name], mark: '--ecosystem' };
  const found = candidates(context);
  const [first] = found;
  if (first === undefined) throw unknown(run);
  if (found.length === 1) return first;
  const names = found.map((each) => each.name);
  if (asker === undefined) {
    const shows = found.map(({ ecosystem, mark }) => `${ecosystem.title} (${mark})`).join(', ');
    throw new ConfigError(`This may be ${shows}: say which with --ecosystem ${names.join('|')}.`);
  }
  return asker.ask(`Which of ${names.join(', ')} is it?`, first.name, (answer) => {
    const meant = found.find((each) => each.name === answer);
    if (meant === undefined) throw new ConfigError(`Answer ${listed(names, 'or')}.`);
    return meant;
  });
}

/** `-` is none. */
function readPort(answer: string): number | undefined {
  if (answer === '-') return undefined;
  const port = Number(answer);
  if (!/^\d{1,5}$/.test(answer) || port < 1 || port > 65535) throw new ConfigError('A port is a number from 1 to 65535.');
  return port;
}

/** A command as it may be shown, and typed again. */
const typed = (words: readonly string[]): string => words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');

/** The plan after what the user says: by options, else asked. */
async function planFor({ ecosystem }: Candidate, context: BuildContext, { options, asker }: Run): Promise<Plan> {
  const given: Wishes = { port: options.port, start: options.start === undefined ? undefined : wordsOf(options.start) };
  const first = ecosystem.plan(context, given);
  if (asker === undefined) return first;
  const port = given.port ?? await asker.ask('Port the service listens on (none: -)', String(first.port ?? '-'), readPort);
  const second = port === undefined || port === first.port ? first : ecosystem.plan(context, { ...given, port });
  if (given.start !== undefined || second.serves !== undefined) return second;
  const usual = second.start === undefined ? '' : typed(second.start);
  const start = await asker.ask('Start command', usual, (answer) => (answer === usual && usual !== '' ? undefined : wordsOf(answer)));
  return start === undefined ? second : ecosystem.plan(context, { port, start });
}

async function dockerfileOf(run: Run, context: BuildContext): Promise<{ readonly plan: Plan; readonly file: NewFile }> {
  const candidate = await choose(run);
  const plan = await planFor(candidate, context, run);
  const { ecosystem: { title }, mark } = candidate;
  if (plan.start === undefined && plan.serves === undefined) throw new ConfigError(`Nothing tells what starts this ${title} project: say it with --start COMMAND.`);
  const start = plan.start === undefined ? `served by ${plan.serves ?? ''}` : `starts ${visible(typed(plan.start))}`;
  const about = [`${title} by ${visible(mark)}`, start, plan.port === undefined ? 'no port' : `port ${plan.port}`].join(', ');
  return { plan, file: { path: 'Dockerfile', text: plan.dockerfile, about } };
}

/** A `.dockerignore` is no use without a Dockerfile, and each is made with regard to the other. */
function ignoreOf(run: Run, dockerfile: string, isOurs: boolean): NewFile | undefined {
  if (isThere(run.folder, '.dockerignore') && !run.options.force) return undefined;
  const open = overlayContext(run.context, new Map([['.dockerignore', '']]));
  const text = ignoreFor(dockerfile, open, isOurs);
  return { path: '.dockerignore', text, about: plural(text.split('\n').length - 1, 'pattern') };
}

async function composeOf(run: Run, port: number | undefined): Promise<NewFile | undefined> {
  const { options, asker } = run;
  const there = present(run, composeNames);
  const wanted = options.compose ?? (asker === undefined || there !== undefined ? false : await asker.confirm('Write a compose.yaml too?'));
  const free = there === undefined || (there === 'compose.yaml' && options.force);
  return wanted && free ? { path: 'compose.yaml', text: composeText(run.context, port), about: 'docker compose up --build' } : undefined;
}

/** What our own rules find in what is written, if anything: the project itself may give reason. */
async function findingsNote(files: readonly NewFile[], { context }: Run): Promise<readonly string[]> {
  const dockerfile = files.find(({ path }) => path === 'Dockerfile');
  if (dockerfile === undefined) return [];
  const after = overlayContext(context, new Map(files.map(({ path, text }) => [path, text])));
  const { findings } = await lint(dockerfile.text, { context: after, preset: 'recommended' });
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return rules.length === 0 ? [] : [`shipshape finds ${plural(findings.length, 'thing')} in it (${rules.join(', ')}): run it to see them.`];
}

const replaceable = new Set(['Dockerfile', '.dockerignore', 'compose.yaml']);

function report(files: readonly NewFile[], left: readonly string[], notes: readonly string[], { options, terminal }: Run): void {
  const { output, errors } = terminal;
  if (options.dryRun) {
    for (const { path, text } of files) output.write(`==> ${path} <==\n${output.isTerminal ? visibleLines(text) : text}\n`);
  }
  const lines = files.map(({ path, about }) => `${options.dryRun ? 'Would write' : 'Wrote'} ${path}: ${about}.`);
  const kept = left.map((path) => `${path} is there already and stays as it is${replaceable.has(path) ? '; --force replaces it' : ''}.`);
  const to = options.dryRun ? errors : output;
  for (const line of [...lines, ...kept, ...notes.map((note) => `Look at this: ${note}`)]) to.write(`${line}\n`);
}

async function init(run: Run): Promise<number> {
  const { folder, context, options } = run;
  const there = present(run, dockerfileNames);
  if (there !== undefined && there !== 'Dockerfile' && options.force) {
    throw new ConfigError(`${quote(there)} is there, and a Dockerfile beside it would be another: remove it first.`);
  }
  const keeps = there !== undefined && !options.force;
  const keepsIgnore = isThere(folder, '.dockerignore') && !options.force;
  // Secrets are no part of any plan: what is built must not need them.
  const secrets = keepsIgnore ? [] : secretsOf(overlayContext(context, new Map([['.dockerignore', '']])));
  const open = keepsIgnore ? context : overlayContext(context, new Map([['.dockerignore', secrets.join('\n')]]));
  const made = keeps ? undefined : await dockerfileOf(run, open);
  const compose = await composeOf(run, made?.plan.port ?? options.port);
  const text = made?.file.text ?? context.read(there ?? '') ?? '';
  const files = [made?.file, ignoreOf(run, text, made !== undefined), compose].filter((file) => file !== undefined);
  const composeThere = options.compose === true && compose === undefined ? present(run, composeNames) : undefined;
  const kept = [keeps ? there : undefined, keepsIgnore ? '.dockerignore' : undefined, composeThere].filter((path) => path !== undefined);
  const hidden = made === undefined || secrets.length === 0 ? [] : [`What looks like a secret stays out of the build: ${secrets.slice(0, 5).join(', ')}.`];
  const notes = [...(made?.plan.notes ?? []), ...hidden, ...await findingsNote(files, run)];
  if (!options.dryRun) writeFiles(folder, files);
  report(files, kept, notes, run);
  return 0;
}

/**
 * `shipshape init [DIR]`
 *
 * @returns the exit code
 * @throws {ConfigError} where nothing can be written: an unknown kind of project, several of them, no start command
 */
export async function runInit(words: readonly string[], options: InitOptions, terminal: Terminal): Promise<number> {
  if (words.length > 1) throw new ConfigError('Which folder? Name one.');
  const folder = resolve(terminal.folder, words[0] ?? '.');
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new ConfigError(`${quote(words[0] ?? '.')} is not a folder.`);
  const { input } = terminal;
  const asker = input === undefined || options.yes ? undefined : new Asker(input, terminal);
  try {
    return await init({ folder, context: openContext(folder), options, terminal, asker });
  } finally {
    asker?.close();
  }
}
