import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What is to be undone at the end, however the end comes: the last thing done is undone first. */
export class Cleanup {
  readonly #undo: (() => unknown)[] = [];
  readonly #abort = new AbortController();
  #done: Promise<void> | undefined;

  /** Programs that run are ended by this signal before anything is undone. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  add(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  /** Undoes everything once; a step that fails is told and does not hold up the others. */
  run(): Promise<void> {
    return (this.#done ??= this.#runAll());
  }

  /** From here on a signal, or a mistake that nobody catches, undoes everything and then ends the process. */
  listen(): void {
    for (const name of signals) {
      process.once(name, () => void this.run().finally(() => process.exit(128 + constants.signals[name])));
    }
    process.once('uncaughtException', (error) => void this.#fail(error));
  }

  async #fail(error: Error): Promise<void> {
    // Whoever reads our output may have gone: there is nobody left to tell.
    process.stdout.on('error', () => { /* The same again. */ });
    if (!('code' in error && error.code === 'EPIPE')) process.stderr.write(`${error.stack ?? error.message}\n`);
    await this.run();
    process.exit(2);
  }

  async #runAll(): Promise<void> {
    this.#abort.abort();
    for (const undo of this.#undo.toReversed()) {
      try {
        await undo();
      } catch (error) {
        process.stderr.write(`While cleaning up: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  }
}
