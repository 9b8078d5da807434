#!/usr/bin/env bash
# Known vulnerabilities of the shipped dependencies. Advisories come from the network: RustSec's database for the crates, the
# registry's for the npm packages. cargo-deny is built once, into target/tools.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.20.2
export PATH="$PWD/target/tools/bin:$PATH"
if [ "$(cargo-deny --version 2>/dev/null)" != "cargo-deny $version" ]; then
  echo "building cargo-deny $version, once (some minutes)"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off cargo install --quiet --locked cargo-deny \
    --version "$version" --root target/tools --target-dir target/tools/build
  rm -rf target/tools/build
fi

failed=0
echo 'crates'
cargo-deny check "$@" || failed=1
echo 'npm packages'
npm audit --workspace vaultmoat --omit=dev || failed=1
exit "$failed"
