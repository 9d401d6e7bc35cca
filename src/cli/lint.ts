import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError, quote } from '../config/error.ts';
import { readText } from '../files.ts';
import { readDockerfile } from '../model/dockerfile.ts';
import { colors } from '../report/colors.ts';
import type { FileReport } from '../report/report.ts';
import { plural, visible, visibleLines } from '../report/text.ts';
import { Checker, type Checked, type FileChange, type Memory, type Target } from './check.ts';
import type { LintOptions } from './options.ts';
import { Progress } from './progress.ts';
import { deliver, exitCode, writeReports } from './reports.ts';
import { selectTargets } from './select.ts';
import { findTargets } from './targets.ts';
import { wantsColor, type Output, type Terminal } from './terminal.ts';

/** @throws {ConfigError} when the folder of `--context` is none */
async function checkContext({ context }: LintOptions, { folder }: Terminal): Promise<void> {
  if (context === undefined) return;
  const found = await stat(resolve(folder, context)).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new ConfigError(`--context: ${quote(context)} is not a folder.`);
}

/** Fewer files are done before other threads have started. */
const manyFiles = 300;

/** Threads help where there are many files, and nothing that one file's check does to the next one's, as fixes do, or keeps for a later run. */
const threadsHelp = (targets: readonly Target[], { fix, diff, cache, baseline, allowPlugins, verbose }: LintOptions): boolean =>
  targets.length >= manyFiles && !fix && !diff && !cache && baseline === undefined && !allowPlugins && !verbose;

/** Checks every file: many in several threads, else in order, for what fixing one writes, the next one sees. */
async function checkAll(targets: readonly Target[], checker: Checker, terminal: Terminal): Promise<Checked[]> {
  const { options, folder } = checker;
  const progress = new Progress(() => terminal.errors, targets.length);
  const tick = (): void => { progress.tick(); };
  const threads = threadsHelp(targets, options) ? await import('./threads.ts') : undefined;
  const known = await threads?.checkInThreads({ targets, options, folder }, checker, tick);
  const all: Checked[] = [];
  for (const [place, target] of targets.entries()) {
    const start = performance.now();
    const checked = known?.get(place) ?? await checker.check(target);
    if (known === undefined) tick();
    all.push({ ...checked, note: `${target.path}: ${checked.note}, ${(performance.now() - start).toFixed(1)} ms` });
  }
  progress.end();
  return all;
}

/** The diffs of all files; one that two Dockerfiles would change is shown once. */
async function diffsOf(checked: readonly Checked[], output: Output, color: boolean): Promise<string> {
  const { shownDiff, unifiedDiff } = await import('../report/diff.ts');
  const changes = new Map<string, FileChange>();
  for (const change of checked.flatMap((each) => each.changes)) {
    if (!changes.has(change.path)) changes.set(change.path, change);
  }
  const diffs = [...changes.values()].map((change) => (color || output.isTerminal ? shownDiff(change, colors(color)) : unifiedDiff(change)));
  return diffs.join('');
}

/** Makes the reports that the user wants. */
async function report(files: readonly FileReport[], { options, rules }: Checker, terminal: Terminal, output: Output): Promise<void> {
  const applied = options.fix && !options.diff ? (options.unsafe ? 'unsafe' : 'safe') : undefined;
  await writeReports(files, options, { applied, rules }, terminal, output);
}

/** The diff goes to the output; counts and failures to the errors, out of its way. */
async function reportDiff(checked: readonly Checked[], failures: readonly FileReport[], options: LintOptions, terminal: Terminal): Promise<void> {
  const color = options.output === undefined ? wantsColor(options.color, terminal.output, terminal.environment) : false;
  deliver(await diffsOf(checked, terminal.output, color), options.output, options, terminal, terminal.output);
  for (const { path, error } of [...checked.map(({ report: each }) => each), ...failures]) {
    if (error !== undefined) terminal.errors.write(`${visible(path)}: ${visible(error)}\n`);
  }
  const changed = checked.filter(({ changes }) => changes.length > 0).length;
  terminal.errors.write(changed === 0 ? 'Nothing to change.\n' : `Would change ${changed} of ${plural(checked.length, 'file')}.\n`);
}

/** The fixed text of standard input goes to the output, so the report goes to the errors, also where there is no such text. */
async function reportFixedInput(input: Checked | undefined, files: readonly FileReport[], checker: Checker, terminal: Terminal): Promise<void> {
  if (input !== undefined) terminal.output.write(terminal.output.isTerminal ? visibleLines(input.text) : input.text);
  await report(files, checker, terminal, terminal.errors);
  const others = input?.changes.filter(({ path }) => path !== input.report.path) ?? [];
  for (const { path } of others) terminal.errors.write(`${visible(path)} is left as it is: give the Dockerfile as a path to have it changed too.\n`);
}

/** @throws {ConfigError} when no file has the stage of `--target` */
function checkStage(targets: readonly Target[], { target }: LintOptions): void {
  if (target === undefined || targets.length === 0) return;
  const name = target.toLowerCase();
  const has = (each: Target): boolean => {
    const read = each.text === undefined ? readText(each.file ?? '') : { text: each.text };
    return 'problem' in read || readDockerfile(read.text).stages.some((stage) => stage.name === name || String(stage.index) === name);
  };
  if (!targets.some(has)) throw new ConfigError(`--target: no stage is called ${quote(target)}.`);
}

/** What the user lets us remember of former runs. The results of fixes are not kept: fixing changes what they come from. */
async function openMemory(options: LintOptions, { folder }: Terminal): Promise<Memory> {
  const { baseline, cache, cacheLocation, fix, diff } = options;
  return {
    cache: cache && !fix && !diff ? (await import('./cache.ts')).ResultCache.open(cacheLocation, folder) : undefined,
    baseline: baseline === undefined ? undefined : (await import('./baseline.ts')).openBaseline(baseline, options, folder),
  };
}

/** Adds what ShellCheck finds in the scripts; says what the user should know of that. */
async function withShellCheck(checked: readonly Checked[], checker: Checker, terminal: Terminal): Promise<{ readonly checked: readonly Checked[]; readonly notes: readonly string[] }> {
  const { options: { shellcheck, verbose } } = checker;
  if (shellcheck === 'off') return { checked, notes: [] };
  const { addShellFindings } = await import('./shellcheck.ts');
  const { notes, hints, checked: all } = await addShellFindings(checked, checker, terminal, new Progress(() => terminal.errors, 0, 'scripts'));
  return { checked: all, notes: verbose ? [...notes, ...hints] : notes };
}

/** What is found without what is accepted, and what to say of that. The baseline is written first where that is wanted. */
async function withoutAccepted(checked: readonly Checked[], { options, memory }: Checker): Promise<{ readonly reports: readonly FileReport[]; readonly notes: readonly string[] }> {
  if (memory.baseline === undefined) return { reports: checked.map((each) => each.report), notes: [] };
  const baseline = options.writeBaseline ? memory.baseline.updatedBy(checked) : memory.baseline;
  if (options.writeBaseline) baseline.write();
  const { baselineNotes } = await import('./baseline.ts');
  const reports = checked.map(({ target, report: each }) => ({ ...each, diagnostics: baseline.newOf(target.file, each) }));
  return { reports, notes: baselineNotes(baseline, checked, options) };
}

/**
 * Lints, and with `--fix` fixes, all files that the options name; reports.
 *
 * @returns the exit code
 * @throws {ConfigError} for options that can't be followed
 */
export async function runLint(options: LintOptions, terminal: Terminal): Promise<number> {
  const checker = new Checker(options, terminal.folder, await openMemory(options, terminal));
  await checkContext(options, terminal);
  const found = await findTargets(options, terminal);
  checkStage(found.targets, options);
  const { targets, failures, notes } = await selectTargets(found, options, terminal);
  const { checked, notes: shellNotes } = await withShellCheck(await checkAll(targets, checker, terminal), checker, terminal);
  const cacheNote = checker.memory.cache?.save();
  const { reports, notes: baselineNotes } = await withoutAccepted(checked, checker);
  const files = [...reports, ...failures];
  if (options.verbose) for (const note of [...notes, ...checked.map((each) => each.note)]) terminal.errors.write(`${visible(note)}\n`);
  if (options.diff) await reportDiff(checked, failures, options, terminal);
  else if (options.fix && options.paths.includes('-')) await reportFixedInput(checked.find(({ target }) => target.text !== undefined), files, checker, terminal);
  else await report(files, checker, terminal, terminal.output);
  for (const note of [...shellNotes, ...(options.quiet ? [] : baselineNotes), ...(cacheNote === undefined ? [] : [cacheNote])]) terminal.errors.write(`${visible(note)}\n`);
  return exitCode(files, options, terminal);
}
