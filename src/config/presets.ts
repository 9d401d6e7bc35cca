import type { AnyRule, OptionValue, Severity } from '../rule.ts';
import type { RuleState } from './levels.ts';

export const PRESETS = ['recommended', 'all', 'hadolint', 'buildkit'] as const;
export type Preset = (typeof PRESETS)[number];

/** Whether ShellCheck reads the scripts of RUN: where it is to be found, always, never. */
export const SHELLCHECK_MODES = ['auto', 'on', 'off'] as const;
export type ShellCheckMode = (typeof SHELLCHECK_MODES)[number];

/** The checks of another tool: their levels, and what our rules must be told to judge the same. */
interface ToolPreset {
  readonly tool: string;
  readonly levelOf: (code: string, own: Severity) => Severity;
  /** Rules of what the tool refuses without a code: they are on as they are. */
  readonly refusals?: ReadonlySet<string>;
  /** By rule. */
  readonly options: Readonly<Record<string, Readonly<Record<string, OptionValue>>>>;
}

const codes = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).map((number) => `DL${number}`));

/** hadolint 2.15's own levels; of its style only a level below ours, so `info`. */
const hadolintErrors = codes('1000 3000 3004 3011 3012 3020 3021 3023 3024 3026 3043 3044 3061 4000 4004');
const hadolintInfos = codes('3001 3009 3010 3015 3019 3047 3048 3049 3050 3059 3060 3066');
const hadolintOff = codes('1001 3057');

/** The level hadolint gives one of its codes. */
export const hadolintLevel = (code: string): Severity =>
  hadolintOff.has(code) ? 'off' : hadolintErrors.has(code) ? 'error' : hadolintInfos.has(code) ? 'info' : 'warning';

const tools: Readonly<Partial<Record<Preset, ToolPreset>>> = {
  hadolint: {
    tool: 'hadolint/',
    // What ShellCheck says has its level there.
    levelOf: (code, own) => (code.startsWith('SC') ? own : hadolintLevel(code)),
    options: {
      'shell/pipefail': { every: true },
      'size/high-uid': { variables: true },
      'reproducibility/unpinned-package': { system: true, tools: true },
    },
  },
  // BuildKit calls all of its checks warnings; the one it calls experimental is off there too.
  buildkit: {
    tool: 'buildkit/',
    levelOf: (code) => (code === 'InvalidDefinitionDescription' ? 'off' : 'warning'),
    refusals: new Set(['syntax', 'broken-continuation', 'copy-from-itself', 'expose-format'].map((name) => `correctness/${name}`)),
    options: {},
  },
};

/** What rules must be told to judge as hadolint does, by rule. */
export const hadolintOptions: ToolPreset['options'] = tools.hadolint?.options ?? {};

/** In `recommended` each rule has its own severity; in `all` those that are off give advice. */
export const severityIn = (rule: AnyRule, preset: Preset): Severity =>
  preset === 'all' && rule.severity === 'off' ? 'info' : rule.severity;

const defaults = (rule: AnyRule): Record<string, OptionValue> =>
  Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));

/** A rule's state before any setting. A preset of another tool switches on the findings that go by its codes. */
export function initialState(id: string, rule: AnyRule, preset: Preset): RuleState {
  const other = tools[preset];
  if (other === undefined) return { id, rule, severity: severityIn(rule, preset), options: defaults(rule), bySource: new Map() };
  const sources = (rule.sources ?? []).filter((source) => source.startsWith(other.tool));
  return {
    id,
    rule,
    severity: other.refusals?.has(id) === true ? rule.severity : 'off',
    options: { ...defaults(rule), ...other.options[id] },
    bySource: new Map(sources.map((source) => [source, other.levelOf(source.slice(other.tool.length), rule.severity)])),
  };
}
