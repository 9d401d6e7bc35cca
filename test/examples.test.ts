/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from 'vitest';
import type { AnyRule } from '../src/rule.ts';
import { testRule } from '../src/test-rule.ts';

const modules = import.meta.glob<{ default: AnyRule }>(['../rules/*/*.ts']);

describe('examples of every rule', () => {
  for (const [path, load] of Object.entries(modules)) {
    const id = path.replace('../rules/', '').replace('.ts', '');
    it(id, async () => {
      const { default: rule } = await load();
      expect(rule.examples.length).toBeGreaterThan(0);
      testRule(id, rule);
    });
  }
});
