import { PRESETS, SHELLCHECK_MODES } from '../config/presets.ts';
import { ecosystemNames } from '../init/names.ts';
import { formatNames } from '../report/formats.ts';
import { orderFormatNames } from '../report/order-formats.ts';
import { failLevels, listFormats } from './options.ts';

/** An option of the command line, as the parser and the help know it. */
export interface OptionAbout {
  readonly about: string;
  /** What stands behind it; a switch has none. */
  readonly value?: string;
  /** All the values there are, where they can be told; for the completion of shells. */
  readonly choices?: readonly string[];
  /** True where `--no-NAME` says something. */
  readonly deniable?: true;
  readonly letter?: string;
}

/** Options by name. */
export type OptionTable = Readonly<Record<string, OptionAbout>>;
/** Options by heading. */
export type OptionGroups = Readonly<Record<string, OptionTable>>;

const listFormat: OptionAbout = { value: 'NAME', choices: listFormats, about: 'stylish (the default) or json', letter: 'f' };
const format: OptionAbout = {
  value: 'NAME[=FILE]',
  choices: formatNames,
  about: `${formatNames.join(', ').replace(',', ' (the default),').replace(/, (?=[^,]*$)/, ' or ')}; may be given several times, as in -f stylish -f sarif=out.sarif`,
  letter: 'f',
};
const color: OptionAbout = { about: 'Use colours; --no-color for none. By default where the output is a terminal', deniable: true };

const config: OptionAbout = { value: 'FILE', about: 'The config; --no-config for none. By default the nearest shipshape.json or .hadolint.yaml upward', deniable: true };

/** The options of every command. */
export const othersGroup: OptionGroups = {
  Others: {
    help: { about: 'Print this', letter: 'h' },
    version: { about: 'Print the version' },
  },
};

const others: OptionGroups = {
  Config: {
    config,
    'allow-plugins': { about: 'Load the plugins of the config, which are code' },
  },
  ...othersGroup,
};

/** The option that the shells ask for completions with: the words of the command line, the program first, stand behind it. */
export const askingOption = '--get-yargs-completions';

/** What the language server may be told. */
export const lspGroups: OptionGroups = {
  Config: { config },
  Others: { stdio: { about: 'Speak over standard input and output, which it does anyhow' }, ...othersGroup['Others'] },
};

/** What `explain` and `rules` may be told. */
export const commonGroups: OptionGroups = { Output: { format: listFormat, color }, ...others };

/** What becomes of findings. */
const outputTable: OptionTable = {
  'fail-on': { value: 'LEVEL', choices: failLevels, about: 'Exit with 1 for findings of this level or above: error, warning (the default), info or none' },
  'max-warnings': { value: 'N', about: 'Exit with 1 for more warnings than that' },
  quiet: { about: 'Report only findings of the level of --fail-on or above' },
  format,
  output: { value: 'FILE', about: 'Write the report that has no file of its own to this one', letter: 'o' },
  color,
};

/** What a lint run may be told. */
export const lintGroups: OptionGroups = {
  Fixes: {
    fix: { about: 'Apply the safe fixes, after which the image behaves the same' },
    unsafe: { about: 'With --fix or --diff: also fixes that may change the image' },
    diff: { about: 'Print what --fix would change, and write nothing' },
  },
  Rules: {
    only: { value: 'RULE,…', about: 'Run only these: rules, "category/*", or codes of other tools' },
    ignore: { value: 'RULE,…', about: 'Leave these out' },
    rule: { value: 'RULE=LEVEL', about: 'Set the level of a rule: error, warning, info or off' },
    preset: { value: 'NAME', choices: PRESETS, about: 'recommended (the default), all, or another tool\'s checks and levels: hadolint, buildkit' },
    shellcheck: { value: 'WHEN', choices: SHELLCHECK_MODES, about: 'Have ShellCheck read the scripts of RUN: auto (the default: where it is on the PATH), on or off' },
  },
  Build: {
    context: { value: 'DIR', about: "The build context. By default the Dockerfile's folder" },
    'build-arg': { value: 'NAME=VALUE', about: 'A build argument; NAME alone takes its value from the environment' },
    target: { value: 'STAGE', about: 'The stage that is built. By default the last' },
    'stdin-filename': { value: 'FILE', about: 'What the Dockerfile on standard input is called' },
  },
  'Many files': {
    since: { value: 'REF', about: 'Only files that changed since this branch or commit left the history of HEAD, or are not committed yet' },
    shard: { value: 'I/N', about: 'Only share I of N of the files; "shipshape merge" joins the JSON reports of all shares' },
    baseline: { value: 'FILE', about: 'Accept the findings in this file: only others are reported and fixed' },
    'write-baseline': { about: 'With --baseline: write what is found now to the file' },
    cache: { about: 'Check files again only where something changed that findings come from', deniable: true },
    'cache-location': { value: 'FILE', about: 'Where the cache is, and use it. By default node_modules/.cache/shipshape/results or .shipshape-cache' },
  },
  Output: { ...outputTable, verbose: { about: 'Tell which config and context each file has' } },
  ...others,
};

/** What `merge` may be told. */
export const mergeGroups: OptionGroups = { Output: outputTable, ...othersGroup };

/** What `optimize` may be told. */
export const optimizeGroups: OptionGroups = {
  Moves: {
    write: { about: 'Make the moves in the Dockerfile; without it they are only shown' },
    unsafe: { about: 'Also moves that may change the image' },
  },
  Measure: {
    history: { value: 'N', about: 'Replay the last N commits that touch the build context. By default 200' },
    timings: { value: 'FILE', about: 'What "docker build --progress=plain" (or rawjson) printed: weigh steps by its seconds, not by what they usually take' },
  },
  Build: {
    context: { value: 'DIR', about: "The build context. By default the Dockerfile's folder" },
    'build-arg': { value: 'NAME=VALUE', about: 'A build argument; NAME alone takes its value from the environment' },
    target: { value: 'STAGE', about: 'The stage that is built. By default the last' },
    'stdin-filename': { value: 'FILE', about: 'What the Dockerfile on standard input is called' },
  },
  Output: {
    format: { value: 'NAME', choices: orderFormatNames, about: 'text (the default), json, markdown or html', letter: 'f' },
    output: { value: 'FILE', about: 'Write the report to this file', letter: 'o' },
    color,
  },
  ...others,
};

const writing: OptionTable = {
  'dry-run': { about: 'Print what would be written, and write nothing' },
  force: { about: 'Replace files that are there' },
};

/** What `migrate` may be told. */
export const migrateGroups: OptionGroups = { Writing: writing, ...othersGroup };

/** What `init` may be told. */
export const initGroups: OptionGroups = {
  Project: {
    ecosystem: { value: 'NAME', choices: ecosystemNames, about: 'What it is, where several things speak: python, node, go, rust, java, dotnet, php, ruby or static' },
    port: { value: 'N', about: 'The port the service listens on' },
    start: { value: 'COMMAND', about: 'What starts it, as one command without a shell' },
    compose: { about: 'Write a compose.yaml too', deniable: true },
  },
  Writing: {
    yes: { about: 'Ask nothing, also on a terminal', letter: 'y' },
    ...writing,
  },
  ...othersGroup,
};
