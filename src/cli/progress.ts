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
  constructor(readonly output: () => Output, readonly total: number, readonly unit = 'files') {}

  /** One more is done. */
  tick(): void {
    this.reach(this.#done + 1, this.total);
  }

  /** So many are done, of so many. */
  reach(done: number, total: number): void {
    this.#done = done;
    const now = performance.now();
    const spent = now - this.#start;
    const left = (spent / done) * (total - done);
    if (spent < first || now - this.#last < step || (!this.#shown && left < 1000) || !this.output().isTerminal) return;
    this.#last = now;
    this.#shown = true;
    this.output().write(`\r\u001b[K${done} of ${total} ${this.unit}, ${Math.ceil(left / 1000)} s left`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) this.output().write('\r\u001b[K');
  }
}
