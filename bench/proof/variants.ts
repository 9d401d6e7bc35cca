import { rules } from '../../rules/index.ts';
import { knownNames } from '../../src/config/names.ts';
import { resolveRules } from '../../src/config/settings.ts';
import { openContext } from '../../src/context/disk.ts';
import type { BuildContext } from '../../src/context/context.ts';
import { applyEdits } from '../../src/edits.ts';
import { fixText, type FixLevel } from '../../src/fix.ts';
import { lintText, type Diagnostic, type LintRequest } from '../../src/lint.ts';
import type { Edit } from '../../src/rule.ts';
import type { Project } from './project.ts';

/** A Dockerfile after some fixes. */
export interface Variant {
  /** `size/pip-cache`, `size/pip-cache, line 7`, `all safe`, `all unsafe`. */
  readonly name: string;
  readonly level: FixLevel;
  readonly text: string;
  /** Other files of the context, as they are afterwards. */
  readonly otherFiles: ReadonlyMap<string, string>;
  /** Whose fixes it holds. */
  readonly rules: readonly string[];
  /** Our own bugs on the way: fixes the guard refused, rules that threw. */
  readonly bugs: readonly string[];
}

const allRules = knownNames(rules);

/** Safe fixes of all rules must hold, of those that are off too; with the unsafe ones a file is as most people would have it. */
function requestFor(project: Project, context: BuildContext, level: FixLevel, only: readonly string[]): LintRequest {
  const active = resolveRules(rules, undefined, { preset: level === 'safe' ? 'all' : 'recommended', only, ignore: [], levels: [] }, 'Dockerfile');
  return { path: 'Dockerfile', rules: active, known: allRules, context, contextGiven: true, buildArguments: project.buildArguments, target: project.target };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** The file with the fixes of some rules, or of all where none is named. */
export function fixedWith(project: Project, context: BuildContext, name: string, level: FixLevel, only: readonly string[]): Variant {
  const { text, otherFiles, fixed, bugs } = fixText(project.dockerfile, requestFor(project, context, level, only), level);
  return { name, level, text, otherFiles, rules: unique(fixed.map(({ rule }) => rule)), bugs };
}

function otherFilesAfter(context: BuildContext, edits: readonly Edit[]): Map<string, string> {
  const after = new Map<string, string>();
  for (const name of new Set(edits.map(({ file }) => file).filter((file) => file !== undefined))) {
    const before = context.ignoreFile?.path === name ? context.ignoreFile.text : context.read(name) ?? '';
    after.set(name, applyEdits(before, edits.filter(({ file }) => file === name)));
  }
  return after;
}

/** One fix of a finding and nothing else, as an editor applies it. */
function singleFix(project: Project, context: BuildContext, { rule, at, fix }: Diagnostic): Variant | undefined {
  if (fix === undefined) return undefined;
  const line = project.dockerfile.slice(0, at.start).split('\n').length;
  const text = applyEdits(project.dockerfile, fix.edits.filter(({ file }) => file === undefined));
  return { name: `${rule}, line ${line}`, level: 'safe', text, otherFiles: otherFilesAfter(context, fix.edits), rules: [rule], bugs: [] };
}

const keyOf = ({ text, otherFiles }: Variant): string => JSON.stringify([text, ...otherFiles]);

/**
 * What is to be proven of a project: each rule's safe fixes alone; where a rule has several, each fix alone; all safe
 * ones together; and those with the unsafe ones. Variants with the same text are proven once, under the first name.
 * @param folder a copy of the build context as it is before
 */
export function variantsOf(project: Project, folder: string): Variant[] {
  const context = openContext(folder);
  const { diagnostics } = lintText(project.dockerfile, requestFor(project, context, 'safe', []));
  const fixable = diagnostics.filter(({ fix }) => fix?.safety === 'safe');
  const byRule = unique(fixable.map(({ rule }) => rule));
  const alone = byRule.flatMap((rule) => {
    const own = fixable.filter((each) => each.rule === rule);
    const singles = own.length < 2 ? [] : own.map((each) => singleFix(project, context, each)).filter((each) => each !== undefined);
    return [fixedWith(project, context, rule, 'safe', [rule]), ...singles];
  });
  const all = [...alone, fixedWith(project, context, 'all safe', 'safe', []), fixedWith(project, context, 'all unsafe', 'unsafe', [])];
  const seen = new Set([JSON.stringify([project.dockerfile])]);
  return all.filter((variant) => {
    const key = keyOf(variant);
    if (seen.has(key)) return variant.bugs.length > 0;
    seen.add(key);
    return true;
  });
}
