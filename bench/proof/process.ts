import { spawn } from 'node:child_process';

/** What keeps the proof from going on, as a sentence for whoever runs it. */
export class ProofError extends Error {}

export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Goes to the program's standard input. */
  readonly input?: string;
  /** After this many seconds the program is ended. */
  readonly seconds?: number;
  readonly signal?: AbortSignal;
}

export interface Output {
  /** Undefined when a signal ended the program. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program, without a shell, and waits for its end.
 * @throws {ProofError} when it cannot be started, takes too long or is called off
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Output> {
  const { cwd, environment = process.env, input, seconds = 600, signal } = options;
  return new Promise((resolve, reject) => {
    const late = AbortSignal.timeout(seconds * 1000);
    const child = spawn(program, args, {
      ...(cwd !== undefined && { cwd }), env: environment, stdio: ['pipe', 'pipe', 'pipe'],
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => void out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => void err.push(chunk));
    child.stdin.on('error', () => { /* It did not want its input. */ });
    child.stdin.end(input);
    const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
    child.on('error', (error) => {
      const why = late.aborted ? `took longer than ${seconds} s` : signal?.aborted === true ? 'was called off' : `could not be started: ${error.message}`;
      reject(new ProofError(`\`${program} ${args.slice(0, 2).join(' ')}\` ${why}.`));
    });
    child.on('close', (code) => resolve({ code: code ?? undefined, stdout: text(out), stderr: text(err) }));
  });
}

/** The last lines of a text that say something. */
export const lastLines = (text: string, count: number): string =>
  text.split('\n').filter((line) => line.trim() !== '').slice(-count).join('\n');

/**
 * Runs a program that must succeed.
 * @returns its standard output
 * @throws {ProofError} with the end of what it said when it fails
 */
export async function must(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code === 0) return stdout;
  throw new ProofError(`\`${program} ${args.slice(0, 3).join(' ')}\` failed: ${lastLines(stderr === '' ? stdout : stderr, 5)}`);
}
