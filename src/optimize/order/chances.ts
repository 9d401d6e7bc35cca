import type { BuildContext } from '../../context/context.ts';
import { flag, type Instruction } from '../../dockerfile/instruction.ts';
import { factOf } from '../../fact.ts';
import { copySources, matchesGlob, type CopySource } from '../../model/copy.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { findStage, mounts, type Stage } from '../../model/stages.ts';
import { folderTest } from '../broad.ts';
import { usualShare } from '../past.ts';

/** Folders that hold what is worked on; any other one changes now and then. */
const sourceFolders = /(?:^|\/)(?:src|source|sources|app|apps|lib|server|client|frontend|backend|api|web|packages|cmd|internal|pkg|components|pages|services|core)$/;

const often = 0.9;
const nowAndThen = 0.3;
const seldom = 0.1;

/** What an earlier stage installed stays the same while its manifests do. */
const installed = /(?:^|\/)(?:node_modules|vendor|site-packages|dist-packages|\.?venv|virtualenv|env|wheels?|\.local|bundle|gems|python3?(?:\.\d+)?|install|deps)$/;

/** How many files of each kind a context sends, a kind being those that change equally often. */
const kindsOf = factOf((context: BuildContext): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>();
  for (const path of context.sentBelow('')) counts.set(usualShare(path), (counts.get(usualShare(path)) ?? 0) + 1);
  return counts;
});

/** In which share of commits one of some files changes, where each commit changes one of its kind. */
function chanceOfFiles(context: BuildContext, files: readonly string[]): number {
  const own = new Map<number, number>();
  for (const path of files) own.set(usualShare(path), (own.get(usualShare(path)) ?? 0) + 1);
  return Math.max(0, ...[...own].map(([share, count]) => (share * count) / (kindsOf(context).get(share) ?? count)));
}

function chanceOfSource({ path, glob }: CopySource, context: BuildContext | undefined): number {
  if (path === undefined) return seldom;
  if (context !== undefined && context.sentBelow('').length > 0) {
    const files = glob ? context.sentBelow('').filter((each) => path === '*' || matchesGlob(path, each)) : context.isFolder(path) || path === '' ? context.sentBelow(path) : [path];
    return chanceOfFiles(context, files);
  }
  if (path === '' || path === '*') return often;
  if (!glob && folderTest(undefined)(path)) return sourceFolders.test(path) ? often : nowAndThen;
  return Math.min(usualShare(path.replace(/\*/g, '')), seldom);
}

/** How often the steps of a file change by themselves, as far as one can tell without its history. */
export class Chances {
  readonly #file: Dockerfile;
  readonly #context: BuildContext | undefined;
  readonly #ofStages = new Map<Stage, number>();
  readonly #known = new Map<Instruction, number>();

  constructor(file: Dockerfile, context: BuildContext | undefined) {
    this.#file = file;
    this.#context = context;
  }

  /** The share of builds in which what the instruction takes has changed. */
  of(instruction: Instruction): number {
    const chance = this.#known.get(instruction) ?? this.#of(instruction);
    this.#known.set(instruction, chance);
    return chance;
  }

  #of(instruction: Instruction): number {
    const stage = this.#file.stageOf(instruction);
    if (stage === undefined) return 0;
    if (instruction.keyword === 'RUN') return this.#ofMounts(instruction, stage);
    if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return 0;
    const from = flag(instruction, 'from')?.value;
    if (from !== undefined) return this.#ofFrom(instruction, findStage(this.#file.stages, from, stage.index));
    return Math.max(0, ...copySources(this.#file, instruction).map((source) => chanceOfSource(source, this.#context)));
  }

  /** The share of builds in which a stage, or what it is built on, is made anew at its end. */
  ofStage(stage: Stage): number {
    let chance = this.#ofStages.get(stage);
    if (chance === undefined) {
      chance = Math.max(stage.parent === undefined ? 0 : this.ofStage(stage.parent), ...stage.instructions.map((each) => this.of(each)));
      this.#ofStages.set(stage, chance);
    }
    return chance;
  }

  #ofFrom(copy: Instruction, stage: Stage | undefined): number {
    if (stage === undefined) return 0;
    const chance = this.ofStage(stage);
    const paths = copy.words.slice(0, -1).map(({ text }) => text.replace(/\/+$/, ''));
    return Math.max(0, ...paths.map((path) => Math.min(chance, installed.test(path) ? seldom : usualShare(path))));
  }

  #ofMounts(run: Instruction, stage: Stage): number {
    return Math.max(0, ...mounts(run).filter(({ type }) => type === 'bind').map(({ source, from }) => {
      const other = from === undefined ? undefined : findStage(this.#file.stages, from, stage.index);
      if (from !== undefined) return other === undefined ? 0 : this.ofStage(other);
      return chanceOfSource({ path: (source ?? '').replace(/^\.?\/+|^\.$/, ''), glob: false, word: { span: run.keywordSpan, raw: '', text: '' } }, this.#context);
    }));
  }
}
