export interface Harbour {
  readonly id: string;
  readonly name: string;
  /** Metres above chart datum. */
  readonly mean: number;
  readonly range: number;
  /** Hours after midnight of the first high water. */
  readonly phase: number;
}

/** Hours between two high waters. */
export const period = 12.42;

/** The height of the water at an hour, in metres. */
export const heightAt = ({ mean, range, phase }: Harbour, hour: number): number =>
  mean + (range / 2) * Math.cos((2 * Math.PI * (hour - phase)) / period);

/** The hours of high water in a day. */
export function highWaters({ phase }: Harbour): number[] {
  const hours: number[] = [];
  for (let hour = phase; hour < 24; hour += period) hours.push(hour);
  return hours;
}

export interface Point {
  readonly hour: number;
  readonly height: number;
}

/** The curve of a day, a point each half hour. */
export const curveOf = (harbour: Harbour): Point[] =>
  Array.from({ length: 49 }, (_, index) => ({ hour: index / 2, height: Number(heightAt(harbour, index / 2).toFixed(2)) }));
