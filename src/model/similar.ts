const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** One letter added, missing, changed or swapped with its neighbour; digits tell versions apart and don't count. */
function isOneLetterOff(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length < 4 || long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (/\d/.test(long[at] ?? '') || /\d/.test(short[at] ?? '')) return false;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  const changed = short.length > 4 && short.slice(at + 1) === long.slice(at + 1);
  const swapped = short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
  return changed || swapped;
}

/** The longest name that is compared. */
const longest = 60;

/**
 * The first candidate that is the same name but for case, underscores or one letter. For names of variables,
 * where a guess must be as good as certain.
 */
export function nearName(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > longest) return undefined;
  const bare = plain(name);
  return candidates.find((candidate) => {
    const difference = Math.abs(candidate.length - name.length);
    if (difference > 4 || candidate === name) return false;
    return (difference < 2 && isOneLetterOff(name, candidate)) || (candidate[0]?.toLowerCase() === name[0]?.toLowerCase() && plain(candidate) === bare);
  });
}

/** The first candidate that this name is the end of: `USER_UID` for `UID`. */
export const longerName = (name: string, candidates: readonly string[]): string | undefined =>
  name.length < 3 ? undefined : candidates.find((candidate) => candidate.endsWith(`_${name}`));
