import type { AnyRule, Finding, Severity } from './rule.ts';

/** True for a code of ShellCheck, and for all of them. */
export const isShellCode = (name: string): boolean => /^(?:(?:hadolint|shellcheck|shell)\/)?SC\d{4}$|^shell(?:check)?\/\*$/i.test(name);

/** True for a code of hadolint or ShellCheck: it is accepted even where no rule does the same. */
export const isForeignCode = (name: string): boolean => isShellCode(name) || /^(?:hadolint\/)?DL\d{4}$/i.test(name);

/** The page about a code of ShellCheck. */
export const pageOf = (code: string): string => `https://www.shellcheck.net/wiki/${code}`;

/** What a finding of ShellCheck is called here. */
export const ruleIdOf = (code: string): string => `shell/${code}`;

/** ShellCheck's code in what a finding is called; undefined for findings of rules. */
export const codeIn = (id: string): string | undefined => /^shell\/(SC\d{4})$/.exec(id)?.[1];

const lastPart = (id: string): string => id.slice(id.indexOf('/') + 1);

/** True for a rule's own name, with its category or without. */
export function isOwnName(name: string, id: string): boolean {
  const lower = name.toLowerCase();
  return id === lower || lastPart(id) === lower;
}

/** Those of some sources that a code names, with its tool or without: `DL3008` of `hadolint/DL3008`. */
export function sourcesNamed(code: string, sources: readonly string[]): readonly string[] {
  const lower = code.toLowerCase();
  return sources.filter((source) => source.toLowerCase() === lower || lastPart(source).toLowerCase() === lower);
}

/** The sources of a rule that a name means; none where it is the rule's own. */
export const codesOf = (name: string, id: string, { sources = [] }: AnyRule): readonly string[] =>
  (isOwnName(name, id) ? [] : sourcesNamed(name, sources));

/** A rule's level, and those of findings that go by some of its sources. */
interface Leveled {
  readonly rule: AnyRule;
  readonly severity: Exclude<Severity, 'off'>;
  readonly bySource?: ReadonlyMap<string, Severity>;
  readonly othersOff?: boolean;
}

const strength: readonly Severity[] = ['error', 'warning', 'info', 'off'];

/** The strongest of some levels that are on; `info` where none is. */
export function strongest(levels: readonly Severity[]): Exclude<Severity, 'off'> {
  const found = strength.find((level) => levels.includes(level));
  return found === undefined || found === 'off' ? 'info' : found;
}

/** The level of one finding: what was said of a code it goes by, else its rule's. */
export function levelOf({ severity, rule, bySource, othersOff }: Leveled, finding: Finding): Severity {
  if (bySource === undefined) return finding.onRequest === true ? 'off' : severity;
  const levels = (finding.sources ?? rule.sources ?? []).flatMap((source) => bySource.get(source) ?? []);
  if (levels.length === 0) return othersOff === true || finding.onRequest === true ? 'off' : severity;
  return levels.includes('off') ? 'off' : strongest(levels);
}
