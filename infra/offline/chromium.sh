#!/bin/bash
# A browser for the storefront's tests on a Debian machine that has none: `chromium.sh plan | install`. The shell without
# a desktop takes six tenths of the processor time that the whole browser takes for the same tests.
set -euo pipefail
# This script installs only from the machine's own sources, and the machine may not be Debian: it looks up no mirror.
DEBIAN_MIRROR=none DEBIAN_SECURITY_MIRROR=none
. "$(dirname "${BASH_SOURCE[0]}")/apt-beside.sh"

debian_chromium=/usr/bin/chromium-headless-shell
CHROMIUM=${CHROMIUM:-$debian_chromium}

# Prints one line for each program that `install` would install; prints nothing when all are there.
plan() {
  [ -x "$CHROMIUM" ] || [ "$CHROMIUM" != "$debian_chromium" ] || say "chromium-headless-shell, by apt-get install (about 220 MB unpacked)"
}

install() {
  [ ! -x "$CHROMIUM" ] || return 0
  [ "$CHROMIUM" = "$debian_chromium" ] || die "CHROMIUM=$CHROMIUM is no program that can be run."
  [ -e /etc/debian_version ] || die "Only Debian is installed on by itself. Install Chromium or Chrome and name it: CHROMIUM=/path/to/chromium npm test"
  [ "$(id -u)" = 0 ] || die "Installing Chromium needs root. Run \`apt-get install chromium-headless-shell\` as root, or name another: CHROMIUM=/path/to/chromium npm test"
  install_missing chromium-headless-shell
}

case ${1:-} in
  plan | install) "$1" ;;
  *) die "usage: chromium.sh plan | install" ;;
esac
