// Builds dist/: the extension in one file, and the program that it starts beside it.
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const server = join(here, 'dist/server');

rmSync(join(here, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  minify: true,
  logLevel: 'warning',
});
execFileSync(process.execPath, [join(root, 'bench/build.mjs'), '--no-types', '--out', server], { stdio: 'inherit' });
rmSync(join(server, 'index.js'));
// The extension is CommonJS, the program is not.
writeFileSync(join(server, 'package.json'), '{ "type": "module" }\n');
copyFileSync(join(root, 'LICENSE'), join(here, 'LICENSE'));
