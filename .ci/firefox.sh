#!/usr/bin/env bash
# Installs Firefox where it is missing. Takes the arguments of apt.sh.
exec "$(dirname "$0")/apt.sh" "$@" firefox-esr:firefox-esr
