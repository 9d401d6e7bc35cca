import type { Instruction } from '../../dockerfile/instruction.ts';
import type { Stage } from '../stages.ts';
import type { ContextState } from './context-state.ts';
import type { Selector } from './selection.ts';

export type LayerKind = 'from' | 'run' | 'copy' | 'add' | 'workdir';

/** A part of a step's cache key, named so that people can be told what changed. */
export interface Input {
  /** `command`, `env NAME`, `env order`, `user`, `workdir`, `mount /target`, `sources`, `destination`, `owner`, `mode`, `image` … */
  readonly name: string;
  readonly value: string;
}

/** Where the files come from that a step takes. */
export type Origin = 'context' | 'stage' | 'image' | 'remote' | 'inline';

/** Files that a step takes, which BuildKit's cache compares by their content. */
export interface Content {
  readonly origin: Origin;
  /** The stage's name or number, the image, the address; empty for the context. */
  readonly name: string;
  readonly selectors: readonly Selector[];
  /** Of the content, where it is known before the build: files of the context, a heredoc. */
  readonly digest: string | undefined;
  /** The last layer of the stage, or the image; undefined for other origins and for a stage without layers. */
  readonly layer: Layer | undefined;
  /** What the selectors look at, for `context`. */
  readonly state: ContextState | undefined;
}

/** A step of the build: a vertex of BuildKit's graph that makes files. */
export interface Layer {
  readonly kind: LayerKind;
  /** For a base image its FROM, or the instruction that copies from the image. */
  readonly instruction: Instruction;
  /** Where the instruction stands. */
  readonly stage: Stage;
  /** The same for two steps only if BuildKit runs one of them and takes its result for the other. */
  readonly key: string;
  /** The key without what is below and without contents. */
  readonly own: string;
  /** What `own` is made of. */
  readonly inputs: readonly Input[];
  /** What lies below it in the image: the step before, or the base image; undefined on `scratch`. */
  readonly base: Layer | undefined;
  /** `COPY --link`: it does not depend on what is below. */
  readonly linked: boolean;
  readonly contents: readonly Content[];
  /** The key of the files that are there behind it; another one than `key` only for a linked one. */
  readonly chain: string;
  /** Whether equal keys prove a hit, and other keys a miss: not where a remote file, or a stage's or an image's files have a say. */
  readonly certainty: Certainty;
  /** The same for `chain`. */
  readonly chainCertainty: Certainty;
}

export interface Certainty {
  /** No file of an address without a checksum is in it: the same key is a hit. */
  readonly hit: boolean;
  /** No file of a stage, an image or an address is in it: another key is a miss. */
  readonly miss: boolean;
}
