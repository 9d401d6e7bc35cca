// The manual page, from the tables that the program itself goes by. test/generated.test.ts writes it.
import type { Command } from '../src/cli.ts';
import type { OptionAbout, OptionGroups } from '../src/cli/table.ts';

const escaped = (text: string): string => text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('…', '...');

/** A line of text: one that begins like a request of the typesetter is kept from being one. */
const text = (words: string): string => escaped(words).replace(/^(?=[.'])/gm, '\\&');

/** The words of a usage line: what is typed as it stands is bold, what stands for something slanted. */
const usageLine = (usage: string): string =>
  usage.split(' ').map((word, index) => (/^(?:--)?[a-z]+$/.test(word) && index < 3 ? `\\fB${escaped(word)}\\fR` : escaped(word).replace(/[A-Z]{2,}/g, '\\fI$&\\fR'))).join(' ');

function optionEntry(name: string, { about, value, letter }: OptionAbout): string {
  const names = [...(letter === undefined ? [] : [`-${letter}`]), `--${name}`].map((each) => `\\fB${escaped(each)}\\fR`).join(', ');
  return `.TP\n${names}${value === undefined ? '' : ` \\fI${escaped(value)}\\fR`}\n${text(about)}.`;
}

const optionSections = (groups: OptionGroups): string[] =>
  Object.entries(groups).flatMap(([heading, table]) => [`.SS ${heading}`, ...Object.entries(table).map(([name, option]) => optionEntry(name, option))]);

/** An entry of a list: a term, and what there is to say about it. */
type Entry = readonly [term: string, about: string];

const entries = (list: readonly Entry[]): string[] => list.map(([term, about]) => `.TP\n\\fB${escaped(term)}\\fR\n${text(about)}`);

const exitCodes: readonly Entry[] = [
  ['0', 'All is well, or nothing was found of the level of --fail-on or above.'],
  ['1', 'Findings of that level or above, or more warnings than --max-warnings.'],
  ['2', 'Wrong usage, or something that could not be read or written.'],
];

const files: readonly Entry[] = [
  ['shipshape.json', 'The config: the nearest from the folder of a Dockerfile upward. JSON, with comments.'],
  ['.hadolint.yaml, .hadolint.yml', "hadolint's config, from the folder of a Dockerfile upward to the root of the repository, in the working folder, or in the places of the user. It counts where no shipshape.json is as near."],
  ['Dockerfile, Dockerfile.*, *.Dockerfile, Containerfile*', 'What is searched for in folders, without .git, node_modules and what git ignores.'],
  ['.dockerignore, Dockerfile.dockerignore', 'What the build context leaves out. Given as a path, it stands for the Dockerfiles that it counts for.'],
];

const environment: readonly Entry[] = [
  ['NO_COLOR', 'When set and not empty, no colours.'],
  ['FORCE_COLOR', 'When set and not empty, colours wherever the output goes; 0 for none.'],
  ['TERM', 'A terminal that is "dumb" gets no colours.'],
  ['HADOLINT_IGNORE, HADOLINT_OVERRIDE_ERROR, ...', "What hadolint's variables say, where no shipshape.json counts."],
  ['SHELL', 'The shell that "shipshape completion" prints the script of.'],
];

const examples: readonly Entry[] = [
  ['shipshape', 'Lint every Dockerfile below this folder.'],
  ['shipshape --diff --unsafe app/Dockerfile', 'Show what all fixes would change.'],
  ['shipshape --fix --only "cache/*"', 'Apply the safe fixes of some rules.'],
  ['shipshape -f stylish -f sarif=out.sarif --fail-on error', 'Print a report, write another to a file, and fail for errors only.'],
  ['shipshape --context . --stdin-filename Dockerfile - <Dockerfile', 'Lint standard input, as editors do, with the build context of this folder.'],
];

const optionsOf = (groups: OptionGroups): (readonly [name: string, option: OptionAbout])[] => Object.values(groups).flatMap((table) => Object.entries(table));

/** A command, and its options where they are not those of a lint run. */
function commandSection(name: string, { about, groups }: Command, lint: Command): string[] {
  const known = new Map(optionsOf(lint.groups));
  const own = optionsOf(groups).filter(([each, option]) => known.get(each) !== option);
  return [`.SS shipshape ${name}`, text(about), ...own.map(([each, option]) => optionEntry(each, option))];
}

/**
 * The manual page.
 * @param lint what is run where no command is named
 * @param version stands at the foot
 */
export function manualPage(lint: Command, commands: Readonly<Record<string, Command>>, version: string): string {
  const others = Object.values(commands);
  return `${[
    '.\\" Generated from the tables of the program: `npm test -- -u` writes this page.',
    `.TH SHIPSHAPE 1 "" "shipshape ${version}" "User Commands"`,
    '.SH NAME',
    'shipshape \\- lint Dockerfiles and fix them',
    '.SH SYNOPSIS',
    '.nf',
    ...[lint.usage[0] ?? '', ...others.flatMap(({ usage }) => usage)].map(usageLine),
    '.fi',
    '.SH DESCRIPTION',
    text(lint.about),
    '.PP',
    'Fixes are of three kinds. A safe one leaves an image that behaves the same. An unsafe one is probably wanted, but the image may differ. Others are for you to choose; they are shown, and never applied.',
    ...Object.entries(commands).flatMap(([name, command]) => commandSection(name, command, lint)),
    '.SH OPTIONS',
    ...optionSections(lint.groups),
    '.SH EXIT STATUS',
    ...entries(exitCodes),
    '.SH FILES',
    ...entries(files),
    '.SH ENVIRONMENT',
    ...entries(environment),
    '.SH EXAMPLES',
    ...entries(examples),
  ].join('\n')}\n`;
}
