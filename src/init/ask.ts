import { createInterface, type Interface } from 'node:readline';
import { ConfigError } from '../config/error.ts';
import type { Terminal } from '../cli/terminal.ts';

const mostTries = 5;

/** Asks a person, line by line. The terminal itself lets them edit what they type. */
export class Asker {
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  readonly #write: (text: string) => void;

  constructor(input: NonNullable<Terminal['input']>, { output }: Pick<Terminal, 'output'>) {
    this.#reader = createInterface({ input, terminal: false });
    this.#lines = this.#reader[Symbol.asyncIterator]();
    this.#write = (text) => { output.write(text); };
  }

  /**
   * Asks until the answer can be used.
   * @param usual what an empty answer means, as it is shown; empty for none
   * @param read makes something of the answer
   * @throws {ConfigError} where the input ends, or no answer can be used
   */
  async ask<Answer>(question: string, usual: string, read: (answer: string) => Answer): Promise<Answer> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      this.#write(`${question}${usual === '' ? '' : ` [${usual}]`}: `);
      const { value, done } = await this.#lines.next();
      if (done === true) throw new ConfigError('There was no answer, so nothing is written.');
      try {
        return read(value.trim() === '' ? usual : value.trim());
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        this.#write(`${error.message}\n`);
      }
    }
    throw new ConfigError('None of the answers could be used, so nothing is written.');
  }

  /** Yes or no; an empty answer is no. */
  confirm = (question: string): Promise<boolean> => this.ask(question, 'n', (answer) => {
    if (!/^(?:y|yes|n|no)$/i.test(answer)) throw new ConfigError('Answer y or n.');
    return /^y/i.test(answer);
  });

  close(): void {
    this.#reader.close();
  }
}
