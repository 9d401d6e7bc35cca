import { rmSync } from 'node:fs';
import { openContext } from '../../src/context/disk.ts';
import { build, type Build } from './build.ts';
import { obstacle } from './buildable.ts';
import { changes, type Change } from './changes.ts';
import { ask, type Answer } from './checks.ts';
import { compare, type Snapshot } from './compare.ts';
import type { Engine } from './engine.ts';
import { inspect, type Image } from './image.ts';
import { instructionsOf } from './progress.ts';
import { changedContext, copyContext, type Planted, type Project } from './project.ts';
import type { Lock, Result, Status } from './result.ts';
import { readTree, type Sums } from './snapshot.ts';
import type { StandIns } from './stand-ins.ts';
import type { Variant } from './variants.ts';

/** What all projects share. */
export interface Workshop {
  readonly engine: Engine;
  readonly standIns: StandIns;
  readonly sums: Sums;
  /** Held while a server runs: containers use the machine's network. */
  readonly ports: Lock;
}

/** An image that was built, looked at and run. */
interface Seen extends Snapshot {
  readonly image: Image;
  readonly answers: readonly Answer[];
}

interface Outcome {
  readonly result: Result;
  readonly seen: Seen | undefined;
}

const timed = async <Value>(task: () => Promise<Value>): Promise<[Value, number]> => {
  const start = performance.now();
  const value = await task();
  return [value, (performance.now() - start) / 1000];
};

/** Proves the variants of one project against the file as it is. */
export class ProjectProof {
  readonly #shop: Workshop;
  readonly #project: Project;
  readonly #images = new Set<string>();
  /** The context as it is before any fix. */
  readonly context: string;
  #before: Outcome | undefined;

  private constructor(shop: Workshop, project: Project, context: string) {
    this.#shop = shop;
    this.#project = project;
    this.context = context;
  }

  static async open(shop: Workshop, project: Project): Promise<ProjectProof> {
    return new ProjectProof(shop, project, await copyContext(shop.engine, project));
  }

  /** Takes away its images and copies of the context. */
  async end(): Promise<void> {
    rmSync(this.context, { recursive: true, force: true });
    if (this.#images.size === 0) return;
    await this.#shop.engine.docker(['image', 'rm', ...this.#images]);
    for (const id of this.#images) this.#shop.engine.built.delete(id);
  }

  /** Builds and runs the file as it is. Must come first. */
  async asItIs(): Promise<Result> {
    const { dockerfile, builds } = this.#project;
    const built = await this.#build('as it is', dockerfile, this.context);
    if (!builds && 'build' in built) {
      const works = built.build.image !== undefined;
      return this.#result('as it is', works ? 'fails' : 'works', works ? ['it builds, though proof.json says it does not'] : ['does not build, as expected'], built.build);
    }
    this.#before = 'result' in built ? { result: built.result, seen: undefined } : await this.#look('as it is', built.build, []);
    return this.#before.result;
  }

  /** Builds, compares and runs the file after some fixes. */
  async variant(variant: Variant): Promise<Result> {
    if (variant.bugs.length > 0) return this.#result(variant.name, 'fails', variant.bugs);
    const before = this.#before;
    if (before?.result.status === 'fails' || before?.result.status === 'not built') return this.#result(variant.name, 'not built', ['the file as it is was not built']);
    const declared = variant.rules.map((rule) => changes[rule]);
    const allowed = declared.filter((change) => change !== undefined);
    if (variant.level === 'safe' && allowed.length < declared.length) return this.#result(variant.name, 'fails', [`changes.ts says nothing of ${variant.rules.join(', ')}`]);
    const context = variant.otherFiles.size === 0 ? this.context : changedContext(this.#shop.engine, this.context, variant.otherFiles);
    try {
      const built = await this.#build(variant.name, variant.text, context);
      if ('result' in built) return built.result;
      const mayFail = before === undefined && !variant.name.startsWith('all ');
      if (mayFail && built.build.image === undefined) return this.#result(variant.name, 'not built', ['does not build without the other fixes']);
      return await this.#judge(variant, built.build, before?.seen, allowed, context);
    } finally {
      if (context !== this.context) rmSync(context, { recursive: true, force: true });
    }
  }

  /** What is told of the project when something around it fails. */
  broken(why: string): Result {
    return this.#result('(proof)', 'fails', [why]);
  }

  /** A wrong fix must be noticed, and for what is wrong about it. */
  async planted({ name, rule, from, to, shows }: Planted): Promise<Result> {
    const label = `planted: ${name}`;
    const text = this.#project.dockerfile.replace(from, () => to);
    const result = await this.variant({ name: label, level: 'safe', text, otherFiles: new Map(), rules: [rule], bugs: [] });
    if (result.status === 'not built') return result;
    const noticed = result.status === 'fails' && result.details.some((line) => line.includes(shows));
    return noticed ? { ...result, status: 'caught' } : { ...result, status: 'fails', details: [`nothing says ${JSON.stringify(shows)}`, ...result.details] };
  }

  /** The image as it is, read in place and as an archive: both ways must find the same. Needs `asItIs` first. */
  async readTwice(): Promise<Result | undefined> {
    const seen = this.#before?.seen;
    const { engine, sums } = this.#shop;
    if (seen === undefined || engine.storage === undefined) return undefined;
    const tree = await readTree(engine, seen.image.id, seen.image.layers, sums, 'export');
    const differences = compare(seen, { ...seen, tree }, { changes: [], isIgnored: () => false });
    return this.#result('planted: nothing, but read in two ways', differences.length === 0 ? 'same' : 'fails', differences);
  }

  async #judge(variant: Variant, built: Build, before: Seen | undefined, allowed: readonly Change[], context: string): Promise<Result> {
    const { result, seen } = await this.#look(variant.name, built, variant.level === 'unsafe' ? this.#unsafeDemands(variant, before) : []);
    if (before === undefined || seen === undefined || variant.level === 'unsafe') return result;
    const [differences, seconds] = await timed(() => Promise.resolve(this.#differences(before, seen, allowed, context)));
    const details = [...result.details, ...differences];
    return { ...result, status: details.length === 0 ? 'same' : 'fails', details, seconds: { ...result.seconds, compare: result.seconds.compare + seconds } };
  }

  #differences(before: Seen, after: Seen, allowed: readonly Change[], context: string): string[] {
    const [old, next] = [openContext(this.context), openContext(context)];
    const isIgnored = (path: string): boolean => {
      const parts = path.split('/').slice(1);
      return parts.some((_, index) => {
        const below = parts.slice(index).join('/');
        return old.has(below) && !old.ignored(below) && next.ignored(below);
      });
    };
    const answers = this.#project.checks.flatMap((check, index) => {
      const [left, right] = [before.answers[index]?.text, after.answers[index]?.text];
      return left === right ? [] : [`the ${check.kind} check answers ${JSON.stringify(right)}, before ${JSON.stringify(left)}`];
    });
    return [...answers, ...compare(before, after, { changes: allowed, isIgnored })];
  }

  /** What must hold for an image that may differ. */
  #unsafeDemands({ rules }: Variant, before: Seen | undefined): ((seen: Seen) => string | undefined)[] {
    const users = (seen: Seen): string[] => seen.answers.flatMap(({ user }) => (user === undefined ? [] : [user]));
    const { user } = this.#project;
    return [
      (seen) => {
        const wrong = user === undefined ? undefined : users(seen).find((each) => each !== user);
        return wrong === undefined ? undefined : `its program runs as user ${wrong}, not ${user}`;
      },
      (seen) => {
        const own = users(seen);
        const isRoot = own.length === 0 ? /^(?:|0|root)(?::|$)/.test(seen.image.user) : own.includes('0');
        return isRoot && rules.includes('security/no-root-user') ? 'its program still runs as root' : undefined;
      },
      ({ image }) => (before !== undefined && image.bytes > before.image.bytes * 1.01 + 100_000 ? `it is larger: ${image.bytes} bytes, before ${before.image.bytes}` : undefined),
    ];
  }

  async #build(name: string, text: string, context: string): Promise<{ build: Build } | { result: Result }> {
    const { engine, standIns } = this.#shop;
    const reason = await obstacle(engine, standIns, this.#project, text);
    if (reason !== undefined) return { result: this.#result(name, 'not built', [reason]) };
    const { buildArguments, target } = this.#project;
    // An engine that was here before us may hold these very steps from long ago: there everything is built anew.
    const built = await build(engine, { context, dockerfile: text, buildArguments, target, fresh: engine.storage === undefined });
    if (built.image === undefined) return { build: built };
    this.#images.add(built.image);
    engine.built.add(built.image);
    return { build: built };
  }

  /** Reads and runs what was built. */
  async #look(name: string, built: Build, demands: readonly ((seen: Seen) => string | undefined)[]): Promise<Outcome> {
    if (built.image === undefined) return { result: this.#result(name, 'fails', [`does not build: ${built.failure}`], built), seen: undefined };
    const { engine, sums, ports } = this.#shop;
    const image = await inspect(engine, built.image);
    const known = this.#before?.seen;
    const unchanged = known !== undefined && known.image.layers.ids.join() === image.layers.ids.join();
    const [tree, reading] = await timed(() => (unchanged ? Promise.resolve(known.tree) : readTree(engine, image.id, image.layers, sums)));
    const [answers, running] = await timed(async () => {
      const found: Answer[] = [];
      for (const check of this.#project.checks) found.push(await (check.kind === 'get' ? ports.run(() => ask(engine, image.id, check)) : ask(engine, image.id, check)));
      return found;
    });
    const seen: Seen = { image, tree, settings: image.settings, answers };
    const failures = [...answers.map(({ failure }) => failure).filter((each) => each !== ''), ...demands.map((demand) => demand(seen)).filter((each) => each !== undefined)];
    const result = this.#result(name, failures.length === 0 ? 'works' : 'fails', failures, built);
    return { result: { ...result, bytes: image.bytes, seconds: { build: built.seconds, compare: reading, run: running } }, seen };
  }

  #result(variant: string, status: Status, details: readonly string[], built?: Build): Result {
    const steps = built === undefined ? [] : instructionsOf(built.vertices).map(({ stage, index, instruction, cached, seconds }) => ({ stage, index, instruction, cached, seconds }));
    return { project: this.#project.name, variant, status, details, seconds: { build: built?.seconds ?? 0, compare: 0, run: 0 }, bytes: undefined, steps };
  }
}
