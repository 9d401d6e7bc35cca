import * as v from 'valibot';
import type { AnyRule, OptionTable, OptionValue } from '../rule.ts';
import { ending, listed, quote } from './error.ts';
import { PRESETS, SHELLCHECK_MODES } from './presets.ts';
import { LEVELS } from './settings.ts';

/** A place in the config: keys and indexes from the top. */
export type ConfigPath = readonly (string | number)[];

/** Something in a config that cannot be accepted, as a finished sentence. */
export interface Problem {
  readonly path: ConfigPath;
  /** Where to point: at the key, or at what it holds. */
  readonly at: 'key' | 'value';
  readonly sentence: string;
}

/** Longer globs are refused: nobody writes them, and matching takes time in proportion. */
const LONGEST_GLOB = 1000;

// Every schema's message says what is expected; `describe` makes the sentence around it.
const levelWords = listed(LEVELS, 'or');
const level = v.picklist(LEVELS, levelWords);
const preset = v.picklist(PRESETS, listed(PRESETS, 'or'));

/** valibot takes lists for objects. */
function object<Schema extends v.GenericSchema>(schema: Schema, words: string): v.LazySchema<Schema | v.NeverSchema<string>> {
  const refused = v.never(words);
  return v.lazy((input) => (Array.isArray(input) ? refused : schema));
}
const recordOf = <Schema extends v.GenericSchema>(values: Schema, words: string) => object(v.record(v.string(), values, words), words);
const objectOf = <Entries extends v.ObjectEntries>(entries: Entries, words: string) => object(v.strictObject(entries, words), words);

const levelAndOptions = v.strictTuple([level, recordOf(v.unknown(), 'an object of options')]);
const anotherList = v.custom<never>(() => false, `${levelWords}, or a list of a level and an object of options`);
const setting = v.lazy((input) => {
  if (!Array.isArray(input)) return level;
  return input.length === 2 ? levelAndOptions : anotherList;
});
const rules = recordOf(setting, 'an object of rule names and levels');

const globWords = `a glob for paths relative to the config's folder, of at most ${LONGEST_GLOB} characters, not beginning with "!" or "/"`;
const glob = v.pipe(v.string(globWords), v.regex(/^[^!/]/, globWords), v.maxLength(LONGEST_GLOB, globWords));
const globs = v.pipe(v.array(glob), v.nonEmpty('a glob or a list of at least one glob'));

const overrideEntries = {
  files: v.lazy((input) => (Array.isArray(input) ? globs : glob)),
  preset: v.optional(preset),
  rules: v.optional(rules),
};
const pluginWords = 'a module name or path';
const configEntries = {
  $schema: v.optional(v.string('a string')),
  preset: v.optional(preset),
  rules: v.optional(rules),
  shellcheck: v.optional(v.picklist(SHELLCHECK_MODES, listed(SHELLCHECK_MODES, 'or'))),
  overrides: v.optional(v.array(objectOf(overrideEntries, 'an object with "files" and "rules"'), 'a list of objects')),
  plugins: v.optional(v.array(v.pipe(v.string(pluginWords), v.nonEmpty(pluginWords)), 'a list of module names and paths')),
};
const config = objectOf(configEntries, 'an object');

/** A config of the right shape; its names and options are not checked yet. */
export type ConfigShape = v.InferOutput<typeof config>;
export type RulesShape = v.InferOutput<typeof rules>;

/** Checks the shape of a config; gives it back, or the problem to tell of first. */
export function checkShape(value: unknown): { readonly shape: ConfigShape } | { readonly problem: Problem } {
  const result = v.safeParse(config, value);
  if (result.success) return { shape: result.output };
  // An unknown key is often a required one mistyped, so it is told of first.
  return { problem: describe(result.issues.find((issue) => keyType(issue) === 'unknown') ?? result.issues[0]) };
}

const keyType = (issue: v.BaseIssue<unknown>): 'unknown' | 'missing' | undefined => {
  if (!issue.type.endsWith('_object') || issue.path?.at(-1)?.origin !== 'key') return undefined;
  return issue.expected === 'never' ? 'unknown' : 'missing';
};

function describe(issue: v.BaseIssue<unknown>): Problem {
  const path = pathOf(issue);
  const key = String(path.at(-1));
  if (keyType(issue) === 'unknown') {
    const keys = Object.keys(path.length === 1 ? configEntries : overrideEntries);
    return { path, at: 'key', sentence: `There is no key ${quote(key)} here${ending(key, keys, `; the keys are ${listed(keys, 'and')}`)}` };
  }
  if (keyType(issue) === 'missing') {
    return { path: path.slice(0, -1), at: 'value', sentence: `An entry of "overrides" needs the key ${quote(key)}.` };
  }
  return { path, at: 'value', sentence: mustBe(subjectOf(path), issue) };
}

const pathOf = (issue: v.BaseIssue<unknown>): ConfigPath =>
  (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));

function subjectOf(path: ConfigPath): string {
  const key = path.findLast((part) => typeof part === 'string');
  if (key === undefined) return 'The config';
  const isEntry = typeof path.at(-1) === 'number' && !path.includes('rules');
  return isEntry ? `An entry of ${quote(key)}` : quote(key);
}

/** The issue's message says what is expected. */
function mustBe(subject: string, issue: v.BaseIssue<unknown>): string {
  const { input, message } = issue;
  const words = issue.type === 'picklist' ? [...LEVELS, ...PRESETS, ...SHELLCHECK_MODES].filter((word) => message.includes(quote(word))) : [];
  // A list of the wrong length: to say that it is a list would not help.
  if (issue.type === 'custom') return `${subject} must be ${message}.`;
  return `${subject} must be ${message}, not ${kindOf(input)}${typeof input === 'string' ? ending(input, words) : '.'}`;
}

function kindOf(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object' && input !== null) return 'an object';
  return typeof input === 'string' ? quote(input) : String(input);
}

const text = v.string('a string');

/** What values an option takes, after its default. */
function optionSchema(value: OptionValue): v.GenericSchema<unknown, OptionValue> {
  if (typeof value === 'string') return v.string('a string');
  if (typeof value === 'number') return v.pipe(v.number('a number'), v.finite('a number'));
  if (typeof value === 'boolean') return v.boolean('true or false');
  return Array.isArray(value) ? v.array(text, 'a list of strings') : recordOf(text, 'an object of strings');
}

/**
 * Checks the options given to a rule against its table.
 *
 * @returns the options, or the problem; its path starts at the options
 */
export function checkOptions(
  id: string,
  table: OptionTable,
  given: Readonly<Record<string, unknown>>,
): { readonly options: Readonly<Record<string, OptionValue>> } | { readonly problem: Problem } {
  const options: [string, OptionValue][] = [];
  const names = Object.keys(table);
  for (const [name, value] of Object.entries(given)) {
    const option = names.includes(name) ? table[name] : undefined;
    if (option === undefined) {
      const all = names.length === 0 ? '; it has none' : `; it has ${listed(names, 'and')}`;
      const sentence = `The rule ${quote(id)} has no option ${quote(name)}${ending(name, names, all)}`;
      return { problem: { path: [name], at: 'key', sentence } };
    }
    const result = v.safeParse(optionSchema(option.default), value);
    if (!result.success) {
      const [issue] = result.issues;
      const path = [name, ...pathOf(issue)];
      const part = path.length > 1 ? `An entry of the option ${quote(name)}` : `The option ${quote(name)}`;
      return { problem: { path, at: 'value', sentence: mustBe(`${part} of ${quote(id)}`, issue) } };
    }
    options.push([name, result.output]);
  }
  return { options: Object.fromEntries(options) };
}

const optionValue = v.union(
  [text, v.number(), v.boolean(), v.array(text), recordOf(text, '')],
  'a string, a number, true or false, a list of strings or an object of strings',
);
const option = v.looseObject({ default: optionValue, about: text }, 'an object with "default" and "about"');
const rule = v.looseObject(
  {
    summary: text,
    why: text,
    severity: level,
    sources: v.optional(v.array(text, 'a list of strings')),
    options: v.optional(recordOf(option, 'an object')),
    examples: v.pipe(v.array(v.looseObject({ bad: text, good: text }, 'an object'), 'a list'), v.nonEmpty('a list of at least one')),
    check: v.function('a function'),
  },
  'an object',
);

const isRule = (value: unknown): value is AnyRule => v.is(rule, value);

/** Tells whether what a plugin exports is a rule; if not, what is wrong with it, without a full stop. */
export function checkRule(value: unknown): { readonly rule: AnyRule } | { readonly fault: string } {
  if (isRule(value)) return { rule: value };
  const issue = v.safeParse(rule, value).issues?.[0];
  return { fault: issue === undefined ? 'it changes while it is read' : faultOf(issue) };
}

function faultOf(issue: v.BaseIssue<unknown>): string {
  const path = pathOf(issue);
  const subject = path.length === 0 ? 'it' : quote(path.join('.'));
  return keyType(issue) === 'missing' ? `${subject} is missing` : `${subject} must be ${issue.message}`;
}

/** A value of the right form; or what is wrong, without a full stop. */
export type FormResult<Value> = { readonly value: Value } | { readonly fault: string };

function checkForm<Schema extends v.GenericSchema>(schema: Schema, value: unknown): FormResult<v.InferOutput<Schema>> {
  const result = v.safeParse(schema, value);
  return result.success ? { value: result.output } : { fault: faultOf(result.issues[0]) };
}

/** Reads JSON; a byte order mark is let pass. */
export function parseJson(source: string): FormResult<unknown> {
  try {
    const value: unknown = JSON.parse(source.replace(/^\uFEFF/, ''));
    return { value };
  } catch {
    return { fault: 'it is not valid JSON' };
  }
}

const form = v.literal(1, '1, the form that this version reads');
const looseOf = <Entries extends v.ObjectEntries>(entries: Entries) => object(v.looseObject(entries, 'an object'), 'an object');
const listOf = <Schema extends v.GenericSchema>(schema: Schema) => v.array(schema, 'a list');

const baseline = looseOf({ version: form, files: recordOf(recordOf(v.array(text, 'a list of strings'), 'an object of rules'), 'an object of files') });

/** Checks what a file of accepted findings holds. */
export const checkBaseline = (value: unknown): FormResult<v.InferOutput<typeof baseline>> => checkForm(baseline, value);

const place = v.pipe(v.number('a number'), v.safeInteger('a whole number'), v.minValue(1, 'at least 1'));
const safety = v.picklist(['safe', 'unsafe', 'manual'], listed(['safe', 'unsafe', 'manual'], 'or'));
const severity = v.picklist(['error', 'warning', 'info'], listed(['error', 'warning', 'info'], 'or'));
const reportFinding = looseOf({
  rule: text, severity, message: text, line: place, column: place, endLine: place, endColumn: place,
  sources: v.array(text, 'a list of strings'), fix: v.optional(looseOf({ title: text, safety })),
});
const reportFile = looseOf({
  path: text, sha256: v.optional(text), findings: listOf(reportFinding), fixed: v.optional(listOf(looseOf({ rule: text, title: text, safety }))), error: v.optional(text),
});
const report = looseOf({ version: form, files: listOf(reportFile) });

/** A report as `-f json` writes it; other programs may have added to it. */
export type ReportForm = v.InferOutput<typeof report>;

/** Checks what a report holds. */
export const checkReport = (value: unknown): FormResult<ReportForm> => checkForm(report, value);

const shellComment = v.object({
  file: v.string(), line: place, column: place, endLine: place, endColumn: place,
  level: v.picklist(['error', 'warning', 'info', 'style']), code: v.pipe(place, v.minValue(1000, 'of four digits'), v.maxValue(9999, 'of four digits')), message: v.string(),
});

/** What ShellCheck says of a place in a script. */
export type ShellComment = Readonly<v.InferOutput<typeof shellComment>>;

/** Checks what ShellCheck's output `json1` holds. */
export const checkShellComments = (value: unknown): FormResult<{ readonly comments: readonly ShellComment[] }> => checkForm(looseOf({ comments: listOf(shellComment) }), value);
