import { rules as ownRules } from '../rules/index.ts';
import { checkConfig } from './config/check.ts';
import { ConfigError } from './config/error.ts';
import { knownNames, rulesNamed, unknownRule } from './config/names.ts';
import type { Preset } from './config/presets.ts';
import { RuleResolver } from './config/settings.ts';
import type { BuildContext } from './context/context.ts';
import { memoryContext } from './context/memory.ts';
import { explainRule } from './explain.ts';
import { fixText, type FixLevel } from './fix.ts';
import { lintText, type AppliedFix, type LintRequest, type LintResult } from './lint.ts';
import { toJsonFinding, type JsonFinding } from './report/json.ts';
import type { AnyRule, OptionValue, Severity } from './rule.ts';
import { LineMap } from './span.ts';

export type { BuildContext } from './context/context.ts';
export { memoryContext } from './context/memory.ts';
export { applyEdits, insertAfter, insertBefore, newlineOf, remove, removeLines, removeWithBlanksBefore, replace, wholeLines } from './edits.ts';
export type { FixLevel } from './fix.ts';
export type { AppliedFix } from './lint.ts';
export type { Dockerfile } from './model/dockerfile.ts';
export type { JsonFinding } from './report/json.ts';
export { defineRule, manual, safe, unsafe } from './rule.ts';
export type { AnyRule, Edit, Example, Finding, Fix, Input, Option, OptionsOf, OptionTable, OptionValue, Related, Rule, Safety, Severity } from './rule.ts';
export { LineMap, span } from './span.ts';
export type { Position, Span } from './span.ts';
export { ConfigError } from './config/error.ts';
export { testRule } from './test-rule.ts';

/** All rules by id. */
export const rules: ReadonlyMap<string, AnyRule> = ownRules;

export interface LintOptions {
  /** What the file is called: in messages, and for the globs of `overrides`. */
  readonly path?: string;
  readonly preset?: Preset;
  /** Levels and options by rule, as `shipshape.json` has them. */
  readonly rules?: Readonly<Record<string, Severity | readonly [Severity, Readonly<Record<string, OptionValue>>]>>;
  /** Only these run: rules, `category/*`, or codes of other tools. */
  readonly only?: readonly string[];
  readonly ignore?: readonly string[];
  /** Further rules by id, as plugins have them. */
  readonly extraRules?: Readonly<Record<string, AnyRule>>;
  /** The build context: files by path, or one of your own making. Without it what needs a context is not proven. */
  readonly context?: Readonly<Record<string, string>> | BuildContext;
  readonly buildArguments?: Readonly<Record<string, string>>;
  readonly target?: string;
}

export interface LintOutcome {
  /** With lines and columns from 1; after a fix, those that remain. */
  readonly findings: readonly JsonFinding[];
  /** What failed, one sentence each: a rule that threw, or a fix that was refused because it would have done harm. */
  readonly errors: readonly string[];
}

export interface FixOutcome extends LintOutcome {
  /** The Dockerfile after the fixes. */
  readonly text: string;
  readonly fixed: readonly AppliedFix[];
  /** Other files of the context that are to be changed or made, by path. */
  readonly otherFiles: ReadonlyMap<string, string>;
}

const isContext = (context: NonNullable<LintOptions['context']>): context is BuildContext => typeof context['sentBelow'] === 'function';

async function requestFor(options: LintOptions): Promise<LintRequest> {
  const { path = 'Dockerfile', context, only = [], ignore = [] } = options;
  const all = new Map([...ownRules, ...Object.entries(options.extraRules ?? {})]);
  const shape = { ...(options.preset && { preset: options.preset }), ...(options.rules && { rules: options.rules }) };
  const refuse = ({ sentence }: { readonly sentence: string }): ConfigError => new ConfigError(sentence);
  const config = await checkConfig(shape, { file: 'shipshape.json', rules: all, allowPlugins: false, refuse });
  const resolver = new RuleResolver(all, { only, ignore, levels: [] });
  resolver.checkNames(config);
  return {
    path,
    rules: resolver.resolve(config, path),
    known: resolver.known(config),
    context: context === undefined || isContext(context) ? context : memoryContext(context),
    contextGiven: context !== undefined,
    buildArguments: options.buildArguments ?? {},
    target: options.target,
  };
}

function findingsOf({ text, diagnostics }: LintResult): readonly JsonFinding[] {
  const lines = new LineMap(text);
  return diagnostics.map((diagnostic) => toJsonFinding(diagnostic, lines));
}

/**
 * Lints the text of a Dockerfile. Touches no file.
 * @throws {ConfigError} for a rule or option that is not there
 */
export async function lint(text: string, options: LintOptions = {}): Promise<LintOutcome> {
  const result = lintText(text, await requestFor(options));
  return { findings: findingsOf(result), errors: result.bugs };
}

/**
 * Fixes the text of a Dockerfile; writes nothing.
 * @param options `level`: `safe` (the default) keeps the image's behaviour, `unsafe` also takes fixes that may change it
 * @throws {ConfigError} for a rule or option that is not there
 */
export async function fix(text: string, options: LintOptions & { readonly level?: FixLevel } = {}): Promise<FixOutcome> {
  const result = fixText(text, await requestFor(options), options.level ?? 'safe');
  return { findings: findingsOf(result), errors: result.bugs, text: result.text, fixed: result.fixed, otherFiles: result.otherFiles };
}

/**
 * What a rule finds, why, with examples, as text of 80 columns.
 * @param name a rule's name, or another tool's code for it
 * @throws {ConfigError} when no rule is called so
 */
export function explain(name: string): string {
  const known = knownNames(ownRules);
  const ids = rulesNamed(name, known) ?? [];
  if (ids.length === 0) throw new ConfigError(unknownRule(name, known));
  return [...ownRules].filter(([id]) => ids.includes(id)).map(([id, rule]) => explainRule(id, rule, { color: false, columns: 80 })).join('\n');
}
