import type { Instruction } from '../dockerfile/instruction.ts';
import type { Comment } from '../dockerfile/parse.ts';
import type { State } from './state.ts';

const pattern = /^hadolint\s+shell\s*=\s*(\S[^#]*?)\s*(?:#.*)?$/;

interface Said {
  readonly at: number;
  readonly shell: readonly string[];
}

/**
 * Comments such as `# hadolint shell=powershell`: they tell which shell the base image brings, where no SHELL does. One above the first
 * FROM counts for every stage, others for the rest of theirs.
 */
export class ShellComments {
  readonly #said: readonly Said[];
  readonly #default: Said | undefined;

  /** @param first the first FROM */
  constructor(comments: readonly Comment[], first: Instruction | undefined) {
    this.#said = comments.flatMap(({ span: { start }, text }) => {
      const words = pattern.exec(text)?.[1]?.split(/\s+/);
      // Its options are left out: a fix must not rest on what nobody can check.
      return words?.[0] === undefined ? [] : [{ at: start, shell: [words[0], '-c'] }];
    });
    this.#default = this.#said.findLast(({ at }) => first !== undefined && at < first.span.start);
  }

  /** The state behind the FROM of a stage that is built on an image. */
  atStart(state: State): State {
    return this.#default === undefined ? state : { ...state, shell: this.#default.shell };
  }

  /** The state in front of an instruction, by what stands between it and the one before. */
  between(before: Instruction, next: Instruction, state: State): State {
    if (this.#said.length === 0) return state;
    const said = this.#said.findLast(({ at }) => at >= before.span.end && at < next.span.start);
    return said === undefined ? state : { ...state, shell: said.shell };
  }
}
