import type { BuildContext } from './context/context.ts';
import type { IgnoreComment } from './ignore.ts';
import type { Dockerfile } from './model/dockerfile.ts';
import type { Span } from './span.ts';

export type Severity = 'error' | 'warning' | 'info' | 'off';
export type Safety = 'safe' | 'unsafe' | 'manual';

export type OptionValue = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;

/** One option of a rule: its default, which is its type too, and what it means. */
export interface Option {
  readonly default: OptionValue;
  readonly about: string;
}

export type OptionTable = Readonly<Record<string, Option>>;
export type NoOptions = Readonly<Record<never, Option>>;

type Widen<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T;

/** The values a rule gets for its options. */
export type OptionsOf<Options extends OptionTable> = { readonly [Name in keyof Options]: Widen<Options[Name]['default']> };

/** A replacement of a piece of text. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
  /** Another file of the build context, relative to it; a file that is not there yet is made. */
  readonly file?: string;
}

export interface Fix {
  /** What it does, as an order: "Replace `apt` with `apt-get`". */
  readonly title: string;
  /**
   * `safe`: the build makes an image that behaves the same. `unsafe`: probably wanted, the image may
   * differ. `manual`: needs a choice only the author can make; shown, never applied.
   */
  readonly safety: Safety;
  readonly edits: readonly Edit[];
  /** What the fix looked at besides what it edits: a pass that applies it applies no other fix there. */
  readonly whole?: Span;
}

export interface Related {
  readonly at: Span;
  readonly message: string;
}

export interface Finding {
  readonly at: Span;
  /** One or two sentences: what is wrong here, and what to do. */
  readonly message: string;
  readonly fix?: Fix | undefined;
  readonly related?: readonly Related[] | undefined;
  /** Which of the rule's `sources` tell of this finding, where they tell of different ones; else all do. */
  readonly sources?: readonly string[] | undefined;
  /** The other tools find it and we would not: said only where one of its codes is asked for, by preset, config or command line. */
  readonly onRequest?: boolean | undefined;
}

/** An example of a rule: documentation, test and definition of its fix in one. */
export interface Example {
  /** Gives exactly one finding of the rule. */
  readonly bad: string;
  /** What the fix makes of `bad` (or, without a fix, what one should write); gives no finding. */
  readonly good: string;
  /** Files of the build context by path. Without it the rule gets no context. */
  readonly context?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, OptionValue>>;
  /** What a fix makes of other files of the context. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Input<Options extends OptionTable = NoOptions> {
  readonly file: Dockerfile;
  readonly options: OptionsOf<Options>;
  /** The build context; undefined where none is known, or the one at hand cannot be the right one. */
  readonly context: BuildContext | undefined;
  /** For the rule that judges ignore comments: those of ours, with what they took away. */
  readonly ignores?: readonly IgnoreComment[];
  /** Ids of the rules that ran, for the same rule. */
  readonly running?: ReadonlySet<string>;
}

export interface Rule<Options extends OptionTable = NoOptions> {
  /** One line, no full stop: "Stage that no build needs". */
  readonly summary: string;
  /** Markdown: why it matters, when to switch it off. */
  readonly why: string;
  readonly severity: Severity;
  /** The same check in other tools: `hadolint/DL3027`, `buildkit/StageNameCasing`. */
  readonly sources?: readonly string[];
  readonly options?: Options;
  /** It is about the order of steps: its fixes move them so that fewer are run again. The optimizer weighs them. */
  readonly reorders?: boolean;
  /** Options the optimizer runs it with instead: what the rule would leave out as too little is weighed there. */
  readonly weighed?: Readonly<Record<string, OptionValue>>;
  readonly examples: readonly [Example, ...Example[]];
  check(input: Input<Options>): Iterable<Finding>;
}

/** A rule of any options, as the engine holds it. */
export type AnyRule = Rule<OptionTable>;

/** Gives a rule its type; returns it as it is. */
export const defineRule = <Options extends OptionTable = NoOptions>(rule: Rule<Options>): Rule<Options> => rule;

const makeFix = (safety: Safety) => (title: string, ...edits: readonly (Edit | readonly Edit[])[]): Fix => ({
  title,
  safety,
  edits: edits.flat(),
});

/** A fix after which the build makes an image that behaves the same. */
export const safe = makeFix('safe');
/** A fix that is probably wanted, but may change the image. */
export const unsafe = makeFix('unsafe');
/** A proposal that only the author can decide on. */
export const manual = makeFix('manual');
