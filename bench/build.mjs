// Builds dist/: the program, the npm API, their types, and the licences of what is bundled.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist');

/**
 * yargs measures its help with string-width, of which three copies would be bundled; each makes an Intl.Segmenter,
 * which alone takes 17 ms of every start. Our help needs no more than our own measure.
 */
const lightWidth = {
  name: 'light-width',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, () => ({ path: 'string-width', namespace: 'light' }));
    onLoad({ filter: /.*/, namespace: 'light' }, () => ({ contents: "export { displayWidth as default } from './src/report/text.ts';", resolveDir: root }));
  },
};

/** The folder of the package that a bundled file belongs to. */
function packageFolder(input) {
  const match = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
  return match === null ? undefined : join(root, match[0]);
}

/** Name, licence and licence text of every package that has code in the bundle. */
function licences({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = new Set(inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [packageFolder(path)] : [])).filter(Boolean));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    if (license === undefined) throw new Error(`${name} names no licence`);
    const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
    return `${name} ${version} (${license})${text}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}

const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/bin.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  chunkNames: 'chunks/[name]-[hash]',
  // Some packages are CommonJS and ask for Node's modules with `require`.
  banner: { js: "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);" },
  plugins: [lightWidth],
  metafile: true,
  // What was built before goes only when there is something to take its place.
  write: false,
  logLevel: 'warning',
});
rmSync(out, { recursive: true, force: true });
for (const { path, contents } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}
chmodSync(join(out, 'cli.js'), 0o755);
writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), licences(metafile));
if (!process.argv.includes('--no-types') && existsSync(join(root, 'node_modules/.bin/tsc'))) {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'bench/tsconfig.types.json')], { stdio: 'inherit' });
}
