import { expect, it } from 'vitest';
import { curveOf, heightAt, highWaters } from '../src/tides';

const harbour = { id: 'a', name: 'A', mean: 3, range: 2, phase: 1 };

it('is highest at high water', () => {
  expect(heightAt(harbour, 1)).toBe(4);
  expect(highWaters(harbour)).toEqual([1, 13.42]);
});

it('has a point each half hour', () => {
  expect(curveOf(harbour)).toHaveLength(49);
});
