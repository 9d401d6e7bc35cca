// Bundles a TypeScript program of this folder and runs it: `node bench/run.mjs corpus DIR`.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [name, ...rest] = process.argv.slice(2);
const folder = mkdtempSync(join(import.meta.dirname, '../node_modules/.bench-'));
const outfile = join(folder, `${name}.mjs`);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
await build({
  entryPoints: [join(import.meta.dirname, `${name}.ts`)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'error',
  banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
});
process.argv.splice(2, process.argv.length - 2, ...rest);
await import(pathToFileURL(outfile).href);
