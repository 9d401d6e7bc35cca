import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { ConfigError, quote } from '../config/error.ts';
import { visible } from '../report/text.ts';

/** All that the action needs of the world besides the file system and the network. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes to the log, where the runner looks for commands. */
  write(text: string): void;
}

const switches: ReadonlyMap<string, boolean> = new Map([['true', true], ['false', false], ['', false]]);

/** A summary may have a megabyte, the other steps' not counted. */
const longestSummary = 1_000_000;

/** Text for a command of the runner: nothing in it ends the command. */
const escapeData = (text: string): string => visible(text).replaceAll('%', '%25');

/** What a runner of GitHub Actions gives and takes: inputs, commands in the log, and files for outputs and the summary. */
export class Runner {
  constructor(readonly world: World) {}

  /** The value of an input of action.yml; an empty text where there is none. */
  input(name: string): string {
    return (this.world.environment[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim();
  }

  /** @throws {ConfigError} for anything but true, false and nothing */
  flag(name: string): boolean {
    const given = this.input(name);
    const value = switches.get(given.toLowerCase());
    if (value === undefined) throw new ConfigError(`The input ${quote(name)} is true or false, not ${quote(given)}.`);
    return value;
  }

  /** Prints a text in which the runner reads no commands, whatever it says. */
  print(text: string): void {
    const token = randomUUID();
    this.world.write(`::stop-commands::${token}\n${text.endsWith('\n') ? text : `${text}\n`}::${token}::\n`);
  }

  /** Says something on the page of the run. */
  say(level: 'error' | 'warning' | 'notice', sentence: string): void {
    this.world.write(`::${level} title=shipshape::${escapeData(sentence)}\n`);
  }

  /** Gives an output of action.yml its value. */
  output(name: string, value: string | number): void {
    // The end of the value is a word that nobody can know before.
    const end = `end-${randomUUID()}`;
    this.#append('GITHUB_OUTPUT', `${name}<<${end}\n${value}\n${end}\n`);
  }

  /** Adds Markdown to the page of the run. */
  summary(markdown: string): void {
    this.#append('GITHUB_STEP_SUMMARY', shortened(markdown, longestSummary));
  }

  #append(variable: string, text: string): void {
    const file = this.world.environment[variable];
    if (file !== undefined && file !== '') appendFileSync(file, text);
  }
}

/** A text of lines without those at the end that are too much. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const note = '\n… and more; `npx shipshape` shows all.\n';
  return text.slice(0, text.lastIndexOf('\n', longest - note.length) + 1) + note;
}
