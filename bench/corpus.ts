// Lints and fixes a copy in memory of every Dockerfile below a folder and counts what must never happen.
// Usage: npm run corpus -- DIR [--oracle CMD] [--only RULE,…] [--show RULE] [--level safe|unsafe]
// Or, to compare findings with hadolint's: npm run corpus -- DIR --against FINDINGS.jsonl [--code DL3008 [--show]]
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { rules } from '../rules/index.ts';
import { knownNames } from '../src/config/names.ts';
import { resolveRules } from '../src/config/settings.ts';
import type { BuildContext } from '../src/context/context.ts';
import { memoryContext } from '../src/context/memory.ts';
import { findDockerfiles, readText } from '../src/files.ts';
import { fixText, type FixLevel } from '../src/fix.ts';
import { lintText, type LintRequest, type LintResult } from '../src/lint.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { against } from './against.ts';

const run = promisify(execFile);

const words = process.argv.slice(2);
const comparing = words.includes('--against');
const { values, positionals } = parseArgs({
  args: comparing ? [] : words,
  allowPositionals: true,
  options: { oracle: { type: 'string' }, only: { type: 'string' }, show: { type: 'string' }, level: { type: 'string' }, preset: { type: 'string' } },
});

interface Counts {
  crashes: string[];
  unparsable: string[];
  notIdempotent: string[];
  commentsLost: string[];
  refused: string[];
}

/** A folder that holds `tree.txt` and `files/` tells what its context held. */
function contextOf(path: string): BuildContext | undefined {
  const folder = dirname(path);
  const tree = join(folder, 'tree.txt');
  if (!existsSync(tree)) return undefined;
  const files: Record<string, string> = {};
  for (const name of readFileSync(tree, 'utf8').split('\n').filter((line) => line !== '')) {
    const kept = join(folder, 'files', name);
    files[name] = existsSync(kept) && !name.endsWith('/') ? readFileSync(kept, 'utf8') : '';
  }
  const ignore = join(folder, '.dockerignore');
  if (existsSync(ignore)) files['.dockerignore'] = readFileSync(ignore, 'utf8');
  return memoryContext(files);
}

async function readable(oracle: string, text: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-oracle-'));
  const path = join(folder, 'Dockerfile');
  writeFileSync(path, text);
  const [program, ...words] = oracle.split(' ');
  try {
    await run(program ?? '', [...words, path]);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'number') throw error;
    return code !== 2 && code !== 4;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The comments of `before` that `after` has not, each as often as it is missing. */
function lostComments(before: string, after: string): string[] {
  const left = readDockerfile(after).comments.map(({ text }) => text);
  return readDockerfile(before).comments.flatMap(({ text }) => {
    const at = left.indexOf(text);
    if (at === -1) return [text];
    left.splice(at, 1);
    return [];
  });
}

const tally = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

async function judge(name: string, text: string, result: LintResult, request: LintRequest, level: FixLevel, counts: Counts): Promise<void> {
  const label = `${name} (${level})`;
  for (const bug of result.bugs) (/left out/.test(bug) ? counts.refused : counts.crashes).push(`${label}: ${bug}`);
  if (result.text === text) return;
  if (lostComments(text, result.text).length > 0) counts.commentsLost.push(label);
  const before = readDockerfile(text).problems.length;
  const broken = before === 0 && readDockerfile(result.text).problems.length > 0;
  const refusedByOracle = values.oracle !== undefined && !(await readable(values.oracle, result.text)) && (await readable(values.oracle, text));
  if (broken || refusedByOracle) counts.unparsable.push(label);
  const again = fixText(result.text, request, level);
  if (again.text !== result.text) counts.notIdempotent.push(label);
}

function show(rule: string, name: string, text: string, result: LintResult): void {
  for (const diagnostic of result.diagnostics) {
    if (diagnostic.rule !== rule) continue;
    const line = text.slice(0, diagnostic.at.start).split('\n').length;
    process.stdout.write(`${name}:${line}: ${diagnostic.message} [${JSON.stringify(text.slice(diagnostic.at.start, diagnostic.at.end))}]\n`);
    for (const { message } of diagnostic.related) process.stdout.write(`    note: ${message}\n`);
    if (diagnostic.fix !== undefined) process.stdout.write(`    fix (${diagnostic.fix.safety}): ${diagnostic.fix.title}\n`);
  }
}

function report(files: number, milliseconds: number, findings: Map<string, number>, filesWith: Map<string, number>, fixes: Map<string, number>, counts: Counts): void {
  const lines = [`files ${files}, linted in ${milliseconds.toFixed(0)} ms`];
  const rows: [string, string[]][] = [['crashes', counts.crashes], ['unparsable after a fix', counts.unparsable], ['not idempotent', counts.notIdempotent], ['comments lost', counts.commentsLost], ['fixes the guard refused', counts.refused]];
  for (const [label, found] of rows) lines.push(`${label}: ${found.length}`, ...found.slice(0, 20).map((each) => `  ${each}`));
  lines.push('', `${'rule'.padEnd(42)}${'findings'.padStart(9)}${'files %'.padStart(9)}${'safe'.padStart(7)}${'unsafe'.padStart(8)}`);
  for (const [rule, count] of [...findings].sort((a, b) => b[1] - a[1])) {
    const share = (100 * (filesWith.get(rule) ?? 0)) / files;
    lines.push(`${rule.padEnd(42)}${String(count).padStart(9)}${share.toFixed(1).padStart(9)}${String(fixes.get(`${rule} safe`) ?? 0).padStart(7)}${String(fixes.get(`${rule} unsafe`) ?? 0).padStart(8)}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function main(): Promise<void> {
  const [folder = '.'] = positionals;
  const { files } = await findDockerfiles([folder], process.cwd());
  const active = resolveRules(rules, undefined, { preset: values.preset === 'all' ? 'all' : 'recommended', only: values.only?.split(',') ?? [], ignore: [], levels: [] }, 'Dockerfile');
  const known = knownNames(rules);
  const counts: Counts = { crashes: [], unparsable: [], notIdempotent: [], commentsLost: [], refused: [] };
  const findings = new Map<string, number>();
  const filesWith = new Map<string, number>();
  const fixes = new Map<string, number>();
  const levels: FixLevel[] = values.level === 'safe' ? ['safe'] : values.level === 'unsafe' ? ['unsafe'] : ['safe', 'unsafe'];
  let milliseconds = 0;
  for (const path of files) {
    const name = relative(folder, path);
    const read = readText(path);
    if (!('text' in read)) continue;
    const context = contextOf(path);
    const request: LintRequest = { path: name, rules: active, known, context, contextGiven: false, buildArguments: {}, target: undefined };
    try {
      const start = performance.now();
      const result = lintText(read.text, request);
      milliseconds += performance.now() - start;
      for (const { rule } of result.diagnostics) tally(findings, rule);
      for (const rule of new Set(result.diagnostics.map((each) => each.rule))) tally(filesWith, rule);
      for (const { rule, fix } of result.diagnostics) if (fix !== undefined) tally(fixes, `${rule} ${fix.safety}`);
      if (values.show !== undefined) show(values.show, name, read.text, result);
      for (const level of levels) await judge(name, read.text, fixText(read.text, request, level), request, level, counts);
    } catch (error) {
      counts.crashes.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  report(files.length, milliseconds, findings, filesWith, fixes, counts);
  const bad = counts.crashes.length + counts.unparsable.length + counts.notIdempotent.length + counts.commentsLost.length;
  process.exitCode = bad === 0 ? 0 : 1;
}

await (comparing ? against(words) : main());
