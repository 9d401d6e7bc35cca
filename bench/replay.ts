// Replays the recorded commits of real applications before and after the moves of the optimizer, and says what they save.
// Usage: npm run replay -- DIR [--only NAME] [--history N] [--show] [--json FILE]
// DIR holds one folder an application: Dockerfile, .dockerignore, tree.txt (names of the context), files/ (manifests), history.json.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rules } from '../rules/index.ts';
import { knownNames } from '../src/config/names.ts';
import { resolveRules } from '../src/config/settings.ts';
import type { BuildContext } from '../src/context/context.ts';
import type { ChangedPath, Commit } from '../src/context/history.ts';
import { memoryContext } from '../src/context/memory.ts';
import type { FixLevel } from '../src/fix.ts';
import { costClass } from '../src/model/cost.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import type { ContextEntry } from '../src/model/layers.ts';
import { readInvocation } from '../src/model/packages.ts';
import { isBroadCopy } from '../src/optimize/broad.ts';
import { readToday } from '../src/optimize/past.ts';
import { planOrder, type Plan } from '../src/optimize/plan.ts';
import type { Replayed } from '../src/optimize/replay.ts';
import { dependenciesCameFirst } from '../src/optimize/sink.ts';
import { stepCost } from '../src/optimize/timings.ts';
import { volatileArguments } from '../src/optimize/volatile.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, history: { type: 'string' }, show: { type: 'boolean' }, json: { type: 'string' } },
});

interface RecordedCommit {
  readonly sha10: string;
  readonly date: string;
  readonly changed: readonly string[];
  readonly status: string;
}

function contextOf(folder: string): BuildContext {
  const files: Record<string, string> = {};
  for (const name of readFileSync(join(folder, 'tree.txt'), 'utf8').split('\n').filter((line) => line !== '')) {
    const kept = join(folder, 'files', name);
    files[name] = existsSync(kept) && !name.endsWith('/') ? readFileSync(kept, 'utf8') : '';
  }
  const ignore = join(folder, '.dockerignore');
  if (existsSync(ignore)) files['.dockerignore'] = readFileSync(ignore, 'utf8');
  return memoryContext(files);
}

/** Contents were not recorded: each change of a path makes another version of it. */
function commitsOf(folder: string, most: number): Commit[] {
  const recorded: readonly RecordedCommit[] = JSON.parse(readFileSync(join(folder, 'history.json'), 'utf8'));
  const versions = new Map<string, number>();
  const version = (path: string, back: number): ContextEntry => ({ kind: 'file', mode: 0o644, hash: `${path} ${back}` });
  return recorded.slice(0, most).map(({ sha10, date, changed, status }): Commit => {
    const changes = changed.map((path, index): ChangedPath => {
      const back = versions.get(path) ?? 0;
      versions.set(path, back + 1);
      const letter = status[index];
      return { path, before: letter === 'A' ? undefined : version(path, back + 1), after: letter === 'D' ? undefined : version(path, back) };
    });
    return { id: sha10, time: Date.parse(date) / 1000, subject: '', changes };
  });
}

/** `first`: the dependencies came first, and what stands below the COPY installs the project itself. */
type Broad = 'no' | 'first' | 'yes';

/** Whether a COPY of a folder or more stands above a RUN that installs from the project's manifests, in the same stage. */
function broadCopyAbove(text: string, context: BuildContext): Broad {
  const file = readDockerfile(text);
  const below = file.stages.flatMap((stage) => {
    const copy = stage.instructions.find((each) => (each.keyword === 'COPY' || each.keyword === 'ADD') && isBroadCopy(file, each, context));
    return stage.instructions.filter((run) => run.keyword === 'RUN' && copy !== undefined && run.index > copy.index).flatMap((run) =>
      file.commandsOf(run).flatMap((command) => {
        const install = readInvocation(command);
        const isInstall = install?.action === 'install-manifest' || install?.action === 'install-project';
        return isInstall && copy !== undefined ? [dependenciesCameFirst(file, stage, install, copy)] : [];
      }));
  });
  return below.length === 0 ? 'no' : below.every((cameFirst) => cameFirst) ? 'first' : 'yes';
}

const installs = new Set(['language packages', 'system packages', 'model download']);
const installRuns = ({ file, steps }: Replayed): number =>
  steps.filter(({ layer }) => layer.kind === 'run' && installs.has(costClass(file, layer.instruction))).reduce((sum, { count }) => sum + count, 0);

interface Result {
  readonly name: string;
  readonly commits: number;
  readonly broad: Broad;
  readonly changed: boolean;
  readonly saved: number;
  readonly installsBefore: number;
  readonly installsAfter: number;
  readonly milliseconds: number;
  readonly plan: Plan;
}

const active = resolveRules(rules, undefined, { preset: 'recommended', only: [], ignore: [], levels: [] }, 'Dockerfile');
const known = knownNames(rules);

function judge(folder: string, name: string, level: FixLevel): Result {
  const text = readFileSync(join(folder, 'Dockerfile'), 'utf8');
  const context = contextOf(folder);
  const commits = commitsOf(folder, Number(values.history ?? 10_000));
  const start = performance.now();
  const common = { buildArguments: {}, target: undefined };
  const plan = planOrder(text, {
    lint: { path: name, rules: active, known, context, contextGiven: true, ...common },
    replay: { commits, today: readToday(context, commits), volatile: volatileArguments(readDockerfile(text)), ...common },
    costOf: stepCost(),
    level,
  });
  return {
    name, commits: commits.length, plan, broad: broadCopyAbove(text, context), changed: plan.text !== text,
    saved: plan.costBefore === 0 ? 0 : 1 - plan.costAfter / plan.costBefore,
    installsBefore: installRuns(plan.before), installsAfter: installRuns(plan.after), milliseconds: performance.now() - start,
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const mean = (list: readonly number[]): number => (list.length === 0 ? 0 : list.reduce((sum, each) => sum + each, 0) / list.length);
function median(list: readonly number[]): number {
  const sorted = list.toSorted((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
}

/** Saved of all that the commits of these applications cost, each application counted alike. */
function savings(results: readonly Result[]): string {
  const saved = results.map((each) => each.saved);
  return `${percent(mean(saved))} / ${percent(median(saved))} / ${percent(saved.filter((each) => each > 0.5).length / Math.max(saved.length, 1))}`;
}

function installsSaved(results: readonly Result[]): string {
  const before = results.reduce((sum, each) => sum + each.installsBefore, 0);
  const after = results.reduce((sum, each) => sum + each.installsAfter, 0);
  return `${before} → ${after} (−${percent(before === 0 ? 0 : 1 - after / before)})`;
}

function refusalsOf(results: readonly Result[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { plan } of results) {
    for (const { kind, reasons } of plan.refusals) {
      const why = kind === 'no fix' || kind === 'unsafe' ? `${kind}: ${(reasons[0] ?? 'no reason given').replace(/`[^`]*`/g, '`…`')}` : kind;
      counts.set(why, (counts.get(why) ?? 0) + 1);
    }
  }
  return counts;
}

function table(columns: readonly (readonly Result[])[]): string {
  const row = (label: string, cell: (results: readonly Result[]) => string): string => `| ${label} | ${columns.map(cell).join(' | ')} |`;
  const changed = (results: readonly Result[]): Result[] => results.filter((each) => each.changed);
  const broad = (results: readonly Result[]): Result[] => results.filter((each) => each.broad !== 'no');
  return [
    '| | safe moves | safe and unsafe moves |', '| --- | --- | --- |',
    row('Applications', (results) => String(results.length)),
    row('Commits replayed', (results) => String(results.reduce((sum, each) => sum + each.commits, 0))),
    row('Applications changed', (results) => String(changed(results).length)),
    row('Moves', (results) => String(results.reduce((sum, { plan }) => sum + plan.moves.length, 0))),
    ...['cache/copy-before-install', 'cache/layer-order', 'cache/volatile-arg-early'].map((rule) =>
      row(`… by ${rule}`, (results) => String(results.reduce((sum, { plan }) => sum + plan.moves.filter((move) => move.rule === rule).length, 0)))),
    row('Made worse', (results) => String(results.filter(({ saved }) => saved < 0).length)),
    row('Cost saved, all (mean / median / share above 50 %)', savings),
    row('Cost saved, those changed', (results) => savings(changed(results))),
    row('With a broad COPY above an install', (results) => String(broad(results).length)),
    row('… of them with the dependencies installed above it', (results) => String(results.filter((each) => each.broad === 'first').length)),
    row('… of them changed', (results) => String(changed(broad(results)).length)),
    row('… of them left alone for a reason that is told', (results) => String(broad(results).filter(({ changed, plan }) => !changed && plan.refusals.length > 0).length)),
    row('Cost saved, those with a broad COPY above an install', (results) => savings(broad(results))),
    row('Runs of installs, all', installsSaved),
    row('Runs of installs, those changed', (results) => installsSaved(changed(results))),
    row('Slowest plan', (results) => `${Math.max(...results.map((each) => each.milliseconds)).toFixed(0)} ms`),
  ].join('\n');
}

function show({ name, plan, saved, broad }: Result): void {
  process.stdout.write(`\n${name}${broad === 'no' ? '' : ` (broad COPY above an install: ${broad})`}: ${plan.costBefore.toFixed(1)} → ${plan.costAfter.toFixed(1)} (−${percent(saved)})\n`);
  for (const move of plan.moves) process.stdout.write(`  ${move.safety} ${move.line ?? '?'}: ${move.title} [${move.rule}] ${move.before.toFixed(1)} → ${move.after.toFixed(1)}\n`);
  for (const { kind, line, message, reasons } of plan.refusals) process.stdout.write(`  left (${kind}) ${line ?? '?'}: ${message}\n${reasons.map((each) => `      ${each}\n`).join('')}`);
  for (const bug of plan.bugs) process.stdout.write(`  BUG ${bug}\n`);
}

const [directory = '.'] = positionals;
const names = readdirSync(directory).filter((name) => existsSync(join(directory, name, 'history.json')) && (values.only === undefined || name.includes(values.only)));
const levels: readonly FixLevel[] = ['safe', 'unsafe'];
const columns = levels.map((level) => names.map((name) => judge(join(directory, name), name, level)));
if (values.show === true) for (const result of columns[1] ?? []) show(result);
process.stdout.write(`${table(columns)}\n\n`);
for (const [index, level] of levels.entries()) {
  process.stdout.write(`Left alone (${level}):\n`);
  for (const [why, count] of [...refusalsOf(columns[index] ?? [])].sort((a, b) => b[1] - a[1])) process.stdout.write(`  ${String(count).padStart(4)}  ${why}\n`);
}
const results = columns.flat();
if (values.json !== undefined) {
  writeFileSync(values.json, JSON.stringify(columns.map((column) => column.map(({ plan, ...others }) => ({ ...others, before: plan.costBefore, after: plan.costAfter })))));
}
const bugs = results.flatMap(({ plan }) => plan.bugs);
for (const bug of bugs) process.stdout.write(`BUG ${bug}\n`);
process.exitCode = bugs.length > 0 || results.some(({ saved }) => saved < 0) ? 1 : 0;
