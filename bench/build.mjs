// Builds dist/: the program, the npm API, their types, and the licences of what is bundled.
// `--out DIR` builds somewhere else, `--no-types` leaves the types out. action/, the bundle that the GitHub Action runs, is
// committed, because GitHub takes an action as it stands in the repository; `--out` leaves it alone, `--action DIR` builds it there.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, licences, root } from './bundle.mjs';

const { values: options } = parseArgs({ options: { out: { type: 'string' }, action: { type: 'string' }, 'no-types': { type: 'boolean', default: false } } });
const out = resolve(options.out ?? join(root, 'dist'));
const action = options.action ?? (options.out === undefined ? join(root, 'action') : undefined);

/**
 * Fewer files start faster, and a run should read no more than it needs: what tells the help, what reads and judges
 * Dockerfiles, and the program around it. Whatever else is loaded on demand has a chunk of its own.
 */
const groups = [
  { name: 'start', priority: 9, test: /src\/(?:cli|suggest|init\/names|config\/(?:error|names)|report\/text|cli\/(?:errors|help|options|table|terminal))\.ts$|node_modules\/fastest-levenshtein\/|[^/]\/package\.json$|rolldown\/runtime/ },
  { name: 'engine', priority: 5, test: /src\/(?:dockerfile\/|model\/(?!layers)|optimize\/(?!past|plan|replay|taken|timings)|context\/(?!state|history|recorded)|(?:span|rule|lint|fix|guard|ignore|edits|files)\.ts$)|\/rules\/[\w-]+(?:\/[\w-]+)?\.ts$|node_modules\/(?:dockerfile-ast|unbash|vscode-languageserver-(?:types|textdocument)|@balena|smol-toml|picocolors)\// },
  { name: 'program', priority: 4, test: /src\/(?:cli\/(?!worker|threads|since|merge|baseline|cache|init|optimize)|report\/(?!order)|explain\.ts$|test-rule\.ts$|config\/(?:settings|config|glob|plugins)\.ts$)/ },
];

function write(folder, chunks) {
  rmSync(folder, { recursive: true, force: true });
  for (const { fileName, code } of chunks) {
    mkdirSync(dirname(join(folder, fileName)), { recursive: true });
    writeFileSync(join(folder, fileName), code);
  }
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), licences(chunks));
}

/** Removes the declarations that the API never leads to: the compiler writes one for every source. */
function keepReachable(folder, entry) {
  const reached = new Set();
  const follow = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/\b(?:from |import\()['"](\.[^'"]+)\.ts['"]/g)) follow(join(dirname(file), `${path}.d.ts`));
  };
  follow(join(folder, entry));
  for (const path of readdirSync(folder, { recursive: true })) {
    if (path.endsWith('.d.ts') && !reached.has(join(folder, path))) rmSync(join(folder, path));
  }
}

// One file that people can read, and whose changes are small.
if (action !== undefined) write(resolve(action), await bundle({ index: 'src/action/main.ts' }, { codeSplitting: false }));

// Much of a short run is reading this code: less text, faster start.
const minify = process.env.SHIPSHAPE_READABLE !== '1';
const entries = { cli: 'src/bin.ts', worker: 'src/cli/worker.ts', index: 'src/index.ts' };
write(out, await bundle(entries, { minify, codeSplitting: { groups } }));
chmodSync(join(out, 'cli.js'), 0o755);

if (!options['no-types']) {
  const types = ['-p', join(root, 'bench/tsconfig.types.json'), '--outDir', join(out, 'types')];
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...types], { stdio: 'inherit' });
  keepReachable(join(out, 'types'), 'src/index.d.ts');
}
