import type { AnyRule, OptionTable, OptionValue } from '../rule.ts';
import { knownNames, splitId } from './names.ts';
import { PRESETS, SHELLCHECK_MODES } from './presets.ts';
import { LEVELS } from './settings.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

const ref = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });
const closedObject = (properties: JsonObject): JsonObject => ({ type: 'object', properties, additionalProperties: false });
const listOf = (items: JsonObject): JsonObject => ({ type: 'array', items });
const levelWith = (options: JsonObject): JsonObject => ({
  type: 'array',
  prefixItems: [ref('level'), options],
  items: false,
  minItems: 2,
});

/**
 * The JSON Schema (draft 2020-12) of `shipshape.json`, for editors. It is as strict as the reader of configs, but for
 * two things: it wants other tools' codes in their usual case, and where a config has plugins it accepts any rule name.
 *
 * @param allRules the rules by id, without those of plugins
 */
export function configJsonSchema(allRules: ReadonlyMap<string, AnyRule>): JsonObject {
  const onlyKnownNames = { properties: { rules: { propertyNames: ref('name') } } };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'shipshape.json',
    description: 'What shipshape checks in Dockerfiles, and how.',
    ...closedObject({
      $schema: { type: 'string', description: 'Where this schema is.' },
      preset: ref('preset'),
      rules: ref('rules'),
      shellcheck: { enum: SHELLCHECK_MODES, default: 'auto', description: 'Whether ShellCheck reads the scripts of RUN: where it is on the PATH, always, or never.' },
      overrides: { description: 'Settings for some of the files; of those that match, later ones win.', ...listOf(ref('override')) },
      plugins: {
        description: 'Modules that bring more rules: names, or paths relative to this file. Loaded only with --allow-plugins.',
        ...listOf({ type: 'string', minLength: 1 }),
      },
    }),
    if: { required: ['plugins'] },
    else: { properties: { ...onlyKnownNames.properties, overrides: { items: onlyKnownNames } } },
    // Two keywords of editors: the reader of configs takes comments and trailing commas.
    allowComments: true,
    allowTrailingCommas: true,
    $defs: definitions(allRules),
  };
}

function definitions(allRules: ReadonlyMap<string, AnyRule>): JsonObject {
  const glob = { type: 'string', pattern: '^[^!/]', maxLength: 1000 };
  return {
    preset: {
      enum: PRESETS,
      default: 'recommended',
      description: 'recommended: each rule at its own severity; all: the same, and rules that are off by default run as info.',
    },
    level: { enum: LEVELS },
    setting: { anyOf: [ref('level'), levelWith({ type: 'object' })] },
    name: { anyOf: [{ enum: namesAsWritten(allRules) }, { pattern: '^(([Hh]adolint/)?[Dd][Ll][0-9]{4}|(([Hh]adolint|[Ss]hellcheck|[Ss]hell)/)?[Ss][Cc][0-9]{4}|[Ss]hell([Cc]heck)?/[*])$' }] },
    override: {
      ...closedObject({
        files: {
          description: 'Globs with *, **, ? and {a,b} for paths relative to the folder of this file.',
          anyOf: [glob, { ...listOf(glob), minItems: 1 }],
        },
        preset: ref('preset'),
        rules: ref('rules'),
      }),
      required: ['files'],
    },
    rules: {
      type: 'object',
      description: 'Levels by the name of a rule, "category/*", or the code of another tool.',
      properties: ruleProperties(allRules),
      additionalProperties: ref('setting'),
    },
  };
}

/** Each rule under its id, and under its name alone where no other has it; each category. */
function ruleProperties(allRules: ReadonlyMap<string, AnyRule>): JsonObject {
  const known = knownNames(allRules);
  const properties: Record<string, Json> = {};
  for (const category of new Set([...allRules.keys()].map((id) => splitId(id)[0]))) {
    properties[`${category}/*`] = { description: `All rules of the category ${category}.`, ...ref('level') };
  }
  for (const [id, rule] of allRules) {
    const [category, name] = splitId(id);
    properties[id] = ruleSetting(rule);
    if (known.get(name)?.length === 1) properties[name] = ref(`rules/properties/${category}~1${name}`);
  }
  return properties;
}

function ruleSetting({ summary, severity, options }: AnyRule): JsonObject {
  const about = { description: `${summary}.`, default: severity };
  if (options === undefined) return { ...about, ...ref('level') };
  return { ...about, anyOf: [ref('level'), levelWith(optionProperties(options))] };
}

const optionProperties = (options: OptionTable): JsonObject =>
  closedObject(
    Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        { description: option.about, ...optionType(option.default), default: option.default },
      ]),
    ),
  );

function optionType(value: OptionValue): JsonObject {
  if (Array.isArray(value)) return listOf({ type: 'string' });
  if (typeof value === 'object') return { type: 'object', additionalProperties: { type: 'string' } };
  return { type: typeof value };
}

/** The accepted names, without the copies in lower case of those that have capitals. */
function namesAsWritten(allRules: ReadonlyMap<string, AnyRule>): readonly string[] {
  const names = [...knownNames(allRules).keys()];
  const copies = new Set(names.filter((name) => name !== name.toLowerCase()).map((name) => name.toLowerCase()));
  return names.filter((name) => !copies.has(name));
}
