import type { ShellWord } from '../../dockerfile/command.ts';
import { flagValue, hasFlag } from '../../dockerfile/command.ts';
import type { Invocation } from '../../model/packages.ts';
import type { BuildContext } from '../context.ts';

/** Where and under what an install runs, as far as it is known. */
export interface InstallPlace {
  /** The context folder whose content lies in the image around the install; what is above it is not there. Default: the root. */
  readonly root?: string;
  /** The absolute path of the install's folder in the image: places the absolute paths of flags. */
  readonly directory?: string;
  /** The environment variables in force, as far as they are known. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Text of an input as it may stand in a message: short, without control characters. */
export function code(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}`]+/gu, ' ').trim();
  return `\`${plain.length > 70 ? `${plain.slice(0, 69)}…` : plain}\``;
}

/** A path below a folder of the context, `.` and `..` worked out; undefined where it leads out of the context. */
export function below(folder: string, name: string): string | undefined {
  const parts: string[] = folder === '' ? [] : folder.split('/');
  for (const part of name.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

const isUnder = (path: string, folder: string): boolean => folder === '' || path === folder || path.startsWith(`${folder}/`);

/** True for a text that is the address of something elsewhere: `https://…`, `git+ssh://…`, but not `file:`. */
export const isRemote = (text: string): boolean => /^(?!file:|[a-z]+\+file:)(?:[a-z][a-z\d+.-]*:\/\/|git@)/i.test(text);

/** A file is sent, or something in a folder; of a folder the context did not look into, only its name is known. */
export function isSent(context: BuildContext, path: string): boolean {
  if (context.sentBelow(path).length > 0) return true;
  return context.sends(path) && (!context.isFolder(path) || !context.ignored(`${path}/any`));
}

/** Collects what an install reads, and the reasons for and against; each is kept once. */
export class ManifestReading {
  readonly #files = new Set<string>();
  readonly #refusals = new Set<string>();
  readonly #doubts = new Set<string>();
  readonly #outputs = new Set<string>();
  readonly root: string;

  constructor(
    readonly invocation: Invocation,
    /** The context folder the install runs in. */
    readonly folder: string,
    readonly context: BuildContext,
    readonly place: InstallPlace,
  ) {
    this.root = place.root ?? '';
  }

  get files(): string[] {
    return [...this.#files].sort();
  }

  get refusals(): string[] {
    return [...this.#refusals];
  }

  get doubts(): string[] {
    return [...this.#doubts];
  }

  /** Paths of the context at which the install leaves something. */
  get outputs(): readonly string[] {
    return [...this.#outputs];
  }

  refuse(sentence: string): void {
    this.#refusals.add(sentence);
  }

  doubt(sentence: string): void {
    this.#doubts.add(sentence);
  }

  /** Notes a place the install writes to, relative to a folder of the context. */
  output(name: string, folder = this.folder): void {
    const path = below(folder, name);
    if (path === '' || path === this.folder) {
      this.refuse('The install writes into the folder of the sources itself, so a later COPY could lay files over what it made.');
    } else if (path !== undefined) this.#outputs.add(path);
  }

  /** Notes a place the install writes to, as a flag names it. */
  wordOutput(text: string): void {
    if (!text.startsWith('/')) this.output(text);
    else if (this.place.directory === undefined) {
      this.doubt(`Whether ${code(text)}, where the install writes, lies among the sources is not known.`);
    } else {
      const path = this.imagePath(text);
      if (path !== undefined) this.output(path, '');
    }
  }

  /** The command has one of the flags. */
  flag(...names: readonly string[]): boolean {
    return hasFlag(this.invocation.command.words, ...names);
  }

  /** The command has one of the flags, and not with the value false. */
  flagIsOn(...names: readonly string[]): boolean {
    return names.some((name) => this.flag(name) && this.flagText(name) !== 'false');
  }

  /** The text of a flag's value; undefined where it has none. */
  flagText(...names: readonly string[]): string | undefined {
    return flagValue(this.invocation.command.words, ...names)?.text;
  }

  /** The value of an environment variable: of the command itself, `env A=b` or the place. */
  variable(name: string): string | undefined {
    const { assignments, wrappers } = this.invocation.command;
    const own = assignments.findLast((each) => each.name === name);
    if (own !== undefined) return own.value?.text ?? '';
    const wrapped = wrappers.findLast(({ text }) => text.startsWith(`${name}=`));
    if (wrapped !== undefined) return wrapped.text.slice(name.length + 1);
    const { environment } = this.place;
    return environment !== undefined && Object.hasOwn(environment, name) ? environment[name] : undefined;
  }

  /** A variable that is switched on. */
  isOn(...names: readonly string[]): boolean {
    return names.some((name) => /^(?:1|true|yes|on|t|y)$/i.test(this.variable(name) ?? ''));
  }

  /** The folders above the install's own that lie in the image too, the nearest first. */
  ancestors(): string[] {
    const found: string[] = [];
    for (let folder = this.folder; folder !== '' && folder !== this.root; ) {
      folder = folderOf(folder);
      found.push(folder);
    }
    return found;
  }

  /** The context path of a file of the install's folder. */
  own(name: string): string {
    return below(this.folder, name) ?? name;
  }

  /** A path below the install's folder (or another): works `.` and `..` out, refuses what lies outside. */
  path(name: string, folder = this.folder): string | undefined {
    const path = below(folder, name);
    if (path !== undefined && isUnder(path, this.root)) return path;
    this.refuse(`${code(name)} lies outside the folder that is copied.`);
    return undefined;
  }

  /** The context path that lies at an absolute path of the image; undefined where it is unknown or none. */
  imagePath(absolute: string): string | undefined {
    const { directory } = this.place;
    if (directory === undefined) return undefined;
    const from = directory.split('/').filter((part) => part !== '');
    const to = absolute.split('/').filter((part) => part !== '' && part !== '.');
    let same = 0;
    while (same < from.length && same < to.length && from[same] === to[same]) same += 1;
    const path = below(this.folder, [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/'));
    return path !== undefined && isUnder(path, this.root) ? path : undefined;
  }

  /** The same; refuses where it can't be told. */
  fromImage(absolute: string): string | undefined {
    const path = this.imagePath(absolute);
    if (path !== undefined) return path;
    const unknown = 'is an absolute path, and which file of the build context lies there is not known';
    this.refuse(`${code(absolute)} ${this.place.directory === undefined ? unknown : 'lies outside the folder that is copied'}.`);
    return undefined;
  }

  /** The context path a word names; undefined for an address elsewhere, and, with a refusal, for what can't be told. */
  wordPath(word: ShellWord): string | undefined {
    const text = word.value;
    if (isRemote(word.text)) return undefined;
    if (text === undefined || text === '-' || /^(?:~|file:|\/dev\/)/.test(text)) {
      this.refuse(`Which file ${code(word.text)} is can't be told before the build runs.`);
      return undefined;
    }
    return text.startsWith('/') ? this.fromImage(text) : this.path(text);
  }

  /** The file is there and a COPY can see it. */
  sends(path: string): boolean {
    return this.context.sends(path) && !this.context.isFolder(path);
  }

  #isLinked(path: string): boolean {
    for (let at = path; at !== ''; at = folderOf(at)) if (this.context.isLink(at)) return true;
    return false;
  }

  #add(path: string): boolean {
    if (this.#isLinked(path)) {
      this.refuse(`${code(path)} is reached by a link, which a COPY of its own would not follow.`);
      return false;
    }
    this.#files.add(path);
    return true;
  }

  /** Takes a file the install can't do without; refuses where it isn't to be had. */
  need(path: string): boolean {
    if (!this.context.has(path)) this.refuse(`${code(path)} is not in the build context.`);
    else if (this.context.isFolder(path)) this.refuse(`${code(path)} is a folder, not a file.`);
    else if (this.context.ignored(path)) this.refuse(`The ignore file excludes ${code(path)}, so a COPY of its own would not find it.`);
    else return this.#add(path);
    return false;
  }

  /** Takes a file the install reads if it is there; false when it isn't, or is ignored and so not in the image either. */
  take(path: string): boolean {
    return this.sends(path) && this.#add(path);
  }

  /** Takes files of the install's folder that it reads if they are there. */
  takeEach(...names: readonly string[]): void {
    for (const name of names) this.take(this.own(name));
  }

  /** Takes every file below a folder that a COPY can see. */
  takeBelow(folder: string): void {
    for (const path of this.context.sentBelow(folder)) this.take(path);
  }

  /** Takes a file it needs and reads it; refuses where it can't be read. */
  needText(path: string): string | undefined {
    if (!this.need(path)) return undefined;
    const text = this.context.read(path);
    if (text === undefined) this.refuse(`${code(path)} can't be read: it is too large or no text.`);
    return text;
  }

  /** Takes a file if it is there and reads it. */
  takeText(path: string): string | undefined {
    return this.sends(path) ? this.needText(path) : undefined;
  }

  /** Anything at a path of the install's folder, or below it, that a COPY can see. Heavy folders count by their name. */
  sendsBelow(name: string): boolean {
    return isSent(this.context, this.own(name));
  }

  /** The files of a folder that a COPY can see, those in folders below it left out, as paths of the context. */
  filesIn(folder: string): string[] {
    return this.context.sentBelow(folder).filter((path) => folderOf(path) === folder);
  }
}
