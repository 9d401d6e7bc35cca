import { existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };
import { ConfigError, quote } from '../config/error.ts';
import type { ShellComment } from '../config/schema.ts';
import type { BuildContext } from '../context/context.ts';
import { Answers, RecordedContext, type Asked } from '../context/recorded.ts';
import { CACHE_FILE } from '../context/stored.ts';
import { digest } from '../digest.ts';
import { readText, writeAtomically } from '../files.ts';
import { lintText, type ActiveRule, type Diagnostic, type LintRequest, type LintResult } from '../lint.ts';
import { sentenceOf } from './errors.ts';

/** The first line of a cache: this, and the program that wrote it. */
const mark = 'shipshape-cache ';

/** A larger cache is begun anew, in bytes. */
const largest = 256_000_000;

/** Lines with what ShellCheck says of a file's scripts begin so. */
const shellMark = 'shellcheck:';

const fileOf = (key: string): string => (key.startsWith(shellMark) ? key.slice(shellMark.length) : key);

/** What is kept of one file. */
interface Entry {
  /** Of the text, and of all that the command line and the config say. */
  readonly key: string;
  readonly asked: Asked | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Which program this is. Its version is not enough: other commits have the same. What it is made of stands in files beside this one, whose names hold digests. */
function thisProgram(): string {
  const file = fileURLToPath(import.meta.url);
  const read = readText(file);
  return digest(JSON.stringify([manifest.version, process.version, 'text' in read ? read.text : read.problem, readdirSync(dirname(file)).sort()]));
}

/** Where the cache is kept if nobody says: among those of other tools, or in the working folder. */
function usualPlace(folder: string): string {
  const modules = join(folder, 'node_modules');
  return existsSync(modules) ? join(modules, '.cache', 'shipshape', 'results') : join(folder, CACHE_FILE);
}

/** A result, and whether it is an old one. */
export interface CachedResult extends LintResult {
  readonly isOld: boolean;
}

/**
 * Results of former runs. An old one is taken only where everything it came from is the same: the program, the options, the rules
 * with their levels and options, the Dockerfile's path and text, and every answer that the build context gave.
 */
export class ResultCache {
  /** Digest and entry, as they are written, by file. */
  readonly #lines: Map<string, string>;
  readonly #used = new Set<string>();
  readonly #answers = new WeakMap<BuildContext, Answers>();
  readonly #rules = new WeakMap<readonly ActiveRule[], string>();
  #isChanged = false;

  private constructor(readonly place: string, readonly program: string, lines: ReadonlyMap<string, string>) {
    this.#lines = new Map(lines);
  }

  /**
   * Opens a cache. One that is not there, of another program, or not readable is empty.
   *
   * @param given the file that the user named
   * @throws {ConfigError} where that is a folder, a link that nobody named, or holds something else, which must not be lost
   */
  static open(given: string | undefined, folder: string): ResultCache {
    const place = given === undefined ? usualPlace(folder) : resolve(folder, given);
    const isThere = existsSync(place);
    // Someone else's file must not be written over through what a repository brings.
    if (given === undefined && lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new ConfigError(`--cache: ${quote(relative(folder, place))} is a link; remove it, or name a file with --cache-location.`);
    }
    if (isThere && statSync(place).isDirectory()) throw new ConfigError(`--cache-location: ${quote(given ?? place)} is a folder; name a file.`);
    const read = isThere ? readText(place, largest) : { text: '' };
    const text = 'text' in read ? read.text : '\0';
    if (given !== undefined && text !== '' && !text.startsWith(mark)) {
      throw new ConfigError(`--cache-location: ${quote(given)} is no cache of shipshape; remove it, or name another file.`);
    }
    const program = thisProgram();
    const [first, ...lines] = text.split('\n');
    const entries = first === mark + program ? lines.flatMap(readLine) : [];
    return new ResultCache(place, program, new Map(entries));
  }

  /**
   * Lints a file, or gives what that gave before. A result with a bug of ours in it is not kept.
   *
   * @param file absolute
   */
  lint(file: string, text: string, request: LintRequest): CachedResult {
    this.#used.add(file);
    const { context } = request;
    const key = this.#keyOf(text, request);
    const diagnostics = this.#find(file, key, context);
    if (diagnostics !== undefined) return { text, diagnostics, fixed: [], otherFiles: new Map(), bugs: [], isOld: true };
    const recorded = context && new RecordedContext(context, this.#answersOf(context));
    const result = lintText(text, { ...request, context: recorded });
    if (result.bugs.length === 0) this.#keep(file, { key, asked: recorded?.asked, diagnostics: result.diagnostics });
    return { ...result, isOld: false };
  }

  /** What ShellCheck said of scripts of a file when it was last checked, by what names them. */
  commentsOn(file: string | undefined): ReadonlyMap<string, readonly ShellComment[]> {
    const line = textOf(file === undefined ? undefined : this.#lines.get(shellMark + file));
    const said: [string, readonly ShellComment[]][] = line === undefined ? [] : JSON.parse(line);
    return new Map(said);
  }

  /** Keeps what ShellCheck says of the scripts of a file. */
  keepComments(file: string | undefined, said: ReadonlyMap<string, readonly ShellComment[]>): void {
    if (file === undefined) return;
    const text = JSON.stringify([...said]);
    if (textOf(this.#lines.get(shellMark + file)) === text) return;
    this.#lines.set(shellMark + file, `${digest(text)}\t${text}`);
    this.#isChanged = true;
  }

  /**
   * Writes what is new, without files that are gone.
   *
   * @returns a sentence for the user where that can't be done
   */
  save(): string | undefined {
    for (const key of this.#lines.keys()) {
      if (this.#used.has(key) || existsSync(fileOf(key))) continue;
      this.#lines.delete(key);
      this.#isChanged = true;
    }
    if (!this.#isChanged) return undefined;
    try {
      mkdirSync(dirname(this.place), { recursive: true });
      const lines = [...this.#lines].map(([file, line]) => `${JSON.stringify(file)}\t${line}`);
      writeAtomically(this.place, `${[mark + this.program, ...lines].join('\n')}\n`);
      return undefined;
    } catch (error) {
      return sentenceOf(error, 'The cache could not be written');
    }
  }

  #find(file: string, key: string, context: BuildContext | undefined): readonly Diagnostic[] | undefined {
    const entry = entryOf(this.#lines.get(file));
    if (entry === undefined || entry.key !== key) return undefined;
    const { asked, diagnostics } = entry;
    if (asked === undefined || context === undefined) return asked === undefined && context === undefined ? diagnostics : undefined;
    return this.#answersOf(context).agree(asked) ? diagnostics : undefined;
  }

  #keep(file: string, entry: Entry): void {
    const text = JSON.stringify(entry);
    this.#lines.set(file, `${digest(text)}\t${text}`);
    this.#isChanged = true;
  }

  #answersOf(context: BuildContext): Answers {
    const answers = this.#answers.get(context) ?? new Answers(context);
    this.#answers.set(context, answers);
    return answers;
  }

  #keyOf(text: string, { path, rules, context, contextGiven, buildArguments, target, hadolintComments }: LintRequest): string {
    return digest(JSON.stringify([path, this.#digestOf(rules), context?.folder, contextGiven, buildArguments, target, hadolintComments, text]));
  }

  /** Files with the same settings have the same list. */
  #digestOf(rules: readonly ActiveRule[]): string {
    const known = this.#rules.get(rules) ?? digest(JSON.stringify(rules.map(({ id, severity, options, bySource, othersOff }) => [id, severity, options, [...bySource ?? []], othersOff])));
    this.#rules.set(rules, known);
    return known;
  }
}

/** A line of the file: `"PATH"⇥DIGEST⇥ENTRY`; nothing where it is none. The entry is read when it is asked for. */
function readLine(line: string): readonly (readonly [string, string])[] {
  const tab = line.indexOf('\t');
  try {
    const file: unknown = tab === -1 ? undefined : JSON.parse(line.slice(0, tab));
    return typeof file === 'string' ? [[file, line.slice(tab + 1)]] : [];
  } catch {
    return [];
  }
}

/** What stands behind its digest; undefined where it is not what that says. */
function textOf(line: string | undefined): string | undefined {
  const tab = line?.indexOf('\t') ?? -1;
  if (line === undefined || tab === -1) return undefined;
  const text = line.slice(tab + 1);
  return digest(text) === line.slice(0, tab) ? text : undefined;
}

/** An entry as it was written. */
function entryOf(line: string | undefined): Entry | undefined {
  const text = textOf(line);
  if (text === undefined) return undefined;
  const { key, asked, diagnostics }: Entry = JSON.parse(text);
  return { key, asked, diagnostics: diagnostics.map((each) => ({ ...each, fix: each.fix })) };
}
