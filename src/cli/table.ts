import { formatNames } from '../report/formats.ts';

/** An option of the command line, as the parser and the help know it. */
export interface OptionAbout {
  readonly about: string;
  /** What stands behind it; a switch has none. */
  readonly value?: string;
  readonly letter?: string;
}

/** Options by name. */
export type OptionTable = Readonly<Record<string, OptionAbout>>;
/** Options by heading. */
export type OptionGroups = Readonly<Record<string, OptionTable>>;

const listFormat: OptionAbout = { value: 'NAME', about: 'stylish (the default) or json', letter: 'f' };
const format: OptionAbout = {
  value: 'NAME[=FILE]',
  about: `${formatNames.join(', ').replace(',', ' (the default),').replace(/, (?=[^,]*$)/, ' or ')}; may be given several times, as in -f stylish -f sarif=out.sarif`,
  letter: 'f',
};
const color: OptionAbout = { about: 'Use colours; --no-color for none. By default where the output is a terminal' };

const config: OptionAbout = { value: 'FILE', about: 'The config; --no-config for none. By default the nearest shipshape.json upward' };

const others: OptionGroups = {
  Config: {
    config,
    'allow-plugins': { about: 'Load the plugins of the config, which are code' },
  },
  Others: {
    help: { about: 'Print this', letter: 'h' },
    version: { about: 'Print the version' },
  },
};

/** What the language server may be told. */
export const lspGroups: OptionGroups = {
  Config: { config },
  Others: { stdio: { about: 'Speak over standard input and output, which it does anyhow' }, ...others['Others'] },
};

/** What `explain` and `rules` may be told. */
export const commonGroups: OptionGroups = { Output: { format: listFormat, color }, ...others };

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
    preset: { value: 'NAME', about: 'recommended (the default) or all' },
  },
  Build: {
    context: { value: 'DIR', about: "The build context. By default the Dockerfile's folder" },
    'build-arg': { value: 'NAME=VALUE', about: 'A build argument; NAME alone takes its value from the environment' },
    target: { value: 'STAGE', about: 'The stage that is built. By default the last' },
    'stdin-filename': { value: 'FILE', about: 'What the Dockerfile on standard input is called' },
  },
  Output: {
    'fail-on': { value: 'LEVEL', about: 'Exit with 1 for findings of this level or above: error, warning (the default), info or none' },
    'max-warnings': { value: 'N', about: 'Exit with 1 for more warnings than that' },
    quiet: { about: 'Report only findings of the level of --fail-on or above' },
    format,
    output: { value: 'FILE', about: 'Write the report that has no file of its own to this one', letter: 'o' },
    color,
    verbose: { about: 'Tell which config and context each file has' },
  },
  ...others,
};
