import { memoryContext } from '../../src/context/memory.ts';
import { applyEdits } from '../../src/edits.ts';
import { fixText } from '../../src/fix.ts';
import { lintText, type LintRequest } from '../../src/lint.ts';
import type { AnyRule, OptionValue, Safety } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

/** A finding as tables in tests want it. */
export interface Found {
  /** What the finding is at. */
  readonly text: string;
  readonly message: string;
  readonly fix: { readonly title: string; readonly safety: Safety } | undefined;
  /** The file with this one fix applied, whatever its safety; undefined without a fix. */
  readonly fixed: string | undefined;
}

export interface Circumstances {
  /** Files of the build context by path. */
  readonly context?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, OptionValue>>;
  readonly target?: string;
}

function requestFor(rule: AnyRule, { context, options, target }: Circumstances): LintRequest {
  return {
    path: 'Dockerfile',
    rules: [{ id: 'correctness/this-rule', rule, severity: 'warning', options: options ?? {} }],
    known: new Map(),
    context: context === undefined ? undefined : memoryContext(context),
    contextGiven: true,
    buildArguments: {},
    target,
  };
}

/**
 * What a rule finds in a text.
 * @throws Error when the rule throws, or one of its fixes is refused by the guard
 */
export function findings(rule: AnyRule, text: string, circumstances: Circumstances = {}): Found[] {
  const request = requestFor(rule, circumstances);
  const { diagnostics, bugs } = lintText(text, request);
  const refused = [...bugs, ...fixText(text, request, 'unsafe').bugs];
  if (refused.length > 0) throw new Error(refused.join(' '));
  return diagnostics.map(({ at, message, fix }) => ({
    text: textAt(text, at),
    message,
    fix: fix && { title: fix.title, safety: fix.safety },
    fixed: fix && applyEdits(text, fix.edits.filter((edit) => edit.file === undefined)),
  }));
}

/** The text after all fixes of a rule up to `level`, pass by pass. */
export const fixedText = (rule: AnyRule, text: string, level: 'safe' | 'unsafe' = 'unsafe', circumstances: Circumstances = {}): string =>
  fixText(text, requestFor(rule, circumstances), level).text;
