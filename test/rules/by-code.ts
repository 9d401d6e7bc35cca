import { lintText } from '../../src/lint.ts';
import type { AnyRule } from '../../src/rule.ts';
import type { Circumstances } from './lint.ts';

/** The lines a rule finds something on where only findings that go by one code are asked for, as a preset or an option does. */
export function linesByCode(rule: AnyRule, text: string, source: string, { options = {} }: Circumstances = {}): number[] {
  const { diagnostics } = lintText(text, {
    path: 'Dockerfile',
    rules: [{ id: 'correctness/this-rule', rule, severity: 'info', options, bySource: new Map([[source, 'warning' as const]]), othersOff: true }],
    known: new Map(),
    context: undefined,
    contextGiven: false,
    buildArguments: {},
    target: undefined,
  });
  return diagnostics.map(({ at }) => text.slice(0, at.start).split('\n').length);
}
