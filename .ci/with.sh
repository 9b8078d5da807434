#!/usr/bin/env bash
# `with.sh chromium COMMAND…` runs a command that needs Chromium. Where that is missing and cannot be installed, the command
# is skipped, and listed in target/make/skipped; in CI (CI=true) it fails.
set -euo pipefail
cd "$(dirname "$0")/.."

tool=$1
shift
missing=$(".ci/$tool.sh" --missing)
if [ -n "$missing" ] && [ "${CI:-}" != true ] && ! .ci/apt.sh --possible; then
  echo "skipped: $missing missing, which takes root or sudo to install"
  mkdir -p target/make
  echo "$tool" >>target/make/skipped
  exit
fi
".ci/$tool.sh"
exec "$@"
