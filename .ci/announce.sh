#!/usr/bin/env bash
# Lists what `make test` is going to install, and which parts it cannot run on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p target/make
rm -f target/make/skipped
echo "into this folder: npm packages (node_modules), the test runner of wasm-bindgen (target/tools)"
if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
  echo "with rustup: the target wasm32-unknown-unknown; without a network, Debian's compiler for it"
fi
for tool in chromium neovim; do
  missing=$(".ci/$tool.sh" --missing)
  if [ -z "$missing" ]; then continue; fi
  if .ci/apt.sh --possible; then
    echo "with apt-get: $missing"
  else
    echo "nothing that needs $tool can run: $missing missing, and neither root nor sudo to install it"
  fi
done
