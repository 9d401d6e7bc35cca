/**
 * A step of a compiled glob: a test of one character, or a fork to other steps. The glob matches when the end of
 * the steps is reached at the end of the path.
 */
type Step = { readonly accepts: (char: string) => boolean } | { readonly to: readonly number[] };

const notSlash = { accepts: (char: string): boolean => char !== '/' };
const anything = { accepts: (): boolean => true };

/**
 * Compiles a glob: `*` (within a folder), `**` (any folders, as a whole segment), `?` (one character), `{a,b}`
 * (either, may be nested); `\` takes the next character as it is. Everything else stands for itself. A leading
 * `./` is dropped, and `folder/` stands for all that is in the folder.
 *
 * @returns a test for paths with `/` between segments; its time grows with the product of both lengths, whatever
 *   the glob, because all ways to match are followed at once.
 */
export function compileGlob(glob: string): (path: string) => boolean {
  const steps = new Compiler(glob.replace(/^(?:\.\/)+/, '').replace(/\/$/, '/**')).compile();
  return (path) => matches(steps, path);
}

function matches(steps: readonly Step[], path: string): boolean {
  /** The number of the round in which a step was last reached. */
  const reached = new Uint32Array(steps.length + 1);
  let round = 1;
  let current = reach(steps, [0], reached, round);
  for (const char of path) {
    const next: number[] = [];
    for (const at of current) {
      const step = steps[at];
      if (step !== undefined && 'accepts' in step && step.accepts(char)) next.push(at + 1);
    }
    if (next.length === 0) return false;
    round += 1;
    current = reach(steps, next, reached, round);
  }
  return reached[steps.length] === round;
}

/** Follows all forks: the steps that stand at a character or at the end, reached without reading anything. */
function reach(steps: readonly Step[], open: number[], reached: Uint32Array, round: number): readonly number[] {
  const found: number[] = [];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached[at] === round) continue;
    reached[at] = round;
    const step = steps[at];
    if (step !== undefined && 'to' in step) open.push(...step.to);
    else found.push(at);
  }
  return found;
}

class Compiler {
  readonly #chars: readonly string[];
  /** For each `{` that is closed: its commas, then its `}`. */
  readonly #braces: ReadonlyMap<number, readonly number[]>;
  readonly #steps: Step[] = [];

  constructor(glob: string) {
    this.#chars = [...glob];
    this.#braces = findBraces(this.#chars);
  }

  compile(): readonly Step[] {
    this.#range(0, this.#chars.length);
    return this.#steps;
  }

  #range(start: number, end: number): void {
    let at = start;
    while (at < end) at = this.#one(at, end);
  }

  /** Compiles what begins at an index of the glob and returns the index behind it. */
  #one(at: number, end: number): number {
    const char = this.#chars[at] ?? '';
    const braces = this.#braces.get(at);
    if (char === '*') return this.#stars(at);
    if (braces !== undefined) return this.#alternatives(at, braces);
    const escaped = char === '\\' && at + 1 < end;
    const literal = escaped ? this.#chars[at + 1] : char;
    this.#steps.push(char === '?' ? notSlash : { accepts: (other) => other === literal });
    return at + (escaped ? 2 : 1);
  }

  #stars(start: number): number {
    let end = start + 1;
    while (this.#chars[end] === '*') end += 1;
    const before = this.#chars[start - 1] ?? '/';
    const after = this.#chars[end] ?? '';
    const folders = end - start === 2 && '/{,'.includes(before) && '/},'.includes(after);
    if (folders && after === '/') return this.#folders(end + 1);
    this.#repeat(folders ? anything : notSlash);
    return end;
  }

  /** Any number of the step. */
  #repeat(step: Step): void {
    const start = this.#steps.length;
    this.#steps.push({ to: [start + 1, start + 3] }, step, { to: [start] });
  }

  /** Any number of segments, each with the slash behind it. */
  #folders(next: number): number {
    const start = this.#steps.length;
    this.#steps.push({ to: [start + 1, start + 6] });
    this.#repeat(notSlash);
    this.#steps.push({ accepts: (char) => char === '/' }, { to: [start] });
    return next;
  }

  #alternatives(start: number, stops: readonly number[]): number {
    const starts: number[] = [];
    const end: number[] = [];
    this.#steps.push({ to: starts });
    let from = start + 1;
    for (const stop of stops) {
      starts.push(this.#steps.length);
      this.#range(from, stop);
      this.#steps.push({ to: end });
      from = stop + 1;
    }
    end.push(this.#steps.length);
    return from;
  }
}

function findBraces(chars: readonly string[]): Map<number, readonly number[]> {
  const braces = new Map<number, readonly number[]>();
  const open: { readonly start: number; readonly stops: number[] }[] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at];
    if (char === '\\') at += 1;
    else if (char === '{') open.push({ start: at, stops: [] });
    else if (char === ',') open.at(-1)?.stops.push(at);
    else if (char === '}') {
      const brace = open.pop();
      if (brace !== undefined) braces.set(brace.start, [...brace.stops, at]);
    }
  }
  return braces;
}
