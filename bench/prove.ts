// Builds real images before and after each fix and compares them: what is called safe must leave the image the same.
// Usage: npm run prove -- [--only PROJECT,…] [--self-test] [--keep DIR] [--json FILE] [--jobs N] [--part fixes|cache]
//        npm run prove -- table [--only PROJECT,…] [--keep DIR] [--json FILE]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CacheProof } from './proof/cache-proof.ts';
import { canLink } from './proof/cache-links.ts';
import { cacheTableOf, isOfCache } from './proof/cache-report.ts';
import { Cleanup } from './proof/cleanup.ts';
import { openEngine } from './proof/engine.ts';
import { ProofError } from './proof/process.ts';
import { projectNames, readProject, type Project } from './proof/project.ts';
import { ProjectProof, type Workshop } from './proof/prove-project.ts';
import { lineOf, tableOf } from './proof/report.ts';
import { Lock, type Result } from './proof/result.ts';
import { StandIns } from './proof/stand-ins.ts';
import { measureSteps } from './proof/table-measure.ts';
import { median, stepTable, type TableRow } from './proof/table-report.ts';
import { variantsOf } from './proof/variants.ts';
import { serveWheels } from './proof/wheels.ts';

const folder = join(process.cwd(), 'bench/proof');

/** Where the index of wheels listens if nobody else does. */
const indexPort = 41_307;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' }, 'self-test': { type: 'boolean', default: false }, keep: { type: 'string' }, json: { type: 'string' }, jobs: { type: 'string', default: '2' },
    part: { type: 'string' },
  },
});

const parts = ['fixes', 'cache'];

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

/** The word that asks for the table instead of the proof. */
const isTable = positionals[0] === 'table';

function chosenProjects(): Project[] {
  const projects = join(folder, isTable ? 'table' : 'projects');
  const known = projectNames(projects);
  const wanted = values.only?.split(',') ?? known;
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new ProofError(`There is no project \`${unknown}\`; there are ${known.join(', ')}.`);
  const chosen = wanted.map((name) => readProject(projects, name));
  return values['self-test'] ? chosen.filter(({ planted }) => planted.length > 0) : chosen;
}

const has = (part: string): boolean => values.part === undefined || values.part === part;

async function proveFixes(shop: Workshop, project: Project, note: (result: Result) => void): Promise<void> {
  const proof = await ProjectProof.open(shop, project);
  try {
    note(await proof.asItIs());
    if (!values['self-test']) for (const variant of variantsOf(project, proof.context)) note(await proof.variant(variant));
    for (const planted of project.planted) note(await proof.planted(planted));
    const twice = values['self-test'] ? await proof.readTwice() : undefined;
    if (twice !== undefined) note(twice);
  } catch (error) {
    // One project that cannot be proven is a failure of its own; the others go on.
    if (!(error instanceof ProofError) || shop.engine.signal.aborted) throw error;
    note(proof.broken(error.message));
  } finally {
    await proof.end();
  }
}

/** That the model of the engine's cache is true. */
async function proveCache(shop: Workshop, project: Project, note: (result: Result) => void): Promise<void> {
  const proof = await CacheProof.open(shop, project);
  try {
    for await (const result of values['self-test'] ? proof.planted() : proof.results()) note(result);
  } catch (error) {
    if (!(error instanceof ProofError) || shop.engine.signal.aborted) throw error;
    note(proof.broken(error.message));
  } finally {
    await proof.end();
  }
}

async function proveProject(shop: Workshop, project: Project): Promise<Result[]> {
  const results: Result[] = [];
  const note = (result: Result): void => {
    results.push(result);
    tell(lineOf(result));
  };
  if (has('fixes')) await proveFixes(shop, project, note);
  if (has('cache')) await proveCache(shop, project, note);
  return results;
}

/** Several projects at a time: while one waits for the network another computes. */
async function proveAll(shop: Workshop, projects: readonly Project[], jobs: number): Promise<Result[]> {
  const left = [...projects];
  const results: Result[] = [];
  const work = async (): Promise<void> => {
    for (let project = left.shift(); project !== undefined; project = left.shift()) results.push(...(await proveProject(shop, project)));
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results;
}

/** One project after the other, alone on the machine: what is measured is time. */
async function measureAll(shop: Workshop, projects: readonly Project[]): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for (const project of projects) {
    for await (const row of measureSteps(shop, project)) {
      rows.push(row);
      tell([`${row.project}, ${row.step}: ${row.firstBuild.toFixed(1)} s, then ${median(row.rebuilds).toFixed(1)} s, ${(row.bytes / 1e6).toFixed(0)} MB`, ...row.failures].join('\n      '));
    }
  }
  return rows;
}

async function main(cleanup: Cleanup): Promise<number> {
  const word = positionals.find((each, index) => index > 0 || each !== 'table');
  if (word !== undefined) throw new ProofError(`There is nothing called \`${word}\` to do here; there is \`table\`, and without a word the proof.`);
  const projects = chosenProjects();
  if (values.part !== undefined && !parts.includes(values.part)) throw new ProofError(`There is no part \`${values.part}\`; there are ${parts.join(', ')}.`);
  const jobs = Math.max(1, Number.parseInt(values.jobs, 10) || 1);
  const start = performance.now();
  const since = (): number => (performance.now() - start) / 1000;
  const engine = await openEngine({ keep: values.keep, cleanup });
  const index = await serveWheels(join(folder, 'wheels'), indexPort, cleanup);
  tell(`${engine.name}, ready after ${since().toFixed(1)} s`);
  const shop: Workshop = { engine, standIns: new StandIns(engine, join(folder, 'bases'), index, tell), sums: new Map(), ports: new Lock() };
  if (isTable) {
    const rows = await measureAll(shop, projects);
    tell(`\n${stepTable(rows)}`);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ engine: engine.name, seconds: since(), rows }, undefined, 2)}\n`);
    return rows.some(({ failures }) => failures.length > 0) ? 1 : 0;
  }
  if (has('cache') && !(await canLink(engine))) tell('This engine has no layers that stand alone: COPY --link is COPY to it, and the model is asked for that.');
  const results = await proveAll(shop, projects, jobs);
  const [ofCache, ofFixes] = [results.filter(isOfCache), results.filter((result) => !isOfCache(result))];
  if (ofFixes.length > 0) tell(`\n${tableOf(ofFixes, since())}`);
  if (ofCache.length > 0) tell(`\n${cacheTableOf(ofCache, since())}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ engine: engine.name, seconds: since(), results }, undefined, 2)}\n`);
  return results.some(({ status }) => status === 'fails') ? 1 : 0;
}

const cleanup = new Cleanup();
cleanup.listen();
try {
  process.exitCode = await main(cleanup);
} catch (error) {
  // Called off by a signal: everybody's programs fail now, which is no news.
  if (!cleanup.signal.aborted) process.stderr.write(`${error instanceof ProofError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
} finally {
  await cleanup.run();
}
