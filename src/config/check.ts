import { dirname } from 'node:path';
import type { AnyRule } from '../rule.ts';
import type { ConfigRequest } from './config.ts';
import { ConfigError, quote } from './error.ts';
import { compileGlob } from './glob.ts';
import { closeness, knownNames, rulesNamed, unknownRule } from './names.ts';
import type { KnownNames } from './names.ts';
import { loadPlugin } from './plugins.ts';
import { checkOptions, checkShape } from './schema.ts';
import type { ConfigPath, ConfigShape, Problem, RulesShape } from './schema.ts';
import type { Config, RuleSetting } from './settings.ts';

export interface CheckRequest {
  /** Absolute. */
  readonly file: string;
  /** The rules by id, without those of plugins. */
  readonly rules: ReadonlyMap<string, AnyRule>;
  readonly allowPlugins: ConfigRequest['allowPlugins'];
  /** Makes the error for a problem: puts the place in the text before it. */
  readonly refuse: (problem: Problem) => ConfigError;
}

/**
 * Makes a config of the value its file holds: checks its shape, loads its plugins if that is allowed, and checks
 * names and options against the rules there are then.
 *
 * @throws {ConfigError} for the first thing that is not understood
 */
export async function checkConfig(value: unknown, request: CheckRequest): Promise<Config> {
  const { file, refuse } = request;
  const result = checkShape(value);
  if ('problem' in result) throw refuse(result.problem);
  const { shape } = result;
  const leftOut = request.allowPlugins === 'leave out' ? (shape.plugins ?? []) : [];
  const plugins = leftOut.length > 0 ? new Map<string, AnyRule>() : await loadPlugins(shape.plugins ?? [], request);
  const rules = new Map([...request.rules, ...plugins]);
  const checker: Checker = { rules, known: knownNames(rules), othersMayBe: leftOut.length > 0, refuse };
  return {
    file,
    folder: dirname(file),
    preset: shape.preset,
    shellcheck: shape.shellcheck,
    settings: checkRules(shape.rules, ['rules'], checker),
    overrides: (shape.overrides ?? []).map((override, index) => ({
      matches: matcher(override.files),
      preset: override.preset,
      settings: checkRules(override.rules, ['overrides', index, 'rules'], checker),
    })),
    plugins,
    leftOut,
  };
}

type OverrideShape = NonNullable<ConfigShape['overrides']>[number];

function matcher(files: OverrideShape['files']): (path: string) => boolean {
  const globs = [files].flat().map(compileGlob);
  return (path) => globs.some((matches) => matches(path));
}

async function loadPlugins(names: readonly string[], request: CheckRequest): Promise<ReadonlyMap<string, AnyRule>> {
  const loaded = new Map<string, AnyRule>();
  if (names.length > 0 && !request.allowPlugins) {
    const sentence = 'This config loads plugins, which run code; if you trust it, allow that with --allow-plugins.';
    throw request.refuse({ path: ['plugins'], at: 'key', sentence });
  }
  for (const [index, name] of names.entries()) {
    const refuse = (sentence: string): ConfigError => request.refuse({ path: ['plugins', index], at: 'value', sentence });
    const found = await loadPlugin(name, dirname(request.file)).catch((error: unknown) => {
      if (!(error instanceof ConfigError)) throw error;
      throw Object.assign(refuse(error.message), { cause: error.cause });
    });
    for (const [id, rule] of found) {
      if (request.rules.has(id) || loaded.has(id)) throw refuse(`The plugin ${quote(name)} brings a second rule ${quote(id)}; rename it.`);
      loaded.set(id, rule);
    }
  }
  return loaded;
}

/** What names and options are checked against. */
interface Checker {
  readonly rules: ReadonlyMap<string, AnyRule>;
  readonly known: KnownNames;
  /** A name nobody knows may be that of a rule that was left out. */
  readonly othersMayBe: boolean;
  readonly refuse: (problem: Problem) => ConfigError;
}

function checkRules(shape: RulesShape | undefined, path: ConfigPath, checker: Checker): readonly RuleSetting[] {
  const settings = Object.entries(shape ?? {}).flatMap(([name, value]) => {
    const ids = rulesNamed(name, checker.known);
    if (ids === undefined && checker.othersMayBe) return [];
    if (ids === undefined) throw checker.refuse({ path: [...path, name], at: 'key', sentence: unknownRule(name, checker.known) });
    const [severity, given] = Array.isArray(value) ? value : [value];
    const options = given === undefined ? undefined : optionsFor({ name, ids, given, path: [...path, name, 1] }, checker);
    return [{ name, ids, severity, options, closeness: closeness(name, ids) }];
  });
  return settings.sort((a, b) => a.closeness - b.closeness);
}

interface GivenOptions {
  readonly name: string;
  readonly ids: readonly string[];
  readonly given: Readonly<Record<string, unknown>>;
  readonly path: ConfigPath;
}

function optionsFor({ name, ids, given, path }: GivenOptions, { rules, refuse }: Checker): RuleSetting['options'] {
  const [id] = ids;
  // A code of another tool that no rule stands for: there is nothing to check, and nothing to set.
  if (id === undefined) return undefined;
  if (ids.length > 1) {
    const sentence = `Options can be given to one rule only, and ${quote(name)} stands for ${ids.length}.`;
    throw refuse({ path, at: 'value', sentence });
  }
  const result = checkOptions(id, rules.get(id)?.options ?? {}, given);
  if ('problem' in result) throw refuse({ ...result.problem, path: [...path, ...result.problem.path] });
  return result.options;
}
