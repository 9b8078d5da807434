#!/usr/bin/env bash
# Fuzzes each target for FUZZ_SECONDS (60), starting from the examples and rule pages. Inputs that crash are written to
# tests/fuzz/artifacts. cargo-fuzz is built once, into target/tools.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.13.2
export PATH="$PWD/target/tools/bin:$PATH"
if [ "$(cargo fuzz --version 2>/dev/null)" != "cargo-fuzz $version" ]; then
  echo "building cargo-fuzz $version, once"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo install --quiet --locked cargo-fuzz \
    --version "$version" --root target/tools --target-dir target/tools/build
  rm -rf target/tools/build
fi

cargo run -p vaultmoat-tests --bin seeds
cd tests/fuzz
failed=()
for target in $(cargo +nightly fuzz list); do
  folders=("corpus/$target")
  mkdir -p "${folders[0]}"
  [ ! -d "seeds/$target" ] || folders+=("seeds/$target")
  cargo +nightly fuzz run "$target" "${folders[@]}" -- -max_total_time="${FUZZ_SECONDS:-60}" -verbosity=0 -print_final_stats=1 ||
    failed+=("$target")
done
if [ "${#failed[@]}" != 0 ]; then
  echo "crashed: ${failed[*]}" >&2
  exit 1
fi
