// Builds dist/: the program, the npm API, their types, and the licences of what is bundled.
// `--out DIR` builds somewhere else, `--no-types` leaves the types out. action/, the bundle that the GitHub Action runs, is
// committed, because GitHub takes an action as it stands in the repository; `--out` leaves it alone, `--action DIR` builds it there.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({ options: { out: { type: 'string' }, action: { type: 'string' }, 'no-types': { type: 'boolean', default: false } } });
const out = resolve(options.out ?? join(root, 'dist'));
const action = options.action ?? (options.out === undefined ? join(root, 'action') : undefined);

/**
 * The help is our own: yargs only parses. What it would set its help with is left out, because three copies of
 * string-width make an Intl.Segmenter each, which takes 17 ms of every start.
 */
const standIns = {
  'string-width': 'export default (text) => text.length;',
  cliui: 'export default () => ({ div() {}, span() {}, toString: () => "" });',
};
const withoutHelp = {
  name: 'without-help',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:string-width|cliui)$/ }, ({ path }) => ({ path, namespace: 'stand-in' }));
    onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({ contents: standIns[path] }));
  },
};

/** The folder of the package that a bundled file belongs to. */
function packageFolder(input) {
  const match = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
  return match === null ? undefined : join(root, match[0]);
}

/** Name, licence and licence text of every package that has code in the bundle. */
function licences(metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs)).flatMap((output) => Object.entries(output.inputs));
  const folders = new Set(inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [packageFolder(path)] : [])).filter(Boolean));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    if (license === undefined) throw new Error(`${name} names no licence`);
    const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
    return `${name} ${version} (${license})${text}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}

/** Bundles entries that share chunks. The program and the npm API share none: fewer files start faster. */
const bundle = (name, entryPoints, others = {}) => build({
  absWorkingDir: root,
  entryPoints,
  outdir: out,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  // The UMD builds of some packages ask for their own files in a way no bundler follows.
  mainFields: ['module', 'main'],
  chunkNames: `${name}/[name]-[hash]`,
  // Some packages are CommonJS and ask for Node's modules with `require`.
  banner: { js: "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);" },
  plugins: [withoutHelp],
  metafile: true,
  // What was built before goes only when there is something to take its place.
  write: false,
  // Half of a short run is reading this code: less text, faster start.
  minify: process.env.SHIPSHAPE_READABLE !== '1',
  logLevel: 'warning',
  ...others,
});

function writeBundle({ outputFiles }) {
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
}

/** One file that people can read, and whose changes are small. */
async function bundleAction(folder) {
  const result = await bundle('index', { index: 'src/action/main.ts' }, { outdir: resolve(folder), splitting: false, minify: false });
  rmSync(folder, { recursive: true, force: true });
  writeBundle(result);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), licences([result.metafile]));
}

if (action !== undefined) await bundleAction(action);
const results = await Promise.all([bundle('cli', { cli: 'src/bin.ts', worker: 'src/cli/worker.ts' }), bundle('index', { index: 'src/index.ts' })]);
rmSync(out, { recursive: true, force: true });
for (const result of results) writeBundle(result);
chmodSync(join(out, 'cli.js'), 0o755);
writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), licences(results.map(({ metafile }) => metafile)));
if (!options['no-types']) {
  const types = ['-p', join(root, 'bench/tsconfig.types.json'), '--outDir', join(out, 'types')];
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...types], { stdio: 'inherit' });
}
