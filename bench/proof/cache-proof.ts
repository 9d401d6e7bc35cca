import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openContext } from '../../src/context/disk.ts';
import { readContextState } from '../../src/context/state.ts';
import { readDockerfile } from '../../src/model/dockerfile.ts';
import { LayerCache, layersOf, type ContextState, type Layer } from '../../src/model/layers.ts';
import { build, type Build } from './build.ts';
import { obstacle } from './buildable.ts';
import { OwnBases } from './cache-bases.ts';
import { editsOf, ownEdit, sceneOf, type CacheEdit } from './cache-edits.ts';
import { applyFileEdit } from './cache-folder.ts';
import { canLink, withoutLinks } from './cache-links.ts';
import { compiler, slowCommand } from './cache-names.ts';
import { ask, comparedSteps, differences, keptSteps, readTold, withWrongStep, type Answer, type Told } from './cache-steps.ts';
import { copyContext, writeFiles, type Project } from './project.ts';
import { instructionsOf } from './progress.ts';
import type { Workshop } from './prove-project.ts';
import type { Result } from './result.ts';
import { fixedWith } from './variants.ts';

/** How many edits of a project may run downloads again, or compilers. */
const slowEdits = (text: string): number => (compiler.test(text) ? 1 : 2);

/** What the planted mistakes are tried with: some steps run, some do not. */
const newFile: CacheEdit = { kind: 'a new file', what: 'new-file', files: [{ path: 'new-file', change: 'write', text: 'new\n' }] };

const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ').slice(0, 60);

/** A build as the model sees it. */
interface Planned {
  readonly text: string;
  readonly layers: readonly Layer[];
  readonly state: ContextState;
  readonly buildArguments: Readonly<Record<string, string>>;
}

interface Compared {
  readonly built: Build;
  readonly told: Told;
  readonly answer: Answer;
}

/** Holds the model of the engine's cache against the engine, with one project: edit, build, compare, one edit after the other. */
export class CacheProof {
  readonly #shop: Workshop;
  readonly #project: Project;
  readonly #bases: OwnBases;
  readonly #folder: string;
  /** The Dockerfile before any edit: one that builds. */
  readonly #text: string;
  readonly #cache = new LayerCache();
  /** What the engine was sent last. */
  #sent: ContextState | undefined;

  private constructor(shop: Workshop, project: Project, folder: string, text: string) {
    this.#shop = shop;
    this.#project = project;
    this.#bases = new OwnBases(shop.engine, project.name);
    this.#folder = folder;
    this.#text = text;
  }

  static async open(shop: Workshop, project: Project): Promise<CacheProof> {
    const folder = await copyContext(shop.engine, project);
    if (project.builds) return new CacheProof(shop, project, folder, project.dockerfile);
    // One that does not build is tried as its fixes leave it.
    const fixed = fixedWith(project, openContext(folder), 'all safe', 'safe', []);
    writeFiles(folder, fixed.otherFiles);
    return new CacheProof(shop, project, folder, fixed.text);
  }

  async end(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    await this.#bases.end();
  }

  /** What is told of the project when something around it fails. */
  broken(why: string): Result {
    return this.#result('(proof)', [why], undefined, 'fails');
  }

  /** Builds what nothing is known of yet, then the project after each edit. */
  async *results(): AsyncIterable<Result> {
    const first = await this.first();
    if (first.cache === undefined || first.status !== 'same') {
      yield first;
      return;
    }
    const { edits, leftOut } = await this.#chosen();
    yield { ...first, cache: { ...first.cache, leftOut } };
    for (const edit of edits) yield await this.edit(edit);
  }

  /** A model that says one step wrong must be noticed, whichever step it is. */
  async *planted(): AsyncIterable<Result> {
    const first = await this.first();
    yield first;
    if (first.status !== 'same') return;
    const compared = await this.#inEdit(newFile, () => this.#compare(newFile));
    const { answer, told } = compared;
    for (const wrong of answer.rebuilds.filter(({ layer }) => told.cached.has(layer.key))) {
      const noticed = differences(withWrongStep(answer, wrong), told).length > differences(answer, told).length;
      const name = `planted: the cache model is wrong about ${oneLine(wrong.layer.instruction.logical.text)}`;
      yield { ...this.#result('', noticed ? [] : ['nothing says that it is'], compared, noticed ? 'caught' : 'fails'), variant: name };
    }
  }

  /** The first build: every step must run. */
  async first(): Promise<Result> {
    const { engine, standIns } = this.#shop;
    const reason = await obstacle(engine, standIns, this.#project, this.#text);
    if (reason !== undefined) return this.#result('first build', [reason], undefined, 'not built');
    await this.#bases.prepare(this.#read(this.#text, {}));
    const compared = await this.#compare({ kind: 'first build', what: '' });
    const failure = compared.built.failure;
    return failure === '' ? this.#judge('first build', compared) : this.#result('first build', [`does not build: ${failure}`], compared, 'fails');
  }

  /** Builds after an edit and takes it back. */
  async edit(edit: CacheEdit): Promise<Result> {
    return this.#judge(`${edit.kind}, ${edit.what}`, await this.#inEdit(edit, () => this.#compare(edit)));
  }

  async #inEdit<Value>(edit: CacheEdit, task: () => Promise<Value>): Promise<Value> {
    const undo: (() => void)[] = [];
    try {
      for (const file of edit.files ?? []) undo.push(applyFileEdit(this.#folder, file));
      return await task();
    } finally {
      for (const each of undo.toReversed()) each();
    }
  }

  #judge(name: string, compared: Compared): Result {
    const details = differences(compared.answer, compared.told);
    return this.#result(name, details, compared, details.length === 0 ? 'same' : 'fails');
  }

  /** All edits but those that run slow steps again; of those a few, one of the project's own among them, others in each project. */
  async #chosen(): Promise<{ readonly edits: readonly CacheEdit[]; readonly leftOut: number }> {
    const file = this.#read(this.#text, {});
    const edits = editsOf(this.#project, sceneOf(file, this.#folder));
    const slow = new Set<CacheEdit>();
    for (const edit of edits) if (await this.#isSlow(edit)) slow.add(edit);
    const turn = [...this.#project.name].reduce((sum, character) => sum + character.charCodeAt(0), 0);
    const some = (from: readonly CacheEdit[], count: number): (CacheEdit | undefined)[] =>
      Array.from({ length: count }, (_, index) => from[(turn + index * 7) % Math.max(1, from.length)]);
    const own = [...slow].filter(({ kind }) => kind === ownEdit);
    const ofOwn = Math.min(1, own.length);
    const kept = new Set([...some(own, ofOwn), ...some([...slow].filter((edit) => !own.includes(edit)), slowEdits(this.#text) - ofOwn)]);
    const chosen = edits.filter((edit) => !slow.has(edit) || kept.has(edit));
    return { edits: chosen, leftOut: edits.length - chosen.length };
  }

  async #isSlow(edit: CacheEdit): Promise<boolean> {
    const { layers } = await this.#inEdit(edit, () => this.#plan(edit));
    return this.#cache.compare(layers).some(({ layer, status }) => status === 'rebuilt' && layer.kind === 'run' && slowCommand.test(layer.instruction.logical.text));
  }

  #read(text: string, buildArguments: Readonly<Record<string, string>>): ReturnType<typeof readDockerfile> {
    return readDockerfile(text, { buildArguments: { ...this.#project.buildArguments, ...buildArguments }, target: this.#project.target });
  }

  async #plan(edit: CacheEdit): Promise<Planned> {
    const text = this.#bases.textOf(this.#read(edit.text ?? this.#text, edit.arguments ?? {}));
    const asWritten = this.#read(text, edit.arguments ?? {});
    const file = (await canLink(this.#shop.engine)) ? asWritten : this.#read(withoutLinks(asWritten), edit.arguments ?? {});
    const read = await readContextState(this.#folder, join(this.#folder, 'Dockerfile'));
    const state = this.#sent === undefined ? read : read.sentAfter(this.#sent);
    return { text, state, layers: layersOf(file, { context: state, bases: this.#bases.settings }), buildArguments: file.buildArguments };
  }

  async #compare(edit: CacheEdit): Promise<Compared> {
    const { text, layers, state, buildArguments } = await this.#plan(edit);
    const built = await build(this.#shop.engine, { context: this.#folder, dockerfile: text, buildArguments, target: this.#project.target, imageless: true });
    const told = readTold(built.vertices, layers, built.failure === '');
    const answer = ask(this.#cache, layers, told);
    this.#sent = state;
    this.#cache.add(keptSteps(layers, told));
    return { built, told, answer };
  }

  #result(name: string, details: readonly string[], compared: Compared | undefined, status: Result['status']): Result {
    const built = compared?.built;
    const steps = built === undefined ? [] : instructionsOf(built.vertices).map(({ stage, index, instruction, cached, seconds }) => ({ stage, index, instruction, cached, seconds }));
    return {
      project: this.#project.name, variant: `cache: ${name}`, status, details, seconds: { build: built?.seconds ?? 0, compare: 0, run: 0 }, bytes: undefined, steps,
      ...(compared && { cache: { compared: comparedSteps(compared.answer, compared.told), depends: compared.answer.depends, failed: compared.built.failure !== '', leftOut: 0 } }),
    };
  }
}

