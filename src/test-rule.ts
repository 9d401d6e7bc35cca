import { memoryContext } from './context/memory.ts';
import { applyEdits } from './edits.ts';
import { fixText } from './fix.ts';
import { lintText, type Diagnostic, type LintRequest } from './lint.ts';
import type { AnyRule, Example } from './rule.ts';

/** An example of a rule that does not hold. */
export class ExampleError extends Error {
  override readonly name = 'ExampleError';
}

function expectEqual(what: string, actual: string, expected: string): void {
  if (actual !== expected) throw new ExampleError(`${what}\n--- expected\n${expected}\n--- got\n${actual}`);
}

function requestFor(id: string, rule: AnyRule, example: Example): LintRequest {
  const severity = rule.severity === 'off' ? 'warning' : rule.severity;
  return {
    path: 'Dockerfile',
    rules: [{ id, rule, severity, options: example.options ?? {} }],
    known: new Map([id, ...(rule.sources ?? [])].map((name) => [name.toLowerCase(), [id]])),
    context: example.context === undefined ? undefined : memoryContext(example.context),
    contextGiven: true,
    buildArguments: {},
    target: undefined,
  };
}

const listed = (diagnostics: readonly Diagnostic[], text: string): string =>
  diagnostics.map(({ at, message }) => `  ${JSON.stringify(text.slice(at.start, at.end))}: ${message}`).join('\n');

function testFix(id: string, example: Example, request: LintRequest, diagnostic: Diagnostic): void {
  const { fix } = diagnostic;
  if (fix === undefined) return;
  const own = fix.edits.filter((edit) => edit.file === undefined);
  if (fix.safety === 'manual') {
    if (fix.edits.length > 0) expectEqual(`${id}: the proposal does not make the good example`, applyEdits(example.bad, own), example.good);
    return;
  }
  const result = fixText(example.bad, request, 'unsafe');
  if (result.bugs.length > 0) throw new ExampleError(`${id}: ${result.bugs.join(' ')}`);
  expectEqual(`${id}: the fix does not make the good example`, result.text, example.good);
  for (const [path, text] of Object.entries(example.files ?? {})) {
    expectEqual(`${id}: the fix does not make ${path}`, result.otherFiles.get(path) ?? '', text);
  }
}

function testExample(id: string, rule: AnyRule, example: Example): void {
  const request = requestFor(id, rule, example);
  const bad = lintText(example.bad, request);
  if (bad.bugs.length > 0) throw new ExampleError(bad.bugs.join(' '));
  const [diagnostic] = bad.diagnostics;
  if (diagnostic === undefined || bad.diagnostics.length > 1) {
    throw new ExampleError(`${id}: a bad example must give exactly one finding, this gave ${bad.diagnostics.length}:\n${example.bad}\n${listed(bad.diagnostics, example.bad)}`);
  }
  testFix(id, example, request, diagnostic);
  const context = { ...example.context, ...example.files };
  const good = lintText(example.good, requestFor(id, rule, example.context === undefined ? example : { ...example, context }));
  if (good.diagnostics.length > 0) throw new ExampleError(`${id}: a good example gave findings:\n${example.good}\n${listed(good.diagnostics, example.good)}`);
}

/**
 * Runs a rule's examples: each bad one gives exactly one finding, its fix makes the good one, and the
 * good one gives none.
 * @param id the rule's name, such as `cache/copy-before-install`
 * @throws ExampleError naming the example that does not hold
 */
export function testRule(id: string, rule: AnyRule): void {
  for (const example of rule.examples) testExample(id, rule, example);
}
