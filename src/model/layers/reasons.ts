import type { Comparison } from './compare.ts';
import { changedPaths, type PathChange } from './changes.ts';
import type { Content, Input, Layer } from './layer.ts';

export type { PathChange } from './changes.ts';

/** Why a step is run again. */
export type Reason =
  /** Nothing like it was built before. */
  | { readonly kind: 'new' }
  /** What is below it is built again. */
  | { readonly kind: 'below'; readonly layer: Layer }
  /** It stood on another step. */
  | { readonly kind: 'place' }
  /** A part of the instruction or of what it stands in; undefined where it was not, or is no longer there. */
  | { readonly kind: 'input'; readonly name: string; readonly before: string | undefined; readonly after: string | undefined }
  /** Files of the context; not all of very many. */
  | { readonly kind: 'files'; readonly changes: readonly PathChange[] }
  /** Files of a stage, an image or an address, which may be other ones. */
  | { readonly kind: 'output'; readonly content: Content };

const valueOf = (inputs: readonly Input[], name: string): string | undefined => inputs.find((input) => input.name === name)?.value;

function inputReasons(after: Layer, before: Layer): Reason[] {
  const names = new Set([...after.inputs, ...before.inputs].map(({ name }) => name));
  const reasons = [...names].flatMap((name): Reason[] => {
    const [was, is] = [valueOf(before.inputs, name), valueOf(after.inputs, name)];
    return was === is ? [] : [{ kind: 'input', name, before: was, after: is }];
  });
  // A new variable changes the order too; that tells nobody anything.
  const others = reasons.filter((reason) => reason.kind !== 'input' || reason.name !== 'env order');
  return others.length > 0 ? others : reasons;
}

function contentReasons(after: Layer, before: Layer, comparison: Comparison): Reason[] {
  return after.contents.flatMap((content, index): Reason[] => {
    const former = before.contents[index];
    if (former !== undefined && comparison.content(content, former) === 'cached') return [];
    if (content.origin === 'context') {
      const changes = former?.state === undefined || content.state === undefined ? [] : changedPaths(former.state, content.state, content.selectors);
      return [{ kind: 'files', changes }];
    }
    return content.origin === 'inline' ? [{ kind: 'input', name: 'heredoc', before: undefined, after: undefined }] : [{ kind: 'output', content }];
  });
}

/** How much a former step looks like this one. */
function likeness(layer: Layer, former: Layer, comparison: Comparison): number {
  const same = layer.inputs.filter(({ name, value }) => valueOf(former.inputs, name) === value).length;
  const inPlace = comparison.below(layer, former) !== 'rebuilt';
  return (layer.own === former.own ? 100 : 0) + (inPlace ? 50 : 0) + same;
}

/**
 * The step of the former build that this one comes of, most probably: in the same stage, of the same kind, and none that is
 * still there as another step; undefined where none is like it.
 */
function counterpart(layer: Layer, { last, owns, comparison }: Past): Layer | undefined {
  const { name, index } = layer.stage;
  let best: { readonly former: Layer; readonly score: number } | undefined;
  for (const former of last) {
    const inStage = former.stage.name === name && (name !== undefined || former.stage.index === index);
    if (former.kind !== layer.kind || (former.own !== layer.own && (!inStage || owns.has(former.own)))) continue;
    const score = likeness(layer, former, comparison) + (inStage ? 20 : 0);
    if (best === undefined || score > best.score) best = { former, score };
  }
  return best?.former;
}

/** What a step is held against. */
export interface Past {
  /** The steps of the last build. */
  readonly last: readonly Layer[];
  /** `own` of all steps of the new build. */
  readonly owns: ReadonlySet<string>;
  readonly comparison: Comparison;
}

/** Why a step is not taken from the cache, against the last build; the step itself first, what is below it last. */
export function reasonsOf(layer: Layer, past: Past): readonly Reason[] {
  const former = counterpart(layer, past);
  const reasons: Reason[] = former === undefined
    ? [{ kind: 'new' }]
    : [...inputReasons(layer, former), ...contentReasons(layer, former, past.comparison)];
  const { base } = layer;
  if (!layer.linked && base !== undefined && !past.comparison.isKnown(base)) return [...reasons, { kind: 'below', layer: base }];
  return reasons.length > 0 ? reasons : [{ kind: 'place' }];
}

const changeWords: Readonly<Record<PathChange['change'], string>> = {
  added: 'is new', removed: 'is gone', content: 'has changed', mode: 'has another mode',
};

function describeFiles(changes: readonly PathChange[]): string {
  const [first, ...others] = changes;
  if (first === undefined) return 'the files it takes have changed';
  const rest = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `\`${first.path}\` ${changeWords[first.change]}${rest}`;
}

function nameInput(name: string): string {
  if (name === 'env order') return 'the order of the variables';
  return name.startsWith('env ') ? `the variable \`${name.slice(4)}\`` : `its ${name}`;
}

function describeInput(name: string, before: string | undefined, after: string | undefined): string {
  const what = nameInput(name);
  if (before === undefined && after !== undefined) return `${what} is new`;
  return after === undefined && before !== undefined ? `${what} is gone` : `${what} has changed`;
}

/** A reason in words: the rest of a sentence that starts with "it is built again because". */
export function describeReason(reason: Reason): string {
  if (reason.kind === 'input') return describeInput(reason.name, reason.before, reason.after);
  if (reason.kind === 'files') return describeFiles(reason.changes);
  if (reason.kind === 'output') return `the files it takes from \`${reason.content.name}\` may have changed`;
  return { new: 'nothing like it was built before', below: 'what is below it is built again', place: 'it stood on another step' }[reason.kind];
}
