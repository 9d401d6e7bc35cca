import { ConfigError, ending, listed, quote } from '../config/error.ts';
import { PRESETS, SHELLCHECK_MODES, type Preset, type ShellCheckMode } from '../config/presets.ts';
import { ecosystemNames, type EcosystemName } from '../init/names.ts';
import { formatNames, type Format } from '../report/formats.ts';

export const failLevels = ['error', 'warning', 'info', 'none'] as const;
export type FailLevel = (typeof failLevels)[number];
/** What `explain` and `rules` can print. */
export const listFormats = ['stylish', 'json'] as const;

/** What every command may be told. */
export interface CommonOptions {
  /** A file, or false for none; undefined for the nearest. */
  readonly config: string | false | undefined;
  readonly allowPlugins: boolean;
  /** Undefined leaves it to the terminal. */
  readonly color: boolean | undefined;
}

/** What `explain` and `rules` may be told. */
export interface ListOptions extends CommonOptions {
  readonly format: (typeof listFormats)[number];
}

/** A report that the user wants. */
export interface ReportRequest {
  readonly format: Format;
  /** Undefined for the output. */
  readonly file: string | undefined;
}

/** What is to become of the findings. */
export interface OutputOptions {
  readonly failOn: FailLevel;
  readonly maxWarnings: number | undefined;
  readonly quiet: boolean;
  /** At most one of them goes to the output. */
  readonly reports: readonly ReportRequest[];
  /** The file of `-o`: of the diff, as the reports have it already. */
  readonly output: string | undefined;
  /** Undefined leaves it to the terminal. */
  readonly color: boolean | undefined;
}

/** One of several shares of the files. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** The command line of a lint run, read and checked. */
export interface LintOptions extends CommonOptions, OutputOptions {
  readonly paths: readonly string[];
  readonly stdinFilename: string | undefined;
  readonly fix: boolean;
  readonly unsafe: boolean;
  readonly diff: boolean;
  readonly only: readonly string[];
  readonly ignore: readonly string[];
  /** `NAME=LEVEL` */
  readonly levels: readonly string[];
  readonly preset: Preset | undefined;
  /** Undefined leaves it to the config. */
  readonly shellcheck: ShellCheckMode | undefined;
  readonly context: string | undefined;
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  /** A git revision. */
  readonly since: string | undefined;
  readonly shard: Shard | undefined;
  /** A file of findings that are accepted. */
  readonly baseline: string | undefined;
  readonly writeBaseline: boolean;
  readonly cache: boolean;
  /** Undefined for the usual place. */
  readonly cacheLocation: string | undefined;
  readonly verbose: boolean;
  /** The variables that hadolint's settings come from. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the parser of the command line made of it: a value, or several, by the option's name. */
export type RawOptions = Readonly<Record<string, unknown>>;

/** All values of an option that may be given several times. */
function texts(raw: RawOptions, name: string): string[] {
  const value = raw[name];
  const values: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return values.map((each) => {
    if (typeof each !== 'string' && typeof each !== 'number') throw new ConfigError(`--${name} needs a value.`);
    if (each === '') throw new ConfigError(`--${name} needs a value, not an empty one.`);
    return String(each);
  });
}

/** The value of an option; of several the last. */
export const text = (raw: RawOptions, name: string): string | undefined => texts(raw, name).at(-1);

export function flag(raw: RawOptions, name: string): boolean | undefined {
  const value: unknown = Array.isArray(raw[name]) ? raw[name].at(-1) : raw[name];
  return typeof value === 'boolean' ? value : undefined;
}

/** The parts of lists such as `a,b`. */
const list = (raw: RawOptions, name: string): string[] =>
  texts(raw, name).flatMap((each) => each.split(',').map((part) => part.trim()).filter((part) => part !== ''));

function oneOf<Word extends string>(given: string, name: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === given);
  if (found === undefined) throw new ConfigError(`--${name}: there is no ${quote(given)}${ending(given, words, `; use ${listed(words, 'or')}`)}`);
  return found;
}

export function choice<Word extends string>(raw: RawOptions, name: string, words: readonly Word[]): Word | undefined {
  const given = text(raw, name);
  return given === undefined ? undefined : oneOf(given, name, words);
}

export function count(raw: RawOptions, name: string): number | undefined {
  const given = text(raw, name);
  if (given === undefined) return undefined;
  if (!/^\d{1,9}$/.test(given)) throw new ConfigError(`--${name} needs a whole number, not ${quote(given)}.`);
  return Number(given);
}

/** `K=V`; a `K` alone takes its value from the environment, and is left out where that has none, as `docker build` does. */
function readBuildArguments(raw: RawOptions, environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = texts(raw, 'build-arg').flatMap((each): [string, string][] => {
    const equals = each.indexOf('=');
    const name = equals === -1 ? each : each.slice(0, equals);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new ConfigError(`--build-arg: ${quote(each)} is not NAME=VALUE.`);
    const value = equals === -1 ? environment[name] : each.slice(equals + 1);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

/** @throws {ConfigError} for a value that an option can't have */
export const readCommonOptions = (raw: RawOptions): CommonOptions => ({
  config: (Array.isArray(raw['config']) ? raw['config'].at(-1) : raw['config']) === false ? false : text(raw, 'config'),
  allowPlugins: flag(raw, 'allow-plugins') ?? false,
  color: flag(raw, 'color'),
});

/** @throws {ConfigError} for a value that an option can't have */
export const readListOptions = (raw: RawOptions): ListOptions => ({
  ...readCommonOptions(raw),
  format: choice(raw, 'format', listFormats) ?? 'stylish',
});

/** `NAME` or `NAME=FILE` */
function readReport(given: string): ReportRequest {
  const equals = given.indexOf('=');
  const format = oneOf(equals === -1 ? given : given.slice(0, equals), 'format', formatNames);
  const file = equals === -1 ? undefined : given.slice(equals + 1);
  if (file === '') throw new ConfigError(`--format: ${quote(given)} names no file; write NAME=FILE, or NAME for the output.`);
  return { format, file };
}

/** The reports of a run. The file of `-o` is that of the one without a file. */
function readReports(raw: RawOptions): readonly ReportRequest[] {
  const given = texts(raw, 'format').map(readReport);
  const output = text(raw, 'output');
  const open = given.filter(({ file }) => file === undefined);
  if (open.length > 1) {
    throw new ConfigError(`--format: only one report can go to the output; give the others a file, such as ${quote(`${open[1]?.format}=FILE`)}.`);
  }
  if (given.length === 0) return [{ format: 'stylish', file: output }];
  if (output !== undefined && open.length === 0) throw new ConfigError('--output: every report has a file already; leave it out.');
  const reports = given.map(({ format, file = output }) => ({ format, file }));
  const files = reports.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new ConfigError(`--format: two reports would be written to ${quote(twice)}; give each a file of its own.`);
  return reports;
}

/** `1/3` */
function readShard(raw: RawOptions): Shard | undefined {
  const given = text(raw, 'shard');
  if (given === undefined) return undefined;
  const [, index = 0, count = 0] = /^(\d{1,4})\/(\d{1,4})$/.exec(given)?.map(Number) ?? [];
  if (index < 1 || index > count) throw new ConfigError(`--shard: ${quote(given)} is no share; write I/N with I from 1 to N, as in 1/3.`);
  return { index, count };
}

/** @throws {ConfigError} for a word that git would take for an option */
function readRevision(raw: RawOptions): string | undefined {
  const given = text(raw, 'since');
  if (given?.startsWith('-') === true) throw new ConfigError(`--since: ${quote(given)} is no name of a commit; give a branch, tag or commit.`);
  return given;
}

/** Options that choose among files, or keep something of them, and what they can't go with. */
function checkChoice({ paths, since, shard, baseline, writeBaseline, fix, diff }: LintOptions): void {
  if (writeBaseline && baseline === undefined) throw new ConfigError('--write-baseline needs to know where: give --baseline FILE with it.');
  if (writeBaseline && (fix || diff)) throw new ConfigError('--write-baseline accepts the findings as they are: run --fix or --diff on its own before.');
  const ofFiles = [since === undefined ? '' : '--since', shard === undefined ? '' : '--shard', writeBaseline ? '--write-baseline' : ''].find((name) => name !== '');
  if (ofFiles !== undefined && paths.includes('-')) throw new ConfigError(`${ofFiles} is for files: leave out "-".`);
}

/** Options that say nothing together, or not enough alone. */
function checkCombination(options: LintOptions): void {
  const { paths, stdinFilename, fix, unsafe, diff, reports, output } = options;
  if (unsafe && !fix && !diff) throw new ConfigError('--unsafe says which fixes to take: give --fix or --diff with it.');
  const other = reports.find(({ format, file }) => format !== 'stylish' || file !== output);
  if (diff && other !== undefined) throw new ConfigError(`--diff prints a diff: leave out --format ${other.format}.`);
  if (stdinFilename !== undefined && !paths.includes('-')) throw new ConfigError('--stdin-filename names the standard input: give "-" as a path with it.');
  checkChoice(options);
}

const readOutputOptions = (raw: RawOptions): OutputOptions => ({
  failOn: choice(raw, 'fail-on', failLevels) ?? 'warning',
  maxWarnings: count(raw, 'max-warnings'),
  quiet: flag(raw, 'quiet') ?? false,
  reports: readReports(raw),
  output: text(raw, 'output'),
  color: flag(raw, 'color'),
});

/** The command line of `merge`. */
export interface MergeOptions extends OutputOptions {
  readonly paths: readonly string[];
}

/** @throws {ConfigError} for wrong values, and where there is nothing to merge */
export function readMergeOptions(raw: RawOptions): MergeOptions {
  const options = { ...readOutputOptions(raw), paths: texts(raw, 'paths') };
  if (options.paths.length === 0) throw new ConfigError('Which reports? Name the files that -f json=FILE wrote.');
  return options;
}

/** The command line of `init`. */
export interface InitOptions {
  readonly ecosystem: EcosystemName | undefined;
  readonly port: number | undefined;
  readonly start: string | undefined;
  /** Undefined leaves it to who is asked. */
  readonly compose: boolean | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
}

/** @throws {ConfigError} for a value that an option can't have */
export function readInitOptions(raw: RawOptions): InitOptions {
  const port = count(raw, 'port');
  if (port !== undefined && (port < 1 || port > 65535)) throw new ConfigError(`--port: there is no port ${port}; use one from 1 to 65535.`);
  return {
    ecosystem: choice(raw, 'ecosystem', ecosystemNames), port, start: text(raw, 'start'), compose: flag(raw, 'compose'),
    yes: flag(raw, 'yes') ?? false, ...readMigrateOptions(raw),
  };
}

/** The command line of `migrate`. */
export type MigrateOptions = Pick<InitOptions, 'dryRun' | 'force'>;

/** @throws {ConfigError} for a value that an option can't have */
export const readMigrateOptions = (raw: RawOptions): MigrateOptions => ({ dryRun: flag(raw, 'dry-run') ?? false, force: flag(raw, 'force') ?? false });

/** Of an environment, what hadolint is set by, and where it looks for the user's config. */
export const hadolintVariables = (environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value !== undefined && /^(?:HADOLINT_[A-Z_]+|HOME|USERPROFILE|XDG_CONFIG_HOME|APPDATA)$/.test(name) ? [[name, value]] : [])));

/**
 * Reads the options of a lint run.
 *
 * @param environment for `--build-arg NAME`
 * @throws {ConfigError} for wrong values and combinations
 */
export function readLintOptions(raw: RawOptions, environment: Readonly<Record<string, string | undefined>>): LintOptions {
  const options: LintOptions = {
    ...readCommonOptions(raw),
    ...readOutputOptions(raw),
    paths: texts(raw, 'paths'),
    stdinFilename: text(raw, 'stdin-filename'),
    fix: flag(raw, 'fix') ?? false,
    unsafe: flag(raw, 'unsafe') ?? false,
    diff: flag(raw, 'diff') ?? false,
    only: list(raw, 'only'),
    ignore: list(raw, 'ignore'),
    levels: list(raw, 'rule'),
    preset: choice(raw, 'preset', PRESETS),
    shellcheck: choice(raw, 'shellcheck', SHELLCHECK_MODES),
    context: text(raw, 'context'),
    buildArguments: readBuildArguments(raw, environment),
    target: text(raw, 'target'),
    since: readRevision(raw),
    shard: readShard(raw),
    baseline: text(raw, 'baseline'),
    writeBaseline: flag(raw, 'write-baseline') ?? false,
    cache: flag(raw, 'cache') ?? raw['cache-location'] !== undefined,
    cacheLocation: text(raw, 'cache-location'),
    verbose: flag(raw, 'verbose') ?? false,
    environment: hadolintVariables(environment),
  };
  checkCombination(options);
  return options;
}
