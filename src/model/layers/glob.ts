/** One step of a part of a pattern: a character as it is, any one, any number, or one of a class. */
type Step =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] };

/** True when a path of a COPY holds a wildcard: `*`, `?` or `[` that no backslash stands in front of. */
export const hasWildcard = (path: string): boolean => /[*?[]/.test(path.replace(/\\./gs, ''));

/** Reads the class behind a `[`; undefined where Go's `path.Match` refuses it. */
function readClass(characters: readonly string[], from: number): { readonly step: Step; readonly end: number } | undefined {
  const negated = characters[from] === '^';
  let at = negated ? from + 1 : from;
  const ranges: (readonly [string, string])[] = [];
  const member = (): string | undefined => {
    if (characters[at] === '\\') at += 1;
    else if (characters[at] === '-' || characters[at] === ']') return undefined;
    at += 1;
    return characters[at - 1];
  };
  while (characters[at] !== ']' || ranges.length === 0) {
    const low = member();
    const isRange = low !== undefined && characters[at] === '-';
    if (isRange) at += 1;
    const high = isRange ? member() : low;
    if (low === undefined || high === undefined) return undefined;
    ranges.push([low, high]);
  }
  return { step: { kind: 'class', negated, ranges }, end: at + 1 };
}

/** The steps of one part of a pattern; undefined for a bad one, which matches nothing. */
function readSteps(part: string): readonly Step[] | undefined {
  const characters = [...part];
  const steps: Step[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*') steps.push({ kind: 'star' });
    else if (character === '?') steps.push({ kind: 'any' });
    else if (character === '[') {
      const read = readClass(characters, at + 1);
      if (read === undefined) return undefined;
      steps.push(read.step);
      at = read.end - 1;
    } else {
      if (character === '\\') at += 1;
      steps.push({ kind: 'character', character: characters[at] ?? '' });
    }
  }
  return steps;
}

function takes(step: Step | undefined, character: string): boolean {
  if (step === undefined || step.kind === 'star') return false;
  if (step.kind === 'any') return true;
  if (step.kind === 'character') return step.character === character;
  return step.negated !== step.ranges.some(([low, high]) => low <= character && character <= high);
}

/** Goes back to the last star only, so the time is at most the product of both lengths. */
function matchesSteps(steps: readonly Step[], name: readonly string[]): boolean {
  let step = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    if (steps[step]?.kind === 'star') {
      star = step;
      starAt = at;
      step += 1;
    } else if (takes(steps[step], name[at] ?? '')) {
      step += 1;
      at += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      step = star + 1;
    } else return false;
  }
  return steps.slice(step).every(({ kind }) => kind === 'star');
}

/**
 * Makes of one part of a path pattern (no slash in it) what tells whether it matches a name, after Go's `path.Match`, with
 * which BuildKit looks for the sources of a COPY.
 */
export function compileGlob(part: string): (name: string) => boolean {
  const steps = readSteps(part);
  return (name) => steps !== undefined && matchesSteps(steps, [...name]);
}
