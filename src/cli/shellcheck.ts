import { join } from 'node:path';
import { codeIn, isShellCode, ruleIdOf } from '../codes.ts';
import { ConfigError } from '../config/error.ts';
import type { Config } from '../config/settings.ts';
import { addFindings } from '../lint.ts';
import { readDockerfile } from '../model/dockerfile.ts';
import { plural } from '../report/text.ts';
import { findShellCheck, type Environment } from '../shellcheck/find.ts';
import type { Comments, Program } from '../shellcheck/program.ts';
import type { ShellScript } from '../shellcheck/scripts.ts';
import { LineMap } from '../span.ts';
import type { Checked, Checker } from './check.ts';
import { sentenceOf } from './errors.ts';
import type { LintOptions } from './options.ts';
import type { Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** What ShellCheck added to a run. */
interface Outcome {
  readonly checked: readonly Checked[];
  /** What the user should know. */
  readonly notes: readonly string[];
  /** What a user who wants to know more may be told. */
  readonly hints: readonly string[];
}

/** A file whose scripts are to be checked. */
interface Candidate {
  readonly checked: Checked;
  readonly config: Config | undefined;
  /** It must be checked. */
  readonly isNeeded: boolean;
  readonly scripts: readonly ShellScript[];
}

/** False where nothing ShellCheck finds could be told of. */
const isWanted = ({ only, shellcheck }: LintOptions): boolean =>
  shellcheck !== 'off' && (only.length === 0 || only.some((name) => isShellCode(name) || name.toLowerCase() === 'hadolint/*'));

/** The files that are to be checked, with their scripts. */
async function candidates(checked: readonly Checked[], checker: Checker, scriptsOf: (each: Checked) => readonly ShellScript[]): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const each of checked) {
    const config = await checker.configFor(each.target).catch(() => null);
    // One whose config can't be used was not checked at all.
    if (config === null) continue;
    const mode = checker.options.shellcheck ?? config?.shellcheck ?? 'auto';
    if (mode !== 'off') found.push({ checked: each, config, isNeeded: mode === 'on', scripts: scriptsOf(each) });
  }
  return found;
}

const dockerfileOf = ({ report }: Checked, { options: { buildArguments, target } }: Checker) =>
  readDockerfile(report.text, { path: report.path, buildArguments, target });

/** Says of which RUN nothing could be found out. */
function gapsIn({ checked: { report }, scripts }: Candidate, comments: readonly Comments[]): string | undefined {
  const lines = new LineMap(report.text);
  const missed = scripts.flatMap(({ at }, index) => (comments[index] === undefined ? [lines.position(at.start).line] : []));
  if (missed.length === 0) return undefined;
  return `ShellCheck took too long, or failed, for ${missed.length === 1 ? 'the RUN of line' : 'the RUNs of lines'} ${missed.join(', ')}; the rest was checked.`;
}

/** The scripts that former runs know nothing of, checked; then what is known of all of them. */
async function check(found: readonly Candidate[], program: Program, { memory: { cache } }: Checker, progress: Progress): Promise<readonly (readonly Comments[])[]> {
  const { runShellCheck, scriptKey } = await import('../shellcheck/program.ts');
  const all = found.flatMap(({ checked, scripts }) => {
    const known = cache?.commentsOn(checked.target.file);
    return scripts.map((script) => ({ script, known: known?.get(scriptKey(script, program)) }));
  });
  const open = all.filter(({ known }) => known === undefined);
  const answers = await runShellCheck(program, open.map(({ script }) => script), (done, of) => { progress.reach(done, of); });
  const fresh = new Map(open.map((each, index) => [each, answers[index]]));
  const comments = all.map((each) => each.known ?? fresh.get(each));
  let at = 0;
  return found.map(({ checked, scripts }) => {
    const own = comments.slice(at, (at += scripts.length));
    cache?.keepComments(checked.target.file, new Map(scripts.flatMap((script, index) => {
      const said = own[index];
      return said === undefined ? [] : [[scriptKey(script, program), said] as const];
    })));
    return own;
  });
}

/** Puts what ShellCheck says beside what we found. */
async function merge(found: readonly Candidate[], comments: readonly (readonly Comments[])[], { knowsBusybox }: Program, checker: Checker): Promise<ReadonlyMap<Checked, Checked>> {
  const { findingsIn, ShellRules } = await import('../shellcheck/findings.ts');
  const { memory: { baseline }, options: { only, ignore, levels, preset } } = checker;
  const findings = found.map(({ checked: { report }, scripts }, place) =>
    scripts.flatMap((script, index) => findingsIn(report.text, script, comments[place]?.[index] ?? [], knowsBusybox)));
  const accepted = (baseline?.rules ?? []).flatMap((id) => codeIn(id) ?? []);
  const codes = new Set([...findings.flat().map(({ code }) => code), ...accepted]);
  const rules = new ShellRules(checker.rules, { only, ignore, levels, preset }, codes);
  return new Map(found.map((candidate, index) => {
    const { checked, config, isNeeded } = candidate;
    const { report, target } = checked;
    const path = target.file ?? join(checker.folder, 'Dockerfile');
    const outside = rules.judged(findings[index] ?? [], report.diagnostics, config, path);
    const names = { known: rules.known(config), hadolintComments: config?.hadolintComments };
    const diagnostics = outside.length === 0 ? report.diagnostics : addFindings(dockerfileOf(checked, checker), report.diagnostics, outside, names);
    const gaps = isNeeded ? gapsIn(candidate, comments[index] ?? []) : undefined;
    const error = gaps === undefined ? report.error : [report.error, gaps].filter((each) => each !== undefined).join(' ');
    const ran = baseline === undefined ? [] : [...codes].filter((code) => rules.isOn(code, config, path)).map(ruleIdOf);
    return [checked, { ...checked, report: { ...report, diagnostics, error }, rules: [...checked.rules, ...ran] }];
  }));
}

/** Has the program read the scripts of files. */
async function use(path: string, found: readonly Candidate[], checked: readonly Checked[], checker: Checker, environment: Environment, progress: Progress): Promise<Outcome> {
  const start = performance.now();
  const { openShellCheck } = await import('../shellcheck/program.ts');
  const program = await openShellCheck(path, environment);
  const comments = await check(found, program, checker, progress);
  const merged = await merge(found, comments, program, checker);
  const gaps = found.flatMap((each, index) => {
    const gap = each.isNeeded ? undefined : gapsIn(each, comments[index] ?? []);
    return gap === undefined ? [] : [`${each.checked.report.path}: ${gap}`];
  });
  const count = found.reduce((sum, { scripts }) => sum + scripts.length, 0);
  return { checked: checked.map((each) => merged.get(each) ?? each), notes: gaps, hints: [`ShellCheck ${program.version} read ${plural(count, 'script')}, ${(performance.now() - start).toFixed(1)} ms`] };
}

/**
 * Has ShellCheck read the scripts of all files, and adds what it finds.
 * @throws {ConfigError} where it must be used and can't be
 */
export async function addShellFindings(checked: readonly Checked[], checker: Checker, { environment }: Pick<Terminal, 'environment'>, progress: Progress): Promise<Outcome> {
  if (!isWanted(checker.options)) return { checked, notes: [], hints: [] };
  const path = findShellCheck(environment);
  if (path === undefined) {
    const all = await candidates(checked, checker, () => []);
    if (all.some(({ isNeeded }) => isNeeded)) throw new ConfigError('ShellCheck is to read the scripts of RUN, and is not on the PATH: install it, or say "auto" or "off" instead of "on".');
    const hasRun = checker.options.verbose && all.some(({ checked: { report } }) => /^[ \t]*(?:onbuild[ \t]+)?run[ \t]/im.test(report.text));
    return { checked, notes: [], hints: !hasRun ? [] : ['ShellCheck is not on the PATH: only our own rules read the scripts of RUN; install "shellcheck" to have it read them too.'] };
  }
  const { shellScripts } = await import('../shellcheck/scripts.ts');
  const all = await candidates(checked, checker, (each) => {
    const file = dockerfileOf(each, checker);
    return file.problems.length > 0 ? [] : shellScripts(file);
  });
  const withScripts = all.filter(({ scripts }) => scripts.length > 0);
  if (withScripts.length === 0) return { checked, notes: [], hints: [] };
  // What a baseline accepts of a file that has no scripts any more is gone.
  const found = checker.memory.baseline === undefined ? withScripts : all;
  try {
    return await use(path, found, checked, checker, environment, progress);
  } catch (error) {
    if (found.some(({ isNeeded }) => isNeeded)) throw error;
    return { checked, notes: [`${sentenceOf(error, 'ShellCheck could not be used').replace(/\.$/, '')}; only our own rules read the scripts of RUN.`], hints: [] };
  } finally {
    progress.end();
  }
}
