#!/usr/bin/env bash
# Installs Chromium and its driver where they are missing. Takes the arguments of apt.sh.
exec "$(dirname "$0")/apt.sh" "$@" chromium:chromium chromedriver:chromium-driver
