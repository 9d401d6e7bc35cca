/** One step of a build, as the engine tells of it. */
export interface Vertex {
  readonly number: number;
  /** As it is printed: `[build 2/5] RUN npm ci`. */
  readonly name: string;
  /** The instruction with its blanks as the engine prints it; empty for what the engine does by itself. */
  readonly instruction: string;
  /** The stage's name, `stage-N` for one without; empty in a file of one stage. */
  readonly stage: string;
  /** From 1, FROM being the first; 0 for what the engine does by itself. */
  readonly index: number;
  /** The engine took what an earlier build had made. */
  readonly cached: boolean;
  readonly failed: boolean;
  /** Undefined where it did not run to its end. */
  readonly seconds: number | undefined;
  /** What the step printed. */
  readonly log: string;
}

interface Draft {
  name: string;
  cached: boolean;
  failed: boolean;
  seconds: number | undefined;
  log: string[];
}

/**
 * Lines behind a step's number that are no name. What a step prints itself has the time in front, so nothing it says is
 * taken for one of these.
 */
const states: readonly [RegExp, (draft: Draft, match: RegExpExecArray) => void][] = [
  [/^CACHED$/, (draft) => void (draft.cached = true)],
  [/^DONE (\d+(?:\.\d+)?)s$/, (draft, match) => void (draft.seconds = Number(match[1]))],
  [/^(?:ERROR(?::|$)|CANCELED$)/, (draft) => void (draft.failed = true)],
  [/^\d+\.\d+(?: (.*))?$/, (draft, match) => void draft.log.push(match[1] ?? '')],
  [/^(?:\.\.\.|sha256:[0-9a-f]{64}.*)$/, () => { /* Says nothing of the step. */ }],
];

function toVertex(number: number, { name, cached, failed, seconds, log }: Draft): Vertex {
  // From ten steps on the numbers are set in columns: `[build  2/12]`.
  const step = /^\[(?:([^\]]*[^\] ]) +)? *(\d+)\/\d+\] (.*)$/s.exec(name);
  return {
    number, name, cached, failed, seconds,
    instruction: step?.[3] ?? '',
    // In a build for several platforms the platform stands in front.
    stage: step?.[1]?.split(' ').at(-1) ?? '',
    index: Number(step?.[2] ?? 0),
    log: log.join('\n'),
  };
}

/**
 * Reads what a build prints with `--progress=plain`, of BuildKit as it comes with Docker 20.10 and later. Steps come in any
 * order, are told of piecemeal, and may be named several times.
 */
export function readProgress(text: string): Vertex[] {
  const drafts = new Map<number, Draft>();
  for (const line of text.split(/\r?\n/)) {
    const found = /^#(\d+) (.*)$/.exec(line);
    if (found === null) continue;
    const [, digits = '', rest = ''] = found;
    const number = Number(digits);
    const draft = drafts.get(number);
    if (draft === undefined) {
      drafts.set(number, { name: rest, cached: false, failed: false, seconds: undefined, log: [] });
      continue;
    }
    for (const [pattern, note] of states) {
      const match = pattern.exec(rest);
      if (match === null) continue;
      note(draft, match);
      break;
    }
  }
  return [...drafts].map(([number, draft]) => toVertex(number, draft));
}

/** The steps that are instructions of the Dockerfile, those of each stage in order. */
export const instructionsOf = (vertices: readonly Vertex[]): Vertex[] =>
  vertices.filter(({ index }) => index > 0).sort((a, b) => (a.stage === b.stage ? a.index - b.index : a.stage < b.stage ? -1 : 1));
