#!/usr/bin/env bash
# Makes sure that Firefox is there.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v firefox-esr >/dev/null; then .ci/apt.sh firefox-esr; fi
