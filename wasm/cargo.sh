#!/usr/bin/env bash
# cargo for WebAssembly, with whatever compiler this machine has or can get. Say what you would say to cargo:
#
#     wasm/cargo.sh build -p vaultmoat-wasm --profile wasm
#
# In this order: rustup's wasm32 target, installed; the same, added now; Debian's compiler for the web, which
# builds the standard library from source. The choice is kept in target/wasm/compiler; VAULTMOAT_WASM=rustup or
# =debian makes it by hand.
set -euo pipefail
cd "$(dirname "$0")/.."

target=wasm32-unknown-unknown
choice=target/wasm/compiler
linker=wasm-ld-22
packages=(rustc-web cargo-web rust-web-src lld-22)

say() { echo "wasm/cargo.sh: $*" >&2; }

has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; }

# A rustup that cannot reach its server would try for minutes.
add_target() {
  command -v rustup >/dev/null || return 1
  say "adding the Rust target $target with rustup"
  RUST_BACKTRACE=0 RUSTUP_MAX_RETRIES=1 timeout --kill-after=5 60 rustup target add "$target" >&2
}

has_debian() {
  [ -x /usr/bin/cargo ] && command -v "$linker" >/dev/null &&
    [ -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library" ]
}

choose() {
  if has_target || { add_target && has_target; }; then
    echo rustup
  elif has_debian || { .ci/apt.sh "${packages[@]}" >&2 && has_debian; }; then
    echo debian
  else
    say "no compiler for $target. Either of these gives one:"
    say "  rustup target add $target"
    say "  apt-get install --no-install-recommends ${packages[*]}   (Debian 12 or newer)"
    return 1
  fi
}

compiler=${VAULTMOAT_WASM:-$(cat "$choice" 2>/dev/null || true)}
case $compiler in
  rustup) has_target || add_target ;;
  debian) has_debian || .ci/apt.sh "${packages[@]}" >&2 ;;
  *)
    compiler=$(choose)
    say "compiling with ${compiler}'s compiler"
    mkdir -p "$(dirname "$choice")"
    echo "$compiler" >"$choice"
    ;;
esac

# Deep templates recurse deep; the default is 1 MiB. The module tells nobody where cargo keeps its crates.
printf -v rustflags '%s\x1f' -Clink-arg=-zstack-size=4194304 "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
export CARGO_ENCODED_RUSTFLAGS=${rustflags%$'\x1f'}

command=$1
shift
flags=(--target "$target" --target-dir target/wasm)
if [ "$compiler" = debian ]; then
  export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker
  exec /usr/bin/cargo "$command" "${flags[@]}" -Zbuild-std=std,panic_abort "$@"
fi
exec cargo "$command" "${flags[@]}" "$@"
