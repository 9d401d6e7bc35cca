import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { rules } from '../../rules/index.ts';
import { ConfigLoader } from '../config/config.ts';
import { RuleResolver, type Config } from '../config/settings.ts';
import type { BuildContext } from '../context/context.ts';
import { openContext } from '../context/disk.ts';
import { locateContext } from '../context/locate.ts';
import { readText, writeAtomically } from '../files.ts';
import { fixText } from '../fix.ts';
import { readDockerfile } from '../model/dockerfile.ts';
import { lintText, type LintRequest, type LintResult } from '../lint.ts';
import type { FileReport } from '../report/report.ts';
import { visible } from '../report/text.ts';
import type { AnyRule } from '../rule.ts';
import type { Baseline } from './baseline.ts';
import type { ResultCache } from './cache.ts';
import { sentenceOf } from './errors.ts';
import type { LintOptions } from './options.ts';

/** A file to check. */
export interface Target {
  /** As reports call it. */
  readonly path: string;
  /** Where it is, or (for standard input with a name) would be; undefined for standard input without one. */
  readonly file: string | undefined;
  /** The text of standard input; other files are read. */
  readonly text?: string;
}

/** What fixes make of a file; nothing is written yet. */
export interface FileChange {
  /** As diffs call it. */
  readonly path: string;
  readonly file: string;
  /** Undefined for a file that is not there yet. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface Checked {
  readonly target: Target;
  readonly report: FileReport;
  /** Where there is a baseline, the rules that ran; none where the file could not be checked. */
  readonly rules: readonly string[];
  /** What fixes change or (with `--diff`) would change, the Dockerfile first. */
  readonly changes: readonly FileChange[];
  /** The Dockerfile after the fixes. */
  readonly text: string;
  /** Rules, config and context, for `--verbose`. */
  readonly note: string;
}

/** What linting or fixing makes of a file. */
type Outcome = Pick<Checked, 'report' | 'changes' | 'text'>;

/** What a run may remember of former ones. */
export interface Memory {
  readonly cache?: ResultCache | undefined;
  readonly baseline?: Baseline | undefined;
}

const failed = (target: Target, text: string, error: string): Checked => ({
  target,
  report: { path: target.path, text, diagnostics: [], fixed: undefined, error },
  rules: [],
  changes: [],
  text,
  note: 'not checked',
});

/** Contexts kept open: files come by folder, and a context may be large. */
const mostContexts = 8;

/** True when a path lies in a folder, its links followed as far as it is there. */
function liesIn(folder: string, file: string): boolean {
  const real = existsSync(file) ? realpathSync(file) : join(realpathSync(dirname(file)), 'new');
  const inner = relative(realpathSync(folder), real);
  return inner !== '' && !inner.startsWith('..') && !isAbsolute(inner);
}

/** Checks one file after the other; configs are read once, what a run needs of the world is opened here. */
export class Checker {
  readonly #loader: ConfigLoader;
  readonly #resolver: RuleResolver;
  /** Contexts by folder, the one used last at the end. */
  readonly #contexts = new Map<string, BuildContext>();
  readonly #rules = new Map(rules);

  /**
   * @param folder the working folder
   * @throws {ConfigError} for a rule of the command line that is not there
   */
  constructor(readonly options: LintOptions, readonly folder: string, readonly memory: Memory = {}) {
    const { only, ignore, levels, preset, allowPlugins, config, environment } = options;
    const file = typeof config === 'string' ? resolve(folder, config) : undefined;
    this.#loader = new ConfigLoader({ rules, file, none: config === false, allowPlugins, hadolint: { folder, environment } });
    this.#resolver = new RuleResolver(rules, { only, ignore, levels, preset });
    // With plugins there may be more names; then each config is asked.
    if (!allowPlugins) this.#resolver.checkNames(undefined);
  }

  /** The rules that may have spoken up to now: ours, and those of the plugins that were loaded. */
  get rules(): ReadonlyMap<string, AnyRule> {
    return this.#rules;
  }

  /** Lints a file, or fixes it. Never throws: what goes wrong stands in the report. */
  async check(target: Target): Promise<Checked> {
    const read = target.text === undefined ? readText(target.file ?? '') : { text: target.text };
    if ('problem' in read) return failed(target, '', visible(read.problem.replace(target.file ?? '', () => target.path)));
    const { text } = read;
    try {
      const { config, request } = await this.prepare(target);
      const { fix, diff } = this.options;
      const cached = fix || diff ? undefined : this.#cached(text, target, config, request);
      const outcome = cached ?? (fix || diff ? await this.#fix(text, target, request) : lint(text, request));
      const note = `${request.rules.length} rules, config ${this.#configNote(config)}, ${this.options.verbose ? this.#contextNote(text, target, request) : ''}`;
      return { target, ...outcome, rules: this.memory.baseline === undefined ? [] : request.rules.map(({ id }) => id), note: `${note}${cached?.note ?? ''}` };
    } catch (error) {
      return failed(target, text, sentenceOf(error, 'The file could not be checked'));
    }
  }

  /** @throws {ConfigError} for a config that can't be used */
  configFor({ file }: Target): Promise<Config | undefined> {
    return this.#loader.load(dirname(file ?? join(this.folder, '-')));
  }

  /**
   * What a file is checked with.
   * @throws {ConfigError} for a config that can't be used
   */
  async prepare(target: Target): Promise<{ readonly config: Config | undefined; readonly request: LintRequest }> {
    const config = await this.configFor(target);
    for (const [id, rule] of config?.plugins ?? []) this.#rules.set(id, rule);
    if (this.options.allowPlugins) this.#resolver.checkNames(config);
    return { config, request: this.#requestFor(target, config, this.#contextFor(target)) };
  }

  /** The context of a file. Dockerfiles of one folder share one, so that the folder is walked once; not one with an ignore file of its own. */
  #contextFor({ file }: Target): BuildContext | undefined {
    const given = this.options.context;
    if (given === undefined && file === undefined) return undefined;
    const dockerfile = file ?? join(this.folder, 'Dockerfile');
    const folder = given === undefined ? dirname(dockerfile) : resolve(this.folder, given);
    if (existsSync(`${dockerfile}.dockerignore`)) return openContext(folder, dockerfile);
    const context = this.#contexts.get(folder) ?? openContext(folder, dockerfile);
    this.#contexts.delete(folder);
    this.#contexts.set(folder, context);
    const [oldest] = this.#contexts.keys();
    if (oldest !== undefined && this.#contexts.size > mostContexts) this.#contexts.delete(oldest);
    return context;
  }

  #configNote(config: Config | undefined): string {
    if (config === undefined) return 'none';
    const over = config.passedOver === undefined ? '' : ` (${this.shownPath(config.passedOver)} is not read beside it)`;
    return `${config.file === undefined ? 'HADOLINT_* variables' : this.shownPath(config.file)}${over}`;
  }

  /** The context that counts, and one to name with `--context` where the Dockerfile was written for a folder above. */
  #contextNote(text: string, { file }: Target, request: LintRequest): string {
    const { context, contextGiven } = request;
    if (context === undefined || contextGiven || file === undefined) return `context ${context?.folder ?? 'none'}`;
    const open = (folder: string): BuildContext => (folder === context.folder ? context : openContext(folder, file));
    const located = locateContext(readDockerfile(text), open, dirname(file), (folder) => existsSync(join(folder, '.git')));
    if (located?.guessed === false) return `context ${context.folder ?? 'none'}`;
    return located === undefined ? 'context unknown' : `context unknown; perhaps it is ${this.shownPath(located.context.folder ?? '.')} (--context)`;
  }

  #requestFor({ path, file }: Target, config: Config | undefined, context: BuildContext | undefined): LintRequest {
    return {
      path,
      rules: this.#resolver.resolve(config, file ?? join(this.folder, 'Dockerfile')),
      known: this.#resolver.known(config),
      context,
      contextGiven: this.options.context !== undefined,
      buildArguments: this.options.buildArguments,
      target: this.options.target,
      hadolintComments: config?.hadolintComments,
    };
  }

  /** Lints through the cache; undefined where there is none. What plugins conclude from, nobody can tell. */
  #cached(text: string, target: Target, config: Config | undefined, request: LintRequest): (Outcome & { readonly note: string }) | undefined {
    const { cache } = this.memory;
    if (cache === undefined || target.file === undefined || target.text !== undefined) return undefined;
    if (config !== undefined && config.plugins.size > 0) return { ...lint(text, request), note: ', not cached because of plugins' };
    const result = cache.lint(target.file, text, request);
    return { report: reportOf(target.path, result), changes: [], text, note: result.isOld ? ', from the cache' : '' };
  }

  async #fix(text: string, target: Target, request: LintRequest): Promise<Outcome> {
    const { baseline } = this.memory;
    const fixed = fixText(text, request, this.options.unsafe ? 'unsafe' : 'safe', (found) => baseline?.newOf(target.file, found) ?? found.diagnostics);
    const changes = this.#changes(target, text, fixed, request.context);
    // What is only shown or could not be written changes nothing: the findings are then those of the file as it is.
    const asIs = (error?: string): Outcome => {
      const { report } = lint(text, request);
      return { report: { ...report, error: error ?? errorOf([...fixed.bugs, ...(report.error === undefined ? [] : [report.error])]) }, changes, text: fixed.text };
    };
    if (this.options.diff) return asIs();
    try {
      // Standard input has no file: its text goes to the output, and nothing is written.
      if (target.text === undefined) for (const { file, after } of changes.toReversed()) writeAtomically(file, after);
      // Whoever comes next must see what was written beside this file.
      if (fixed.otherFiles.size > 0) this.#contexts.clear();
    } catch (error) {
      const sentence = changes.reduce((text, { file, path }) => text.replace(file, () => path), sentenceOf(error, 'The fixes could not be written'));
      return { ...asIs(sentence), changes: [] };
    }
    return { report: { ...reportOf(target.path, fixed), fixed: fixed.fixed }, changes, text: fixed.text };
  }

  #changes({ file, path }: Target, text: string, fixed: LintResult, context: BuildContext | undefined): FileChange[] {
    const own = fixed.text === text ? [] : [{ path, file: file ?? '', before: text, after: fixed.text }];
    const folder = context?.folder;
    if (folder === undefined) return own;
    const others = [...fixed.otherFiles].map(([name, after]) => {
      const other = join(folder, name);
      const ignoreFile = name === context?.ignoreFile?.path ? context.ignoreFile.text : undefined;
      if (ignoreFile === undefined && !liesIn(folder, other)) throw new Error(`a fix would change ${name}, which lies outside of the build context`);
      return { path: this.shownPath(other), file: other, before: ignoreFile ?? context?.read(name), after };
    });
    return [...own, ...others];
  }

  /** A path as reports call it: relative to the working folder, with `/`, where it lies below that. */
  shownPath(file: string): string {
    const path = relative(this.folder, file);
    return (path.startsWith('..') || path === '' || isAbsolute(path) ? file : path).replaceAll(sep, '/');
  }
}

/** One text for all that went wrong in a file. */
const errorOf = (sentences: readonly string[]): string | undefined => (sentences.length === 0 ? undefined : [...new Set(sentences)].join(' '));

const lint = (text: string, request: LintRequest): Outcome => ({ report: reportOf(request.path, lintText(text, request)), changes: [], text });

const reportOf = (path: string, { text, diagnostics, bugs }: LintResult): FileReport => ({ path, text, diagnostics, fixed: undefined, error: errorOf(bugs) });
