import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { rules } from '../../rules/index.ts';
import { ConfigLoader, CONFIG_NAME } from '../config/config.ts';
import { ConfigError, quote } from '../config/error.ts';
import { HadolintFiles, speaksToHadolint } from '../config/hadolint-files.ts';
import type { HadolintSettings } from '../config/hadolint.ts';
import { rulesTable, type RulesTable } from '../config/hadolint-rules.ts';
import { knownNames, rulesNamed } from '../config/names.ts';
import { isThere, writeFiles } from '../init/write.ts';
import { plural, visible, visibleLines } from '../report/text.ts';
import { hadolintVariables, type MigrateOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Where the settings are, and the folder that the new config is for. */
interface Source {
  readonly file: string;
  readonly folder: string;
}

/** The config of hadolint that counts in a folder. The new one stands beside it, where it counts for the same files. */
async function sourceOf(folder: string, terminal: Terminal): Promise<Source> {
  const files = new HadolintFiles({ folder: terminal.folder, environment: hadolintVariables(terminal.environment) });
  const nearest = await files.nearest(folder);
  const file = nearest ?? await files.elsewhere();
  if (file === undefined) {
    throw new ConfigError('There is no .hadolint.yaml here or above, so there is nothing to migrate; without settings, `--preset hadolint` gives its checks.');
  }
  return { file, folder: nearest === undefined ? folder : dirname(nearest) };
}

/** The config as people would write it: a rule a line. */
function configText(table: RulesTable): string {
  const lines = Object.entries(table).map(([code, setting]) => `    ${JSON.stringify(code)}: ${JSON.stringify(setting, undefined, 1).replace(/\n */g, ' ')}`);
  const entries = ['"$schema": "./node_modules/shipshape/shipshape.schema.json"', '"preset": "hadolint"', ...(lines.length === 0 ? [] : [`"rules": {\n${lines.join(',\n')}\n  }`])];
  return `{\n${entries.map((entry) => `  ${entry}`).join(',\n')}\n}\n`;
}

const named = (codes: readonly string[]): string => codes.map(visible).join(', ');

/** What a config of ours can't say, and what to do instead. */
function leftovers({ ignored, levels, trusted, labels, strictLabels, comments, failOn, noColor, formats }: HadolintSettings): string[] {
  const known = knownNames(rules);
  const codes = [...new Set([...ignored, ...levels.map(([code]) => code)])];
  // What ShellCheck says goes by its own codes, whichever there are.
  const foreign = codes.filter((code) => !/^SC\d{4}$/.test(code) && (rulesNamed(code, known) ?? []).length === 0);
  const has = (id: string): boolean => rules.has(id);
  return [
    ...(foreign.length > 0 ? [`No rule does what ${named(foreign)} ${foreign.length === 1 ? 'does' : 'do'}.`] : []),
    ...(trusted.length > 0 && !has('security/untrusted-registry') ? ['No rule knows trustedRegistries.'] : []),
    ...((Object.keys(labels).length > 0 || strictLabels) && !has('correctness/label-schema') ? ['No rule knows label-schema and strict-labels.'] : []),
    ...(comments ? [] : ['disable-ignore-pragma is not carried over: comments that ignore rules count.']),
    ...(failOn === undefined ? [] : [`What makes a run fail is said on the command line: --fail-on ${failOn}.`]),
    ...(noColor ? ['So are colours: --no-color.'] : []),
    ...(formats.length > 0 ? [`The format is said there too: ${formats.map((format) => `-f ${visible(format)}`).join(' ')}.`] : []),
  ];
}

/**
 * `shipshape migrate [DIR]`: writes a config that finds what hadolint does with its own.
 *
 * @returns the exit code
 * @throws {ConfigError} where there is nothing to migrate, it can't be read, or a config of ours is there
 */
export async function runMigrate(words: readonly string[], { dryRun, force }: MigrateOptions, terminal: Terminal): Promise<number> {
  if (words.length > 1) throw new ConfigError('Which folder? Name one.');
  const start = resolve(terminal.folder, words[0] ?? '.');
  const found = await stat(start).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new ConfigError(`${quote(words[0] ?? '.')} is not a folder.`);
  const { file, folder } = await sourceOf(start, terminal);
  const shown = (path: string): string => visible(relative(terminal.folder, path));
  const path = join(folder, CONFIG_NAME);
  if (isThere(folder, CONFIG_NAME) && !force && !dryRun) throw new ConfigError(`${quote(shown(path))} is there already; --force replaces it.`);
  const settings = await new ConfigLoader({ rules, file, allowPlugins: false }).hadolintSettings(folder);
  if (settings === undefined) return 0;
  const table = rulesTable(settings, rules, 'hadolint');
  const text = configText(table);
  const { output, errors } = terminal;
  if (dryRun) output.write(output.isTerminal ? visibleLines(text) : text);
  else writeFiles(folder, [{ path: CONFIG_NAME, text, about: '' }]);
  const variables = speaksToHadolint(terminal.environment) ? ['HADOLINT_* variables are no longer read beside it.'] : [];
  const lines = [
    `${dryRun ? 'Would write' : 'Wrote'} ${shown(path)} from ${shown(file)}: the checks of hadolint at its levels, and ${plural(Object.keys(table).length, 'setting')}.`,
    ...[...leftovers(settings), ...variables].map((line) => `Look at this: ${line}`),
    'Set "preset" to "recommended" for all that shipshape finds, without what few would mend.',
  ];
  for (const line of lines) (dryRun ? errors : output).write(`${line}\n`);
  return 0;
}
