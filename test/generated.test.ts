/// <reference types="vite/types/importMeta.d.ts" />
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manualPage } from '../bench/manual.ts';
import { excerptOf, picture } from '../bench/picture.ts';
import manifest from '../package.json' with { type: 'json' };
import { commands, lint } from '../src/cli.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';
import type { AnyRule } from '../src/rule.ts';
import { codesPage } from '../src/report/codes-page.ts';
import { rulesPage } from '../src/report/rules-page.ts';
import { runIn } from './support/run.ts';

const root = join(import.meta.dirname, '..');
const categories = ['correctness', 'security', 'size', 'cache', 'reproducibility', 'shell', 'style'];

/** Ids of all rules, by category and name. */
const ids = categories.flatMap((category) =>
  readdirSync(join(root, 'rules', category)).filter((name) => name.endsWith('.ts')).sort().map((name) => `${category}/${name.replace(/\.ts$/, '')}`));

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function indexFile(): string {
  const imports = ids.map((id) => `import ${camel(id.split('/')[1] ?? '')} from './${id}.ts';`);
  const entries = ids.map((id) => `  ['${id}', ${camel(id.split('/')[1] ?? '')}],`);
  return [
    '// Generated from the files of this folder: `npm test -- -u` writes it.',
    "import type { AnyRule } from '../src/rule.ts';",
    ...imports, '', '/** Every rule by its id, in the order of the documentation. */',
    'export const rules: ReadonlyMap<string, AnyRule> = new Map<string, AnyRule>([', ...entries, ']);', '',
  ].join('\n');
}

async function allRules(): Promise<Map<string, AnyRule>> {
  const modules = import.meta.glob<{ default: AnyRule }>(['../rules/*/*.ts']);
  const found = new Map<string, AnyRule>();
  for (const id of ids) {
    const load = modules[`../rules/${id}.ts`];
    if (load !== undefined) found.set(id, (await load()).default);
  }
  return found;
}

describe('generated files', () => {
  it('rules/index.ts lists every rule', async () => {
    await expect(indexFile()).toMatchFileSnapshot(join(root, 'rules/index.ts'));
  });

  it('rules/README.md documents every rule', async () => {
    await expect(rulesPage(await allRules())).toMatchFileSnapshot(join(root, 'rules/README.md'));
  });

  it('docs/codes.md leads from the codes of other tools to ours', async () => {
    await expect(codesPage(await allRules())).toMatchFileSnapshot(join(root, 'docs/codes.md'));
  });

  it('shipshape.schema.json describes the config', async () => {
    const schema = `${JSON.stringify(configJsonSchema(await allRules()), undefined, 2)}\n`;
    await expect(schema).toMatchFileSnapshot(join(root, 'shipshape.schema.json'));
  });

  it('shipshape.1 tells all options', async () => {
    await expect(manualPage(lint, commands, manifest.version)).toMatchFileSnapshot(join(root, 'shipshape.1'));
  });

  it('docs/terminal.svg shows what a run prints', async () => {
    const { code, output, errors } = await runIn(root, ['fixtures/genai-service', '--no-config'], { isTerminal: true });
    expect({ code, errors }).toEqual({ code: 1, errors: '' });
    const shown = excerptOf(output, ['size/fat-base-image', 'cache/copy-before-install', 'security/secret-file-copied']);
    await expect(picture('What shipshape finds in the Dockerfile of an AI service', `\x1b[2m$\x1b[22m npx shipshape fixtures/genai-service\n\n${shown}`))
      .toMatchFileSnapshot(join(root, 'docs/terminal.svg'));
  });
});
