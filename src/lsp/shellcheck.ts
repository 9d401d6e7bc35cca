import { sentenceOf } from '../cli/errors.ts';
import type { ShellComment } from '../config/schema.ts';
import type { Config } from '../config/settings.ts';
import { addFindings } from '../lint.ts';
import { findShellCheck, type Environment } from '../shellcheck/find.ts';
import type { ShellRules } from '../shellcheck/findings.ts';
import type { Analysis } from './analysis.ts';

/** So many scripts are remembered. */
const mostScripts = 5000;

/** Nobody waits for it, but while it runs nothing newer is checked. */
const limits = { process: 5000, run: 10_000, script: 100 };

export interface ShellSources {
  readonly environment: Environment;
  readonly configFor: (path: string | undefined) => Promise<Config | undefined>;
  readonly rules: ConstructorParameters<typeof ShellRules>[0];
  readonly log: (message: string) => void;
}

/** Loads the pieces that are needed where there is the program. */
async function openTools(path: string, environment: Environment) {
  const [{ openShellCheck, runShellCheck, scriptKey }, { findingsIn, ShellRules: Rules }, { shellScripts }] = await Promise.all([
    import('../shellcheck/program.ts'), import('../shellcheck/findings.ts'), import('../shellcheck/scripts.ts'),
  ]);
  return { runShellCheck, scriptKey, findingsIn, Rules, shellScripts, program: await openShellCheck(path, environment) };
}

type Tools = Awaited<ReturnType<typeof openTools>>;

/** What ShellCheck says of the scripts in open documents. It is asked once for each script, whatever else changes. */
export class ShellChecks {
  readonly #sources: ShellSources;
  #tools: Promise<Tools | undefined> | undefined;
  /** What was said, by script; nothing of one that took too long. */
  readonly #said = new Map<string, readonly ShellComment[]>();
  #queue: Promise<unknown> = Promise.resolve();
  /** Goes up when more is known. */
  generation = 0;

  constructor(sources: ShellSources) {
    this.#sources = sources;
  }

  /** An analysis with what is known of its scripts; `isWhole` where that is all. */
  async add(analysis: Analysis): Promise<{ readonly analysis: Analysis; readonly isWhole: boolean }> {
    const tools = await this.#toolsFor(analysis);
    const { request, file } = analysis;
    if (tools === undefined || request === undefined) return { analysis, isWhole: true };
    const config = await this.#sources.configFor(request.path);
    const scripts = tools.shellScripts(file);
    const said = scripts.map((script) => this.#said.get(tools.scriptKey(script, tools.program)));
    const found = scripts.flatMap((script, index) => tools.findingsIn(file.source, script, said[index] ?? [], tools.program.knowsBusybox));
    const isWhole = said.every((comments) => comments !== undefined);
    if (found.length === 0) return { analysis, isWhole };
    const rules = new tools.Rules(this.#sources.rules, { only: [], ignore: [], levels: [] }, new Set(found.map(({ code }) => code)));
    const outside = rules.judged(found, analysis.diagnostics, config, request.path);
    return { analysis: { ...analysis, diagnostics: addFindings(file, analysis.diagnostics, outside, { ...request, known: rules.known(config) }) }, isWhole };
  }

  /** Has the scripts checked that nothing is known of; one document after the other. True where something new is known. */
  check(analysis: Analysis): Promise<boolean> {
    const next = this.#queue.then(() => this.#check(analysis));
    this.#queue = next.catch(() => undefined);
    return next;
  }

  async #check(analysis: Analysis): Promise<boolean> {
    const tools = await this.#toolsFor(analysis);
    const open = tools === undefined ? [] : tools.shellScripts(analysis.file).filter((script) => !this.#said.has(tools.scriptKey(script, tools.program)));
    if (tools === undefined || open.length === 0) return false;
    const answers = await tools.runShellCheck(tools.program, open, undefined, limits).catch((error: unknown) => {
      this.#sources.log(sentenceOf(error, 'ShellCheck could not be used'));
      return [];
    });
    if (this.#said.size > mostScripts) this.#said.clear();
    // What failed would fail again.
    for (const [index, script] of open.entries()) this.#said.set(tools.scriptKey(script, tools.program), answers[index] ?? []);
    this.generation += 1;
    return true;
  }

  /** Undefined where the document is not to be checked, or there is no program. */
  async #toolsFor({ request, file }: Analysis): Promise<Tools | undefined> {
    if (request === undefined || file.problems.length > 0) return undefined;
    const config = await this.#sources.configFor(request.path);
    return config?.shellcheck === 'off' ? undefined : (this.#tools ??= this.#open());
  }

  async #open(): Promise<Tools | undefined> {
    const { environment, log } = this.#sources;
    const path = findShellCheck(environment);
    return path === undefined ? undefined : openTools(path, environment).catch((error: unknown) => {
      log(sentenceOf(error, 'ShellCheck could not be used'));
      return undefined;
    });
  }
}
