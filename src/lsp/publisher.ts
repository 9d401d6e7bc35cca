/** Milliseconds of silence after which what was typed is looked at. */
const pause = 60;

/** Runs a task for a document once its changes pause; later changes put it off. */
export class Publisher {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #publish: (uri: string) => void;

  constructor(publish: (uri: string) => void) {
    this.#publish = publish;
  }

  /** @param delay in milliseconds; by default so long that fast typing makes one run */
  schedule(uri: string, delay = pause): void {
    this.cancel(uri);
    this.#timers.set(uri, setTimeout(() => {
      this.#timers.delete(uri);
      this.#publish(uri);
    }, delay));
  }

  cancel(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
  }

  stop(): void {
    for (const uri of [...this.#timers.keys()]) this.cancel(uri);
  }
}
