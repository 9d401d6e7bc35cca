import { reaches } from '../cli/level.ts';
import { resolve } from 'node:path';
import { Checker, type Checked, type Target } from '../cli/check.ts';
import { filesBehind } from '../cli/concerns.ts';
import { sentenceOf } from '../cli/errors.ts';
import { Progress } from '../cli/progress.ts';
import { addShellFindings } from '../cli/shellcheck.ts';
import { findTargets } from '../cli/targets.ts';
import { ConfigError } from '../config/error.ts';
import { writeAtomically } from '../files.ts';
import { formats, type Format } from '../report/formats.ts';
import { countsInWords, summarize, type FileReport } from '../report/report.ts';
import { plural } from '../report/text.ts';
import { Api, ApiError } from './api.ts';
import { changedFiles, onlyNew, type DiffLines } from './changes.ts';
import { postComment } from './comment.ts';
import { readChange, type Change } from './event.ts';
import { Runner, type World } from './runner.ts';
import { readSettings, type Settings } from './settings.ts';
import { postSuggestions, suggestionsFor } from './suggestions.ts';

/** All of one run, once the inputs are read. */
interface Run {
  readonly runner: Runner;
  readonly settings: Settings;
  readonly checker: Checker;
  readonly change: Change | undefined;
  /** Made where it is first needed: most runs ask GitHub nothing. */
  readonly api: () => Api;
}

function begin(runner: Runner): Run {
  const { environment } = runner.world;
  const settings = readSettings(runner);
  const checker = new Checker(settings.options, settings.workspace);
  const address = environment['GITHUB_API_URL'] ?? 'https://api.github.com';
  const api = (): Api => new Api({ address, repository: environment['GITHUB_REPOSITORY'] ?? '', token: runner.input('token') });
  return { runner, settings, checker, change: readChange(environment['GITHUB_EVENT_PATH']), api };
}

/** The diffs that the run needs; undefined where it needs none, or there are none. */
async function readDiffs({ runner, settings, change, api }: Run): Promise<ReadonlyMap<string, DiffLines> | undefined> {
  const { changedOnly, suggest } = settings;
  if (!changedOnly && !(suggest && change !== undefined && 'pull' in change)) return undefined;
  try {
    const changed = change === undefined ? undefined : await changedFiles(api(), change);
    if (changed === undefined && changedOnly) runner.say('notice', 'There is no change to compare with, or it is too large; all files are checked.');
    return changed;
  } catch (error) {
    // Only suggestions would be missing.
    if (changedOnly || !(error instanceof ApiError)) throw error;
    runner.say('warning', error.message);
    return undefined;
  }
}

async function check({ settings, checker, runner }: Run, changed: ReadonlyMap<string, DiffLines> | undefined): Promise<readonly FileReport[]> {
  const { options, workspace, changedOnly, newOnly } = settings;
  const output = { isTerminal: false, columns: undefined, write: () => undefined };
  const terminal = { folder: workspace, environment: runner.world.environment, output, errors: output, readInput: async () => new Uint8Array() };
  const { targets, failures } = await findTargets(options, terminal);
  const config = typeof options.config === 'string' ? checker.shownPath(resolve(workspace, options.config)) : options.config;
  const concerned = ({ file, path }: Target): boolean =>
    filesBehind(file === undefined ? path : checker.shownPath(file), { config }).some((name) => changed?.has(name) === true);
  const checked: Checked[] = [];
  for (const target of changed !== undefined && changedOnly ? targets.filter(concerned) : targets) {
    // As GitHub calls it, however the input did.
    const path = target.file === undefined ? target.path : checker.shownPath(target.file);
    checked.push(await checker.check({ ...target, path }));
  }
  const { checked: all, notes } = await addShellFindings(checked, checker, terminal, new Progress(() => output, 0));
  for (const note of notes) runner.say('warning', note);
  const files = all.map((each) => each.report);
  return [...(changed !== undefined && newOnly ? files.map((file) => onlyNew(file, changed)) : files), ...failures];
}

async function textOf(format: Format, files: readonly FileReport[], { checker }: Run): Promise<string> {
  const reporter = await formats[format]();
  return reporter(files, { color: format === 'stylish', columns: 120, applied: undefined, rules: checker.rules, folder: checker.folder });
}

async function report(files: readonly FileReport[], run: Run): Promise<void> {
  const { runner, settings: { sarifFile, workspace } } = run;
  runner.print(await textOf('stylish', files, run));
  runner.world.write(await textOf('github', files, run));
  runner.summary(await textOf('markdown', files, run));
  if (sarifFile !== undefined) writeAtomically(resolve(workspace, sarifFile), await textOf('sarif', files, run));
  const counts = summarize(files);
  const outputs = { errors: counts.errors, warnings: counts.warnings, infos: counts.infos, fixable: counts.fixable.safe, 'sarif-file': sarifFile ?? '' };
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
}

/** Speaks on the pull request. Where it may not, as for one of a fork, the run goes on: what was found stands in its log. */
async function speak(files: readonly FileReport[], changed: ReadonlyMap<string, DiffLines> | undefined, run: Run): Promise<void> {
  const { runner, settings: { comment, suggest, unsafe }, change, api } = run;
  if (change === undefined || !('pull' in change)) return;
  const isNews = files.some(({ diagnostics, error }) => diagnostics.length > 0 || error !== undefined);
  const quietly = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      runner.say('warning', error.message);
    }
  };
  if (comment) await quietly(async () => postComment(api(), change.pull, await textOf('markdown', files, run), isNews));
  if (suggest) await quietly(() => postSuggestions(api(), change, files.flatMap((file) => suggestionsFor(file, changed?.get(file.path), unsafe))));
}

/**
 * Runs the action: checks the files, and says what it found in the log, on the lines, in the summary, and where asked for
 * on the pull request and in a file. Runs no code of the repository unless plugins are allowed.
 * @returns the exit code: 1 for findings at or above the level, and for all that went wrong. Never throws.
 */
export async function runAction(world: World): Promise<number> {
  const runner = new Runner(world);
  try {
    const run = begin(runner);
    const changed = await readDiffs(run);
    const files = await check(run, changed);
    await report(files, run);
    await speak(files, changed, run);
    const counts = summarize(files);
    const level = run.settings.options.failOn;
    const failed = files.some((file) => file.error !== undefined || reaches(file, level));
    runner.print(`${countsInWords(counts)} in ${plural(files.length, 'file')}; the step ${failed ? 'fails' : 'passes'} (fail-on: ${level}).`);
    return failed ? 1 : 0;
  } catch (error) {
    const known = error instanceof ConfigError || error instanceof ApiError;
    runner.say('error', known ? error.message : sentenceOf(error, 'The run failed'));
    return 1;
  }
}
