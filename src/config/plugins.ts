import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyRule } from '../rule.ts';
import { ConfigError, quote, shown } from './error.ts';
import { checkRule } from './schema.ts';

/** Ids of rules are as those of ours: `acme/no-curl`. */
const RULE_ID = /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/;

/**
 * Loads a plugin: runs its code. Only for plugins the user allowed.
 *
 * @param name a module name or a path, as the config has it
 * @param folder the config's, from where modules and paths are looked for
 * @returns its rules by id
 * @throws {ConfigError} when it is not there, throws while it loads, or exports something else than rules; the
 *   message lacks the place in the config
 */
export async function loadPlugin(name: string, folder: string): Promise<ReadonlyMap<string, AnyRule>> {
  try {
    const file = locate(name, folder);
    if (file === undefined) {
      throw new ConfigError(`The plugin ${quote(name)} is not there; install it, or write "./" before the path of a file.`);
    }
    const module: unknown = await import(pathToFileURL(file).href);
    return rulesOf(name, module);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`The plugin ${quote(name)} failed to load: ${firstLine(error)}.`, { cause: error });
  }
}

function locate(name: string, folder: string): string | undefined {
  if (/^\.\.?[/\\]/.test(name) || isAbsolute(name)) {
    const file = resolve(folder, name);
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : undefined;
  }
  const require = createRequire(join(folder, 'shipshape.json'));
  try {
    const file = require.resolve(name);
    return isAbsolute(file) ? file : undefined;
  } catch {
    return importOnly(name, require.resolve.paths(name) ?? []);
  }
}

/** The entry of a package that can only be imported, not required: Node 20 has no call that finds it from a folder. */
function importOnly(name: string, folders: readonly string[]): string | undefined {
  const at = folders.map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, 'package.json')));
  if (at === undefined) return undefined;
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
    const entry = entryOf(property(manifest, 'exports'));
    return entry === undefined ? undefined : join(at, entry);
  } catch {
    return undefined;
  }
}

function entryOf(exported: unknown): string | undefined {
  if (typeof exported === 'string') return exported;
  const next = ['.', 'node', 'import', 'default'].map((key) => property(exported, key)).find((value) => value !== undefined);
  return next === undefined ? undefined : entryOf(next);
}

function rulesOf(name: string, module: unknown): ReadonlyMap<string, AnyRule> {
  const exported = property(module, 'rules') ?? property(property(module, 'default'), 'rules');
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported)) {
    throw new ConfigError(`The plugin ${quote(name)} exports no "rules", an object of rules by "category/name".`);
  }
  const rules = new Map<string, AnyRule>();
  for (const [id, value] of Object.entries(exported)) {
    if (!RULE_ID.test(id)) {
      const form = 'write "category/name", in small letters, digits and "-"';
      throw new ConfigError(`The plugin ${quote(name)} exports a rule ${quote(id)}; ${form}.`);
    }
    const result = checkRule(value);
    if ('fault' in result) throw new ConfigError(`The plugin ${quote(name)} exports ${quote(id)}, which is no rule: ${result.fault}.`);
    rules.set(id, result.rule);
  }
  return rules;
}

/** What a value holds under a key, if it is an object that has the key. */
const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;

function firstLine(error: unknown): string {
  const text: unknown = error instanceof Error ? error.message : error;
  const [line = ''] = typeof text === 'string' ? text.split(/[\r\n]/, 1) : [];
  return shown(line.slice(0, 300)).replace(/[.\s]+$/, '') || 'it gives no reason';
}
