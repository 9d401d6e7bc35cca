import { distance } from 'fastest-levenshtein';

/** Longer words are no typing mistakes; comparing them would only cost time. */
const LONGEST = 100;

/**
 * Finds what was probably meant by a mistyped word. Case does not count.
 *
 * @returns the nearest candidate that differs in at most a third of its letters, or that the word abbreviates or
 *   extends (`warn`, `information`); of equally near ones the first; undefined where nothing is near.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const typed = word.toLowerCase();
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const meant = candidate.toLowerCase();
    const steps = distance(typed, meant);
    if (steps < least && (steps <= Math.max(typed.length, meant.length) / 3 || abbreviates(typed, meant))) {
      best = candidate;
      least = steps;
    }
  }
  return best;
}

const abbreviates = (one: string, other: string): boolean =>
  Math.min(one.length, other.length) >= 3 && (one.startsWith(other) || other.startsWith(one));
