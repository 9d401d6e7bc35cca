#!/usr/bin/env bash
# The GitHub Action under @github/local-action: a push that fails, a pull request that is held responsible for its own lines,
# a fix that is suggested on them, an input that is refused. Takes action.yml and action/ as they are. Needs npm and a package registry; takes about a minute.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

scratch=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
  rm -rf "$scratch"
}
trap finish EXIT
fail() {
  echo "local-action.sh: $1" >&2
  cat "$scratch/log" >&2
  exit 1
}

# local-action stands in for @actions/core where that is used; it wants it installed, and an entry that exports `run`.
mkdir "$scratch/action" "$scratch/workspace"
cp action.yml "$scratch"
cp action/index.js "$scratch/action"
cd "$scratch"
echo '{ "name": "scratch", "version": "1.0.0", "type": "module" }' >package.json
echo "export const run = () => import('./action/index.js');" >entry.js
npm install --silent --no-audit --no-fund @github/local-action@7.0.1 @actions/core@2.0.2 tsx@4 >log 2>&1 || fail 'local-action could not be installed'
printf 'FROM debian\nUSER 1000\nCMD server --port 8000\n' >workspace/Dockerfile

# A stand-in for the API: a pull request that touches one line. It keeps what is posted.
cat >api.mjs <<'JS'
import { createServer } from 'node:http';
import { appendFileSync, writeFileSync } from 'node:fs';
const files = [{ filename: 'Dockerfile', status: 'modified', changes: 1, patch: '@@ -2,2 +2,2 @@\n-USER x\n+USER 1000\n CMD server --port 8000' }];
const server = createServer((request, response) => {
  const { url, method } = request;
  if (method === 'POST') request.on('data', (chunk) => appendFileSync('posted', chunk));
  response.end(JSON.stringify(method === 'POST' ? {} : url?.includes('/pulls/7/files') ? files : []));
});
server.listen(0, '127.0.0.1', () => writeFileSync('port', String(server.address().port)));
JS
node api.mjs &
server=$!
for _ in $(seq 50); do [ -s port ] || sleep 0.1; done

# run EVENT [INPUT=VALUE…]: runs the action, gives its exit code
run() {
  local event=$1
  shift
  : >output
  : >summary
  : >posted
  {
    printf '%s\n' "GITHUB_WORKSPACE=$scratch/workspace" "GITHUB_OUTPUT=$scratch/output" "GITHUB_STEP_SUMMARY=$scratch/summary"
    printf '%s\n' "GITHUB_EVENT_PATH=$root/test/events/$event.json" GITHUB_REPOSITORY=octo/app "GITHUB_API_URL=http://127.0.0.1:$(cat port)" INPUT_TOKEN=token
    printf 'INPUT_%s\n' "$@"
  } >.env
  node_modules/.bin/local-action . entry.js .env >log 2>&1
}
said() { grep -qF -- "$1" "$2" || fail "$2 does not say: $1"; }

if run push PATHS=.; then fail 'a push with warnings passed'; fi
said '::warning file=Dockerfile,line=3,col=5,endLine=3,endColumn=23,title=correctness/shell-form-cmd::' log
said '| `Dockerfile:3:5` | `correctness/shell-form-cmd` |' summary
said 'warnings<<' output
echo 'finding: an annotation at its place, a row in the summary, a number in the outputs'
echo 'failure: a push with warnings does not pass'

run push FAIL-ON=error || fail 'a push without errors failed'
echo 'input: fail-on decides'
run pull_request NEW-ONLY=true || fail 'a pull request failed for lines that it did not touch'
said 'no findings in 1 file' log
if run pull_request CHANGED-ONLY=true; then fail 'a pull request that touches a bad file passed'; fi
echo 'pull request: held responsible for its own lines (new-only), or its own files (changed-only)'
if run pull_request SUGGEST=true; then fail 'a pull request with warnings passed'; fi
said '"line":3,"side":"RIGHT"' posted
said '```suggestion\nCMD [\"server\", \"--port\", \"8000\"]\n```' posted
echo 'fix: suggested on its line of the pull request'
if run push PATHS=../..; then fail 'a path outside of the workspace was taken'; fi
said 'leads out of the workspace' log
echo 'failure: a path outside of the workspace is refused'
