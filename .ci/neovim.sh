#!/usr/bin/env bash
# Installs Neovim where it is missing. Takes the arguments of apt.sh.
exec "$(dirname "$0")/apt.sh" "$@" nvim:neovim
