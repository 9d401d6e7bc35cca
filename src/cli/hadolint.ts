import { resolve } from 'node:path';
import { ConfigLoader } from '../config/config.ts';
import { ConfigError, listed, quote } from '../config/error.ts';
import { formatNames } from '../report/formats.ts';
import { hadolintVariables, readCommonOptions, type RawOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** @throws {ConfigError} for a format that is not ours: who reads it would read something else */
function formatOf(name: string): string {
  if (!formatNames.some((format) => format === name)) {
    throw new ConfigError(`hadolint's format ${quote(name)}, which its config asks for, is none of ours; choose with --format ${listed(formatNames, 'or')}.`);
  }
  return name;
}

/**
 * What hadolint's settings say of a whole run, as options of the command line that are not given there: those that count for the
 * working folder.
 *
 * @throws {ConfigError} where they can't be read
 */
export async function hadolintDefaults(raw: RawOptions, { folder, environment }: Terminal): Promise<RawOptions> {
  const { config } = readCommonOptions(raw);
  const file = typeof config === 'string' ? resolve(folder, config) : undefined;
  const loader = new ConfigLoader({ rules: new Map(), file, none: config === false, allowPlugins: false, hadolint: { folder, environment: hadolintVariables(environment) } });
  const settings = await loader.hadolintSettings(folder);
  if (settings === undefined) return {};
  const { failOn, noColor, formats: [format] } = settings;
  const wantsFormat = format !== undefined && raw['format'] === undefined && raw['diff'] !== true;
  return { ...(failOn && { 'fail-on': failOn }), ...(noColor && { color: false }), ...(wantsFormat && { format: formatOf(format) }) };
}
