import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixText, type FixLevel } from '../src/fix.ts';
import { lintText, type LintResult } from '../src/lint.ts';
import { LineMap } from '../src/span.ts';
import { allFixtures, type Fixture } from './support/fixtures.ts';
import { requestAll } from './support/request.ts';

/** One line a finding, the source below it, notes and the fix: what a reviewer reads. */
function describeFindings(text: string, result: LintResult): string {
  const lines = new LineMap(text);
  const blocks = result.diagnostics.map((diagnostic) => {
    const { line, column } = lines.position(diagnostic.at.start);
    const source = lines.line(line);
    const notes = diagnostic.related.map(({ message }) => `    note: ${message}`);
    const fix = diagnostic.fix === undefined ? [] : [`    fix (${diagnostic.fix.safety}): ${diagnostic.fix.title}`];
    return [`${line}:${column} ${diagnostic.severity} ${diagnostic.rule}`, `    | ${text.slice(source.start, source.end)}`, `    ${diagnostic.message}`, ...notes, ...fix].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

function fixed(fixture: Fixture, level: FixLevel): string {
  const result = fixText(fixture.dockerfile, requestAll(fixture.context, 'recommended'), level);
  expect(result.bugs).toEqual([]);
  const others = [...result.otherFiles].map(([path, text]) => `\n--- ${path} ---\n${text}`);
  return result.text + others.join('');
}

const fixtures = allFixtures();

describe('fixtures', () => {
  it('there are enough of them to mean something', () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(20);
  });

  it.each(['multi-stage-good', 'python-good'])('%s gives nothing to mend', (name) => {
    const { dockerfile, context } = fixtures.find((each) => each.name === name) ?? { dockerfile: '', context: undefined };
    expect(dockerfile).not.toBe('');
    const { diagnostics } = lintText(dockerfile, requestAll(context, 'recommended'));
    expect(diagnostics.filter(({ severity }) => severity !== 'info').map(({ message }) => message)).toEqual([]);
    for (const level of ['safe', 'unsafe'] as const) expect(fixText(dockerfile, requestAll(context, 'recommended'), level).text).toBe(dockerfile);
  });

  for (const fixture of fixtures) {
    it(`${fixture.name}: findings`, async () => {
      const result = lintText(fixture.dockerfile, requestAll(fixture.context, 'recommended'));
      expect(result.bugs).toEqual([]);
      await expect(describeFindings(fixture.dockerfile, result)).toMatchFileSnapshot(join(fixture.folder, 'expected/findings.txt'));
    });

    it(`${fixture.name}: safe fixes`, async () => {
      await expect(fixed(fixture, 'safe')).toMatchFileSnapshot(join(fixture.folder, 'expected/safe.txt'));
    });

    it(`${fixture.name}: unsafe fixes`, async () => {
      await expect(fixed(fixture, 'unsafe')).toMatchFileSnapshot(join(fixture.folder, 'expected/unsafe.txt'));
    });
  }
});
