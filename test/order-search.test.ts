import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestOrder, costOf, type Step, type Task } from '../src/optimize/order/search.ts';

const bit = (number: number): bigint => 1n << BigInt(number);

/** Small tasks: three kinds of change, edges only from above. */
const tasks = (most: number, turnCost: fc.Arbitrary<number>): fc.Arbitrary<Task> => fc.integer({ min: 1, max: most }).chain((count) => fc.record({
  steps: fc.tuple(...Array.from({ length: count }, (_, number) => fc.record({
    cost: fc.constantFrom(0, 1, 10, 25, 40),
    changes: fc.bigInt({ min: 0n, max: 7n }),
    alone: fc.boolean(),
    after: number === 0 ? fc.constant(0n) : fc.bigInt({ min: 0n, max: bit(number) - 1n }).map((bits) => bits & 0b1001011n),
  }))),
  shares: fc.constant([0.1, 0.2, 0.5]),
  base: fc.constantFrom(0n, 1n),
  turnCost,
}));

const turns = (order: readonly number[]): number => order.reduce((sum, number, place) => sum + order.slice(place + 1).filter((other) => other < number).length, 0);

const isLegal = (steps: readonly Step[], order: readonly number[]): boolean =>
  order.every((number, place) => order.slice(place + 1).every((below) => ((steps[number]?.after ?? 0n) & bit(below)) === 0n));

function* permutations(numbers: readonly number[]): Iterable<readonly number[]> {
  if (numbers.length === 0) yield [];
  for (const [place, first] of numbers.entries()) for (const rest of permutations(numbers.filter((_each, other) => other !== place))) yield [first, ...rest];
}

const author = ({ steps }: Task): number[] => steps.map((_step, number) => number);
const total = (task: Task, order: readonly number[]): number => costOf(task, order) + turns(order) * task.turnCost;

describe('the search for the best order', () => {
  it('finds what trying every order finds', () => {
    fc.assert(fc.property(tasks(6, fc.constantFrom(0, 0.3, 2)), (task) => {
      const found = bestOrder(task);
      const least = Math.min(...[...permutations(author(task))].filter((order) => isLegal(task.steps, order)).map((order) => total(task, order)));
      expect(found.exact).toBe(true);
      expect(isLegal(task.steps, found.order)).toBe(true);
      expect(total(task, found.order)).toBeCloseTo(least, 6);
      expect(found.cost).toBeCloseTo(costOf(task, found.order), 9);
    }), { numRuns: 150 });
  });

  it('is legal and never worse than the author where its budget runs out', () => {
    fc.assert(fc.property(tasks(24, fc.constant(0.1)), (task) => {
      const found = bestOrder({ ...task, budget: 3 });
      expect([...found.order].sort((a, b) => a - b)).toEqual(author(task));
      expect(isLegal(task.steps, found.order)).toBe(true);
      expect(total(task, found.order)).toBeLessThanOrEqual(total(task, author(task)) + 1e-6);
    }), { numRuns: 40 });
  });

  const copy: Step = { cost: 1, changes: 1n, after: 0n };
  const install: Step = { cost: 25, changes: 0n, after: 0n };

  it('says that it is not proven when the budget runs out', () => {
    const steps = Array.from({ length: 14 }, (_, number): Step => (number % 2 === 0 ? { ...copy, changes: bit(number % 3) } : install));
    expect(bestOrder({ steps, shares: [0.1, 0.2, 0.5], turnCost: 0, budget: 1 }).exact).toBe(false);
  });

  it('puts what changes below what does not', () => {
    expect(bestOrder({ steps: [copy, install], shares: [0.9], turnCost: 0.1 })).toEqual({ order: [1, 0], cost: 0.9, exact: true });
  });

  it('keeps the order where the gain is less than the turn', () => {
    expect(bestOrder({ steps: [copy, install], shares: [0.9], turnCost: 23 }).order).toEqual([0, 1]);
  });

  it('keeps the order of equals, and of what runs again anyway', () => {
    expect(bestOrder({ steps: [install, install, copy, copy], shares: [0.9], turnCost: 0 }).order).toEqual([0, 1, 2, 3]);
    expect(bestOrder({ steps: [copy, install], shares: [0.9], base: 1n, turnCost: 0 }).order).toEqual([0, 1]);
  });

  it('counts only its own changes for a step that stands alone', () => {
    expect(costOf({ steps: [copy, { ...install, alone: true }], shares: [0.5], turnCost: 0 }, [0, 1])).toBe(0.5);
  });
});
