import { overlayContext } from './context/overlay.ts';
import { applyEdits } from './edits.ts';
import { objection } from './guard.ts';
import { lintFile, type AppliedFix, type Diagnostic, type Linted, type LintRequest, type LintResult } from './lint.ts';
import { readDockerfile, type Dockerfile } from './model/dockerfile.ts';
import type { Edit, Fix } from './rule.ts';

export type FixLevel = 'safe' | 'unsafe';

const mostPasses = 20;

type Fixable = Diagnostic & { readonly fix: Fix };

/** The texts as they are between two passes. */
interface Version {
  readonly text: string;
  readonly otherFiles: ReadonlyMap<string, string>;
  readonly linted: Linted;
}

/** True for a finding whose fix may be applied at a level. */
export const isAllowed = (diagnostic: Diagnostic, level: FixLevel): diagnostic is Fixable =>
  diagnostic.fix !== undefined && (diagnostic.fix.safety === 'safe' || (level === 'unsafe' && diagnostic.fix.safety === 'unsafe'));

interface Claim {
  readonly start: number;
  readonly end: number;
  readonly file: string;
}

/** What a fix claims for itself in a pass: the instructions its edits touch, the lines between, other files, and what it names as a whole. */
function claims(file: Dockerfile, fix: Fix): Claim[] {
  const whole = fix.whole === undefined ? [] : [{ ...fix.whole, file: '' }];
  return [...whole, ...fix.edits.map((edit) => {
    if (edit.file !== undefined) return { start: 0, end: Number.MAX_SAFE_INTEGER, file: edit.file };
    let { start, end } = edit.span;
    for (const { span } of file.instructions) {
      if (span.start > edit.span.end || span.end < edit.span.start) continue;
      start = Math.min(start, span.start);
      end = Math.max(end, span.end);
    }
    return { start, end, file: '' };
  })];
}

const touch = (a: Claim, b: Claim): boolean =>
  a.file === b.file && a.start <= b.end && b.start <= a.end;

/** What decides whether a fix is made, and when. */
interface Fixables {
  readonly level: FixLevel;
  /** Findings whose fix the guard refused. */
  readonly refused: ReadonlySet<string>;
  /** Rules about the order of steps. */
  readonly reordering: ReadonlySet<string>;
}

/** Chooses the findings that may be fixed of those that a text has. */
export type Selection = (found: Pick<LintResult, 'text' | 'diagnostics'>) => readonly Diagnostic[];

/** The order of steps is mended first; then fixes that name a whole stage, which are planned for the file as its author wrote it. */
const rankOf = ({ rule, fix }: Diagnostic, reordering: ReadonlySet<string>): number =>
  (reordering.has(rule) ? 0 : fix?.whole !== undefined ? 1 : 2);

/** The fixes of one pass: no two touch the same instruction. What has to wait keeps those of lower rank off its stage. */
function take(version: Version, fixable: Fixables, select: Selection): Fixable[] {
  const { level, refused, reordering } = fixable;
  const taken: Fixable[] = [];
  const claimed: Claim[] = [];
  const chosen = select({ text: version.text, diagnostics: version.linted.diagnostics });
  for (const diagnostic of [0, 1, 2].flatMap((rank) => chosen.filter((each) => rankOf(each, reordering) === rank))) {
    if (!isAllowed(diagnostic, level) || refused.has(refusalKey(version.text, diagnostic))) continue;
    const wanted = claims(version.linted.file, diagnostic.fix);
    const isFree = !wanted.some((one) => claimed.some((other) => touch(one, other)));
    if (isFree || diagnostic.fix.whole !== undefined) claimed.push(...wanted);
    if (isFree) taken.push(diagnostic);
  }
  return taken;
}

const refusalKey = (text: string, diagnostic: Diagnostic): string =>
  `${diagnostic.rule}\0${diagnostic.message}\0${text.slice(diagnostic.at.start, diagnostic.at.end)}`;

function lintVersion(text: string, otherFiles: ReadonlyMap<string, string>, request: LintRequest): Version {
  const file = readDockerfile(text, { path: request.path, buildArguments: request.buildArguments, target: request.target });
  const context = request.context !== undefined && otherFiles.size > 0 ? overlayContext(request.context, otherFiles) : request.context;
  return { text, otherFiles, linted: lintFile(file, { ...request, context }) };
}

/** The version after some fixes, or why it must not be. */
function apply(version: Version, fixes: readonly Fixable[], request: LintRequest): Version | string {
  const edits = fixes.flatMap(({ fix }) => fix.edits);
  try {
    const text = applyEdits(version.text, edits.filter((edit) => edit.file === undefined));
    const next = lintVersion(text, applyToOthers(version, edits, request), request);
    return objection(version.linted, next.linted, fixes, edits) ?? next;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function applyToOthers(version: Version, edits: readonly Edit[], request: LintRequest): ReadonlyMap<string, string> {
  const files = new Map(version.otherFiles);
  const names = new Set(edits.flatMap((edit) => (edit.file === undefined ? [] : [edit.file])));
  for (const name of names) {
    // An ignore file beside a Dockerfile may lie outside the context, where it is not read from.
    const ignoreFile = request.context?.ignoreFile;
    const before = files.get(name) ?? (ignoreFile?.path === name ? ignoreFile.text : request.context?.read(name)) ?? '';
    files.set(name, applyEdits(before, edits.filter((edit) => edit.file === name)));
  }
  return files;
}

/** Applies the fixes of a pass; where the guard objects, one by one, so that only the culprit is left out. */
function pass(version: Version, fixes: readonly Fixable[], request: LintRequest, refused: Set<string>, bugs: string[]): { version: Version; applied: Fixable[] } {
  const all = apply(version, fixes, request);
  if (typeof all !== 'string') return { version: all, applied: [...fixes] };
  for (const one of fixes) {
    const alone = apply(version, [one], request);
    if (typeof alone !== 'string') return { version: alone, applied: [one] };
    refused.add(refusalKey(version.text, one));
    bugs.push(`The fix "${one.fix.title}" of ${one.rule} was left out of ${request.path}: ${alone}.`);
  }
  return { version, applied: [] };
}

/**
 * Lints, applies the fixes that `level` allows, and again, until nothing is left to fix. Every pass is
 * held against the guard; what it refuses is left out and named in `bugs`.
 *
 * @param select leaves findings alone that are to stay as they are; asked again after each pass
 */
export function fixText(text: string, request: LintRequest, level: FixLevel, select: Selection = ({ diagnostics }) => diagnostics): LintResult {
  const refused = new Set<string>();
  const reordering = new Set(request.rules.filter(({ rule }) => rule.reorders === true).map(({ id }) => id));
  const bugs: string[] = [];
  const fixed: AppliedFix[] = [];
  const first = lintVersion(text, new Map(), request);
  const seen = new Set([text]);
  let version = first;
  for (let count = 0; count < mostPasses; count += 1) {
    const fixes = take(version, { level, refused, reordering }, select);
    if (fixes.length === 0) break;
    const result = pass(version, fixes, request, refused, bugs);
    if (result.applied.length === 0) continue;
    version = result.version;
    fixed.push(...result.applied.map(({ rule, fix }) => ({ rule, title: fix.title, safety: fix.safety })));
    const state = [version.text, ...[...version.otherFiles].flat()].join('\0');
    if (seen.has(state)) {
      const names = [...new Set(result.applied.map(({ rule }) => rule))].join(' and ');
      bugs.push(`The fixes of ${names} undo each other in ${request.path}; the file was left as it was.`);
      return toResult(first, [], bugs);
    }
    seen.add(state);
  }
  return toResult(version, fixed, bugs);
}

const toResult = (version: Version, fixed: readonly AppliedFix[], bugs: readonly string[]): LintResult => ({
  text: version.text,
  diagnostics: version.linted.diagnostics,
  fixed,
  otherFiles: version.otherFiles,
  bugs: [...version.linted.bugs, ...bugs],
});
