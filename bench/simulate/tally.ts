import { readInstruction } from '../../src/dockerfile/instruction.ts';
import { parseRaw } from '../../src/dockerfile/parse.ts';
import { check, type Checked, type Chosen } from './check.ts';
import { makeCase, type Case } from './generate.ts';

/** How often something was there: names with numbers. */
export type Counts = Record<string, number>;

export interface Tally {
  readonly counts: Counts;
  /** Seeds of cases whose images differ, or that our own guard objected to. */
  readonly wrong: number[];
  readonly bugs: string[];
}

export const emptyTally = (): Tally => ({ counts: {}, wrong: [], bugs: [] });

const add = (counts: Counts, name: string, number = 1): void => { counts[name] = (counts[name] ?? 0) + number; };

function countPlan(counts: Counts, { text }: Case, { proposal }: Checked): void {
  add(counts, 'plans');
  for (const rule of proposal.moves) add(counts, `moves by ${rule}`);
  const raw = parseRaw(text);
  const keywords = raw.instructions.map((each, index) => readInstruction(each, index, raw.escape).keyword);
  add(counts, 'instructions in plans', keywords.length);
  add(counts, 'stages in plans', keywords.filter((keyword) => keyword === 'FROM').length);
  for (const keyword of new Set(keywords)) add(counts, `plans with ${keyword}`);
}

/** Checks the case of a seed and counts what it came to; true where it was a plan. */
export function checkSeed(seed: number, tally: Tally, which: Chosen): boolean {
  const one = makeCase(seed);
  const checked = check(one, which);
  const { verdict, proposal } = checked;
  const { counts } = tally;
  add(counts, 'files made');
  add(counts, verdict.kind === 'failed' ? 'files that do not build' : verdict.kind === 'unchanged' ? 'files left alone' : 'files changed');
  if (verdict.kind === 'unchanged' && proposal.refused > 0) add(counts, 'files left alone, with findings refused');
  if (proposal.bugs.length > 0) tally.bugs.push(`seed ${seed}: ${proposal.bugs[0] ?? ''}`);
  if (verdict.kind === 'differs') tally.wrong.push(seed);
  if (verdict.kind !== 'equal' && verdict.kind !== 'differs') return false;
  countPlan(counts, one, checked);
  return true;
}

export function addTally(to: Tally, from: Tally): void {
  for (const [name, number] of Object.entries(from.counts)) add(to.counts, name, number);
  to.wrong.push(...from.wrong);
  to.bugs.push(...from.bugs);
}
