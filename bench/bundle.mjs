// How our TypeScript becomes programs: used by the build and by what runs in this folder.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** All that dockerfile-ast takes of vscode-languageserver-types, whose dozens of namespaces are made at every start. */
const positions = `
export const Position = { create: (line, character) => ({ line, character }) };
export const Range = {
  create: (a, b, c, d) => (typeof a === 'number' ? { start: { line: a, character: b }, end: { line: c, character: d } } : { start: a, end: b }),
};`;

/**
 * The help is our own: yargs only parses. What it would set its help with is left out, because three copies of
 * string-width make an Intl.Segmenter each, which takes 17 ms of every start.
 */
const standIns = {
  'string-width': 'export default (text) => text.length;',
  cliui: 'export default () => ({ div() {}, span() {}, toString: () => "" });',
  'dockerfile-ast/positions': positions,
};

const lighter = {
  name: 'lighter',
  resolveId(id, importer = '') {
    if (id === 'vscode-languageserver-types' && importer.includes('node_modules/dockerfile-ast/')) return '\0dockerfile-ast/positions';
    return id in standIns ? `\0${id}` : undefined;
  },
  load: (id) => (id.startsWith('\0') ? standIns[id.slice(1)] : undefined),
};

/**
 * Bundles entries (name → source) with everything they need.
 * @param output options of the output, as rolldown has them
 * @param {import('rolldown').ExternalOption} [external] what is not bundled
 * @returns the chunks: `fileName`, `code` and the modules in it
 */
export async function bundle(entries, output, external) {
  const bundler = await rolldown({
    cwd: root,
    input: entries,
    ...(external && { external }),
    platform: 'node',
    // The UMD builds of some packages ask for their own files in a way no bundler follows.
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node20.19' },
    // What one command loads on demand, another may need at once.
    checks: { ineffectiveDynamicImport: false },
    plugins: [lighter],
  });
  try {
    const { output: chunks } = await bundler.generate({ format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', ...output });
    return chunks.filter(({ type }) => type === 'chunk');
  } finally {
    await bundler.close();
  }
}

/** The folder of the package that a module belongs to. */
const packageFolder = (id) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];

/** Name, licence and licence text of every package that has code in the chunks. */
export function licences(chunks) {
  const used = chunks.flatMap(({ modules }) => Object.entries(modules)).filter(([, { renderedLength }]) => renderedLength > 0);
  const folders = new Set(used.map(([id]) => packageFolder(id)).filter(Boolean));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    if (license === undefined) throw new Error(`${name} names no licence`);
    const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
    return `${name} ${version} (${license})${text}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}
