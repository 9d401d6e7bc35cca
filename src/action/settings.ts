import { realpathSync } from 'node:fs';
import { readLintOptions, type LintOptions } from '../cli/options.ts';
import { ConfigError } from '../config/error.ts';
import type { Runner } from './runner.ts';
import { checkInside } from './workspace.ts';

/** The inputs of action.yml, read and checked. */
export interface Settings {
  readonly workspace: string;
  readonly options: LintOptions;
  readonly changedOnly: boolean;
  readonly newOnly: boolean;
  readonly sarifFile: string | undefined;
  readonly comment: boolean;
  readonly suggest: boolean;
  /** Whether suggestions may change the image. */
  readonly unsafe: boolean;
}

/** Paths stand on lines of their own; one that is called `-` is no standard input. */
const pathsOf = (text: string): string[] => text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '').map((path) => (path === '-' ? './-' : path));

/** Options as the command line has them, where they are given. */
function rawOptions(runner: Runner): Readonly<Record<string, unknown>> {
  const texts = ['config', 'fail-on', 'preset', 'shellcheck'].map((name) => [name, runner.input(name)] as const).filter(([, value]) => value !== '');
  return { ...Object.fromEntries(texts), paths: pathsOf(runner.input('paths')), 'allow-plugins': runner.flag('allow-plugins') };
}

function readOptions(runner: Runner): LintOptions {
  try {
    return readLintOptions(rawOptions(runner), {});
  } catch (error) {
    // What the command line calls an option is an input here.
    throw error instanceof ConfigError ? new ConfigError(error.message.replace(/^--([\w-]+)/, 'The input "$1"')) : error;
  }
}

/** @throws {ConfigError} for inputs that can't be followed, and paths that lead out of the workspace */
export function readSettings(runner: Runner): Settings {
  const { environment } = runner.world;
  const workspace = realpathSync(environment['GITHUB_WORKSPACE'] || process.cwd());
  const options = readOptions(runner);
  for (const path of options.paths) checkInside('The input "paths"', path, workspace);
  if (typeof options.config === 'string') checkInside('The input "config"', options.config, workspace);
  const sarifFile = runner.input('sarif-file');
  const temporary = environment['RUNNER_TEMP'];
  if (sarifFile !== '') checkInside('The input "sarif-file"', sarifFile, workspace, ...(temporary ? [temporary] : []));
  const newOnly = runner.flag('new-only');
  return {
    workspace,
    options,
    changedOnly: runner.flag('changed-only') || newOnly,
    newOnly,
    sarifFile: sarifFile === '' ? undefined : sarifFile,
    comment: runner.flag('comment'),
    suggest: runner.flag('suggest'),
    unsafe: runner.flag('unsafe'),
  };
}
