import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkShellComments, parseJson, type ShellComment } from '../config/schema.ts';
import { ConfigError, shown } from '../config/error.ts';
import { digest } from '../digest.ts';
import type { Environment } from './find.ts';
import type { ShellScript } from './scripts.ts';

/** ShellCheck, found and asked for its version. */
export interface Program {
  readonly path: string;
  readonly version: string;
  /** It knows BusyBox's shell. */
  readonly knowsBusybox: boolean;
  readonly environment: Environment;
}

/** What is said of one script; undefined where nothing could be found out. */
export type Comments = readonly ShellComment[] | undefined;

/** Versions before the first do not have the output that is read here; the second brought BusyBox's shell. */
const oldest = [0, 7] as const;
const withBusybox = [0, 10] as const;

/** A process gets so many scripts at most, for one that takes too long keeps the others waiting; so few are not worth another process. */
const scriptsAtOnce = 100;
const fewScripts = 25;

/** Milliseconds: what a process has, and a run, and what both have more for each script. */
export interface Limits {
  readonly process: number;
  readonly run: number;
  readonly script: number;
}

const usualLimits: Limits = { process: 10_000, run: 30_000, script: 100 };

/** So many times it may fail before it has worked once. */
const mostFailures = 3;

const mostOutput = 64_000_000;
const mostComments = 1000;

/** Codes that say nothing about a RUN: what `source` reads is not looked at, and the shell is told, not written in the first line. */
const excluded = ['SC1090', 'SC1091', 'SC1128', 'SC2148', 'SC2187'];

interface Answer {
  readonly output: string;
  /** Why there is none: a clause. */
  readonly fault: string | undefined;
  /** It was ended: it took too long or said too much. */
  readonly isEnded: boolean;
}

/** What a program needs to start. Neither the user's settings for it, which would change what is found, nor secrets are its business. */
const needed = /^(?:PATH|HOME|USER|LOGNAME|USERPROFILE|SYSTEMROOT|WINDIR|TMPDIR|TMP|TEMP|LD_LIBRARY_PATH|XDG_\w+|SNAP\w*)$/i;

function run(path: string, words: readonly string[], folder: string, environment: Environment, timeout: number, signal?: AbortSignal): Promise<Answer> {
  const env = { ...Object.fromEntries(Object.entries(environment).filter(([name]) => needed.test(name))), LC_ALL: 'C.UTF-8' };
  return new Promise((done) => {
    const child = execFile(path, words, { cwd: folder, env, timeout, signal, killSignal: 'SIGKILL', maxBuffer: mostOutput, windowsHide: true }, (error, output, errors) => {
      // 1: it has something to say.
      if (error === null || error.code === 1) return done({ output, fault: undefined, isEnded: false });
      const isEnded = error.killed === true || String(error.code) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
      const line = errors.split('\n').find((each) => each.trim() !== '') ?? (error.signal === null || error.signal === undefined ? `it ended with ${error.code ?? 'no code'}` : `it ended by ${error.signal}`);
      done({ output: '', fault: shown(line.trim().slice(0, 200)), isEnded });
    });
    // One that does not read its input must not end this process.
    child.stdin?.on('error', () => undefined).end();
  });
}

const isAtLeast = (version: readonly number[], [major, minor]: readonly [number, number]): boolean =>
  (version[0] ?? 0) > major || ((version[0] ?? 0) === major && (version[1] ?? 0) >= minor);

/**
 * Asks the program for its version.
 * @throws {ConfigError} where it is none that can be used
 */
export async function openShellCheck(path: string, environment: Environment): Promise<Program> {
  const { output, fault } = await run(path, ['--version'], tmpdir(), environment, usualLimits.process);
  const [, text] = /^version: (\d+(?:\.\d+)+)/m.exec(output) ?? [];
  if (text === undefined) throw new ConfigError(`ShellCheck cannot be used: ${fault ?? 'it does not tell its version'}.`);
  const version = text.split('.').map(Number);
  if (!isAtLeast(version, oldest)) throw new ConfigError(`ShellCheck ${text} is too old: ${oldest.join('.')} or later is needed.`);
  return { path, version: text, knowsBusybox: isAtLeast(version, withBusybox), environment };
}

/** The whole text that the program reads, the shell in its first line. */
const fileText = ({ dialect, text }: ShellScript, { knowsBusybox }: Program): string =>
  `# shellcheck shell=${dialect === 'busybox' && !knowsBusybox ? 'dash' : dialect}\n${text}`;

/** A name for what a version of the program says of a script. */
export const scriptKey = (script: ShellScript, program: Program): string => digest(`${program.version}\n${fileText(script, program)}`);

/** Folders to take away when this process is told to end. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does something with a folder that only this user can read, and that is gone afterwards whatever happens; the signal comes when this process is told to end. */
async function withFolder<Result>(work: (folder: string, signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const end = (signal: NodeJS.Signals): void => {
    controller.abort();
    remove();
    for (const each of signals) process.off(each, end);
    process.kill(process.pid, signal);
  };
  for (const each of signals) process.on(each, end);
  try {
    return await work(folder, controller.signal);
  } finally {
    for (const each of signals) process.off(each, end);
    remove();
  }
}

/** Where scripts lie, by their numbers. */
interface Place {
  readonly folder: string;
  readonly count: number;
  readonly signal: AbortSignal;
}

/** One run of the program over many scripts, by their numbers. */
class Batch {
  readonly answers = new Map<number, readonly ShellComment[]>();
  readonly #end: number;
  /** What it failed of while it had not answered once. */
  readonly #faults: string[] = [];
  #done = 0;

  constructor(readonly program: Program, readonly place: Place, readonly limits: Limits, readonly tick: (done: number) => void) {
    this.#end = performance.now() + limits.run + limits.script * place.count;
  }

  /** @throws {ConfigError} where it fails again and again */
  async check(numbers: readonly number[]): Promise<void> {
    const { program: { path, environment }, place: { folder, signal }, limits } = this;
    const left = this.#end - performance.now();
    if (left <= 0) return;
    const words = ['--format=json1', '--severity=style', '--norc', `--exclude=${excluded.join()}`, ...numbers.map(String)];
    const answer = await run(path, words, folder, environment, Math.ceil(Math.min(left, limits.process + limits.script * numbers.length)), signal);
    const fault = answer.fault ?? this.#read(answer.output, numbers);
    if (fault === undefined) return;
    if (!answer.isEnded && this.answers.size === 0) this.#faults.push(fault);
    if (this.#faults.length >= mostFailures) this.complain();
    // One of them is the cause: the others are not to suffer.
    if (numbers.length > 1) for (const number of numbers) await this.check([number]);
  }

  /** @throws {ConfigError} where it did nothing but fail */
  complain(): void {
    const [fault] = this.#faults;
    if (fault !== undefined && this.answers.size === 0) throw new ConfigError(`ShellCheck failed: ${fault}.`);
  }

  /** Takes over an answer; what is wrong with one that is none. */
  #read(output: string, numbers: readonly number[]): string | undefined {
    const parsed = parseJson(output);
    const checked = 'fault' in parsed ? parsed : checkShellComments(parsed.value);
    if ('fault' in checked) return `what it says is not understood, for ${checked.fault}`;
    const byScript = new Map(numbers.map((number): [string, ShellComment[]] => [String(number), []]));
    for (const comment of checked.value.comments) {
      const found = byScript.get(comment.file);
      // Without the line that was put in front of the script.
      if (found !== undefined && found.length < mostComments) found.push({ ...comment, line: comment.line - 1, endLine: comment.endLine - 1 });
    }
    for (const [number, comments] of byScript) this.answers.set(Number(number), comments);
    this.tick((this.#done += numbers.length));
    return undefined;
  }
}

/** Scripts by equal shares, so that processes that run beside each other end together. */
function shares(count: number): number[][] {
  const groups = Math.max(Math.ceil(count / scriptsAtOnce), Math.min(availableParallelism(), Math.ceil(count / fewScripts)));
  const startOf = (group: number): number => Math.floor(group * count / groups);
  return Array.from({ length: groups }, (_, group) => Array.from({ length: startOf(group + 1) - startOf(group) }, (_each, index) => startOf(group) + index));
}

/**
 * Has scripts checked: few by one process, many by as many at a time as there are processors. Equal ones are checked once.
 * @param tick is told how many of them are done
 * @returns what is said of each; undefined for one that took too long
 * @throws {ConfigError} where the program does not work
 */
export async function runShellCheck(
  program: Program, scripts: readonly ShellScript[], tick: (done: number, of: number) => void = () => undefined, limits = usualLimits,
): Promise<readonly Comments[]> {
  const texts = scripts.map((script) => fileText(script, program));
  const numbers = new Map([...new Set(texts)].map((text, index) => [text, index]));
  if (numbers.size === 0) return [];
  return withFolder(async (folder, signal) => {
    for (const [text, number] of numbers) writeFileSync(join(folder, String(number)), text, { flag: 'wx', mode: 0o600 });
    const batch = new Batch(program, { folder, count: numbers.size, signal }, limits, (done) => { tick(done, numbers.size); });
    const left = shares(numbers.size);
    const work = async (): Promise<void> => {
      for (let share = left.shift(); share !== undefined; share = left.shift()) await batch.check(share);
    };
    const outcomes = await Promise.allSettled(Array.from({ length: Math.min(availableParallelism(), left.length) }, work));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    batch.complain();
    return texts.map((text) => batch.answers.get(numbers.get(text) ?? -1));
  });
}
