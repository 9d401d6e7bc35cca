#!/usr/bin/env bash
# The hooks of .pre-commit-hooks.yaml under the real pre-commit: a commit that is stopped, one that is fixed, one that passes.
# Takes this working tree as it is. Needs pre-commit, git, npm and a package registry; takes about a minute.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v pre-commit >/dev/null; then
  echo 'pre-commit.sh: pre-commit is not installed (apt-get install pre-commit); nothing was tested' >&2
  exit "${SHIPSHAPE_MISSING_CLIENT:-0}"
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PRE_COMMIT_HOME=$scratch/home GIT_CONFIG_GLOBAL=$scratch/gitconfig GIT_CONFIG_NOSYSTEM=1
git config --global user.name tester
git config --global user.email tester@example.org
git config --global init.defaultBranch main
git config --global protocol.file.allow always

fail() {
  echo "pre-commit.sh: $1" >&2
  [ -f "$scratch/log" ] && cat "$scratch/log" >&2
  exit 1
}
stopped() { if "$@" >"$scratch/log" 2>&1; then fail "passed, but should have been stopped: $*"; fi; }
passed() { "$@" >"$scratch/log" 2>&1 || fail "was stopped, but should have passed: $*"; }
said() { grep -qF -- "$1" "$scratch/log" || fail "was not said: $1"; }

# The project as a repository that pre-commit can clone.
mkdir "$scratch/shipshape"
git ls-files --cached --others --exclude-standard -z | while IFS= read -r -d '' file; do
  if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
done | tar -c --null --no-recursion -T - | tar -x -C "$scratch/shipshape"
git -C "$scratch/shipshape" init -q
git -C "$scratch/shipshape" add -A
git -C "$scratch/shipshape" commit -qm shipshape
revision=$(git -C "$scratch/shipshape" rev-parse HEAD)

project=$scratch/project
git init -q "$project"
cd "$project"
mkdir service
bad='FROM debian:12\nUSER 1000\nCMD exec-me --port 8000\n'
printf "$bad" >Dockerfile
printf "$bad" >Containerfile.dev
printf "$bad" >service/web.Dockerfile
printf 'node_modules\n' >service/.dockerignore
printf 'FROM nothing to see here\n' >service/notes.txt
git add -A

stopped pre-commit try-repo "$scratch/shipshape" shipshape --all-files --verbose
said 'correctness/shell-form-cmd'
echo 'finding: shown by pre-commit try-repo'

cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $scratch/shipshape
    rev: $revision
    hooks:
      - id: shipshape
YAML
passed pre-commit install --install-hooks
git add -A
stopped pre-commit run --all-files --verbose
said 'correctness/shell-form-cmd'
said 'warnings in 3 files'
if grep -qF notes.txt "$scratch/log"; then fail 'a file that is no Dockerfile was checked'; fi
echo "finding: shown in the three Dockerfiles of four files by $(pre-commit --version)"

sed -i 's/id: shipshape/id: shipshape-fix/' .pre-commit-config.yaml
git add -A
stopped git commit -m first
said 'files were modified by this hook'
for file in Dockerfile Containerfile.dev service/web.Dockerfile; do
  grep -qF 'CMD ["exec-me", "--port", "8000"]' "$file" || fail "$file was not fixed"
done
git add -A
passed git commit -m first
echo 'fix: a commit is stopped and mended, and passes when it is tried again'

sed -i 's/shipshape-fix/shipshape/' .pre-commit-config.yaml
printf "$bad" >service/web.Dockerfile
git add -A
stopped git commit -m second
said 'service/web.Dockerfile'
[ "$(cat service/web.Dockerfile)" = "$(printf "$bad")" ] || fail 'a file was changed without --fix'
echo 'failure: a commit is stopped, and nothing changed'

git commit -qm second --no-verify
printf 'dist\n' >>service/.dockerignore
git add -A
stopped git commit -m third
said 'service/web.Dockerfile'
echo 'failure: a change of the ignore file is checked with the Dockerfiles beside it'

printf '        args: [--fail-on, error]\n' >>.pre-commit-config.yaml
git add -A
passed git commit -m third
echo 'arguments: those of the user reach the program'
