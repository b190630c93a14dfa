#!/bin/bash
# A browser for the storefront's tests on a Debian machine that has none: `chromium.sh plan | install`.
set -euo pipefail
# Only the machine's own packages are installed here, and it need not be Debian: no mirror is looked up.
DEBIAN_MIRROR=none DEBIAN_SECURITY_MIRROR=none
. "$(dirname "${BASH_SOURCE[0]}")/apt-beside.sh"

debian_chromium=/usr/bin/chromium
CHROMIUM=${CHROMIUM:-$debian_chromium}

# One line for each thing that `install` would put on the machine; nothing when all is there.
plan() {
  [ -x "$CHROMIUM" ] || [ "$CHROMIUM" != "$debian_chromium" ] || say "chromium, by apt-get install (about 350 MB unpacked)"
}

install() {
  [ ! -x "$CHROMIUM" ] || return 0
  [ "$CHROMIUM" = "$debian_chromium" ] || die "CHROMIUM=$CHROMIUM is no program that can be run."
  [ -e /etc/debian_version ] || die "Only Debian is installed on by itself. Install Chromium or Chrome and name it: CHROMIUM=/path/to/chromium npm test"
  [ "$(id -u)" = 0 ] || die "Installing Chromium needs root. Run \`apt-get install chromium\` as root, or name another: CHROMIUM=/path/to/chromium npm test"
  install_missing chromium
}

case ${1:-} in
  plan | install) "$1" ;;
  *) die "usage: chromium.sh plan | install" ;;
esac
