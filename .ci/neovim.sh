#!/usr/bin/env bash
# Makes sure that Neovim is there.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v nvim >/dev/null; then .ci/apt.sh neovim; fi
