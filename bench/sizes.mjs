// Prints how many bytes of the minified programs are our own: `{"own": 900000, "all": 1200000}`. The rest is bundled packages.
import { Buffer } from 'node:buffer';
import { bundle } from './bundle.mjs';

const entries = { cli: 'src/bin.ts', worker: 'src/cli/worker.ts', index: 'src/index.ts' };

/** @param {import('rolldown').ExternalOption} [external] what is left out */
async function sizeWithout(external) {
  const chunks = await bundle(entries, { minify: true }, external);
  return chunks.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
}

process.stdout.write(`${JSON.stringify({ own: await sizeWithout(/^[^./]|node_modules/), all: await sizeWithout() })}\n`);
