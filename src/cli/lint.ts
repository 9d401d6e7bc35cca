import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError, quote } from '../config/error.ts';
import { readText, writeAtomically } from '../files.ts';
import { readDockerfile } from '../model/dockerfile.ts';
import { colors } from '../report/colors.ts';
import { formats } from '../report/formats.ts';
import type { FileReport } from '../report/report.ts';
import { plural, visible, visibleLines } from '../report/text.ts';
import { Checker, type Checked, type FileChange, type Target } from './check.ts';
import { sentenceOf } from './errors.ts';
import { ranks, reaches } from './level.ts';
import type { LintOptions } from './options.ts';
import { Progress } from './progress.ts';
import { findTargets } from './targets.ts';
import { columnsOf, wantsColor, type Output, type Terminal } from './terminal.ts';

/** What `--quiet` lets through: findings that make the run fail; with `--fail-on none`, errors. */
function withoutNoise(file: FileReport, { quiet, failOn }: LintOptions): FileReport {
  const least = Math.min(ranks[failOn], ranks.error);
  return quiet ? { ...file, diagnostics: file.diagnostics.filter(({ severity }) => ranks[severity] >= least) } : file;
}

/** @throws {ConfigError} when the folder of `--context` is none */
async function checkContext({ context }: LintOptions, { folder }: Terminal): Promise<void> {
  if (context === undefined) return;
  const found = await stat(resolve(folder, context)).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new ConfigError(`--context: ${quote(context)} is not a folder.`);
}

/** Checks every file, in order: what fixing one writes, the next one sees. A second thread was tried and gained nothing. */
async function checkAll(targets: readonly Target[], checker: Checker, terminal: Terminal): Promise<Checked[]> {
  const progress = new Progress(() => terminal.errors, targets.length);
  const all: Checked[] = [];
  for (const target of targets) {
    const start = performance.now();
    const checked = await checker.check(target);
    progress.tick();
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

/** Writes a text to where the user wants it: a file, or an output. */
function deliver(text: string, file: string | undefined, options: LintOptions, { folder }: Terminal, output: Output): void {
  if (file === undefined) return output.write(text);
  try {
    writeAtomically(resolve(folder, file), text);
  } catch (error) {
    throw new ConfigError(sentenceOf(error, file === options.output ? '--output' : '--format'));
  }
}

/** Makes the reports that the user wants; those for files are written first, so that a file that can't be is all that is said. */
async function report(files: readonly FileReport[], checker: Checker, terminal: Terminal, output: Output): Promise<void> {
  const { options, rules, folder } = checker;
  const applied = options.fix && !options.diff ? (options.unsafe ? 'unsafe' : 'safe') : undefined;
  const shown = files.map((file) => withoutNoise(file, options));
  const inOrder = options.reports.toSorted((a, b) => Number(a.file === undefined) - Number(b.file === undefined));
  for (const { format, file } of inOrder) {
    const reporter = await formats[format]();
    const color = file === undefined ? wantsColor(options.color, output, terminal.environment) : options.color === true;
    const text = reporter(shown, { color, columns: columnsOf(output), applied, rules, folder });
    if (text !== '' || file !== undefined) deliver(text, file, options, terminal, output);
  }
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

function exitCode(files: readonly FileReport[], { failOn, maxWarnings }: LintOptions, terminal: Terminal): number {
  if (files.some(({ error }) => error !== undefined)) return 2;
  const warnings = files.flatMap(({ diagnostics }) => diagnostics).filter(({ severity }) => severity === 'warning').length;
  const tooMany = maxWarnings !== undefined && warnings > maxWarnings;
  if (tooMany) terminal.errors.write(`${plural(warnings, 'warning')}: more than the ${maxWarnings} of --max-warnings.\n`);
  return tooMany || files.some((file) => reaches(file, failOn)) ? 1 : 0;
}

/**
 * Lints, and with `--fix` fixes, all files that the options name; reports.
 *
 * @returns the exit code
 * @throws {ConfigError} for options that can't be followed
 */
export async function runLint(options: LintOptions, terminal: Terminal): Promise<number> {
  const checker = new Checker(options, terminal.folder);
  await checkContext(options, terminal);
  const { targets, failures } = await findTargets(options, terminal);
  checkStage(targets, options);
  const checked = await checkAll(targets, checker, terminal);
  const files = [...checked.map((each) => each.report), ...failures];
  if (options.verbose) for (const { note } of checked) terminal.errors.write(`${visible(note)}\n`);
  if (options.diff) await reportDiff(checked, failures, options, terminal);
  else if (options.fix && options.paths.includes('-')) await reportFixedInput(checked[targets.findIndex(({ text }) => text !== undefined)], files, checker, terminal);
  else await report(files, checker, terminal, terminal.output);
  return exitCode(files, options, terminal);
}
