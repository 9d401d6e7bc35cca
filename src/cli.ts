import type { Argv } from 'yargs';
import manifest from '../package.json' with { type: 'json' };
import { sentenceOf } from './cli/errors.ts';
import { helpText } from './cli/help.ts';
import { readCommonOptions, readInitOptions, readLintOptions, readListOptions, readMergeOptions, readMigrateOptions, type RawOptions } from './cli/options.ts';
import { askingOption, commonGroups, initGroups, lintGroups, lspGroups, mergeGroups, migrateGroups, optimizeGroups, othersGroup, type OptionAbout, type OptionGroups } from './cli/table.ts';
import { columnsOf, type Output, type Terminal } from './cli/terminal.ts';
import { ConfigError, ending, listed, quote } from './config/error.ts';

/** A command of the program. */
export interface Command {
  /** How to call it: one line each. */
  readonly usage: readonly string[];
  readonly about: string;
  readonly groups: OptionGroups;
  /** Runs it; what it needs is loaded only then. */
  readonly run: (words: readonly string[], raw: RawOptions, terminal: Terminal) => Promise<number>;
}

/** What is run where no command is named. */
export const lint: Command = {
  usage: ['shipshape [paths…] [options]', 'shipshape optimize [DOCKERFILE…]', 'shipshape explain RULE', 'shipshape rules [CATEGORY]', 'shipshape merge REPORT…', 'shipshape init [DIR]', 'shipshape migrate [DIR]', 'shipshape lsp', 'shipshape completion [bash|zsh]', 'shipshape help [COMMAND]'],
  about: 'Finds what makes Docker images big, slow to rebuild, insecure or wrong, and fixes it. Paths are Dockerfiles, folders to search for them, or "-" for standard input; no path means this folder.',
  groups: lintGroups,
  run: async (paths, raw, terminal) => {
    const { hadolintDefaults } = await import('./cli/hadolint.ts');
    const options = readLintOptions({ ...await hadolintDefaults(raw, terminal), ...raw, paths }, terminal.environment);
    const { runLint } = await import('./cli/lint.ts');
    return runLint(options, terminal);
  },
};

/** The other commands by name. */
export const commands: Readonly<Record<string, Command>> = {
  explain: {
    usage: ['shipshape explain RULE…'],
    about: 'Tells what a rule finds, why, and how it is fixed. A rule may be called by its name, or by the code of another tool for the same check.',
    groups: commonGroups,
    run: async (names, raw, terminal) => {
      const options = readListOptions(raw);
      const { runExplain } = await import('./cli/rules.ts');
      return runExplain(names, options, terminal);
    },
  },
  rules: {
    usage: ['shipshape rules [CATEGORY…]'],
    about: 'Lists the rules.',
    groups: commonGroups,
    run: async (words, raw, terminal) => {
      const options = readListOptions(raw);
      const { runRules } = await import('./cli/rules.ts');
      return runRules(words, options, terminal);
    },
  },
  optimize: {
    usage: ['shipshape optimize [DOCKERFILE…] [options]'],
    about: 'Orders the steps of Dockerfiles by what really changes: replays the last commits on a model of the build cache, tells which steps each of them runs again, and moves what need not be. Each move is proven to leave the image as it is, and kept only if it saves something.',
    groups: optimizeGroups,
    run: async (paths, raw, terminal) => {
      const { readOptimizeOptions } = await import('./cli/optimize-options.ts');
      const options = readOptimizeOptions({ ...raw, paths }, terminal.environment);
      const { runOptimize } = await import('./cli/optimize.ts');
      return runOptimize(options, terminal);
    },
  },
  merge: {
    usage: ['shipshape merge REPORT… [options]'],
    about: 'Makes one report, and one exit code, of the JSON reports of several runs, such as those with --shard. Source lines are shown where the files are at hand as they were.',
    groups: mergeGroups,
    run: async (paths, raw, terminal) => {
      const options = readMergeOptions({ ...raw, paths });
      const { runMerge } = await import('./cli/merge.ts');
      return runMerge(options, terminal);
    },
  },
  init: {
    usage: ['shipshape init [DIR] [options]'],
    about: 'Writes a .dockerignore and, for a project without one, a Dockerfile by what its manifests and sources say. On a terminal it asks what it has to guess. Nothing that is there is replaced without --force.',
    groups: initGroups,
    run: async (words, raw, terminal) => {
      const options = readInitOptions(raw);
      const { runInit } = await import('./cli/init.ts');
      return runInit(words, options, terminal);
    },
  },
  migrate: {
    usage: ['shipshape migrate [DIR] [options]'],
    about: 'Writes a shipshape.json that finds what hadolint does with its config: the nearest .hadolint.yaml upward from the folder, beside which it is put. Tells what could not be carried over. A config that is there is not replaced without --force.',
    groups: migrateGroups,
    run: async (words, raw, terminal) => {
      const options = readMigrateOptions(raw);
      const { runMigrate } = await import('./cli/migrate.ts');
      return runMigrate(words, options, terminal);
    },
  },
  lsp: {
    usage: ['shipshape lsp [--stdio]'],
    about: 'Serves an editor: a language server on standard input and output. Plugins are never loaded.',
    groups: lspGroups,
    run: async (_words, raw, { folder, environment }) => {
      const { config } = readCommonOptions(raw);
      const { runServer } = await import('./lsp/server.ts');
      return runServer({ input: process.stdin, output: process.stdout, folder, config, environment, version: manifest.version });
    },
  },
  completion: {
    usage: ['shipshape completion [bash|zsh]'],
    about: 'Prints the script that makes a shell complete commands, options, their values and the names of rules. Without a name it is the script of your login shell. For bash: shipshape completion bash >>~/.bashrc',
    groups: othersGroup,
    run: async ([shell], _raw, { environment, output }) => {
      const { completionScript } = await import('./cli/completion.ts');
      output.write(completionScript(shell, environment['SHELL']));
      return 0;
    },
  },
  help: {
    usage: ['shipshape help [COMMAND]'],
    about: 'Tells how to use the program or a command, as --help does.',
    groups: othersGroup,
    run: async ([name], _raw, { output }) => {
      output.write(helpOf(name === undefined ? lint : commandNamed(name), output));
      return 0;
    },
  },
};

const helpOf = ({ usage, about, groups }: Command, output: Output): string => helpText(usage, about, groups, columnsOf(output));

function commandNamed(name: string): Command {
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (found === undefined) throw new ConfigError(`There is no command ${quote(name)}${ending(name, Object.keys(commands), `; there are ${listed(Object.keys(commands), 'and')}`)}`);
  return found;
}

const optionsOf = ({ groups }: Command): readonly (readonly [name: string, OptionAbout])[] =>
  Object.values(groups).flatMap((table) => Object.entries(table));

function addOptions(parser: Argv, command: Command): Argv {
  for (const [name, { value, letter }] of optionsOf(command)) {
    const type = value === undefined ? 'boolean' : 'string';
    parser.option(name, { type, requiresArg: type === 'string', ...(letter === undefined ? {} : { alias: letter }) });
  }
  return parser;
}

/** Refuses what no option of the command is called. */
function checkOptionNames(raw: RawOptions, command: Command): void {
  const known = new Set(['_', '$0', ...optionsOf(command).map(([name]) => name)]);
  const unknown = Object.keys(raw).find((name) => !known.has(name));
  if (unknown === undefined) return;
  const dashes = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);
  throw new ConfigError(`There is no option ${quote(dashes(unknown))}${ending(dashes(unknown), optionsOf(command).map(([name]) => dashes(name)), '; --help lists them')}`);
}

/** A command with its words and options. */
interface Request {
  readonly command: Command;
  readonly words: readonly string[];
  readonly raw: RawOptions;
}

/** True when there is nothing to parse: only paths. Most runs of editors and hooks are so, and need not load the parser. */
const arePaths = (words: readonly string[]): boolean => words.every((word) => word === '-' || !word.startsWith('-')) && !Object.hasOwn(commands, words[0] ?? '');

/** Reads the command line. yargs knows the words and options; the help is our own, and nothing is printed or ended by it. */
async function parse(words: readonly string[]): Promise<Request> {
  let request: Request = { command: lint, words, raw: {} };
  if (arePaths(words)) return request;
  const { default: yargs } = await import('yargs');
  const parser = yargs().scriptName('shipshape').locale('en').version(false).help(false).exitProcess(false).parserConfiguration({
    'camel-case-expansion': false, 'dot-notation': false, 'greedy-arrays': false, 'parse-numbers': false, 'parse-positional-numbers': false, 'strip-aliased': true,
  });
  for (const [name, command] of [['$0', lint] as const, ...Object.entries(commands)]) {
    parser.command(name, false, (builder) => addOptions(builder, command), (raw) => {
      request = { command, words: raw._.slice(name === '$0' ? 0 : 1).map(String), raw };
    });
  }
  parser.fail((message, error) => {
    const missing = /^Not enough arguments following: (.*)$/.exec(message ?? error?.message ?? '');
    throw missing === null ? (error ?? new ConfigError(message)) : new ConfigError(`--${missing[1] ?? ''} needs a value.`);
  });
  await parser.parseAsync([...words]);
  return request;
}

/**
 * Runs the program.
 *
 * @param words the command line without the names of Node and of the program
 * @returns the exit code: 0 clean, 1 findings at or above the level, 2 wrong usage or something that could not be read. Never throws.
 */
export async function main(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    if (words[0] === askingOption) {
      const { completions } = await import('./cli/completion.ts');
      terminal.output.write((await completions(words.slice(1), lint, commands)).map((answer) => `${answer}\n`).join(''));
      return 0;
    }
    const request = await parse(words);
    checkOptionNames(request.raw, request.command);
    const print = request.raw['help'] === true ? helpOf(request.command, terminal.output) : undefined;
    const text = print ?? (request.raw['version'] === true ? `${manifest.version}\n` : undefined);
    if (text !== undefined) {
      terminal.output.write(text);
      return 0;
    }
    return await request.command.run(request.words, request.raw, terminal);
  } catch (error) {
    terminal.errors.write(`shipshape: ${sentenceOf(error, 'Something went wrong that should not have')}\n`);
    return 2;
  }
}
