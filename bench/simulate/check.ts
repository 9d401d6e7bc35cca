import { rules } from '../../rules/index.ts';
import { knownNames } from '../../src/config/names.ts';
import { resolveRules } from '../../src/config/settings.ts';
import { memoryContext } from '../../src/context/memory.ts';
import { fixText } from '../../src/fix.ts';
import type { LintRequest } from '../../src/lint.ts';
import { build, type Built } from './build.ts';
import type { Case } from './generate.ts';

const all = resolveRules(rules, undefined, { preset: 'all', only: [], ignore: [], levels: [] }, 'Dockerfile');
const known = knownNames(rules);

/** Rules whose safe fixes are checked. */
export type Chosen = 'reorders' | 'joins';

const chosen: Readonly<Record<Chosen, LintRequest['rules']>> = {
  reorders: all.filter(({ rule }) => rule.reorders === true),
  joins: all.filter(({ id, rule }) => rule.reorders === true || id === 'size/mergeable-runs'),
};

/** What is proposed for a Dockerfile. */
export interface Proposal {
  readonly text: string;
  /** The rule of each fix that was made. */
  readonly moves: readonly string[];
  /** Findings that no safe fix goes with. */
  readonly refused: number;
  readonly bugs: readonly string[];
}

/** The file after all safe fixes of the rules that move steps. */
export function propose({ text, files }: Pick<Case, 'text' | 'files'>, which: Chosen = 'reorders'): Proposal {
  const result = fixText(text, { path: 'Dockerfile', rules: chosen[which], known, context: memoryContext(files), contextGiven: true, buildArguments: {}, target: undefined }, 'safe');
  return { text: result.text, moves: result.fixed.map(({ rule }) => rule), refused: result.diagnostics.length, bugs: result.bugs };
}

export type Verdict =
  | { readonly kind: 'unchanged' | 'equal' }
  /** The file as its author wrote it does not build, so there is nothing to keep. */
  | { readonly kind: 'failed'; readonly failure: string }
  | { readonly kind: 'differs'; readonly differences: readonly string[] };

/** A build of the file as its author wrote it, with the values it was called with. */
interface Original {
  readonly values: Readonly<Record<string, string>>;
  readonly built: Built;
}

/** The builds of a text that succeed: with the values given, and with none. */
function originals(text: string, { files, given }: Pick<Case, 'files' | 'given'>): { readonly found: readonly Original[]; readonly failure: string } {
  const calls = Object.keys(given).length === 0 ? [given] : [given, {}];
  const all = calls.map((values) => ({ values, built: build(text, files, values) }));
  return { found: all.filter(({ built }) => built.failure === undefined), failure: all[0]?.built.failure ?? '' };
}

function differences(found: readonly Original[], after: string, files: Case['files']): string[] {
  return found.flatMap(({ values, built: a }) => {
    const b = build(after, files, values);
    if (b.failure !== undefined) return [`fails: ${b.failure}`];
    return a.stages.flatMap((stage, index) => difference(stage, b.stages[index] ?? []).map((line) => `stage ${index}: ${line}`));
  });
}

function difference(a: readonly string[], b: readonly string[]): string[] {
  const before = new Set(a);
  const after = new Set(b);
  return [...a.filter((line) => !after.has(line)).map((line) => `- ${line}`), ...b.filter((line) => !before.has(line)).map((line) => `+ ${line}`)];
}

/** How two texts differ in what they build. */
export function compare(before: string, after: string, one: Pick<Case, 'files' | 'given'>): Verdict {
  if (before === after) return { kind: 'unchanged' };
  const { found, failure } = originals(before, one);
  if (found.length === 0) return { kind: 'failed', failure };
  const lines = differences(found, after, one.files);
  return lines.length > 0 ? { kind: 'differs', differences: lines } : { kind: 'equal' };
}

/** What became of one case. */
export interface Checked {
  readonly proposal: Proposal;
  readonly verdict: Verdict;
}

/** Takes what is proposed for a case that builds, and builds that. */
export function check(one: Case, which: Chosen = 'reorders'): Checked {
  const { found, failure } = originals(one.text, one);
  if (found.length === 0) return { proposal: { text: one.text, moves: [], refused: 0, bugs: [] }, verdict: { kind: 'failed', failure } };
  const proposal = propose(one, which);
  if (proposal.text === one.text) return { proposal, verdict: { kind: 'unchanged' } };
  const lines = differences(found, proposal.text, one.files);
  return { proposal, verdict: lines.length > 0 ? { kind: 'differs', differences: lines } : { kind: 'equal' } };
}
