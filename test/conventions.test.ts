import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';

const root = join(import.meta.dirname, '..');

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : name.endsWith('.ts') ? [path] : [];
  });
}

const files = [...sources(join(root, 'src')), ...sources(join(root, 'rules'))].map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));

const imports = (text: string): string[] => [...text.matchAll(/^(?:import|export|\}).* from '([^']+)';|import\('([^']+)'\)/gm)].map((match) => match[1] ?? match[2] ?? '');

describe('the code base', () => {
  it('has no file above 300 lines, and no rule above 200', () => {
    const long = files.filter(({ path, text }) => text.split('\n').length - 1 > (path.startsWith('rules/') && path !== 'rules/index.ts' ? 200 : 300));
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('imports each outside package in one place', () => {
    const importers = new Map<string, Set<string>>();
    for (const { path, text } of files) {
      for (const name of imports(text)) {
        if (name.startsWith('.') || name.startsWith('node:')) continue;
        importers.set(name, (importers.get(name) ?? new Set()).add(path));
      }
    }
    const shared = [...importers].filter(([name, paths]) => paths.size > 1 && !name.startsWith('yargs')).map(([name, paths]) => `${name}: ${[...paths].join(', ')}`);
    expect(shared).toEqual([]);
    expect(importers.size).toBeGreaterThan(5);
  });

  it('keeps what reads and judges away from files, processes and the network', () => {
    const pure = /^(?:src\/(?:dockerfile|model|optimize)\/|src\/(?:span|rule|lint|fix|guard|ignore|edits)\.ts|rules\/)/;
    const bad = files.filter(({ path, text }) => pure.test(path) && imports(text).some((name) => name.startsWith('node:')));
    expect(bad.map(({ path }) => path)).toEqual([]);
  });

  it('lets arrows point one way', () => {
    const order = ['src/dockerfile/', 'src/model/', 'rules/'];
    const bad = files.flatMap(({ path, text }) => {
      const at = order.findIndex((folder) => path.startsWith(folder));
      if (at === -1) return [];
      const later = order.slice(at + 1).map((folder) => folder.replace(/^src\//, '').replace(/\/$/, ''));
      return imports(text).filter((name) => later.some((folder) => new RegExp(`^(?:\\.\\./)+(?:src/)?${folder}(?:/|\\.)`).test(name))).map((name) => `${path} → ${name}`);
    });
    expect(bad).toEqual([]);
  });

  it('lets no rule know another', () => {
    const bad = files.filter(({ path, text }) => path.startsWith('rules/') && path !== 'rules/index.ts' && imports(text).some((name) => !name.startsWith('../../src/')));
    expect(bad.map(({ path }) => path)).toEqual([]);
  });

  it('speaks of itself alone', () => {
    const bad = files.filter(({ text }) => /\.\.\/shared\/(?:corpus|apps|chapter|reference)|\/work\/|tally|\bissue #?\d/i.test(text));
    expect(bad.map(({ path }) => path)).toEqual([]);
  });
});

describe('every rule', () => {
  for (const [id, rule] of rules) {
    it(id, () => {
      const [category, name] = id.split('/');
      expect(['correctness', 'security', 'size', 'cache', 'reproducibility', 'shell', 'style']).toContain(category);
      expect(name).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
      expect(rule.summary).toMatch(/^[A-Z`].*[^.]$/);
      expect(rule.summary.length).toBeLessThanOrEqual(80);
      expect(rule.why.length).toBeGreaterThan(80);
      for (const source of rule.sources ?? []) expect(source).toMatch(/^(?:hadolint|shellcheck|buildkit|trivy|checkov|kics|semgrep|cis|dockle)\/[\w.-]+$/);
      for (const option of Object.values(rule.options ?? {})) expect(option.about).toMatch(/\.$/);
    });
  }

  it('of the contract is there', () => {
    const names = [
      'cache/copy-before-install', 'cache/volatile-arg-early', 'cache/stale-package-list', 'size/mergeable-runs', 'cache/use-cache-mount', 'cache/use-bind-mount',
      'cache/user-switching', 'cache/missing-dockerignore', 'cache/weak-dockerignore', 'size/fat-base-image', 'size/single-stage-build', 'size/gpu-runtime',
      'size/baked-model', 'size/pip-cache', 'size/apt-lists-left', 'size/apt-recommends', 'size/recursive-chown', 'size/redundant-stage-copy', 'size/dev-dependencies',
      'size/removed-in-later-layer', 'security/no-root-user', 'security/secret-in-env', 'security/secret-file-copied', 'security/user-not-created',
      'correctness/broken-continuation', 'correctness/broken-mount-flag', 'correctness/pip-requirement-file', 'correctness/install-without-packages',
      'correctness/undefined-variable', 'correctness/unused-virtualenv', 'correctness/no-workdir', 'correctness/shell-form-cmd', 'correctness/expose-format',
      'correctness/health-start-period', 'reproducibility/untagged-image', 'reproducibility/latest-tag', 'reproducibility/unpinned-package',
    ];
    expect(names.filter((name) => !rules.has(name))).toEqual([]);
  });
});
