// Compares what we find under `--preset hadolint` with what hadolint found in the same files.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { rules } from '../rules/index.ts';
import { knownNames } from '../src/config/names.ts';
import { resolveRules } from '../src/config/settings.ts';
import { findDockerfiles, readText } from '../src/files.ts';
import { lintFile, type ActiveRule, type Diagnostic } from '../src/lint.ts';
import { readDockerfile, type Dockerfile } from '../src/model/dockerfile.ts';

const usage = 'Usage: npm run corpus -- DIR --against FINDINGS.jsonl [--code DL3008 [--show]]';

/** What was found on a line, by `DL3008:12`: a word on each of our findings, none for theirs. */
type Found = ReadonlyMap<string, string>;

/** How often both found something, or one alone. */
interface Row {
  both: number;
  theirs: number;
  ours: number;
}

/** Reads lines `{"sha16": NAME, "findings": [["DL3008", 12], …]}`. */
function readFindings(path: string): Map<string, Found> {
  const lines = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => {
    const name = /"sha16":\s*"([^"]+)"/.exec(line)?.[1] ?? '';
    return [name, new Map([...line.matchAll(/\["(DL\d+)",\s*(\d+)\]/g)].map(([, code, at]) => [`${code}:${at}`, '']))];
  }));
}

/** The line where the instruction begins that a finding stands in; its own where there is none. */
function lineOf({ at }: Diagnostic, file: Dockerfile): number {
  const instruction = file.instructions.findLast(({ span }) => span.start <= at.start);
  return file.lines.position(instruction !== undefined && at.start <= instruction.span.end ? instruction.span.start : at.start).line;
}

function ourFindings(text: string, active: readonly ActiveRule[], known: ReturnType<typeof knownNames>): Found {
  const file = readDockerfile(text);
  const request = { path: 'Dockerfile', rules: active, known, context: undefined, contextGiven: false, buildArguments: {}, target: undefined };
  return new Map(lintFile(file, request).diagnostics.flatMap((found) => {
    const codes = found.sources.filter((source) => source.startsWith('hadolint/')).map((source) => source.slice('hadolint/'.length));
    return codes.map((code): [string, string] => [`${code}:${lineOf(found, file)}`, `${found.rule}: ${found.message}`]);
  }));
}

const codeOf = (key: string): string => key.slice(0, key.indexOf(':'));

/** Prints a finding that one of the two has alone, with its source line. */
function show(path: string, text: string, key: string, message: string | undefined): void {
  const line = Number(key.slice(key.indexOf(':') + 1));
  const who = message === undefined ? 'only hadolint ' : 'only shipshape';
  const source = JSON.stringify((text.split(/\r?\n/)[line - 1] ?? '').slice(0, 200));
  process.stdout.write(`${who} ${codeOf(key)} ${path}:${line}: ${source}${message === undefined ? '' : `\n    ${message}`}\n`);
}

const share = ({ both, theirs }: Row): string => (both + theirs === 0 ? '–' : ((100 * both) / (both + theirs)).toFixed(1));

function table(rows: ReadonlyMap<string, Row>): string {
  const total: Row = { both: 0, theirs: 0, ours: 0 };
  const line = (cells: readonly (string | number)[]): string => cells.map((cell, index) => (index === 0 ? String(cell).padEnd(8) : String(cell).padStart(16))).join('');
  const lines = [line(['code', 'both', 'only hadolint', 'only shipshape', 'agreement %'])];
  for (const [code, row] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(line([code, row.both, row.theirs, row.ours, share(row)]));
    for (const key of ['both', 'theirs', 'ours'] as const) total[key] += row[key];
  }
  return [...lines, line(['total', total.both, total.theirs, total.ours, share(total)])].join('\n');
}

/** Counts, for each code, on which lines both findings are. */
function compare(theirs: Found, ours: Found, rows: Map<string, Row>, disagree: (key: string, message: string | undefined) => void): void {
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    const row = rows.get(codeOf(key)) ?? { both: 0, theirs: 0, ours: 0 };
    rows.set(codeOf(key), row);
    const side = !ours.has(key) ? 'theirs' : theirs.has(key) ? 'both' : 'ours';
    row[side] += 1;
    if (side !== 'both') disagree(key, ours.get(key));
  }
}

/** Runs the comparison and prints a table by code. */
export async function against(words: string[]): Promise<void> {
  const { values, positionals: [folder = '.'] } = parseArgs({
    args: words, allowPositionals: true, options: { against: { type: 'string' }, code: { type: 'string' }, show: { type: 'boolean' } },
  });
  // `| head` closes the pipe early.
  process.stdout.on('error', () => process.exit());
  if (values.against === undefined || (values.show === true && values.code === undefined)) throw new Error(usage);
  const findings = readFindings(values.against);
  const { files } = await findDockerfiles([folder], process.cwd());
  const active = resolveRules(rules, undefined, { preset: 'hadolint', only: [], ignore: [], levels: [] }, 'Dockerfile');
  const known = knownNames(rules);
  const rows = new Map<string, Row>();
  const counts = { compared: 0, unread: 0, unknown: 0 };
  for (const path of files) {
    const theirs = findings.get(basename(path, '.Dockerfile'));
    const read = readText(path);
    if (theirs === undefined || !('text' in read)) counts.unknown += 1;
    // A file that hadolint can't parse has this one code.
    else if ([...theirs.keys()].some((key) => codeOf(key) === 'DL1000')) counts.unread += 1;
    else {
      counts.compared += 1;
      compare(theirs, ourFindings(read.text, active, known), rows, (key, message) => {
        if (values.show === true && codeOf(key) === values.code) show(path, read.text, key, message);
      });
    }
  }
  const wanted = values.code === undefined ? rows : new Map([...rows].filter(([code]) => code === values.code));
  process.stdout.write(`files ${counts.compared}; hadolint could not read ${counts.unread}; not compared ${counts.unknown}\n\n${table(wanted)}\n`);
}
