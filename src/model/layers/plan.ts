import { factOf } from '../../fact.ts';
import { readImage } from '../../dockerfile/image.ts';
import { flag, type Instruction } from '../../dockerfile/instruction.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { findStage, type Stage } from '../stages.ts';
import { joinPath } from '../state.ts';
import { platformArguments } from '../variables.ts';
import { describeRun } from './command.ts';
import { digestOf } from './digest.ts';
import type { Input, LayerKind, Origin } from './layer.ts';
import { describeCopy, describeWorkdir, isSet, type Description, type Taken } from './sources.ts';
import type { Selector } from './selection.ts';
import { behind, expandWord, readGlobals, startOn, unknownFolder, unknownValue, type BaseImage, type Scope, type Surroundings } from './surroundings.ts';

/** Files a step takes; of a stage or an image: of its last step. */
export interface PlannedContent {
  readonly origin: Origin;
  readonly name: string;
  readonly selectors: readonly Selector[];
  readonly step: Step | undefined;
  readonly pinned: boolean;
}

/** A step as far as the file and the arguments say it, without the files of the context. */
export interface Step {
  readonly kind: LayerKind;
  readonly instruction: Instruction;
  readonly stage: Stage;
  readonly inputs: readonly Input[];
  readonly own: string;
  readonly base: Step | undefined;
  readonly linked: boolean;
  readonly contents: readonly PlannedContent[];
}

/** Tells of a base image, named as FROM or `--from` names it with variables put in. */
export type Bases = (image: string) => BaseImage | undefined;

/** What a stage leaves to one that is built on it. */
interface End {
  readonly step: Step | undefined;
  readonly surroundings: Surroundings;
}

/** A platform that is the build's own; another one would be a build for another machine. */
const ownPlatforms = new Set(['', unknownValue('TARGETPLATFORM'), unknownValue('BUILDPLATFORM')]);

/** A name that stands for the image: its digest, else the tag in full. */
function imageIdentity(text: string, bases: Bases | undefined): string {
  const { registry = 'docker.io', name, tag = 'latest', digest } = readImage(text);
  return bases?.(text)?.digest ?? digest ?? `${registry}/${name}:${tag}`;
}

class Planner {
  readonly #steps: Step[] = [];
  readonly #file: Dockerfile;
  readonly #bases: Bases | undefined;
  readonly #scope: Scope;
  readonly #ends = new Map<Stage, End>();
  /** Each image is one step, however many stages start from it. */
  readonly #images = new Map<string, Step>();

  constructor(file: Dockerfile, bases: Bases | undefined) {
    this.#file = file;
    this.#bases = bases;
    const { buildArguments, escape } = file;
    this.#scope = { buildArguments, escape, globals: readGlobals(file.globalArguments, platformArguments, { buildArguments, escape }) };
  }

  /** All stages are read; the steps are those that the target's last one reaches. */
  read(): readonly Step[] {
    for (const stage of this.#file.stages) this.#ends.set(stage, this.#readStage(stage));
    const target = this.#file.targetStage;
    const waiting = [target && this.#ends.get(target)?.step];
    const reached = new Set<Step>();
    for (let step = waiting.pop(); step !== undefined || waiting.length > 0; step = waiting.pop()) {
      if (step === undefined || reached.has(step)) continue;
      reached.add(step);
      waiting.push(step.base, ...step.contents.map((content) => content.step));
    }
    return this.#steps.filter((step) => reached.has(step));
  }

  #readStage(stage: Stage): End {
    const parent = stage.parent && this.#ends.get(stage.parent);
    let { step, surroundings } = parent ?? this.#start(stage);
    // What ONBUILD of the stage below left is done first; what it left further below was done there.
    const triggers = stage.parent?.instructions.filter(({ keyword }) => keyword === 'ONBUILD') ?? [];
    for (const instruction of [...triggers, ...stage.instructions]) {
      const acting = triggers.includes(instruction) ? instruction.inner ?? instruction : instruction;
      const after = behind(surroundings, acting, this.#scope);
      step = this.#add(acting, instruction, stage, step, surroundings, after) ?? step;
      surroundings = after;
    }
    return { step, surroundings };
  }

  #start(stage: Stage): End {
    const { shell } = this.#file.stateAt(stage.from);
    const text = this.#global(stage.imageWord?.raw ?? '');
    if (stage.fromScratch) return { step: undefined, surroundings: startOn({}, 'scratch', shell) };
    return { step: this.#image(text, stage, stage.from), surroundings: startOn(this.#bases?.(text) ?? {}, stage.facts, shell) };
  }

  #global(raw: string): string {
    const { globals, escape } = this.#scope;
    return expandWord(raw, (name) => globals.get(name) ?? null, escape);
  }

  #image(text: string, stage: Stage, instruction: Instruction): Step {
    const platform = instruction === stage.from ? this.#global(flag(instruction, 'platform')?.value ?? '') : '';
    const identity = `${imageIdentity(text, this.#bases)} ${ownPlatforms.has(platform) ? '' : platform}`.trim();
    const known = this.#images.get(identity);
    if (known !== undefined) return known;
    const step = this.#step('from', { inputs: [{ name: 'image', value: identity }], taken: [] }, instruction, stage, undefined);
    this.#images.set(identity, step);
    return step;
  }

  #add(acting: Instruction, instruction: Instruction, stage: Stage, base: Step | undefined, at: Surroundings, after: Surroundings): Step | undefined {
    const { source } = this.#file;
    if (acting.keyword === 'RUN') return this.#step('run', describeRun(acting, at, this.#scope, source), instruction, stage, base);
    if (acting.keyword === 'COPY' || acting.keyword === 'ADD') {
      const kind = acting.keyword === 'COPY' ? 'copy' : 'add';
      // With a mode BuildKit ignores `--link` [`dispatchCopy`].
      const linked = isSet(acting, 'link') && flag(acting, 'chmod') === undefined;
      return this.#step(kind, describeCopy(acting, at, this.#scope, source), instruction, stage, base, linked);
    }
    const makesFolder = acting.keyword === 'WORKDIR' && joinPath('/', after.workdir) !== '/' && after.workdir !== unknownFolder;
    return makesFolder ? this.#step('workdir', describeWorkdir(after.workdir, at, this.#scope), instruction, stage, base) : undefined;
  }

  #step(kind: LayerKind, said: Description, instruction: Instruction, stage: Stage, base: Step | undefined, linked = false): Step {
    const inputs = linked ? [...said.inputs, { name: 'link', value: 'true' }] : said.inputs;
    const contents = said.taken.map((taken) => this.#content(taken, stage, instruction));
    const texts = inputs.flatMap(({ name, value }) => [name, value]);
    const own = digestOf(kind, ...texts, ...contents.map(({ origin }) => (origin === 'inline' ? '<' : '-')));
    const step: Step = { kind, instruction, stage, inputs, own, base, linked, contents };
    this.#steps.push(step);
    return step;
  }

  #content({ origin, name, selectors, pinned }: Taken, stage: Stage, instruction: Instruction): PlannedContent {
    if (origin !== 'from') return { origin, name, selectors, pinned, step: undefined };
    const from = findStage(this.#file.stages, name, stage.index);
    if (from !== undefined) return { origin: 'stage', name: from.name ?? String(from.index), selectors, pinned, step: this.#ends.get(from)?.step };
    if (name === 'scratch') return { origin: 'stage', name, selectors, pinned, step: undefined };
    return { origin: 'image', name, selectors, pinned, step: this.#image(name, stage, instruction) };
  }
}

const usualPlan = factOf((file: Dockerfile): readonly Step[] => new Planner(file, undefined).read());

/** The steps BuildKit makes of a file for its target. Without `bases` they are read once for a file. */
export const planOf = (file: Dockerfile, bases?: Bases): readonly Step[] => (bases === undefined ? usualPlan(file) : new Planner(file, bases).read());
