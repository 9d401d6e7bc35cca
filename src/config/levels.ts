import { codesOf, strongest } from '../codes.ts';
import type { ActiveRule } from '../lint.ts';
import type { AnyRule, OptionValue, Severity } from '../rule.ts';

/** A rule's state while settings are laid over each other. */
export interface RuleState {
  readonly id: string;
  readonly rule: AnyRule;
  severity: Severity;
  options: Readonly<Record<string, OptionValue>>;
  /** What is said of findings by another tool's code, by the rule's source. */
  readonly bySource: Map<string, Severity>;
}

/** What a setting says of a rule. */
export interface Said {
  /** The name it goes by: the rule's own, a category's, or another tool's code, which may mean some of its findings only. */
  readonly name: string;
  readonly severity: Severity;
  readonly options?: Readonly<Record<string, OptionValue>> | undefined;
}

/** Lays a setting over a rule's state. One that names the whole rule takes back what was said by codes. */
export function lay(state: RuleState, { name, severity, options }: Said): void {
  const sources = codesOf(name, state.id, state.rule);
  if (sources.length === 0) {
    state.severity = severity;
    state.bySource.clear();
  }
  for (const source of sources) state.bySource.set(source, severity);
  if (options !== undefined) state.options = { ...state.options, ...options };
}

/** Only findings of these codes are wanted, whatever their level was; those that were off get `level`. */
export function keepOnly(state: RuleState, codes: readonly string[], level: Severity): void {
  const before = new Map(state.bySource);
  state.bySource.clear();
  for (const source of codes.flatMap((code) => codesOf(code, state.id, state.rule))) {
    const set = before.get(source) ?? state.severity;
    state.bySource.set(source, set === 'off' ? level : set);
  }
  state.severity = 'off';
}

/** The rule as it runs; undefined where all it could find is off. */
export function activate({ id, rule, severity, options, bySource }: RuleState): ActiveRule | undefined {
  const levels = new Set(bySource.values());
  const [only] = levels;
  const whole = levels.size === 1 && bySource.size === new Set(rule.sources).size ? only : undefined;
  const general = whole ?? severity;
  if (general === 'off' && (whole !== undefined || [...levels].every((level) => level === 'off'))) return undefined;
  const codes = bySource.size === 0 ? {} : { bySource, othersOff: severity === 'off' };
  return { id, rule, severity: general === 'off' ? strongest([...levels]) : general, options, ...codes };
}
