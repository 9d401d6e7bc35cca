/** Where a text goes: a terminal, a pipe, or (in tests) a string. */
export interface Output {
  readonly isTerminal: boolean;
  /** Width, where it is a terminal. */
  readonly columns: number | undefined;
  write(text: string): void;
}

/** All that the program needs of the world besides the file system. */
export interface Terminal {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly errors: Output;
  readonly readInput: () => Promise<Uint8Array>;
  /** Where a person types who can be asked; undefined where nobody does. */
  readonly input?: NodeJS.ReadableStream | undefined;
}

const outputOf = (stream: NodeJS.WriteStream): Output => ({
  isTerminal: stream.isTTY === true,
  columns: stream.isTTY === true ? stream.columns : undefined,
  write: (text) => void stream.write(text),
});

async function readAll(stream: NodeJS.ReadStream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The world as it is. Node makes a stream when it is first asked for, which takes its time: so only where one is used. */
export const systemTerminal = (): Terminal => ({
  folder: process.cwd(),
  environment: process.env,
  get output() { return outputOf(process.stdout); },
  get errors() { return outputOf(process.stderr); },
  readInput: () => readAll(process.stdin),
  get input() { return process.stdin.isTTY === true && process.stdout.isTTY === true ? process.stdin : undefined; },
});

/** The width to set a text for: that of the terminal within reason, or 80. */
export const columnsOf = ({ columns }: Output): number => Math.min(Math.max(columns ?? 80, 40), 120);

/** Whether to paint: what the user says, then the habits of terminals (`NO_COLOR`, `FORCE_COLOR`), then what the output is. */
export function wantsColor(said: boolean | undefined, output: Output, { NO_COLOR, FORCE_COLOR, TERM }: Terminal['environment']): boolean {
  if (said !== undefined) return said;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return output.isTerminal && TERM !== 'dumb';
}
