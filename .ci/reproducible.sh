#!/usr/bin/env bash
# Builds the package twice, from two clones in different folders and with different homes of cargo, and compares the bytes.
# Both are built from the last commit. REPRODUCIBLE=FOLDER keeps both builds there.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
folder=${REPRODUCIBLE:-$(mktemp -d)}
[ -n "${REPRODUCIBLE:-}" ] || trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"
compiler=$(cat target/wasm/compiler 2>/dev/null || true)
home=${CARGO_HOME:-$HOME/.cargo}

# Clones the repository into $1 and builds the package, with $2 as cargo's home.
build() {
  rm -rf "$1"
  git clone --quiet --no-hardlinks "$root" "$1"
  (cd "$1" && CARGO_HOME=$2 VAULTMOAT_WASM=${VAULTMOAT_WASM:-$compiler} make --silent package)
}

# The same crates under another name.
other=$folder/another-home
rm -rf "$other" && mkdir -p "$other"
for entry in "$home"/*; do ln -s "$entry" "$other/"; done

build "$folder/one" "$home"
build "$folder/a longer name/two" "$other"

one=$(echo "$folder"/one/target/package/*.tgz)
two=$(echo "$folder"/a*/two/target/package/*.tgz)
if cmp --silent "$one" "$two"; then
  echo "the same bytes twice: sha512-$(openssl dgst -sha512 -binary "$one" | base64 -w0)"
  exit
fi
echo 'the two packages differ:' >&2
for part in one two; do mkdir -p "$folder/unpacked/$part"; done
tar xzf "$one" -C "$folder/unpacked/one"
tar xzf "$two" -C "$folder/unpacked/two"
diff -rq "$folder/unpacked/one" "$folder/unpacked/two" >&2 || true
exit 1
