#!/usr/bin/env bash
# Makes sure that Neovim is there. Arguments are those of apt.sh.
exec "$(dirname "$0")/apt.sh" "$@" nvim:neovim
