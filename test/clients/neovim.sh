#!/usr/bin/env bash
# The language server in the real Neovim: test/editors.test.ts. Needs nvim; takes a few seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v nvim >/dev/null; then
  echo 'neovim.sh: nvim is not installed (apt-get install neovim); nothing was tested' >&2
  exit "${SHIPSHAPE_MISSING_CLIENT:-0}"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! SHIPSHAPE_MISSING_CLIENT=1 npx --no -- vitest run test/editors.test.ts --reporter verbose >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
if grep -qi skipped "$log"; then
  echo 'neovim.sh: a test was skipped' >&2
  exit 1
fi
echo "finding, fix: shown, applied and saved in $(nvim --version | head -n 1)"
