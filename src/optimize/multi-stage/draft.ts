import type { BuildContext } from '../../context/context.ts';
import type { Command } from '../../dockerfile/command.ts';
import type { Instruction } from '../../dockerfile/instruction.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { startInstructions } from '../../model/privileges.ts';
import type { Stage } from '../../model/stages.ts';
import type { Span } from '../../span.ts';

/** Where an instruction of the one stage belongs: the stage that builds, the one that ships, both, or nowhere any more. */
export type Place = 'build' | 'run' | 'both' | 'none';

/** Why a file is left as it is. */
export interface Refusal {
  readonly at: Span;
  /** A sentence. */
  readonly reason: string;
}

/** What the stage that ships copies of the one that builds; absolute paths, the same in both unless `to` is given. */
export interface StageCopy {
  readonly from: string;
  readonly to?: string;
  /** The value of `--chown`. */
  readonly owner?: string | undefined;
}

/** The images a user may choose. */
export interface Images {
  readonly static: string;
  readonly web: string;
}

/** What the container starts. */
export interface Start {
  readonly at: Instruction;
  readonly command: Command;
  /** A shell runs it. */
  readonly inShell: boolean;
}

/** Two stages that are being made of one. A shape fills it in; one refusal is enough to leave the file alone. */
export class Draft {
  readonly refusals: Refusal[] = [];
  readonly places = new Map<Instruction, Place>();
  readonly copies: StageCopy[] = [];
  /** Instructions to put in front of one of the stage that builds. */
  builderFirst: { readonly before: Instruction; readonly lines: readonly string[] } | undefined;
  /** Instructions to put at the end of the stage that builds. */
  readonly builderEnd: string[] = [];
  /** Instructions for the stage that ships, in front of those that copy. */
  readonly shippedFirst: string[] = [];
  /** What a reader should know of the result: sentences. */
  readonly notes: string[] = [];
  /** New texts of instructions that stay in the stage that ships. */
  readonly rewritten = new Map<Instruction, string>();
  /** The image of the stage that ships, as FROM is to name it. */
  image = '';
  title = '';
  /** WORKDIR is to stand behind what is copied: a folder that is there already keeps its owner. */
  workdirLast = false;

  constructor(readonly file: Dockerfile, readonly stage: Stage, readonly context: BuildContext | undefined, readonly images: Images) {}

  /** The same once more, to find out what a file is. */
  trial(): Draft {
    return new Draft(this.file, this.stage, this.context, this.images);
  }

  refuse(at: Span | { readonly span: Span }, reason: string): void {
    this.refusals.push({ at: 'span' in at ? at.span : at, reason });
  }

  all(...keywords: readonly string[]): Instruction[] {
    return this.stage.instructions.filter(({ keyword }) => keywords.includes(keyword));
  }

  get runs(): Instruction[] {
    return this.all('RUN');
  }

  get commands(): Command[] {
    return this.runs.flatMap((run) => [...this.file.commandsOf(run)]);
  }

  /** User and working directory as the container has them. */
  get end(): ReturnType<Dockerfile['stateAfterStage']> {
    return this.file.stateAfterStage(this.stage);
  }

  /** The one command the container starts; refuses where it is none that can be read. */
  start(): Start | undefined {
    const [at] = startInstructions(this.file);
    const scripts = at === undefined ? [] : this.file.scripts(at);
    const command = scripts[0]?.commands[0];
    if (at === undefined || command === undefined || scripts.length > 1 || scripts.some((script) => script.unreadable || script.commands.length > 1)) {
      this.refuse(at ?? this.stage.from, 'What the container starts is more than one plain command, so what it needs can\'t be told.');
      return undefined;
    }
    if (command.conditional || command.assignments.length > 0 || command.redirects.length > 0 || command.program.value === undefined) {
      this.refuse(command.program, 'What the container starts is decided by a shell, so what it needs can\'t be told.');
      return undefined;
    }
    return { at, command, inShell: at.json === undefined };
  }
}

/** Does the work for one kind of project. */
export type Shape = (draft: Draft) => void;
