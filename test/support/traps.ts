import { expect } from 'vitest';
import { memoryContext } from '../../src/context/memory.ts';
import { fixText, type FixLevel } from '../../src/fix.ts';
import { readDockerfile } from '../../src/model/dockerfile.ts';
import { textAt } from '../../src/span.ts';
import { requestAll } from './request.ts';

/** Files of a build context by path; undefined: nothing is known of it. */
export type Files = Readonly<Record<string, string>> | undefined;

export const levels = ['safe', 'unsafe'] as const;

/** What all rules together make of a text; none of their fixes may be refused by the guard. */
export function fixed(level: FixLevel, text: string, files?: Files): string {
  const result = fixText(text, requestAll(files === undefined ? undefined : memoryContext(files)), level);
  expect(result.bugs, level).toEqual([]);
  expect(readDockerfile(result.text).problems.length, level).toBeLessThanOrEqual(readDockerfile(text).problems.length);
  return result.text;
}

/** The texts of the instructions of a file. */
export const instructions = (text: string): string[] => readDockerfile(text).instructions.map(({ span }) => textAt(text, span));

/** No rule touches anything. */
export function staysAsItIs(text: string, files?: Files): void {
  for (const level of levels) expect(fixed(level, text, files), level).toBe(text);
}

/** These pieces of the text are there after all fixes, byte for byte, each as often as before. */
export function keeps(text: string, pieces: readonly string[], files?: Files): void {
  for (const level of levels) {
    const result = fixed(level, text, files);
    for (const piece of pieces) {
      expect(text, 'the piece is of the text').toContain(piece);
      expect(result.split(piece).length, `${level}: ${piece}\n${result}`).toBe(text.split(piece).length);
    }
  }
}

/** No fix brings what the pattern matches. */
export function neverBrings(pattern: RegExp, text: string, files?: Files): void {
  expect(text).not.toMatch(pattern);
  for (const level of levels) expect(fixed(level, text, files), level).not.toMatch(pattern);
}

/** The same without cache mounts and the line breaks behind them, which fixes may bring. */
export const withoutMounts = (text: string): string => text.replace(/--mount=\S+ (?:\\\r?\n\s*)?/g, '');

function placeOf(text: string, start: string): number {
  const at = instructions(withoutMounts(text)).findIndex((each) => each.startsWith(start));
  expect(at, `${start} is an instruction of\n${text}`).toBeGreaterThanOrEqual(0);
  return at;
}

/** The first instruction that begins with `above` still stands above the first one with `below`. */
export function keepsOrder(text: string, above: string, below: string, files?: Files, at: readonly FixLevel[] = levels): void {
  expect(placeOf(text, above)).toBeLessThan(placeOf(text, below));
  for (const level of at) {
    const result = fixed(level, text, files);
    expect(placeOf(result, above), `${level}\n${result}`).toBeLessThan(placeOf(result, below));
  }
}

/** The number of instructions with a keyword is the same. */
export function keepsCount(keyword: string, text: string, files?: Files): void {
  const count = (each: string): number => readDockerfile(each).instructions.filter((one) => one.keyword === keyword).length;
  for (const level of levels) expect(count(fixed(level, text, files)), level).toBe(count(text));
}

/** A variable's value at the end of the file, as the model reads it. */
export function valueOf(text: string, name: string): string | null | undefined {
  const file = readDockerfile(text);
  return file.targetStage === undefined ? undefined : file.stateAfterStage(file.targetStage).lookup(name);
}
