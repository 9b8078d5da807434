#!/usr/bin/env bash
# Installs Debian packages, as root or with sudo: PACKAGE, or COMMAND:PACKAGE where that command is missing. With
# --missing it only lists these packages, and with --possible it tests whether it could install any.
set -euo pipefail

can_install() {
  as_root=()
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" = 0 ]; then return; fi
  as_root=(sudo)
  # Without a terminal, sudo must not ask for a password.
  [ -t 0 ] || as_root+=(-n)
  command -v sudo >/dev/null && "${as_root[@]}" -v 2>/dev/null
}

action=
case ${1:-} in --*) action=$1 && shift ;; esac
if [ "$action" = --possible ]; then can_install && exit || exit 1; fi
missing=()
for word in "$@"; do
  if [ "$word" = "${word%:*}" ] || ! command -v "${word%:*}" >/dev/null; then missing+=("${word#*:}"); fi
done
if [ "$action" = --missing ]; then echo "${missing[*]}" && exit; fi
if [ "${#missing[@]}" = 0 ]; then exit; fi
if ! can_install; then
  echo "missing, and not installable from here: ${missing[*]}" >&2
  exit 1
fi
echo "installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
