import { relative, resolve, sep } from 'node:path';
import { codesOf } from '../codes.ts';
import type { ActiveRule } from '../lint.ts';
import type { AnyRule, Severity } from '../rule.ts';
import { ConfigError, ending, listed, quote } from './error.ts';
import { activate, keepOnly, lay, type RuleState, type Said } from './levels.ts';
import { checkNames, closeness, knownNames, rulesNamed } from './names.ts';
import { initialState, severityIn, type Preset, type ShellCheckMode } from './presets.ts';
import type { KnownNames } from './names.ts';

export const LEVELS = ['error', 'warning', 'info', 'off'] as const;

/** What a config says about the rules of one name. */
export interface RuleSetting extends Said {
  readonly ids: readonly string[];
}

/** Settings for some of the files. */
export interface Override {
  /** Takes a path relative to the config's folder, with `/` between segments. */
  readonly matches: (path: string) => boolean;
  readonly preset: Preset | undefined;
  readonly settings: readonly RuleSetting[];
}

/** A config, read and checked. */
export interface Config {
  /** Absolute; undefined for hadolint's variables alone. */
  readonly file: string | undefined;
  readonly folder: string;
  readonly preset: Preset | undefined;
  readonly shellcheck?: ShellCheckMode | undefined;
  /** The names that mean their rules most closely come last. */
  readonly settings: readonly RuleSetting[];
  readonly overrides: readonly Override[];
  /** The rules of its plugins, by id. */
  readonly plugins: ReadonlyMap<string, AnyRule>;
  /** Its plugins that were left out, as it names them. */
  readonly leftOut: readonly string[];
  /** False where hadolint's ignore comments count for nothing. */
  readonly hadolintComments?: boolean | undefined;
  /** A config of hadolint that is not read, because this one is as near. */
  readonly passedOver?: string | undefined;
}

/** What the command line says about rules. */
export interface CommandLine {
  readonly preset?: Preset | undefined;
  /** Only these run, also those that are off. */
  readonly only: readonly string[];
  readonly ignore: readonly string[];
  /** `NAME=LEVEL` */
  readonly levels: readonly string[];
}

interface Level {
  readonly name: string;
  readonly severity: Severity;
}

/**
 * Says for each path which rules run on it, and how. From weak to strong: the preset (the command line's, else that
 * of the last override that matches, else the config's, else `recommended`), the config's rules, those of the overrides
 * that match, in order; then `only`, `levels` and `ignore` of the command line. Within one set of rules a rule's own
 * name is stronger than another tool's code, and that than a category.
 */
export class RuleResolver {
  readonly #levels: readonly Level[];
  readonly #byConfig = new Map<Config | undefined, ConfigResolver>();

  /**
   * @param allRules the rules by id, without those of plugins
   * @throws {ConfigError} when a level of the command line is not `NAME=LEVEL`
   */
  constructor(readonly allRules: ReadonlyMap<string, AnyRule>, readonly commandLine: CommandLine) {
    this.#levels = commandLine.levels.map(readLevel);
  }

  /**
   * The rules that run on a path, in the order of all rules; the same list each time for paths that the same
   * overrides match. Names of the command line that nobody knows stand for no rule here: see {@link checkNames}.
   */
  resolve(config: Config | undefined, path: string): readonly ActiveRule[] {
    return this.#for(config).resolve(path);
  }

  /** Every name that is accepted under the config: those of the rules and of its plugins' rules. */
  known(config: Config | undefined): KnownNames {
    return this.#for(config).known;
  }

  /** @throws {ConfigError} for a name of the command line that nobody knows */
  checkNames(config: Config | undefined): void {
    const known = this.known(config);
    checkNames(this.commandLine.only, known, '--only');
    checkNames(this.commandLine.ignore, known, '--ignore');
    checkNames(this.#levels.map(({ name }) => name), known, '--rule');
  }

  #for(config: Config | undefined): ConfigResolver {
    let resolver = this.#byConfig.get(config);
    if (resolver === undefined) {
      const rules = config === undefined || config.plugins.size === 0 ? this.allRules : new Map([...this.allRules, ...config.plugins]);
      resolver = new ConfigResolver(rules, config, this.commandLine, this.#levels);
      this.#byConfig.set(config, resolver);
    }
    return resolver;
  }
}

/**
 * The rules that run on a path; for many paths make one {@link RuleResolver}.
 *
 * @throws {ConfigError} when a level of the command line is not `NAME=LEVEL`
 */
export const resolveRules = (
  allRules: ReadonlyMap<string, AnyRule>,
  config: Config | undefined,
  commandLine: CommandLine,
  path: string,
): readonly ActiveRule[] => new RuleResolver(allRules, commandLine).resolve(config, path);

class ConfigResolver {
  readonly known: KnownNames;
  readonly #byOverrides = new Map<string, readonly ActiveRule[]>();

  constructor(
    readonly rules: ReadonlyMap<string, AnyRule>,
    readonly config: Config | undefined,
    readonly commandLine: CommandLine,
    readonly levels: readonly Level[],
  ) {
    this.known = knownNames(rules);
  }

  resolve(path: string): readonly ActiveRule[] {
    const overrides = this.#overridesFor(path);
    const key = [...overrides.keys()].join();
    let active = this.#byOverrides.get(key);
    if (active === undefined) {
      active = this.#activeRules([...overrides.values()]);
      this.#byOverrides.set(key, active);
    }
    return active;
  }

  /** The overrides that match a path, by their index. */
  #overridesFor(path: string): ReadonlyMap<number, Override> {
    if (this.config === undefined || this.config.overrides.length === 0) return new Map();
    const inFolder = relative(this.config.folder, resolve(path)).split(sep).join('/');
    return new Map([...this.config.overrides.entries()].filter(([, { matches }]) => matches(inFolder)));
  }

  #activeRules(overrides: readonly Override[]): readonly ActiveRule[] {
    const presets = [this.config?.preset, ...overrides.map((override) => override.preset), this.commandLine.preset];
    const preset = presets.findLast((one) => one !== undefined) ?? 'recommended';
    const states = new Map([...this.rules].map(([id, rule]) => [id, initialState(id, rule, preset)]));
    for (const setting of [this.config?.settings ?? [], ...overrides.map(({ settings }) => settings)].flat()) this.#lay(states, setting);
    this.#applyCommandLine(states);
    return [...states.values()].flatMap((state) => activate(state) ?? []);
  }

  #lay(states: ReadonlyMap<string, RuleState>, setting: Said): void {
    for (const id of this.#ids(setting.name)) {
      const state = states.get(id);
      if (state !== undefined) lay(state, setting);
    }
  }

  #applyCommandLine(states: Map<string, RuleState>): void {
    const { only, ignore } = this.commandLine;
    const levels = this.levels.map(({ name, severity }) => ({ ids: this.#ids(name), severity, name }));
    if (only.length > 0) this.#keepOnly(states, only);
    for (const level of levels.sort((a, b) => closeness(a.name, a.ids) - closeness(b.name, b.ids))) this.#lay(states, level);
    for (const name of ignore) this.#lay(states, { name, severity: 'off' });
  }

  /** Those that are off are switched on, and all others go; a code may want some of a rule's findings only. */
  #keepOnly(states: Map<string, RuleState>, only: readonly string[]): void {
    for (const [id, state] of states) {
      const names = only.filter((name) => this.#ids(name).includes(id));
      const level = severityIn(state.rule, 'all');
      if (names.length === 0) states.delete(id);
      else if (names.every((name) => codesOf(name, id, state.rule).length > 0)) keepOnly(state, names, level);
      else if (state.severity === 'off') state.severity = level;
    }
  }

  #ids(name: string): readonly string[] {
    return rulesNamed(name, this.known) ?? [];
  }
}

function readLevel(text: string): Level {
  const equals = text.lastIndexOf('=');
  const word = text.slice(equals + 1);
  if (equals <= 0) throw new ConfigError(`--rule: ${quote(text)} is not NAME=LEVEL, where LEVEL is ${listed(LEVELS, 'or')}.`);
  const severity = LEVELS.find((level) => level === word);
  if (severity === undefined) {
    throw new ConfigError(`--rule: There is no level ${quote(word)}${ending(word, LEVELS, `; use ${listed(LEVELS, 'or')}`)}`);
  }
  return { name: text.slice(0, equals), severity };
}
