import type { Command, Script } from '../dockerfile/command.ts';
import { expand } from '../dockerfile/expand.ts';
import { readInstruction, type Instruction } from '../dockerfile/instruction.ts';
import { parseRaw, type Comment, type Directive, type Problem } from '../dockerfile/parse.ts';
import { validate } from '../dockerfile/validate.ts';
import { LineMap } from '../span.ts';
import { readScripts } from './scripts.ts';
import { ShellComments } from './shell-comments.ts';
import { neededStages, readStages, type Stage } from './stages.ts';
import { globalState, startOfStage, stateAfter, type State } from './state.ts';

/** What a build is called with. */
export interface BuildRequest {
  /** As messages name the file. */
  readonly path?: string;
  readonly buildArguments?: Readonly<Record<string, string>>;
  /** The stage that is built; the last one when undefined. */
  readonly target?: string | undefined;
}

/** A Dockerfile: what it says and what it means. Everything is read once, when it is first asked for. */
export class Dockerfile {
  readonly source: string;
  readonly path: string;
  readonly escape: string;
  readonly instructions: readonly Instruction[];
  readonly comments: readonly Comment[];
  readonly directives: readonly Directive[];
  /** Why BuildKit would refuse the file. */
  readonly problems: readonly Problem[];
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly #target: string | undefined;
  #lines: LineMap | undefined;
  #stages: readonly Stage[] | undefined;
  #shipped: Set<Stage> | undefined;
  #needed: Set<Stage> | undefined;
  #global: State | undefined;
  #states: Map<Instruction, State> | undefined;
  readonly #scripts = new Map<Instruction, readonly Script[]>();
  readonly #commandsOf = new Map<Instruction, readonly Command[]>();
  #commands: readonly Command[] | undefined;

  constructor(source: string, request: BuildRequest = {}) {
    const raw = parseRaw(source);
    this.source = source;
    this.path = request.path ?? 'Dockerfile';
    this.escape = raw.escape;
    this.comments = raw.comments;
    this.directives = raw.directives;
    this.instructions = raw.instructions.map((each, index) => readInstruction(each, index, raw.escape));
    this.problems = validate(source, raw, this.instructions);
    this.buildArguments = request.buildArguments ?? {};
    this.#target = request.target;
  }

  get lines(): LineMap {
    return (this.#lines ??= new LineMap(this.source));
  }

  /** The ARGs in front of the first FROM. */
  get globalArguments(): readonly Instruction[] {
    const first = this.instructions.findIndex(({ keyword }) => keyword === 'FROM');
    return this.instructions.slice(0, first === -1 ? 0 : first).filter(({ keyword }) => keyword === 'ARG');
  }

  get stages(): readonly Stage[] {
    return (this.#stages ??= readStages(this.instructions, this.globalState.lookup, this.escape));
  }

  /** The stage that is built: `--target`, or the last one. */
  get targetStage(): Stage | undefined {
    const target = this.#target?.toLowerCase();
    const named = target === undefined ? undefined : this.stages.find((stage) => stage.name === target || String(stage.index) === target);
    return named ?? this.stages.at(-1);
  }

  /** The stages whose files are in the image that is built: the target and what it is built on. */
  get shippedStages(): ReadonlySet<Stage> {
    if (this.#shipped === undefined) {
      this.#shipped = new Set();
      for (let stage = this.targetStage; stage !== undefined; stage = stage.parent) this.#shipped.add(stage);
    }
    return this.#shipped;
  }

  /** The stages that a build of the target runs. */
  get neededStages(): ReadonlySet<Stage> {
    return (this.#needed ??= neededStages(this.stages, this.targetStage));
  }

  stageOf(instruction: Instruction): Stage | undefined {
    return this.stages.findLast((stage) => stage.from.index <= instruction.index);
  }

  /** What FROM lines see: global arguments. */
  get globalState(): State {
    return (this.#global ??= globalState(this.globalArguments, this.buildArguments));
  }

  /** User, working directory, shell and variables as they are in front of an instruction. */
  stateAt(instruction: Instruction): State {
    this.#states ??= this.#readStates();
    return this.#states.get(this.instructions[instruction.index] ?? instruction) ?? this.globalState;
  }

  /** The state at the end of a stage. */
  stateAfterStage(stage: Stage): State {
    const last = stage.instructions.at(-1) ?? stage.from;
    return stateAfter(this.stateAt(last), last, this.buildArguments, this.globalState);
  }

  #readStates(): Map<Instruction, State> {
    const states = new Map<Instruction, State>();
    const ends = new Map<Stage, State>();
    const global = this.globalState;
    const shells = new ShellComments(this.comments, this.stages[0]?.from);
    for (const stage of this.stages) {
      const start = startOfStage(stage, stage.parent === undefined ? undefined : ends.get(stage.parent));
      let state = stage.parent === undefined ? shells.atStart(start) : start;
      states.set(stage.from, state);
      for (const [index, instruction] of stage.instructions.entries()) {
        state = shells.between(stage.instructions[index - 1] ?? stage.from, instruction, state);
        states.set(instruction, state);
        state = stateAfter(state, instruction, this.buildArguments, global);
      }
      ends.set(stage, state);
    }
    return states;
  }

  /** The shell texts of an instruction: one for RUN, CMD, ENTRYPOINT, HEALTHCHECK; one a heredoc. */
  scripts(instruction: Instruction): readonly Script[] {
    let scripts = this.#scripts.get(instruction);
    if (scripts === undefined) {
      scripts = readScripts(this.source, instruction, this.stateAt(instruction).shell, this.escape);
      this.#scripts.set(instruction, scripts);
    }
    return scripts;
  }

  /** Every simple command of every RUN (those behind ONBUILD too), in source order. */
  get commands(): readonly Command[] {
    return (this.#commands ??= this.instructions
      .filter(({ keyword, inner }) => keyword === 'RUN' || (keyword === 'ONBUILD' && inner?.keyword === 'RUN'))
      .flatMap((instruction) => this.commandsOf(instruction)));
  }

  /** The simple commands of one instruction. */
  commandsOf(instruction: Instruction): readonly Command[] {
    let commands = this.#commandsOf.get(instruction);
    if (commands === undefined) {
      commands = this.scripts(instruction).flatMap((script) => script.commands);
      this.#commandsOf.set(instruction, commands);
    }
    return commands;
  }

  /**
   * Takes quotes off a raw word and puts in the variables known in front of `instruction`.
   * @returns undefined where a value nobody can tell takes part
   */
  expand(raw: string, instruction: Instruction): string | undefined {
    return expand(raw, this.stateAt(instruction).lookup, this.escape);
  }
}

/** Reads a Dockerfile. Never throws: what is wrong with it is in `problems`. */
export const readDockerfile = (source: string, request?: BuildRequest): Dockerfile => new Dockerfile(source, request);

