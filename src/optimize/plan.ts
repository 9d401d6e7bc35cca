import { fixText, isAllowed, type FixLevel } from '../fix.ts';
import { lintText, type Diagnostic, type LintRequest } from '../lint.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { Safety } from '../rule.ts';
import { textAt } from '../span.ts';
import { expectedCost, finish, replayWork, type Replayed, type ReplayRequest, type StepCost, type Work } from './replay.ts';

export interface PlanRequest {
  /** As for linting: the moves are fixes of rules. */
  readonly lint: LintRequest;
  readonly replay: ReplayRequest;
  readonly costOf: StepCost;
  /** Up to which safety moves are made. */
  readonly level: FixLevel;
  /** A move is kept if it makes the expected cost lower by more than this share. */
  readonly threshold?: number;
}

/** A fix that was made because it saves something. */
export interface Move {
  readonly rule: string;
  readonly title: string;
  readonly safety: Safety;
  /** Line of the finding in the file as it was; undefined where another move made it. */
  readonly line: number | undefined;
  readonly message: string;
  /** What the rule says besides: for an unsafe move, why it may change something. */
  readonly notes: readonly string[];
  /** The expected cost without it and with it. */
  readonly before: number;
  readonly after: number;
}

/** Why a finding about the order was left alone. */
export type RefusalKind = 'no fix' | 'unsafe' | 'manual' | 'no gain' | 'failed';

export interface Refusal {
  readonly rule: string;
  readonly line: number | undefined;
  readonly message: string;
  readonly kind: RefusalKind;
  readonly reasons: readonly string[];
}

/** A better order of a file's steps, and why. */
export interface Plan {
  readonly before: Replayed;
  readonly after: Replayed;
  /** Expected cost of a commit. */
  readonly costBefore: number;
  readonly costAfter: number;
  /** The better text; the text itself where there is none. */
  readonly text: string;
  readonly moves: readonly Move[];
  readonly refusals: readonly Refusal[];
  /** What must not happen: fixes that the guard refused, rules that threw. */
  readonly bugs: readonly string[];
}

const usualThreshold = 0.01;
/** Each move is followed by another look; no file needs so many. */
const mostMoves = 50;

/** A text on the way, with its cost. */
interface Version {
  readonly text: string;
  readonly replayed: Replayed;
  readonly cost: number;
}

const keyOf = ({ rule, message, at }: Diagnostic): string => `${rule}\0${at.start}\0${message}`;

const titleOf = ({ rule, fix }: Diagnostic): string => `${rule}\0${fix?.title ?? ''}`;

/** One of several moves that were made one after the other. */
interface Link {
  readonly before: Version;
  readonly after: Version;
  readonly finding: Diagnostic;
}

function* versionOf(text: string, { replay, costOf }: PlanRequest): Work<Version> {
  const replayed = yield* replayWork(text, replay);
  return { text, replayed, cost: expectedCost(replayed, costOf) };
}

class Planner {
  readonly moves: Move[] = [];
  readonly bugs = new Set<string>();
  readonly #request: PlanRequest;
  readonly #reordering: ReadonlySet<string>;
  readonly #original: Version;
  /** Of each text that was looked at. */
  readonly #findings = new Map<string, readonly Diagnostic[]>();

  constructor(original: Version, request: PlanRequest) {
    const rules = request.lint.rules.map((each) => ({ ...each, options: { ...each.options, ...each.rule.weighed } }));
    this.#request = { ...request, lint: { ...request.lint, rules } };
    this.#reordering = new Set(request.lint.rules.filter(({ rule }) => rule.reorders === true).map(({ id }) => id));
    this.#original = original;
  }

  get original(): Version {
    return this.#original;
  }

  /** Findings about the order of steps. */
  findings(text: string): readonly Diagnostic[] {
    const found = this.#findings.get(text) ?? lintText(text, this.#request.lint).diagnostics.filter(({ rule }) => this.#reordering.has(rule));
    this.#findings.set(text, found);
    return found;
  }

  /** Safe moves first: what they leave is for the unsafe ones. */
  * run(): Work<{ readonly version: Version; readonly tried: ReadonlySet<string> }> {
    const levels: readonly FixLevel[] = this.#request.level === 'safe' ? ['safe'] : ['safe', 'unsafe'];
    let version = this.#original;
    let tried = new Set<string>();
    for (const level of levels) {
      tried = new Set();
      for (let next = yield* this.#next(version, level, tried); next !== undefined && this.moves.length < mostMoves; next = yield* this.#next(version, level, tried)) {
        version = next;
        tried = new Set();
      }
      version = (yield* this.#together(version, level)) ?? version;
    }
    return { version, tried };
  }

  /** The first move that gains. */
  * #next(version: Version, level: FixLevel, tried: Set<string>): Work<Version | undefined> {
    for (const finding of this.findings(version.text)) {
      if (!isAllowed(finding, level) || tried.has(keyOf(finding))) continue;
      yield;
      const after = this.#apply(version.text, level, finding);
      const next = after === undefined ? undefined : yield* versionOf(after, this.#request);
      if (next !== undefined && this.#gains(version, next)) {
        this.moves.push(this.#moveOf(version, next, finding));
        return next;
      }
      tried.add(keyOf(finding));
    }
    return undefined;
  }

  /** Moves of which none gains alone may gain together: they stand in each other's way. Those that the gain does not need are left out. */
  * #together(version: Version, level: FixLevel): Work<Version | undefined> {
    const left = new Set<string>();
    let chain = yield* this.#chain(version, level, left);
    let end = chain.at(-1)?.after;
    if (chain.length < 2 || end === undefined || !this.#gains(version, end)) return undefined;
    for (const { finding } of chain) {
      left.add(titleOf(finding));
      const shorter = yield* this.#chain(version, level, left);
      const other = shorter.at(-1)?.after;
      if (other !== undefined && !this.#gains(end, other) && !this.#gains(other, end)) [chain, end] = [shorter, other];
      else left.delete(titleOf(finding));
    }
    this.moves.push(...chain.map(({ before, after, finding }) => this.#moveOf(before, after, finding)));
    return end;
  }

  /** All moves one after the other, whatever they gain, but for those with some titles. */
  * #chain(version: Version, level: FixLevel, left: ReadonlySet<string>): Work<readonly Link[]> {
    const chain: Link[] = [];
    const seen = new Set([version.text]);
    const tried = new Set<string>();
    let before = version;
    const isOpen = (finding: Diagnostic): boolean => isAllowed(finding, level) && !left.has(titleOf(finding)) && !tried.has(keyOf(finding));
    for (let finding = this.findings(before.text).find(isOpen); finding !== undefined && chain.length < mostMoves; finding = this.findings(before.text).find(isOpen)) {
      tried.add(keyOf(finding));
      yield;
      const text = this.#apply(before.text, level, finding);
      if (text === undefined || seen.has(text)) continue;
      seen.add(text);
      const after = yield* versionOf(text, this.#request);
      chain.push({ before, after, finding });
      before = after;
    }
    return chain;
  }

  #gains(before: Version, after: Version): boolean {
    return after.cost < before.cost * (1 - (this.#request.threshold ?? usualThreshold));
  }

  /** The text after one fix, made by the fix engine; undefined where it refuses. */
  #apply(text: string, level: FixLevel, finding: Diagnostic): string | undefined {
    const key = keyOf(finding);
    let isAsked = false;
    const fixed = fixText(text, this.#request.lint, level, ({ diagnostics }) => {
      if (isAsked) return [];
      isAsked = true;
      return diagnostics.filter((each) => keyOf(each) === key);
    });
    for (const bug of fixed.bugs) this.bugs.add(bug);
    return fixed.text === text || fixed.otherFiles.size > 0 ? undefined : fixed.text;
  }

  #moveOf(before: Version, after: Version, finding: Diagnostic): Move {
    const line = this.lineOf(before.replayed.file, finding.at.start);
    const { message, related } = this.inOriginal(finding, line);
    const { title, safety } = finding.fix ?? { title: '', safety: 'manual' };
    return { rule: finding.rule, title, safety, line, message, notes: related.map((each) => each.message), before: before.cost, after: after.cost };
  }

  /** The same finding as it was before all moves, so that the lines its words name are those of the file; where it was there already. */
  inOriginal(finding: Diagnostic, line: number | undefined): Diagnostic {
    const { lines } = this.#original.replayed.file;
    const same = this.findings(this.#original.text).filter(({ rule, at, fix }) =>
      rule === finding.rule && lines.position(at.start).line === line && fix?.title === finding.fix?.title);
    return same.find(({ message }) => message === finding.message) ?? (same.length === 1 ? same[0] : undefined) ?? finding;
  }

  /** Where an instruction of a later text stands in the original. */
  lineOf(file: Dockerfile, offset: number): number | undefined {
    const found = file.instructions.findLast(({ span }) => span.start <= offset);
    const original = this.#original.replayed.file;
    if (found === undefined) return undefined;
    const text = textAt(file.source, found.span);
    const same = original.instructions.filter(({ span }) => textAt(original.source, span) === text);
    const place = file.instructions.filter(({ span }) => textAt(file.source, span) === text).indexOf(found);
    const at = same[place] ?? same[0];
    return at === undefined ? undefined : original.lines.position(at.span.start).line;
  }
}

function refusalOf(finding: Diagnostic, planner: Planner, { replayed }: Version, tried: ReadonlySet<string>, level: FixLevel): Refusal {
  const { rule, fix } = finding;
  const line = planner.lineOf(replayed.file, finding.at.start);
  const { message, related } = planner.inOriginal(finding, line);
  const allowed = isAllowed(finding, level);
  const kind: RefusalKind = fix === undefined ? 'no fix' : fix.safety === 'manual' ? 'manual' : !allowed ? 'unsafe' : tried.has(keyOf(finding)) ? 'no gain' : 'failed';
  return { rule, line, message, kind, reasons: related.map((each) => each.message) };
}

/**
 * Looks for a better order of a file's steps: the fixes of rules about order, made by the fix engine with its guard, of which only those
 * are kept that make the commits that were replayed cheaper to build. Never throws.
 */
export const planOrder = (text: string, request: PlanRequest): Plan => finish(planWork(text, request));

/** The same, in small pieces. */
export function* planWork(text: string, request: PlanRequest): Work<Plan> {
  const planner = new Planner(yield* versionOf(text, request), request);
  const { version, tried } = yield* planner.run();
  yield;
  const refusals = planner.findings(version.text).map((finding) => refusalOf(finding, planner, version, tried, request.level));
  return {
    before: planner.original.replayed,
    after: version.replayed,
    costBefore: planner.original.cost,
    costAfter: version.cost,
    text: version.text,
    moves: planner.moves,
    refusals,
    bugs: [...planner.bugs],
  };
}
