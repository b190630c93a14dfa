#!/bin/bash
# engine.sh and bases.sh source this file. It downloads packages of Debian 13 and adds no source to the machine's apt.
# It uses an apt configuration, package lists and a cache of its own, all below STATE_DIR.

repository_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
STATE_DIR=${STATE_DIR:-$repository_root/.state}

# machine_mirror debian | debian-security: prints the mirror of this machine. It also works before the first apt-get
# update, when the machine has no information about a release yet.
machine_mirror() {
  apt-get indextargets --no-release-info --format '$(REPO_URI)' 'Created-By: Packages' |
    awk -v name="$1" '$0 ~ "/" name "/?$" && !seen++ { sub("/$", ""); print }'
}
DEBIAN_MIRROR=${DEBIAN_MIRROR:-$(machine_mirror debian)}
DEBIAN_SECURITY_MIRROR=${DEBIAN_SECURITY_MIRROR:-$(machine_mirror debian-security)}
# A mirror has both archives side by side.
DEBIAN_SECURITY_MIRROR=${DEBIAN_SECURITY_MIRROR:-$DEBIAN_MIRROR-security}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# Installs those of the named packages that are missing, from the machine's own sources.
install_missing() (
  mkdir -p "$STATE_DIR"
  # bases.sh may run twice at the same time, and apt-get does not wait for the lock of the package lists.
  exec 9>"$STATE_DIR/apt.lock"
  flock 9
  missing=()
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || exit 0
  say "apt-get install ${missing[*]}"
  apt-get -qq -o DPkg::Lock::Timeout=120 update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "${missing[@]}" >/dev/null
)

# Downloads the named packages of trixie to STATE_DIR/downloads. A second call downloads nothing.
download_beside() {
  local apt_dir=$STATE_DIR/apt downloads=$STATE_DIR/downloads package wanted=()
  mkdir -p "$apt_dir/lists/partial" "$apt_dir/cache/archives/partial" "$downloads"
  for package in "$@"; do
    compgen -G "$downloads/${package}_*.deb" >/dev/null || wanted+=("$package")
  done
  [ ${#wanted[@]} -gt 0 ] || return 0
  say "downloading from Debian 13: ${wanted[*]}"
  cat >"$apt_dir/sources.list" <<EOF
deb [signed-by=$keyring] $DEBIAN_MIRROR trixie main
deb [signed-by=$keyring] $DEBIAN_SECURITY_MIRROR trixie-security main
EOF
  # apt reads this file after the machine's own configuration, so a proxy from there still applies.
  cat >"$apt_dir/apt.conf" <<EOF
Dir::Etc::SourceList "$apt_dir/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$apt_dir/lists";
Dir::Cache "$apt_dir/cache";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
APT::Sandbox::User "root";
#clear APT::Update::Post-Invoke-Success;
EOF
  apt-get -qq -c "$apt_dir/apt.conf" update
  (cd "$downloads" && apt-get -qq -c "$apt_dir/apt.conf" download "${wanted[@]}")
}
