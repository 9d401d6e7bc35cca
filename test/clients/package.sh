#!/usr/bin/env bash
# The package as others get it: what is in it, what publint and attw say of it, and that program, API and types work once it is
# installed, on each Node.js we promise. Packs this working tree as it is. Needs npm and a package registry; takes about a minute.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export npm_config_cache=$scratch/cache npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
: >"$scratch/log"
fail() {
  echo "package.sh: $1" >&2
  cat "$scratch/log" >&2
  exit 1
}
# What must pass, what must be refused, and what must have been said.
passed() { "$@" >"$scratch/log" 2>&1 || fail "failed with $?: $*"; }
refused() { if "$@" >"$scratch/log" 2>&1; then fail "passed, but should not have: $*"; fi; }
ended() { local code=0 wanted=$1; shift; "$@" >"$scratch/log" 2>&1 || code=$?; [ "$code" = "$wanted" ] || fail "ended with $code, not $wanted: $*"; }
said() { grep -qF -- "$1" "$scratch/log" || fail "was not said: $1"; }

# Both bring dozens of packages of their own, so they are no development dependencies.
publint() { npx --yes publint@0.3.25 "$1" --strict --level suggestion --pack false; }
attw() { npx --yes @arethetypeswrong/cli@0.18.5 "$1" --profile esm-only --no-emoji; }

npm pack --json --pack-destination "$scratch" >"$scratch/pack.json"
tarball=$(echo "$scratch"/shipshape-*.tgz)
tar -xzf "$tarball" -C "$scratch"

node bench/sizes.mjs >"$scratch/sizes.json"
node - "$scratch" <<'JS'
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const scratch = process.argv[2];
const [{ files, size, unpackedSize }] = JSON.parse(readFileSync(join(scratch, 'pack.json'), 'utf8'));
const paths = files.map(({ path }) => path);
const read = (path) => readFileSync(join(scratch, 'package', path), 'utf8');
const problems = [];

// What is bundled counts as the dependencies that it is.
const { own, all } = JSON.parse(readFileSync(join(scratch, 'sizes.json'), 'utf8'));
const ownSize = unpackedSize - (all - own) - read('dist/THIRD-PARTY-LICENSES.txt').length;
const limit = 1_500_000;
if (ownSize >= limit) problems.push(`${ownSize} bytes unpacked apart from bundled packages, ${limit} are too many`);

const fixed = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/THIRD-PARTY-LICENSES.txt', 'package.json', 'shipshape.1', 'shipshape.schema.json'];
for (const path of fixed) if (!paths.includes(path)) problems.push(`${path} is missing`);

// From what package.json names, every module and every declaration must be reached.
const { bin, exports, types, man, dependencies } = JSON.parse(read('package.json'));
if (dependencies !== undefined) problems.push('it has dependencies, but all is bundled');
// The worker is started by its name.
const entries = [bin.shipshape, exports['.'].default, types, ...man, exports['./schema'], 'dist/worker.js'].map((path) => join(path));
const reached = new Set(fixed);
const follow = (path) => {
  if (reached.has(path) || !paths.includes(path)) return;
  reached.add(path);
  if (!/\.(?:js|d\.ts)$/.test(path)) return;
  for (const [, next] of read(path).matchAll(/(?:from|import\(?)\s*['"`](\.[^'"`]+)['"`]/g)) follow(join(dirname(path), next.replace(/\.ts$/, '.d.ts')));
};
for (const path of entries) follow(path);
for (const path of paths) if (!reached.has(path)) problems.push(`nothing leads to ${path}`);
for (const path of [types, bin.shipshape].map((each) => join(each))) if (!paths.includes(path)) problems.push(`${path} is missing`);

if (problems.length > 0) {
  console.error(`package.sh: ${problems.join('\npackage.sh: ')}`);
  process.exit(1);
}
console.log(`contents: ${paths.length} files, all of them needed; ${size} bytes packed, ${unpackedSize} unpacked, ${ownSize} of them our own, of ${limit}`);
JS

passed publint "$tarball"
echo 'publint: nothing to say'
passed attw "$tarball"
echo 'attw: types resolve wherever modules are'

# A package without its types is refused, so the two do look.
mkdir "$scratch/worse"
cp -R "$scratch/package" "$scratch/worse/package"
rm "$scratch/worse/package/dist/types/src/index.d.ts"
tar -czf "$scratch/worse.tgz" -C "$scratch/worse" package
refused publint "$scratch/worse.tgz"
refused attw "$scratch/worse.tgz"
echo 'publint, attw: a package without its types is refused'

# Somebody else's project, with a Dockerfile to lint.
project=$scratch/project
mkdir "$project" "$scratch/empty"
cp -R fixtures/genai-service "$project/app"
rm -rf "$project/app/expected"
cd "$project"
echo '{ "name": "somebody", "private": true, "type": "module" }' >package.json
passed npm install "$tarball" typescript@5.9.3
[ "$(ls node_modules | tr '\n' ' ')" = 'shipshape typescript ' ] || fail 'it brought other packages along'
passed npm install --global --prefix "$scratch/global" "$tarball"
version=$(node -p 'require("shipshape/package.json").version')

lints() {
  ended 1 "$@" app
  said 'cache/copy-before-install'
  said '`--fix` mends'
  passed "$@" --version
  [ "$(tail -n 1 "$scratch/log")" = "$version" ] || fail "is not version $version: $*"
}
lints node_modules/.bin/shipshape
lints "$scratch/global/bin/shipshape"
lints npx --no -- shipshape
lints npx --yes --package "$tarball" -- shipshape
echo 'program: runs from a project, globally, and through npx'
cmp -s "$root/shipshape.1" "$scratch/global/share/man/man1/shipshape.1" || fail 'the manual page was not installed'
echo 'manual page: installed with the program'

cat >import.js <<'JS'
import { fix, lint } from 'shipshape';
import schema from 'shipshape/schema' with { type: 'json' };

const text = 'FROM debian:12\nCMD python main.py\n';
const { findings } = await lint(text, { only: ['shell-form-cmd'] });
const { text: fixed } = await fix(text, { only: ['shell-form-cmd'] });
console.log(findings.map(({ rule, line }) => `${rule} ${line}`).join(), fixed.split('\n')[1], schema.type);
JS
imports() {
  passed "$@" --no-warnings import.js
  said 'correctness/shell-form-cmd 2 CMD ["python", "main.py"] object'
}

cat >consumer.ts <<'TS'
import { defineRule, fix, lint, type FixOutcome, type JsonFinding } from 'shipshape';

const { findings } = await lint('FROM debian\n', { only: ['untagged-image'], context: { 'app.py': '' } });
export const lines: readonly number[] = findings.map(({ line }: JsonFinding) => line);
export const outcome: FixOutcome = await fix('FROM debian\n', { level: 'unsafe' });
// @ts-expect-error A number is no text.
export const wrong = lint(1);
// @ts-expect-error Nobody has such an option.
export const unknown = lint('', { nope: true });
export default defineRule({
  summary: 'Use of MAINTAINER', why: 'It is deprecated.', severity: 'info',
  examples: [{ bad: 'FROM a\nMAINTAINER b\n', good: 'FROM a\n' }],
  * check({ file }) {
    for (const { keyword, span } of file.instructions) if (keyword === 'MAINTAINER') yield { at: span, message: 'Use LABEL.' };
  },
});
TS
for compiler in node_modules/typescript "$root/node_modules/typescript"; do
  for modules in nodenext:nodenext esnext:bundler; do
    # Without @types/node, and with the declarations checked themselves.
    cat >tsconfig.json <<JSON
{
  "compilerOptions": {
    "noEmit": true, "strict": true, "exactOptionalPropertyTypes": true, "skipLibCheck": false, "types": [],
    "target": "es2022", "lib": ["es2022"], "module": "${modules%:*}", "moduleResolution": "${modules#*:}"
  },
  "files": ["consumer.ts"]
}
JSON
    passed node "$compiler/bin/tsc" -p .
    echo "types: TypeScript $(node "$compiler/bin/tsc" --version | cut -d" " -f2), ${modules#*:}"
  done
done
sed -i.bak '/^\/\/ @ts-expect-error/d' consumer.ts
refused node node_modules/typescript/bin/tsc -p .
echo 'types: wrong use is refused'

# So many files are checked in several threads.
mkdir many
for number in {1..320}; do cp app/Dockerfile "many/Dockerfile.$number"; done

# The oldest Node.js that package.json promises, and the lines after it.
platform=$(node -p '`${process.platform}-${process.arch}`')
for release in 20.19.0 22.23.3 24.19.0; do
  mkdir "$scratch/node-$release"
  passed npm install --prefix "$scratch/node-$release" "node-$platform@$release"
  node=$scratch/node-$release/node_modules/node-$platform/bin/node
  [ "$("$node" --version)" = "v$release" ] || fail "$node is not $release"
  lints env PATH="$(dirname "$node"):$PATH" node_modules/.bin/shipshape
  imports "$node"
  cp app/Dockerfile Dockerfile
  passed env PATH="$(dirname "$node"):$PATH" "$scratch/global/bin/shipshape" --fix --only shell-form-cmd Dockerfile
  grep -qF 'CMD ["uvicorn"' Dockerfile || fail "nothing was fixed on $release"
  ended 1 "$node" "$scratch/global/bin/shipshape" -f json -o many.json many
  [ ! -s "$scratch/log" ] || fail "in several threads, $release says $(head -n 3 "$scratch/log")"
  echo "Node.js $release: program, fixes, import, threads"
done
echo 'package: all is well'
