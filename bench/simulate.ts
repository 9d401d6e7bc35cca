// Checks that every reordering we propose is legal: random Dockerfiles are built by a simulator before and after.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { check, type Chosen } from './simulate/check.ts';
import { makeCase } from './simulate/generate.ts';
import { shrink } from './simulate/shrink.ts';
import { addTally, checkSeed, emptyTally, type Tally } from './simulate/tally.ts';

/** What a thread is told: every `step`th seed from `first` on, until it has found so many plans. */
interface Task {
  readonly first: number;
  readonly step: number;
  readonly plans: number;
  readonly which: Chosen;
}

/** Plans between two reports of a thread. */
const batch = 200;

function work({ first, step, plans, which }: Task, report: (tally: Tally) => void): void {
  let tally = emptyTally();
  let found = 0;
  for (let seed = first; found < plans; seed += step) {
    if (!checkSeed(seed, tally, which)) continue;
    found += 1;
    if (found % batch !== 0 && found < plans) continue;
    report(tally);
    tally = emptyTally();
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function table({ counts }: Tally): string[] {
  const rows = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return ['| | number |', '| --- | ---: |', ...rows.map(([name, number]) => `| ${name} | ${number} |`)];
}

/** The first case that went wrong, made as small as it can be. */
function counterExample(seed: number, which: Chosen): string[] {
  const small = shrink(makeCase(seed), (each) => check(each, which).verdict.kind === 'differs');
  const { proposal, verdict } = check(small, which);
  const lines = verdict.kind === 'differs' ? verdict.differences.slice(0, 8) : [];
  return [
    '', `Seed ${seed} changes the image. The smallest Dockerfile found:`, '', small.text, `becomes, by ${proposal.moves.join(', ')}:`, '', proposal.text,
    `with the files ${JSON.stringify(small.files)}`, `and the arguments ${JSON.stringify(small.given)}. The difference:`, '', ...lines.map((line) => line.slice(0, 300)),
  ];
}

function finish(tally: Tally, which: Chosen): void {
  const { wrong, bugs } = tally;
  print([...table(tally), '', `Counter-examples: ${wrong.length}${wrong.length === 0 ? '' : ` (seeds ${wrong.slice(0, 20).join(', ')})`}`]);
  if (bugs.length > 0) print([`Objections of the guard: ${bugs.length}`, ...bugs.slice(0, 5)]);
  for (const seed of wrong.slice(0, 1)) print(counterExample(seed, which));
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

function start(): void {
  const { values } = parseArgs({
    options: {
      plans: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: String(Math.min(availableParallelism(), 2)) }, joins: { type: 'boolean', default: false },
    },
  });
  const [plans, seed, jobs] = [Number(values.plans), Number(values.seed), Number(values.jobs)];
  const which: Chosen = values.joins ? 'joins' : 'reorders';
  const total = emptyTally();
  let running = jobs;
  for (let job = 0; job < jobs; job += 1) {
    const task: Task = { first: seed + job, step: jobs, plans: Math.ceil(plans / jobs), which };
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: task });
    worker.on('message', (tally: Tally) => {
      addTally(total, tally);
      for (const wrong of tally.wrong) process.stderr.write(`Seed ${wrong} changes the image.\n`);
      if (process.stderr.isTTY) process.stderr.write(`\r${total.counts['plans'] ?? 0} plans, ${total.wrong.length} wrong`);
    });
    worker.on('error', (error) => { throw error; });
    worker.on('exit', () => {
      running -= 1;
      if (running === 0) finish(total, which);
    });
  }
}

if (isMainThread) start();
else {
  const task: Task = workerData;
  work(task, (tally) => parentPort?.postMessage(tally));
}
