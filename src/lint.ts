import { levelOf } from './codes.ts';
import { contextFits } from './context/fits.ts';
import type { BuildContext } from './context/context.ts';
import { isIgnored, readIgnores, type IgnoreComment, type KnownNames } from './ignore.ts';
import { readDockerfile, type Dockerfile } from './model/dockerfile.ts';
import type { AnyRule, Finding, Fix, Input, OptionTable, OptionValue, Related, Safety, Severity } from './rule.ts';
import { span, type Span } from './span.ts';

/** A finding with the rule it comes from, as reporters get it. */
export interface Diagnostic {
  /** `cache/copy-before-install` */
  readonly rule: string;
  readonly severity: Exclude<Severity, 'off'>;
  readonly at: Span;
  readonly message: string;
  readonly fix: Fix | undefined;
  readonly related: readonly Related[];
  readonly sources: readonly string[];
}

/** A rule as it is to run on a file. */
export interface ActiveRule {
  readonly id: string;
  readonly rule: AnyRule;
  readonly severity: Exclude<Severity, 'off'>;
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Levels of findings by the source they go by, where they differ from the rule's. */
  readonly bySource?: ReadonlyMap<string, Severity>;
  /** Findings of no such source are off. */
  readonly othersOff?: boolean;
}

export interface LintRequest {
  /** As messages name it. */
  readonly path: string;
  readonly rules: readonly ActiveRule[];
  /** Every name a rule may be called by: to read ignore comments with. */
  readonly known: KnownNames;
  readonly context: BuildContext | undefined;
  /** The user named the context; otherwise it is given up where the file contradicts it. */
  readonly contextGiven: boolean;
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  /** False where hadolint's ignore comments count for nothing. */
  readonly hadolintComments?: boolean | undefined;
}

export interface AppliedFix {
  readonly rule: string;
  readonly title: string;
  readonly safety: Safety;
}

/** What linting one text gave; after a fix, what is left and what the files are to hold. */
export interface LintResult {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly fixed: readonly AppliedFix[];
  /** Other files of the context that fixes changed or made, by path relative to it. */
  readonly otherFiles: ReadonlyMap<string, string>;
  /** Our own bugs: fixes that the guard refused, and rules that threw. One sentence each. */
  readonly bugs: readonly string[];
}

/** A file that was linted, with what the fix engine needs of it. */
export interface Linted {
  readonly file: Dockerfile;
  readonly diagnostics: readonly Diagnostic[];
  readonly bugs: readonly string[];
}

/** The rule that judges our own ignore comments: it runs last, when it is known which were of use. */
const judgeOfIgnores = 'style/unused-ignore';

/** Rules that keep speaking in a file that BuildKit would refuse; of the others some would only echo the mistake. */
const speaksOfMistakes = (id: string): boolean => id.startsWith('correctness/') || id.startsWith('security/');

/** The options of a rule with its defaults filled in. */
export function withDefaults(table: OptionTable | undefined, given: Readonly<Record<string, OptionValue>>): Record<string, OptionValue> {
  if (table === undefined) return {};
  const values: Record<string, OptionValue> = {};
  for (const [name, option] of Object.entries(table)) values[name] = given[name] ?? option.default;
  return values;
}

function clamp(at: Span, length: number): Span {
  const start = Math.min(Math.max(at.start, 0), length);
  return span(start, Math.min(Math.max(at.end, start), length));
}

function runRule(active: ActiveRule, input: Input<OptionTable>, ignores: readonly IgnoreComment[], bugs: string[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  try {
    for (const finding of active.rule.check(input)) {
      // A plugin is not held by types.
      if (!Number.isInteger(finding.at.start) || !Number.isInteger(finding.at.end)) throw new Error('a finding has no place: `at` needs a span');
      const at = clamp(finding.at, input.file.source.length);
      const severity = levelOf(active, finding);
      if (severity !== 'off' && !isIgnored(ignores, active, finding.sources, at)) found.push(toDiagnostic(active, severity, finding, at));
    }
  } catch (error) {
    bugs.push(`The rule ${active.id} failed in ${input.file.path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return found;
}

const toDiagnostic = (active: ActiveRule, severity: Diagnostic['severity'], finding: Finding, at: Span): Diagnostic => ({
  rule: active.id,
  severity,
  at,
  message: finding.message,
  fix: finding.fix,
  related: finding.related ?? [],
  sources: finding.sources ?? active.rule.sources ?? [],
});

const inOrder = (a: Diagnostic, b: Diagnostic): number => a.at.start - b.at.start || a.at.end - b.at.end || (a.rule < b.rule ? -1 : 1);

const ignoresOf = (file: Dockerfile, { known, hadolintComments }: Pick<LintRequest, 'known' | 'hadolintComments'>): IgnoreComment[] =>
  readIgnores(file, known).filter(({ tool }) => tool !== 'hadolint' || hadolintComments !== false);

/** What another program found, as a rule that could have found it. */
export interface OutsideFinding {
  readonly active: ActiveRule;
  readonly finding: Finding;
}

/** Adds what another program found to what was found, as far as levels and ignore comments let it through. */
export function addFindings(file: Dockerfile, diagnostics: readonly Diagnostic[], found: readonly OutsideFinding[], request: Pick<LintRequest, 'known' | 'hadolintComments'>): Diagnostic[] {
  const ignores = found.length === 0 ? [] : ignoresOf(file, request);
  const added = found.flatMap(({ active, finding }) => {
    const at = clamp(finding.at, file.source.length);
    const severity = levelOf(active, finding);
    return severity === 'off' || isIgnored(ignores, active, finding.sources, at) ? [] : [toDiagnostic(active, severity, finding, at)];
  });
  return [...diagnostics, ...added].sort(inOrder);
}

/** Lints a file that was read already. */
export function lintFile(file: Dockerfile, request: LintRequest): Linted {
  const bugs: string[] = [];
  const ignores = ignoresOf(file, request);
  const context = request.context !== undefined && (request.contextGiven || contextFits(file, request.context)) ? request.context : undefined;
  const runs = request.rules.filter(({ id }) => id !== judgeOfIgnores && (file.problems.length === 0 || speaksOfMistakes(id)));
  const diagnostics = runs.flatMap((active) => {
    const options = withDefaults(active.rule.options, active.options);
    return runRule(active, { file, options, context, ignores: [] }, ignores, bugs);
  });
  const judge = request.rules.find(({ id }) => id === judgeOfIgnores);
  if (judge !== undefined) {
    const running = new Set(request.rules.map(({ id }) => id));
    const judged = ignores.filter(({ tool }) => tool === 'shipshape');
    diagnostics.push(...runRule(judge, { file, options: {}, context, ignores: judged, running }, ignores, bugs));
  }
  diagnostics.sort(inOrder);
  return { file, diagnostics, bugs };
}

/**
 * Lints a Dockerfile's text.
 * @returns findings in source order. Never throws: a rule that does is named in `bugs`.
 */
export function lintText(text: string, request: LintRequest): LintResult {
  const file = readDockerfile(text, { path: request.path, buildArguments: request.buildArguments, target: request.target });
  const { diagnostics, bugs } = lintFile(file, request);
  return { text, diagnostics, bugs, fixed: [], otherFiles: new Map() };
}
