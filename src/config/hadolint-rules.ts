import type { AnyRule, OptionValue, Severity } from '../rule.ts';
import type { HadolintSettings } from './hadolint.ts';
import { knownNames, rulesNamed, type KnownNames } from './names.ts';
import { hadolintLevel, hadolintOptions } from './presets.ts';

type Options = Readonly<Record<string, OptionValue>>;

/** Settings as `shipshape.json` has them under "rules". */
export type RulesTable = Readonly<Record<string, Severity | readonly [Severity, Options]>>;

const registryCodes = ['DL3026'];
const labelCodes = ['DL3049', 'DL3051', 'DL3052', 'DL3053', 'DL3054', 'DL3055', 'DL3056', 'DL3058'];
const strictLabelCodes = ['DL3050'];

/** Options that hadolint sets besides levels, by rule. */
function optionsOf({ trusted, labels, strictLabels }: HadolintSettings): ReadonlyMap<string, Options> {
  const all = new Map<string, Options>();
  if (trusted.length > 0) all.set('security/untrusted-registry', { trusted });
  if (Object.keys(labels).length > 0 || strictLabels) all.set('correctness/label-schema', { schema: labels, strict: strictLabels });
  return all;
}

/** The level of each code that something is said of. What is ignored is so whatever else is said. */
function levelsOf({ ignored, levels, trusted, labels, strictLabels }: HadolintSettings): Map<string, Severity> {
  const wanted = [
    ...(trusted.length > 0 ? registryCodes : []),
    ...(Object.keys(labels).length > 0 ? labelCodes : []),
    ...(strictLabels ? strictLabelCodes : []),
  ];
  return new Map([...wanted.map((code) => [code, hadolintLevel(code)] as const), ...levels, ...ignored.map((code) => [code, 'off'] as const)]);
}

/** A code that means the one rule alone, so that options can be given by it. */
const means = (code: string, id: string, known: KnownNames): boolean => rulesNamed(code, known)?.join() === id;

/**
 * hadolint's settings as those of our rules, by its codes. Codes that nobody knows are left out; so are options of rules that are not
 * there.
 *
 * @param rules by id
 * @param preset what they are to be laid over: hadolint's own checks have its levels and options already
 */
export function rulesTable(settings: HadolintSettings, rules: ReadonlyMap<string, AnyRule>, preset: 'recommended' | 'hadolint'): RulesTable {
  const known = knownNames(rules);
  const levels = levelsOf(settings);
  const isNews = ([code, level]: readonly [string, Severity]): boolean => preset === 'recommended' || level !== hadolintLevel(code);
  const table = new Map<string, Severity | readonly [Severity, Options]>([...levels].filter(isNews).filter(([code]) => rulesNamed(code, known) !== undefined));
  const options = new Map([...(preset === 'recommended' ? Object.entries(hadolintOptions) : []), ...optionsOf(settings)]);
  for (const [id, given] of options) {
    const rule = rules.get(id);
    const setting = [...levels].find(([code, level]) => level !== 'off' && means(code, id, known));
    const fits = Object.keys(given).every((name) => rule?.options?.[name] !== undefined);
    if (setting !== undefined && fits) table.set(setting[0], [setting[1], given]);
  }
  return Object.fromEntries(table);
}
