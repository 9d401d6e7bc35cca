import yargs, { type Argv } from 'yargs';
import manifest from '../package.json' with { type: 'json' };
import { readCommonOptions, readLintOptions, type RawOptions } from './cli/options.ts';
import { columnsOf, type Terminal } from './cli/terminal.ts';
import { ConfigError, ending, quote } from './config/error.ts';
import { visible } from './report/text.ts';

interface OptionAbout {
  readonly about: string;
  /** A switch has none. */
  readonly value?: string;
  readonly letter?: string;
}

type OptionTable = Readonly<Record<string, OptionAbout>>;

const fixing: OptionTable = {
  fix: { about: 'Apply the safe fixes: the image behaves the same' },
  unsafe: { about: 'With --fix or --diff: also those that may change the image' },
  diff: { about: 'Show what --fix would change; write nothing' },
};

const choosing: OptionTable = {
  only: { value: 'RULE,…', about: 'Run only these: rules, "category/*", or codes of other tools' },
  ignore: { value: 'RULE,…', about: 'Leave these out' },
  rule: { value: 'RULE=LEVEL', about: 'Set a level: error, warning, info or off' },
  preset: { value: 'NAME', about: 'recommended (the default) or all' },
};

const building: OptionTable = {
  context: { value: 'DIR', about: "The build context; by default the Dockerfile's folder" },
  'build-arg': { value: 'NAME=VALUE', about: 'A build argument; NAME alone takes it from the environment' },
  target: { value: 'STAGE', about: 'The stage that is built' },
  'stdin-filename': { value: 'FILE', about: 'What the file at "-" is called' },
};

const reporting: OptionTable = {
  'fail-on': { value: 'LEVEL', about: 'Exit with 1 from this level on: error, warning (the default), info or none' },
  'max-warnings': { value: 'N', about: 'Exit with 1 when there are more warnings' },
  quiet: { about: 'Report only findings at or above the level of --fail-on' },
  format: { value: 'NAME', about: 'stylish (the default) or json', letter: 'f' },
  output: { value: 'FILE', about: 'Write the report to a file', letter: 'o' },
  color: { about: 'Paint, or with --no-color do not' },
  verbose: { about: 'Say which config and context each file has' },
};

const configuring: OptionTable = {
  config: { value: 'FILE', about: 'The config; --no-config for none; by default the nearest shipshape.json' },
  'allow-plugins': { about: "Let the config's plugins run: they are code" },
};

/** Options by heading. */
const lintGroups: Readonly<Record<string, OptionTable>> = {
  'Fixing:': fixing,
  'Rules:': choosing,
  'The build:': building,
  'The report:': reporting,
  'Config:': configuring,
};

const { format, color } = reporting;
const commonGroups: Readonly<Record<string, OptionTable>> = {
  'The report:': { ...(format === undefined ? {} : { format }), ...(color === undefined ? {} : { color }) },
  'Config:': configuring,
};

interface Command {
  readonly usage: string;
  readonly about: string;
  readonly groups: Readonly<Record<string, OptionTable>>;
  /** Runs it; what it needs is loaded only then. */
  readonly run: (words: readonly string[], raw: RawOptions, terminal: Terminal) => Promise<number>;
}

const lint: Command = {
  usage: '$0 [paths…]',
  about: 'Find what makes an image big, slow to rebuild, insecure or wrong, and fix it',
  groups: lintGroups,
  run: async (paths, raw, terminal) => {
    const options = readLintOptions({ ...raw, paths }, terminal.environment);
    const { runLint } = await import('./cli/lint.ts');
    return runLint(options, terminal);
  },
};

const commands: Readonly<Record<string, Command>> = {
  explain: {
    usage: '$0 explain RULE',
    about: 'What a rule finds, why, and how it is fixed',
    groups: commonGroups,
    run: async (names, raw, terminal) => {
      const options = readCommonOptions(raw);
      const { runExplain } = await import('./cli/rules.ts');
      return runExplain(names, options, terminal);
    },
  },
  rules: {
    usage: '$0 rules',
    about: 'List the rules',
    groups: commonGroups,
    run: async (words, raw, terminal) => {
      const options = readCommonOptions(raw);
      const { runRules } = await import('./cli/rules.ts');
      return runRules(words, options, terminal);
    },
  },
};

function addOptions(parser: Argv, { usage, about, groups }: Command): Argv {
  for (const [group, table] of Object.entries(groups)) {
    for (const [name, option] of Object.entries(table)) {
      const type = option.value === undefined ? 'boolean' : 'string';
      parser.option(name, {
        group,
        type,
        describe: option.value === undefined ? option.about : `${option.value}: ${option.about}`,
        requiresArg: type === 'string',
        ...(option.letter === undefined ? {} : { alias: option.letter }),
      });
    }
  }
  return parser.usage(`${usage}\n\n${about}.`);
}

/** Refuses what no option of the command is called. */
function checkOptionNames(raw: RawOptions, { groups }: Command): void {
  const tables = Object.values(groups).flatMap((table) => Object.entries(table));
  const known = new Set(['_', '$0', 'help', 'h', 'version', ...tables.flatMap(([name, { letter }]) => (letter === undefined ? [name] : [name, letter]))]);
  const unknown = Object.keys(raw).find((name) => !known.has(name));
  if (unknown === undefined) return;
  const dashes = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);
  throw new ConfigError(`There is no option ${quote(dashes(unknown))}${ending(dashes(unknown), tables.map(([name]) => dashes(name)), '; --help lists them')}`);
}

/** What the command line asks for: a command with its words and options, or only a text such as the help. */
type Request = { readonly command: Command; readonly words: readonly string[]; readonly raw: RawOptions } | { readonly print: string };

function parse(words: readonly string[], terminal: Terminal): Request {
  let request: Request = { print: '' };
  const parser = yargs().scriptName('shipshape').locale('en').version(manifest.version).help().alias('help', 'h').wrap(columnsOf(terminal.output));
  parser.parserConfiguration({ 'camel-case-expansion': false, 'dot-notation': false, 'parse-numbers': false, 'parse-positional-numbers': false, 'strip-aliased': true });
  for (const [name, command] of [['$0', lint] as const, ...Object.entries(commands)]) {
    parser.command(name, command.about, (builder) => addOptions(builder, command), (raw) => {
      request = { command, words: raw._.slice(name === '$0' ? 0 : 1).map(String), raw };
    });
  }
  parser.exitProcess(false).fail((message, error) => {
    const missing = /^Not enough arguments following: (.*)$/.exec(message ?? error?.message ?? '');
    throw missing === null ? (error ?? new ConfigError(message)) : new ConfigError(`--${missing[1] ?? ''} needs a value.`);
  });
  parser.parse([...words], {}, (_error, _raw, output) => {
    if (output !== '') request = { print: `${output}\n` };
  });
  return request;
}

/** One sentence of an error, with nothing in it that a terminal would obey; never a stack trace. */
const sentenceOf = (error: unknown): string =>
  error instanceof ConfigError
    ? error.message
    : `Something went wrong that should not have: ${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}`;

/**
 * Runs the program.
 *
 * @param words the command line without the names of Node and of the program
 * @returns the exit code: 0 clean, 1 findings at or above the level, 2 wrong usage or something that could not be read. Never throws.
 */
export async function main(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const request = parse(words, terminal);
    if ('print' in request) {
      terminal.output.write(request.print);
      return 0;
    }
    checkOptionNames(request.raw, request.command);
    return await request.command.run(request.words, request.raw, terminal);
  } catch (error) {
    terminal.errors.write(`shipshape: ${visible(sentenceOf(error))}\n`);
    return 2;
  }
}
