import { rules } from '../../rules/index.ts';
import { pageOf } from '../codes.ts';
import { ConfigLoader } from '../config/config.ts';
import { ConfigError, ending, listed, quote } from '../config/error.ts';
import { knownNames, rulesNamed, unknownRule } from '../config/names.ts';
import { describeRule, explainRule, rulesTable, type TextStyle } from '../explain.ts';
import { printJson } from '../report/json.ts';
import type { AnyRule } from '../rule.ts';
import type { CommonOptions, ListOptions } from './options.ts';
import { columnsOf, wantsColor, type Terminal } from './terminal.ts';

/** Our rules, and those of the config's plugins where the user lets them run. */
async function allRules({ allowPlugins, config }: CommonOptions, { folder }: Terminal): Promise<ReadonlyMap<string, AnyRule>> {
  if (!allowPlugins || config === false) return rules;
  const found = await new ConfigLoader({ rules, file: config, allowPlugins }).load(folder);
  return new Map([...rules, ...(found?.plugins ?? [])]);
}

const styleFor = ({ color }: CommonOptions, { output, environment }: Terminal): TextStyle => ({
  color: wantsColor(color, output, environment),
  columns: columnsOf(output),
});

/**
 * `shipshape explain RULE…`
 * @throws {ConfigError} for a name that stands for no rule
 */
export async function runExplain(names: readonly string[], options: ListOptions, terminal: Terminal): Promise<number> {
  if (names.length === 0) throw new ConfigError('Which rule? "shipshape rules" lists them.');
  const all = await allRules(options, terminal);
  const known = knownNames(all);
  const ids = new Set<string>();
  for (const name of names) {
    const found = rulesNamed(name, known);
    if (found === undefined) throw new ConfigError(unknownRule(name, known));
    const code = /SC\d{4}$/i.exec(name)?.[0].toUpperCase();
    if (found.length === 0 && code !== undefined) throw new ConfigError(`ShellCheck finds ${code}, and explains it: ${pageOf(code)}`);
    if (found.length === 0) throw new ConfigError(`No rule does the same as ${quote(name)}; "shipshape rules" lists them.`);
    for (const id of found) ids.add(id);
  }
  const chosen = [...all].filter(([id]) => ids.has(id));
  const text = options.format === 'json'
    ? printJson(chosen.map(([id, rule]) => ({ ...describeRule(id, rule), why: rule.why, examples: rule.examples })))
    : chosen.map(([id, rule]) => explainRule(id, rule, styleFor(options, terminal))).join(`\n${'─'.repeat(columnsOf(terminal.output))}\n\n`);
  terminal.output.write(text);
  return 0;
}

/**
 * `shipshape rules [CATEGORY…]`
 * @throws {ConfigError} for a category that is not there
 */
export async function runRules(words: readonly string[], options: ListOptions, terminal: Terminal): Promise<number> {
  const all = await allRules(options, terminal);
  const categories = [...new Set([...all.keys()].map((id) => id.slice(0, id.indexOf('/'))))];
  const unknown = words.find((word) => !categories.includes(word));
  if (unknown !== undefined) {
    throw new ConfigError(`There is no category ${quote(unknown)}${ending(unknown, categories, `; there are ${listed(categories, 'and')}`)}`);
  }
  const chosen = new Map([...all].filter(([id]) => words.length === 0 || words.includes(id.slice(0, id.indexOf('/')))));
  terminal.output.write(
    options.format === 'json' ? printJson([...chosen].map(([id, rule]) => describeRule(id, rule))) : rulesTable(chosen, styleFor(options, terminal)),
  );
  return 0;
}
