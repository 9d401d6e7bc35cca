import type { AnyRule, Finding, Severity } from './rule.ts';

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
