#!/bin/bash
# A Python that can make virtual environments, for the contract's test: `python.sh plan | install | find`.
set -euo pipefail
# This script installs only from the machine's own sources, and the machine may not be Debian: it looks up no mirror.
DEBIAN_MIRROR=none DEBIAN_SECURITY_MIRROR=none
. "$(dirname "${BASH_SOURCE[0]}")/apt-beside.sh"

# The version of Debian 12. requirements.txt was resolved for it.
oldest='(3, 11)'

# Prints the first usable Python. Debian's python3 has no `ensurepip` until python3-venv is installed.
find() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c "import sys, venv, ensurepip; sys.exit(sys.version_info < $oldest)" 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  return 1
}

# Prints one line for each program that `install` would install; prints nothing when all are there.
plan() {
  find >/dev/null || say "python3-venv, by apt-get install (about 35 MB unpacked)"
}

install() {
  ! find >/dev/null || return 0
  [ -e /etc/debian_version ] || die "Only Debian is installed on by itself. Install Python 3.11 or newer, with venv, as python3."
  [ "$(id -u)" = 0 ] || die "Installing Python needs root. Run \`apt-get install python3-venv\` as root."
  install_missing python3-venv
  find >/dev/null || die "python3-venv is installed, and still no python3 of 3.11 or newer can make a virtual environment."
}

case ${1:-} in
  plan | install | find) "$1" ;;
  *) die "usage: python.sh plan | install | find" ;;
esac
