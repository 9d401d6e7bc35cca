import type { Output } from './terminal.ts';

/** Milliseconds before anything is said, and between two lines. */
const first = 300;
const step = 100;

/** A line on a terminal that tells how far a long run is; it says nothing where less than a second of work is left. */
export class Progress {
  readonly #start = performance.now();
  #last = 0;
  #shown = false;
  #done = 0;

  /** @param output asked for only when there is something to say */
  constructor(readonly output: () => Output, readonly total: number) {}

  /** One more is done. */
  tick(): void {
    this.#done += 1;
    const now = performance.now();
    const spent = now - this.#start;
    const left = (spent / this.#done) * (this.total - this.#done);
    if (spent < first || now - this.#last < step || (!this.#shown && left < 1000) || !this.output().isTerminal) return;
    this.#last = now;
    this.#shown = true;
    this.output().write(`\r\u001b[K${this.#done} of ${this.total} files, ${Math.ceil(left / 1000)} s left`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) this.output().write('\r\u001b[K');
  }
}
