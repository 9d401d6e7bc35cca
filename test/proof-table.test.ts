import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseFor } from '../bench/proof/bases.ts';
import { projectNames, readProject, writeFiles } from '../bench/proof/project.ts';
import { gains, median, stepTable, times, type TableRow } from '../bench/proof/table-report.ts';
import { mendStepwise, tableSteps, type Mended } from '../bench/proof/table-steps.ts';
import { rules } from '../rules/index.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';

const row = (more: Partial<TableRow>): TableRow => ({
  project: 'site', step: 'as written', rules: [], dockerfile: 'FROM a\n', firstBuild: 60, rebuilds: [50, 52, 40], bytes: 1.2e9, failures: [], ...more,
});

describe('the figures', () => {
  it.each([[[3, 1, 2], 2], [[5], 5], [[4, 1, 2, 3], 2.5]])('the median of %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it.each([[352.9, 10.3, '34 times'], [1.42, 0.034, '42 times'], [7.3, 1, '7.3 times'], [1, 0, '']])('from %d to %d', (first, last, expected) => {
    expect(times(first, last)).toBe(expected);
  });

  it('gains from the first row to the last, where both work', () => {
    const last = row({ step: 'stages', rebuilds: [1, 1.25, 9], bytes: 3e7 });
    expect(gains([row({}), row({ step: 'base' }), last])).toEqual({ rebuild: 40, size: 40 });
    expect(gains([row({}), { ...last, failures: ['nobody answered'] }])).toBeUndefined();
    expect(gains([])).toBeUndefined();
  });
});

describe('the table', () => {
  it('has a row for each step, and what all come to', () => {
    const rows = [row({}), row({ step: 'base', rules: ['size/fat-base-image'], bytes: 6e8 }), row({ step: 'ignore file' }), row({ step: 'stages', rules: ['a/b', 'c/d'], firstBuild: 30, rebuilds: [2, 1, 3], bytes: 3e7 })];
    expect(stepTable(rows).split('\n')).toEqual([
      '|  | with | first build | rebuild | image | fixes of |',
      '|---|---|---:|---:|---:|---|',
      '| **site** |  |  |  |  |  |',
      '|  | as written | 60.0 s | 50.0 s | 1.200 GB |  |',
      '|  | + base | 60.0 s | 50.0 s | 0.600 GB | `size/fat-base-image` |',
      '|  | + ignore file | 60.0 s | 50.0 s | 1.200 GB | nothing to mend |',
      '|  | + stages | 30.0 s | 2.0 s | 0.030 GB | `a/b`, `c/d` |',
      '|  | from first to last | 2.0 times | 25 times | 40 times |  |',
      '| a published example |  |  | 352.9 → 10.3 s (34 times) | 1.42 → 0.034 GB (42 times) |  |',
    ]);
  });

  it('claims nothing of what does not work', () => {
    const lines = stepTable([row({}), row({ step: 'stages', rules: ['a/b'], failures: ['nobody answered'] })]).split('\n');
    expect(lines[4]).toBe('|  | + stages | does not work |  |  | `a/b` |');
    expect(lines[5]).toBe('|  | from first to last |  |  |  |  |');
  });
});

describe('the steps', () => {
  const folder = join(import.meta.dirname, '../bench/proof/table');

  function mendAll(name: string): Mended[] {
    const project = readProject(folder, name);
    const context = mkdtempSync(join(tmpdir(), 'shipshape-table-'));
    try {
      cpSync(project.folder, context, { recursive: true });
      writeFiles(context, Object.entries(project.files));
      return mendStepwise(project, context);
    } finally {
      rmSync(context, { recursive: true });
    }
  }

  it('name only rules that there are, each once', () => {
    const named = tableSteps.flatMap((step) => step.rules);
    expect(named.filter((name) => !rules.has(name))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });

  it.each(projectNames(folder))('each mend something in %s, and end in two stages that can be built here', (name) => {
    const mended = mendAll(name);
    expect(mended.map(({ step }) => step)).toEqual(['as written', 'base', 'cache', 'ignore file', 'order', 'stages']);
    expect(mended.filter(({ rules: applied }) => applied.length === 0).map(({ step }) => step)).toEqual(['as written']);
    expect(mended.flatMap(({ bugs }) => bugs)).toEqual([]);
    const stages = readDockerfile(mended.at(-1)?.text ?? '').stages;
    expect(stages).toHaveLength(2);
    expect(stages.map(({ image }) => baseFor(image?.text ?? '') === undefined)).toEqual([false, false]);
    expect(mended.at(-1)?.otherFiles.has('.dockerignore')).toBe(true);
  });

  it.each(projectNames(folder))('the change and the lock of %s hold', (name) => {
    const { change, builds } = readProject(folder, name);
    expect(change).toBeDefined();
    expect(builds).toBe(true);
    const lock = join(folder, name, name === 'python-service' ? 'requirements.txt' : 'package-lock.json');
    expect(readFileSync(lock, 'utf8')).not.toMatch(/"resolved"|https?:\/\/[^"]*registry/);
  });
});
