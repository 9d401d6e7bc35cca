import type { BuildContext } from '../context/context.ts';

/** What the user said, or was asked. */
export interface Wishes {
  readonly start?: readonly string[] | undefined;
  readonly port?: number | undefined;
}

/** A Dockerfile to write. */
export interface Plan {
  readonly dockerfile: string;
  /** What starts the container; undefined where nothing tells: the file then has no CMD. */
  readonly start: readonly string[] | undefined;
  /** The server that the image starts by itself, so that there is nothing to ask. */
  readonly serves?: 'nginx' | 'Apache';
  readonly port: number | undefined;
  /** What to look at, a sentence each. */
  readonly notes: readonly string[];
}

/** A kind of project that there is a Dockerfile for. */
export interface Ecosystem {
  /** As people call it. */
  readonly title: string;
  /** The file that shows it; undefined where there is none. */
  readonly mark: (context: BuildContext) => string | undefined;
  /**
   * What to write.
   * @throws {ConfigError} where no Dockerfile of ours could build the project
   */
  readonly plan: (context: BuildContext, wishes: Wishes) => Plan;
}
