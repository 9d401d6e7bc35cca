import { main } from '../../src/cli.ts';
import type { Output, Terminal } from '../../src/cli/terminal.ts';

/** What a run came to. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs the program in a folder that is there, with an empty environment. */
export async function runIn(folder: string, words: readonly string[], { input = '', environment = {}, isTerminal = false }: {
  readonly input?: string;
  readonly environment?: Terminal['environment'];
  readonly isTerminal?: boolean;
} = {}): Promise<Outcome> {
  const texts = { output: '', errors: '' };
  const outputFor = (name: 'output' | 'errors', terminal: boolean): Output => ({ isTerminal: terminal, columns: terminal ? 80 : undefined, write: (text) => { texts[name] += text; } });
  const code = await main(words, {
    folder, environment, output: outputFor('output', isTerminal), errors: outputFor('errors', false), readInput: async () => Buffer.from(input),
  });
  return { code, ...texts };
}
