#!/usr/bin/env bash
# Makes sure that Chromium and its driver are there.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v chromium >/dev/null || ! command -v chromedriver >/dev/null; then .ci/apt.sh chromium chromium-driver; fi
