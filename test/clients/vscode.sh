#!/usr/bin/env bash
# The extension for Visual Studio Code as it would be published: packaged by vsce without a network, unpacked, and run in a
# stand-in for the editor, which shows findings and fixes. Takes this working tree as it is; its build goes to editors/vscode.
# Needs npm, a package registry for the extension's own packages, and python3 to unpack; takes about half a minute.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
: >"$scratch/log"
fail() {
  echo "vscode.sh: $1" >&2
  cat "$scratch/log" >&2
  exit 1
}
passed() { "$@" >"$scratch/log" 2>&1 || fail "failed with $?: $*"; }
said() { grep -qF -- "$1" "$scratch/log" || fail "was not said: $1"; }

cd editors/vscode
passed npm ci --no-audit --no-fund
passed npm run --silent types

# Who may not make a network of nothing packages with the one that is there.
offline=(unshare --net)
how='without a network'
"${offline[@]}" true 2>/dev/null || { offline=(); how='with a network, for there may be no namespace without one'; }
passed "${offline[@]}" npm run --silent package -- --out "$scratch/shipshape.vsix"
passed python3 -m zipfile -e "$scratch/shipshape.vsix" "$scratch/vsix"
extension=$scratch/vsix/extension

for file in package.json readme.md LICENSE.txt dist/extension.js dist/server/cli.js dist/server/package.json dist/server/THIRD-PARTY-LICENSES.txt; do
  [ -s "$extension/$file" ] || fail "the package lacks $file"
done
strangers=$(cd "$extension" && find . -type f ! -path './dist/extension.js' ! -path './dist/server/*' ! -name package.json ! -name readme.md ! -name LICENSE.txt)
[ -z "$strangers" ] || fail "the package holds what it should not: $strangers"
[ "$(cd "$scratch" && node "$extension/dist/server/cli.js" --version)" = "$(node -p "require('$root/package.json').version")" ] || fail 'the server is of another version'
echo "package: made by vsce $how, $(($(wc -c <"$scratch/shipshape.vsix") / 1024)) KB, client and server in it"

project=$scratch/project
mkdir "$project"
printf 'FROM debian:12\nLABEL a="😀"\nCMD run "😀" me\n' >"$project/Dockerfile"
stand_in() { env EXTENSION="$extension" DOCKERFILE="$project/Dockerfile" "$@" node "$root/test/editors/vscode.mjs"; }

passed stand_in TRUSTED=1
said 'finding correctness/shell-form-cmd 2:4 This CMD runs through `/bin/sh -c`'
if grep -q '^log ' "$scratch/log"; then fail 'something went wrong on the way'; fi
echo 'finding: shown by the packaged extension, from the server in it'
said 'action Write CMD as a JSON array (safe) "FROM debian:12\nLABEL a=\"😀\"\nCMD [\"run\", \"😀\", \"me\"]\n"'
said 'action Fix all safe problems'
echo 'fix: offered, and right'

# A program that the workspace names leaves a mark, and is no server.
printf '%s\n' "require('node:fs').writeFileSync('$scratch/ran', '');" >"$project/other.cjs"
passed stand_in TRUSTED=0 SERVER="$project/other.cjs"
said 'finding correctness/shell-form-cmd'
[ ! -e "$scratch/ran" ] || fail 'a program of a workspace that is not trusted was run'
echo "trust: a workspace's own program is not run before it is trusted"
if stand_in TRUSTED=1 SERVER="$project/other.cjs" >"$scratch/log" 2>&1; then fail 'a server that ends at once went unnoticed'; fi
[ -e "$scratch/ran" ] || fail 'the program of a trusted workspace was not run'
echo 'failure: a program that is no server is told of'
