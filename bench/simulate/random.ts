/** Chance that a seed makes again: a small generator (mulberry32), the same on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
    // Seeds that follow each other must not begin alike.
    for (let count = 0; count < 4; count += 1) this.next();
  }

  /** A number from 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** @throws Error for an empty list */
  pick<T>(list: readonly T[]): T {
    for (const item of list.slice(this.below(list.length))) return item;
    throw new Error('Nothing to pick from.');
  }

  /** One of the values; each as often as the number in front of it says. */
  weigh<T>(...list: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.next() * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of list) {
      left -= weight;
      if (left < 0) return value;
    }
    return this.pick(list)[1];
  }

  /** Up to `most` of the values, in their order. */
  some<T>(list: readonly T[], most: number): T[] {
    const wanted = this.below(most + 1);
    return list.filter(() => this.chance(wanted / Math.max(list.length, 1))).slice(0, most);
  }
}
