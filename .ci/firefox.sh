#!/usr/bin/env bash
# Makes sure that Firefox is there. Arguments are those of apt.sh.
exec "$(dirname "$0")/apt.sh" "$@" firefox-esr:firefox-esr
