#!/usr/bin/env bash
# Makes sure that Chromium and its driver are there. Arguments are those of apt.sh.
exec "$(dirname "$0")/apt.sh" "$@" chromium:chromium chromedriver:chromium-driver
