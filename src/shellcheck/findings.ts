import { RuleResolver, type CommandLine, type Config } from '../config/settings.ts';
import { knownNames, type KnownNames } from '../config/names.ts';
import type { ShellComment } from '../config/schema.ts';
import { pageOf, ruleIdOf } from '../codes.ts';
import type { ActiveRule, Diagnostic, OutsideFinding } from '../lint.ts';
import type { AnyRule, Finding, Severity } from '../rule.ts';
import { overlaps, textAt, type Span } from '../span.ts';
import type { ShellScript } from './scripts.ts';

type Level = Exclude<Severity, 'off'>;

/** ShellCheck's style only is a level below ours. */
const levels: Readonly<Record<ShellComment['level'], Level>> = { error: 'error', warning: 'warning', info: 'info', style: 'info' };

/** Rules of ours that tell of the same matter under another code, or none; by how a code begins. */
const sameMatter: readonly (readonly [code: string, rule: string])[] = [
  ['SC2153', 'correctness/undefined-variable'],
  ['SC2154', 'correctness/undefined-variable'],
  ['SC2215', 'correctness/broken-continuation'],
  ['SC3', 'shell/bashism'],
];

/** What ShellCheck calls something else in another dialect: `echo -e`, which hadolint has it read as `sh`. */
const otherNames: ReadonlyMap<string, string> = new Map([['SC3036', 'SC3037']]);

/** A rule that could have found it: levels, names and ignore comments go by it. It never runs. */
const ruleFor = (code: string, severity: Level): AnyRule => ({
  summary: `What ShellCheck calls ${code}`,
  why: `ShellCheck tells of it: ${pageOf(code)}`,
  severity,
  sources: [code, otherNames.get(code) ?? []].flat().flatMap((each) => [`shellcheck/${each}`, `hadolint/${each}`]),
  examples: [{ bad: '', good: '' }],
  check: () => [],
});

/** Rules of ours judge these with what they know of the image and of the step: `correctness/undefined-variable` and `shell/unchecked-cd`. */
const judgedByUs = new Set(['SC2153', 'SC2164']);

/** What is one word for sure: the output of some programs, and what BuildKit says of platforms. */
const oneWord: Readonly<Record<string, RegExp>> = {
  SC2046: /^(?:\$\(|`)\s*(?:nproc(?: --all)?|getconf _NPROCESSORS_ONLN|uname -[a-z]|arch|id -[gu]n?|dpkg --print-architecture)\s*[)`]$/,
  SC2086: /^\$\{?(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT)\}?$/,
};

/** A finding of ShellCheck in the Dockerfile. */
export interface ShellFinding {
  readonly code: string;
  readonly level: Level;
  readonly finding: Finding;
}

/**
 * True for what need not be said where nobody asks for it: how portable a script is that may be read by a shell that knows more,
 * quotes round what is one word, blanks that are there because a line is continued, and what a rule of ours knows better.
 */
function isDoubtful(code: string, text: string, { isAnyShell, dialect }: ShellScript, knowsBusybox: boolean): boolean {
  if (code.startsWith('SC3')) return isAnyShell || (dialect === 'busybox' && !knowsBusybox);
  return judgedByUs.has(code) || oneWord[code]?.test(text) === true || (code === 'SC2291' && text.includes('\n'));
}

/** What is said of a script as findings of the Dockerfile. */
export function findingsIn(source: string, script: ShellScript, comments: readonly ShellComment[], knowsBusybox: boolean): ShellFinding[] {
  return comments.flatMap((comment) => {
    const at = script.spanOf(comment);
    if (at === undefined) return [];
    const code = `SC${comment.code}`;
    const onRequest = isDoubtful(code, textAt(source, at), script, knowsBusybox);
    return [{ code, level: levels[comment.level], finding: { at, message: comment.message.slice(0, 500), onRequest } }];
  });
}

const lastPart = (id: string): string => id.slice(id.indexOf('/') + 1);

/** True where a rule of ours says the same of the same place. */
function isSaid({ code, finding: { at } }: ShellFinding, diagnostics: readonly Diagnostic[]): boolean {
  const touches = (other: Span): boolean => overlaps(at, other) || at.start === other.start;
  const isSame = ({ rule, sources }: Diagnostic): boolean =>
    sources.some((source) => lastPart(source) === code) || sameMatter.some(([begin, name]) => name === rule && code.startsWith(begin));
  return diagnostics.some((each) => isSame(each) && [each.at, ...each.related.map((other) => other.at)].some(touches));
}

/** How findings of ShellCheck are judged: as those of rules are, by the same names, levels and comments. */
export class ShellRules {
  readonly #resolvers: ReadonlyMap<Level, RuleResolver>;
  readonly #rules: ReadonlyMap<string, AnyRule>;
  readonly #known = new Map<Config | undefined, KnownNames>();

  /** @param codes that were found; others are not known */
  constructor(readonly own: ReadonlyMap<string, AnyRule>, commandLine: CommandLine, codes: Iterable<string>) {
    const rulesAt = (level: Level): ReadonlyMap<string, AnyRule> => new Map([...codes].map((code) => [ruleIdOf(code), ruleFor(code, level)]));
    this.#rules = rulesAt('info');
    this.#resolvers = new Map((['error', 'warning', 'info'] as const).map((level) => [level, new RuleResolver(rulesAt(level), commandLine)]));
  }

  /** Every name there is under a config. */
  known(config: Config | undefined): KnownNames {
    const known = this.#known.get(config) ?? knownNames(new Map([...this.own, ...config?.plugins ?? [], ...this.#rules]));
    this.#known.set(config, known);
    return known;
  }

  /** Whether findings of a code could be told of under a config. */
  isOn(code: string, config: Config | undefined, path: string): boolean {
    return [...this.#resolvers.keys()].some((level) => this.#active(code, level, config, path) !== undefined);
  }

  /** Those that a file's own findings do not tell of already, with what they are judged by. */
  judged(found: readonly ShellFinding[], diagnostics: readonly Diagnostic[], config: Config | undefined, path: string): OutsideFinding[] {
    return found.flatMap((each) => {
      const active = this.#active(each.code, each.level, config, path);
      return active === undefined || isSaid(each, diagnostics) ? [] : [{ active, finding: each.finding }];
    });
  }

  #active(code: string, level: Level, config: Config | undefined, path: string): ActiveRule | undefined {
    return this.#resolvers.get(level)?.resolve(config, path).find(({ id }) => id === ruleIdOf(code));
  }
}
