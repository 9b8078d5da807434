#!/usr/bin/env bash
# Installs Debian packages, as root or with sudo; says what is missing where neither is to be had.
set -euo pipefail

as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
if ! command -v apt-get >/dev/null || { [ "${#as_root[@]}" != 0 ] && ! command -v sudo >/dev/null; }; then
  echo "missing, and not installable from here: $*" >&2
  exit 1
fi
echo "installing $*"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
