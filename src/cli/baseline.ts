import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { ConfigError, quote } from '../config/error.ts';
import { checkBaseline, parseJson } from '../config/schema.ts';
import { readText, writeAtomically } from '../files.ts';
import type { Diagnostic } from '../lint.ts';
import { fingerprints } from '../report/fingerprint.ts';
import { printJson } from '../report/json.ts';
import type { FileReport } from '../report/report.ts';
import { plural } from '../report/text.ts';
import type { Checked } from './check.ts';
import { sentenceOf } from './errors.ts';
import type { LintOptions } from './options.ts';
import { toSlashes } from './targets.ts';

/** Fingerprints of accepted findings by rule, by path relative to the baseline's folder. */
type Accepted = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

type Found = Pick<FileReport, 'text' | 'diagnostics'>;

/** A finding of a baseline that is no more. */
interface Stale {
  readonly path: string;
  readonly rule: string;
}

function byRule({ text, diagnostics }: Found): Map<string, Set<string>> {
  const names = fingerprints({ text, diagnostics });
  const accepted = new Map<string, Set<string>>();
  for (const [index, { rule }] of diagnostics.entries()) accepted.set(rule, (accepted.get(rule) ?? new Set()).add(names[index] ?? ''));
  return accepted;
}

const sorted = <Value>(entries: Iterable<readonly [string, Value]>): (readonly [string, Value])[] => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

/**
 * The findings that are accepted. A finding is known again by its rule, the text of its line, and how many findings of the rule
 * on such a line come before it; so lines may move, and a line that is changed is looked at anew.
 */
export class Baseline {
  readonly #accepted: Accepted;

  /** @param file absolute */
  constructor(readonly file: string, accepted: Accepted = new Map()) {
    this.#accepted = accepted;
  }

  /** The rules that it accepts findings of. */
  get rules(): readonly string[] {
    return [...new Set([...this.#accepted.values()].flatMap((accepted) => [...accepted.keys()]))];
  }

  /** The findings of a file that the baseline does not have. */
  newOf(file: string | undefined, found: Found): readonly Diagnostic[] {
    const accepted = file === undefined ? undefined : this.#accepted.get(this.#pathOf(file));
    if (accepted === undefined) return found.diagnostics;
    const names = fingerprints(found);
    return found.diagnostics.filter(({ rule }, index) => accepted.get(rule)?.has(names[index] ?? '') !== true);
  }

  /** What is accepted of files that are gone, and of those that were checked by the rule and no longer have the finding. */
  staleAfter(checked: readonly Checked[]): readonly Stale[] {
    const byPath = this.#byPath(checked);
    return [...this.#accepted].flatMap(([path, accepted]) => {
      const here = byPath.get(path);
      if (here === undefined && this.#isThere(path)) return [];
      const ran = here && new Set(here.rules);
      const found = here === undefined ? new Map<string, Set<string>>() : byRule(here.report);
      return [...accepted].filter(([rule]) => ran?.has(rule) !== false)
        .flatMap(([rule, names]) => [...names].filter((name) => found.get(rule)?.has(name) !== true).map(() => ({ path, rule })));
    });
  }

  /** The baseline with what was found now. Of files and rules that did not run, what was accepted stays. */
  updatedBy(checked: readonly Checked[]): Baseline {
    const byPath = this.#byPath(checked);
    const accepted = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
    for (const [path, known] of this.#accepted) {
      const ran = new Set(byPath.get(path)?.rules);
      if (byPath.has(path) || this.#isThere(path)) accepted.set(path, new Map([...known].filter(([rule]) => !ran.has(rule))));
    }
    for (const [path, { report }] of byPath) accepted.set(path, new Map([...accepted.get(path) ?? [], ...byRule(report)]));
    return new Baseline(this.file, accepted);
  }

  /** @throws {ConfigError} where it can't be written */
  write(): void {
    const files = [...this.#accepted].filter(([, accepted]) => accepted.size > 0);
    const value = {
      version: 1,
      files: Object.fromEntries(sorted(files).map(([path, accepted]) => [path, Object.fromEntries(sorted(accepted).map(([rule, names]) => [rule, [...names].sort()]))])),
    };
    try {
      writeAtomically(this.file, printJson(value));
    } catch (error) {
      throw new ConfigError(sentenceOf(error, '--baseline'));
    }
  }

  /** Files without a name, as on standard input, have no part in it. */
  #byPath(checked: readonly Checked[]): ReadonlyMap<string, Checked> {
    return new Map(checked.flatMap((each): [string, Checked][] => (each.target.file === undefined ? [] : [[this.#pathOf(each.target.file), each]])));
  }

  #isThere(path: string): boolean {
    return existsSync(resolve(dirname(this.file), path));
  }

  #pathOf(file: string): string {
    return toSlashes(relative(dirname(this.file), file));
  }
}

function readAccepted(given: string, file: string): Accepted {
  const read = readText(file);
  if ('problem' in read) throw new ConfigError(`--baseline: ${read.problem.replace(file, () => given)}`);
  const refuse = (fault: string): ConfigError => new ConfigError(`--baseline: ${quote(given)} is no baseline of shipshape: ${fault}; name another file, or remove it and write it anew with --write-baseline.`);
  const parsed = parseJson(read.text);
  if ('fault' in parsed) throw refuse(parsed.fault);
  const checked = checkBaseline(parsed.value);
  if ('fault' in checked) throw refuse(checked.fault);
  return new Map(Object.entries(checked.value.files).map(([path, accepted]) => [path, new Map(Object.entries(accepted).map(([rule, names]) => [rule, new Set(names)]))]));
}

/**
 * Opens a baseline.
 *
 * @param given as the user names it
 * @throws {ConfigError} when it is not there and not about to be written, or is none
 */
export function openBaseline(given: string, { writeBaseline }: LintOptions, folder: string): Baseline {
  const file = resolve(folder, given);
  if (existsSync(file)) return new Baseline(file, readAccepted(given, file));
  if (writeBaseline) return new Baseline(file);
  throw new ConfigError(`--baseline: there is no ${quote(given)} yet; make it with --baseline ${quote(given)} --write-baseline.`);
}

/** What the user should know of the baseline after a run. */
export function baselineNotes(baseline: Baseline, checked: readonly Checked[], { baseline: name = '', writeBaseline, verbose }: LintOptions): string[] {
  const accepted = checked.reduce((sum, { target, report }) => sum + report.diagnostics.length - baseline.newOf(target.file, report).length, 0);
  const stale = baseline.staleAfter(checked);
  const verb = accepted === 1 ? 'is' : 'are';
  return [
    writeBaseline ? `Wrote ${quote(name)}: ${plural(accepted, 'finding')} of these files ${verb} accepted.` : `${plural(accepted, 'finding')} ${verb} accepted by ${quote(name)}.`,
    ...(stale.length === 0 ? [] : [`${stale.length} of its entries ${stale.length === 1 ? 'is' : 'are'} of findings that are gone; --write-baseline drops ${stale.length === 1 ? 'it' : 'them'}.`]),
    ...(verbose ? stale.map(({ path, rule }) => `Gone: ${rule} in ${path}`) : []),
  ];
}
