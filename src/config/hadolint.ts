import { readYamlTree } from '../context/yaml.ts';
import { isYamlMap, YamlError, type YamlEntry, type YamlNode } from '../context/yaml-node.ts';
import type { Severity } from '../rule.ts';
import { ending, listed, quote, type ConfigError } from './error.ts';

/** hadolint's settings, from its file and its variables, in our terms. */
export interface HadolintSettings {
  readonly ignored: readonly string[];
  /** Levels by code, the stricter behind the others. */
  readonly levels: readonly (readonly [code: string, level: Severity])[];
  readonly trusted: readonly string[];
  /** Types by label. */
  readonly labels: Readonly<Record<string, string>>;
  readonly strictLabels: boolean;
  /** False where its ignore comments count for nothing. */
  readonly comments: boolean;
  /** The level of --fail-on; undefined where nothing is said. */
  readonly failOn: Threshold | undefined;
  readonly noColor: boolean;
  /** Of --format, the names that are no format of ours among them. */
  readonly formats: readonly string[];
}

type Threshold = 'error' | 'warning' | 'info' | 'none';

const thresholds: Readonly<Record<string, Threshold>> = { error: 'error', warning: 'warning', info: 'info', style: 'info', ignore: 'none', none: 'none' };
const labelTypes: readonly string[] = ['text', 'rfc3339', 'semver', 'url', 'hash', 'spdx', 'email'];

/** hadolint's levels from weak to strong, with ours. */
const levels: readonly (readonly [word: string, level: Severity])[] = [['style', 'info'], ['info', 'info'], ['warning', 'warning'], ['error', 'error']];

/** What its formats are called here, where that differs. */
const formatNames: Readonly<Record<string, string>> = { tty: 'tty-compact', gitlab_codeclimate: 'gitlab' };

/** What one place says; undefined or empty where it says nothing. */
interface Said {
  readonly list: (name: string) => readonly string[];
  readonly flag: (name: string) => boolean | undefined;
  readonly word: (name: string, words: readonly string[]) => string | undefined;
  readonly labels: () => readonly (readonly [label: string, type: string])[];
}

/** Makes the error for a place in the file. */
export type Refuse = (offset: number, sentence: string) => ConfigError;

type Entries = ReadonlyMap<string, YamlEntry>;

/** The text of a value; an empty one is nothing. */
function textOf({ at, value }: YamlNode, name: string, refuse: Refuse): string {
  if (typeof value !== 'string') throw refuse(at, `${quote(name)} must be a text here.`);
  return value;
}

function entriesOf({ at, value }: YamlNode, name: string, refuse: Refuse): Entries {
  if (isYamlMap(value)) return value;
  if (value === '') return new Map();
  throw refuse(at, `${name} must have keys with values.`);
}

/** One text is taken for a list of it. */
function listOf(entry: YamlEntry | undefined, name: string, refuse: Refuse): readonly string[] {
  if (entry === undefined) return [];
  const { node, node: { at, value } } = entry;
  if (isYamlMap(value)) throw refuse(at, `${quote(name)} must be a list.`);
  return (typeof value === 'string' ? [node] : value).map((item) => textOf(item, name, refuse)).filter((text) => text !== '');
}

function oneOf(entry: YamlEntry | undefined, name: string, words: readonly string[], refuse: Refuse): string | undefined {
  const text = entry === undefined ? '' : textOf(entry.node, name, refuse);
  if (entry === undefined || text === '') return undefined;
  const found = words.find((word) => word === text.toLowerCase());
  if (found === undefined) throw refuse(entry.node.at, `${quote(name)} must be ${listed(words, 'or')}, not ${quote(text)}${ending(text, words)}`);
  return found;
}

/** What the file says. Keys that nobody knows are let pass, as hadolint does. */
function readFile(source: string, refuse: Refuse): Said {
  const root = entriesOf(readYamlTree(source), 'The config', refuse);
  const entryAt = (name: string): YamlEntry | undefined => {
    const [first = '', second] = name.split('.');
    const entry = root.get(first);
    return second === undefined || entry === undefined ? entry : entriesOf(entry.node, quote(first), refuse).get(second);
  };
  return {
    list: (name) => listOf(entryAt(name), name, refuse),
    word: (name, words) => oneOf(entryAt(name), name, words, refuse),
    flag: (name) => {
      const word = oneOf(entryAt(name), name, ['true', 'false'], refuse);
      return word === undefined ? undefined : word === 'true';
    },
    labels: () => {
      const entry = entryAt('label-schema');
      const entries = entry === undefined ? [] : [...entriesOf(entry.node, '"label-schema"', refuse)];
      return entries.map(([label, each]) => [label, oneOf(each, label, labelTypes, refuse) ?? 'text']);
    },
  };
}

/** Variables that are not called as the file's keys are. */
const variables: Readonly<Record<string, string>> = { ignored: 'IGNORE', trustedRegistries: 'TRUSTED_REGISTRIES', 'label-schema': 'REQUIRE_LABELS', 'no-fail': 'NOFAIL' };

const variableOf = (key: string): string => `HADOLINT_${variables[key] ?? key.toUpperCase().replace(/[-.]/g, '_')}`;

type Environment = Readonly<Record<string, string | undefined>>;

/** What the variables say. Values that are none are dropped, as hadolint does. */
function readVariables(environment: Environment): Said {
  const text = (name: string): string => environment[variableOf(name)]?.trim() ?? '';
  const list = (name: string): string[] => text(name).split(',').map((part) => part.trim()).filter((part) => part !== '');
  return {
    list,
    word: (name, words) => words.find((word) => word === text(name).toLowerCase()),
    flag: (name) => (text(name) === '' ? undefined : /^(?:1|y|on|true|yes)$/i.test(text(name))),
    labels: () => list('label-schema').flatMap((each) => {
      const colon = each.lastIndexOf(':');
      const type = each.slice(colon + 1) || 'text';
      return colon > 0 && labelTypes.includes(type) ? [[each.slice(0, colon), type] as const] : [];
    }),
  };
}

/** The file is stronger than the variables; lists of both are joined; of labels the variables are stronger. */
function combine(file: Said, environment: Said): HadolintSettings {
  const lists = (name: string): string[] => [...file.list(name), ...environment.list(name)];
  const flag = (name: string): boolean => file.flag(name) ?? environment.flag(name) ?? false;
  const words = Object.keys(thresholds);
  const threshold = file.word('failure-threshold', words) ?? environment.word('failure-threshold', words);
  return {
    ignored: lists('ignored'),
    levels: levels.flatMap(([word, level]) => lists(`override.${word}`).map((code) => [code, level] as const)),
    trusted: lists('trustedRegistries'),
    labels: Object.fromEntries([...file.labels(), ...environment.labels()]),
    strictLabels: flag('strict-labels'),
    comments: !flag('disable-ignore-pragma'),
    failOn: flag('no-fail') ? 'none' : thresholds[threshold ?? ''],
    noColor: flag('no-color'),
    formats: [...lists('format'), ...lists('formats')].map((name) => formatNames[name] ?? name),
  };
}

/**
 * Reads hadolint's settings.
 *
 * @param source the text of its file; nothing where there is none
 * @throws {ConfigError} by `refuse`, for text that is no YAML, and for values that are of the wrong kind
 */
export function readHadolint(source: string, environment: Environment, refuse: Refuse): HadolintSettings {
  try {
    return combine(readFile(source, refuse), readVariables(environment));
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw refuse(error.at, `The config is not YAML that can be read: ${error.message} here.`);
  }
}
