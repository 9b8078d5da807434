#!/usr/bin/env bash
# Runs the Rust tests, and prints the share of each layer's lines that they reach. COVERAGE=FILE prints that file's lines.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
[ -x "$tools/llvm-cov" ] || rustup component add llvm-tools
folder=$PWD/target/coverage
rm -rf "$folder/profiles" && mkdir -p "$folder/profiles"

export RUSTFLAGS='-C instrument-coverage' CARGO_TARGET_DIR=$folder/build LLVM_PROFILE_FILE=$folder/profiles/%m.profraw
tests=(-p vaultmoat-core -p vaultmoat-tests --tests)
cargo test "${tests[@]}" --no-run --message-format json |
  node -e 'for (const line of require("fs").readFileSync(0, "utf8").trim().split("\n")) {
    const { executable, profile } = JSON.parse(line);
    if (executable && profile.test) console.log(`--object=${executable}`);
  }' >"$folder/objects"
cargo test "${tests[@]}" -- --quiet >"$folder/tests.log" || { cat "$folder/tests.log" >&2; exit 1; }
"$tools/llvm-profdata" merge --sparse --output "$folder/all.profdata" "$folder"/profiles/*.profraw

mapfile -t objects <"$folder/objects"
report=(--instr-profile "$folder/all.profdata" "${objects[@]}")
if [ -n "${COVERAGE:-}" ]; then
  "$tools/llvm-cov" show "${report[@]}" --show-instantiations=false --sources "$PWD/$COVERAGE" 2>/dev/null
  exit
fi
"$tools/llvm-cov" export --summary-only "${report[@]}" 2>/dev/null >"$folder/summary.json"
node tests/coverage.js "$folder/summary.json"
