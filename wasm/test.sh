#!/usr/bin/env bash
# The tests of the binding, in Node and in headless Chromium. The runner must be of wasm-bindgen's version; it is
# built once, into target/tools, where the one on the PATH is another.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' Cargo.toml)
export PATH="$PWD/target/tools/bin:$PATH"
if [ "$(wasm-bindgen-test-runner --version 2>/dev/null)" != "wasm-bindgen-test-runner $version" ]; then
  echo "building wasm-bindgen's test runner $version, once (about two minutes)"
  # Its own work takes a second: the time goes into compiling it.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo install --quiet wasm-bindgen-cli --version "$version" \
    --bin wasm-bindgen-test-runner --root target/tools --target-dir target/tools/build
  rm -rf target/tools/build
fi

# cargo hands its own quiet on to the runner, which does not know the word.
export CARGO_TERM_QUIET=false CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
echo "in Node"
wasm/cargo.sh test -p vaultmoat-wasm --test binding
echo "in Chromium"
export WASM_BINDGEN_USE_BROWSER=1
# The shell looks for the driver once it is there.
.ci/with.sh chromium bash -c 'CHROMEDRIVER=$(command -v chromedriver) exec wasm/cargo.sh test -p vaultmoat-wasm --test binding'
