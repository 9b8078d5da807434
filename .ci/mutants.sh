#!/usr/bin/env bash
# Makes small changes to the rules, the simulator and the model, one at a time, and lists those that no test notices.
# MUTANTS=k/n takes one of n parts, evenly spread; further arguments go to cargo-mutants. The changes are
# made to a copy of the sources in target/mutants. cargo-mutants is built once, into target/tools.
set -euo pipefail
cd "$(dirname "$0")/.."

version=27.1.0
export PATH="$PWD/target/tools/bin:$PATH"
if [ "$(cargo mutants --version 2>/dev/null)" != "cargo-mutants $version" ]; then
  echo "building cargo-mutants $version, once (some minutes)"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off cargo install --quiet --locked cargo-mutants \
    --version "$version" --root target/tools --target-dir target/tools/build
  rm -rf target/tools/build
fi

folder=$PWD/target/mutants
rm -rf "$folder/source" && mkdir -p "$folder/source"
git ls-files -z --cached --others --exclude-standard core tests wasm '*.toml' Cargo.lock |
  while IFS= read -r -d '' file; do if [ -f "$file" ]; then printf '%s\0' "$file"; fi; done |
  tar --null --create --files-from=- | tar --extract --directory "$folder/source"
cd "$folder/source"
# A few random worlds find almost as much as many, and failures are not shrunk. Two tests are left out, because they
# measure, or count cases over many worlds.
export SIMULATOR_CASES=30 PROPTEST_MAX_SHRINK_ITERS=0 CARGO_INCREMENTAL=1 CARGO_TARGET_DIR=$folder/build
tests=(--test=subjects --test=comparisons --test=guards)
suites=(rule_pages deciding_values simulator plan:: dns private_endpoints firewall ip_rules operations settings fixes cases)
run=(-- "${suites[@]}" --skip=limits::a_table --skip=a_fix_lets)
cargo test --quiet --profile mutants --package vaultmoat-tests "${tests[@]}" "${run[@]}" >"$folder/tests.log" ||
  { cat "$folder/tests.log" >&2; exit 1; }

shard=()
[ -z "${MUTANTS:-}" ] || shard=(--shard "$MUTANTS" --sharding round-robin)
cargo mutants --in-place --output "$folder" --file 'core/src/rules/**' --file 'core/src/sim/**' --file 'core/src/model/**' "${shard[@]}" \
  --profile mutants --test-package vaultmoat-tests "${tests[@]/#/--cargo-arg=}" --baseline skip --timeout 120 "$@" \
  -- "${run[@]}"
