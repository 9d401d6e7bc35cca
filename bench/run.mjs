// Bundles a TypeScript program of this folder and runs it: `node bench/run.mjs corpus DIR`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, root } from './bundle.mjs';

const [name, ...rest] = process.argv.slice(2);
const folder = mkdtempSync(join(root, 'node_modules/.bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const [{ code }] = await bundle({ [name]: `bench/${name}.ts` }, { codeSplitting: false });
const file = join(folder, `${name}.mjs`);
writeFileSync(file, code);
process.argv.splice(2, process.argv.length - 2, ...rest);
await import(pathToFileURL(file).href);
