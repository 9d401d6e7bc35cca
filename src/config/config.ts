import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve } from 'node:path';
import type { Node, ParseError } from 'jsonc-parser';
import type { AnyRule } from '../rule.ts';
import { LineMap } from '../span.ts';
import { ConfigError, quote, shown } from './error.ts';
import { HadolintFiles, isFile, speaksToHadolint, type HadolintPlaces } from './hadolint-files.ts';
import type { HadolintSettings } from './hadolint.ts';
import type { Problem } from './schema.ts';
import type { Config } from './settings.ts';

export const CONFIG_NAME = 'shipshape.json';

/** Longer configs are refused unread. */
const LARGEST = 1024 * 1024;

export interface ConfigRequest {
  /** The rules by id, without those of plugins; names in the config are checked against them. */
  readonly rules: ReadonlyMap<string, AnyRule>;
  /** The config to use for all directories, instead of looking for one. */
  readonly file?: string | undefined;
  /** Use none. */
  readonly none?: boolean | undefined;
  /**
   * Whether a config may have plugins, which are code. One that has some is refused where it may not; `leave out` takes it
   * without them, and without what it says of rules that nobody knows then.
   */
  readonly allowPlugins: boolean | 'leave out';
  /** Where hadolint's settings may be, which count where no config of ours is as near; undefined where they are not wanted. */
  readonly hadolint?: HadolintPlaces | undefined;
}

/** What counts for a directory. */
type Place =
  | { readonly file: string; readonly passedOver?: string | undefined }
  /** hadolint's settings: of a file, or of variables alone. */
  | { readonly hadolintFile: string | undefined };

/**
 * The config for a directory: `shipshape.json` there or in the nearest folder above. For many directories make one
 * {@link ConfigLoader}.
 *
 * @throws {ConfigError} when it cannot be read, or says something that is not understood
 */
export const loadConfig = ({ directory, ...request }: ConfigRequest & { readonly directory: string }): Promise<Config | undefined> =>
  new ConfigLoader(request).load(directory);

/** Finds and reads configs, each once: directories under the same config get the same object. */
export class ConfigLoader {
  readonly #found = new Map<string, Promise<string | undefined>>();
  readonly #read = new Map<string, Promise<Config>>();
  readonly #hadolint: HadolintFiles | undefined;

  constructor(readonly request: ConfigRequest) {
    this.#hadolint = request.hadolint && new HadolintFiles(request.hadolint);
  }

  /** @throws {ConfigError} when the config cannot be read, or says something that is not understood */
  async load(directory: string): Promise<Config | undefined> {
    const place = await this.#placeFor(directory);
    if (place === undefined) return undefined;
    if ('hadolintFile' in place) return once(this.#read, place.hadolintFile ?? '', () => this.#asConfig(place.hadolintFile));
    return once(this.#read, place.file, () => readConfig(place, this.request));
  }

  /**
   * hadolint's settings, where they are what counts for a directory.
   * @throws {ConfigError} when they cannot be read
   */
  async hadolintSettings(directory: string): Promise<HadolintSettings | undefined> {
    const place = await this.#placeFor(directory);
    return place !== undefined && 'hadolintFile' in place ? this.#settingsOf(place.hadolintFile) : undefined;
  }

  async #placeFor(directory: string): Promise<Place | undefined> {
    const { file: given, none = false, hadolint } = this.request;
    if (none) return undefined;
    if (given !== undefined) return /^\.ya?ml$/i.test(extname(given)) ? { hadolintFile: resolve(given) } : { file: resolve(given) };
    const [own, theirs] = await Promise.all([this.#find(resolve(directory)), this.#hadolint?.nearest(resolve(directory))]);
    // Both are at or above the directory: the longer path is the nearer.
    if (own !== undefined && (theirs === undefined || dirname(own).length >= dirname(theirs).length)) return { file: own, passedOver: theirs };
    const found = theirs ?? await this.#hadolint?.elsewhere();
    return found !== undefined || (hadolint !== undefined && speaksToHadolint(hadolint.environment)) ? { hadolintFile: found } : undefined;
  }

  async #settingsOf(file: string | undefined): Promise<HadolintSettings> {
    const { readHadolint } = await import('./hadolint.ts');
    const name = file === undefined ? '' : shown(relative(process.cwd(), file));
    const text = file === undefined ? '' : await readText(name, file);
    return readHadolint(text, this.request.hadolint?.environment ?? {}, refuserIn(name, text));
  }

  /** hadolint's settings as a config of ours. */
  async #asConfig(file: string | undefined): Promise<Config> {
    const { rules, hadolint } = this.request;
    const settings = await this.#settingsOf(file);
    const [{ checkConfig }, { rulesTable }] = await Promise.all([import('./check.ts'), import('./hadolint-rules.ts')]);
    const refuse = ({ sentence }: Problem): ConfigError => new ConfigError(sentence);
    const config = await checkConfig({ rules: rulesTable(settings, rules, 'recommended') }, { file: file ?? hadolint?.folder ?? '', rules, allowPlugins: false, refuse });
    return { ...config, file, hadolintComments: settings.comments };
  }

  #find(directory: string): Promise<string | undefined> {
    return once(this.#found, directory, async () => {
      const file = join(directory, CONFIG_NAME);
      if (await isFile(file)) return file;
      const parent = dirname(directory);
      return parent === directory ? undefined : this.#find(parent);
    });
  }
}

function once<Value>(cache: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const made = cache.get(key) ?? make();
  cache.set(key, made);
  return made;
}

async function readConfig({ file, passedOver }: { readonly file: string; readonly passedOver?: string | undefined }, request: ConfigRequest): Promise<Config> {
  const name = shown(relative(process.cwd(), file));
  const { value, refuse } = await parseSource(name, await readText(name, file));
  const { checkConfig } = await import('./check.ts');
  return { ...await checkConfig(value, { ...request, file, refuse }), passedOver };
}

/** Makes errors that name a place in a text. */
function refuserIn(name: string, text: string): (offset: number, sentence: string) => ConfigError {
  const lines = new LineMap(text);
  return (offset, sentence) => {
    const { line, column } = lines.position(offset);
    return new ConfigError(`${name}:${line}:${column}: ${sentence}`);
  };
}

async function readText(name: string, file: string): Promise<string> {
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw new ConfigError(`The config ${name} is not a file.`);
    if (stats.size > LARGEST) throw new ConfigError(`The config ${name} is larger than 1 MiB.`);
    const text = await readFile(file, 'utf8');
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = { ENOENT: 'there is no such file', ENOTDIR: 'there is no such file', EACCES: 'you may not read it' }[code] ?? code;
    throw new ConfigError(`The config ${name} cannot be read: ${reason}.`, { cause: error });
  }
}

/** A parsed config that can tell where in its text something stands. */
interface Source {
  readonly value: unknown;
  readonly refuse: (problem: Problem) => ConfigError;
}

/** What jsonc-parser finds, in words. */
const SYNTAX: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing brace is missing',
  CloseBracketExpected: 'a closing bracket is missing',
  EndOfFileExpected: 'the text should end',
  UnexpectedEndOfComment: 'a comment is not closed',
  UnexpectedEndOfString: 'a string is not closed',
  InvalidSymbol: 'a word is neither in double quotes nor true, false or null',
};

async function parseSource(name: string, text: string): Promise<Source> {
  const jsonc = await import('jsonc-parser');
  const refuseAt = refuserIn(name, text);
  try {
    const errors: ParseError[] = [];
    const root = jsonc.parseTree(text, errors, { allowTrailingComma: true });
    const [error] = errors;
    if (error !== undefined || root === undefined) {
      const code = error === undefined ? 'ValueExpected' : jsonc.printParseErrorCode(error.error);
      throw refuseAt(error?.offset ?? 0, `The config is not valid JSON: ${SYNTAX[code] ?? 'a character does not belong'} here.`);
    }
    const refuse = ({ path, at, sentence }: Problem): ConfigError => {
      const node = jsonc.findNodeAtLocation(root, [...path]) ?? root;
      const key = at === 'key' && node.parent?.type === 'property' ? node.parent : node;
      return refuseAt(key.offset, sentence);
    };
    return { value: valueOf(root, refuseAt), refuse };
  } catch (error) {
    if (error instanceof RangeError) throw new ConfigError(`The config ${name} is nested too deeply.`, { cause: error });
    throw error;
  }
}

/** Keys that are never names here, and that objects treat specially. */
const UNSAFE_KEYS: ReadonlySet<unknown> = new Set(['__proto__', 'prototype', 'constructor']);

/** The value of a node; refuses keys that are given twice, which JSON would let pass. */
function valueOf(node: Node, refuseAt: (offset: number, sentence: string) => ConfigError): unknown {
  if (node.type === 'array') return (node.children ?? []).map((child) => valueOf(child, refuseAt));
  if (node.type !== 'object') return node.value;
  const entries = new Map<string, unknown>();
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (key === undefined || value === undefined) continue;
    const name = String(key.value);
    if (entries.has(name)) throw refuseAt(key.offset, `The key ${quote(name)} is given twice; keep one of them.`);
    if (UNSAFE_KEYS.has(name)) throw refuseAt(key.offset, `There is no key ${quote(name)}; remove it.`);
    entries.set(name, valueOf(value, refuseAt));
  }
  return Object.fromEntries(entries);
}
