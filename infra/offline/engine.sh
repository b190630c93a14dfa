#!/bin/bash
# A Docker Engine for a Debian machine that has none: `engine.sh plan | install | start | remove`.
#
# It unpacks engine 26.1, compose and buildx of Debian 13 below ENGINE_HOME, beside the machine's own packages: the engine
# of Debian 12 is too old for `start_interval`, and dpkg knows nothing of the files, so `remove` only deletes them.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/apt-beside.sh"

ENGINE_HOME=${ENGINE_HOME:-/opt/shop-engine}
ENGINE_SOCKET=${ENGINE_SOCKET:-/var/run/docker.sock}
ENGINE_DATA=${ENGINE_DATA:-/var/lib/docker}
ENGINE_RUN=${ENGINE_RUN:-/var/run/docker}
PLUGIN_LINKS=${PLUGIN_LINKS:-/usr/local/lib/docker/cli-plugins}
CLIENT_LINK=${CLIENT_LINK:-/usr/local/bin/docker}
pid_file=$STATE_DIR/engine.pid
log_file=$STATE_DIR/engine.log

engine_answers() { docker --host "unix://$ENGINE_SOCKET" info >/dev/null 2>&1; }
has_engine() { [ -x "$ENGINE_HOME/usr/sbin/dockerd" ]; }
has_plugin() { docker "$1" version >/dev/null 2>&1; }
has_client() { command -v docker >/dev/null; }

# Prints one line for each program that `install` would install; prints nothing when all are there.
plan() {
  if ! engine_answers && ! has_engine; then
    say "Docker Engine 26.1 of Debian 13, unpacked into $ENGINE_HOME"
    for package in runc iptables iproute2 procps; do
      dpkg-query -W "$package" >/dev/null 2>&1 || say "$package, by apt-get install"
    done
  fi
  # bases.sh makes base images with debootstrap where no registry answers.
  dpkg-query -W debootstrap >/dev/null 2>&1 || say "debootstrap, by apt-get install, should no image registry answer"
  has_client || say "the docker client of Debian 13, linked as $CLIENT_LINK"
  has_plugin compose || say "docker compose of Debian 13, linked into $PLUGIN_LINKS"
  has_plugin buildx || say "docker buildx of Debian 13, linked into $PLUGIN_LINKS"
}

install() {
  [ "$(id -u)" = 0 ] || die "Installing the engine needs root. Install Docker Engine 25 or newer with compose 2.24 or newer, or run as root."
  [ -e /etc/debian_version ] || die "Only Debian is installed on by itself. Install Docker Engine 25 or newer with compose 2.24 or newer: https://docs.docker.com/engine/install/"
  local plugin packages=() links=()
  if ! engine_answers && ! has_engine; then
    install_missing ca-certificates runc iptables iproute2 procps
    packages+=(docker.io containerd tini)
  fi
  has_client || { packages+=(docker-cli); links+=("usr/bin/docker $CLIENT_LINK"); }
  for plugin in compose buildx; do
    has_plugin "$plugin" && continue
    packages+=("docker-$plugin")
    links+=("usr/libexec/docker/cli-plugins/docker-$plugin $PLUGIN_LINKS/docker-$plugin")
  done
  [ ${#packages[@]} -gt 0 ] || return 0
  unpack "${packages[@]}"
  make_links "${links[@]}"
}

unpack() {
  local package
  download_beside "$@"
  mkdir -p "$ENGINE_HOME"
  for package in "$@"; do dpkg-deb -x "$STATE_DIR/downloads/$package"_*.deb "$ENGINE_HOME"; done
}

# Each argument is a path below ENGINE_HOME and the link to it, separated by a blank.
make_links() {
  local pair target link
  for pair in "$@"; do
    read -r target link <<<"$pair"
    mkdir -p "$(dirname "$link")"
    ln -sfn "$ENGINE_HOME/$target" "$link"
  done
}

# After a reboot, a pid file is still there, and its number may belong to another process.
# dockerd would then refuse to start, or take that process for its containerd and kill it.
drop_stale_pid_file() {
  [ ! -e "$1" ] || runs_as "$2" "$(cat "$1")" || rm -f "$1"
}

# runs_as <program> <pid>: whether the process runs and is this program. A dead process that is not reaped has no `exe`.
runs_as() { [[ $(readlink "/proc/$2/exe" 2>/dev/null) == */"$1"* ]]; }

# Starts the engine that `install` unpacked, detached from this shell, and waits until it answers.
start() {
  engine_answers && return 0
  has_engine || die "No engine below $ENGINE_HOME: run engine.sh install first."
  drop_stale_pid_file "$pid_file" dockerd
  drop_stale_pid_file "$ENGINE_RUN/containerd/containerd.pid" containerd
  mkdir -p "$STATE_DIR"
  # dockerd gets a session of its own and no terminal, so it outlives this shell.
  PATH="$ENGINE_HOME/usr/sbin:$ENGINE_HOME/usr/bin:$PATH:/usr/sbin:/sbin" \
    setsid nohup dockerd --host "unix://$ENGINE_SOCKET" --data-root "$ENGINE_DATA" --exec-root "$ENGINE_RUN" \
    --pidfile "$pid_file" --log-level warn >>"$log_file" 2>&1 </dev/null &
  local dockerd_pid=$! attempt
  for attempt in $(seq 120); do
    if engine_answers; then
      say "the engine answers (pid $dockerd_pid, log $log_file)"
      remove_orphaned_bridges
      return 0
    fi
    kill -0 "$dockerd_pid" 2>/dev/null || break
    sleep 0.5
  done
  tail -n 15 "$log_file" >&2
  die "The engine did not start; its last words are above, the whole log is $log_file."
}

# The kernel keeps the bridges of an engine that was killed. An engine that starts without its data does not know them, and a
# new network with the same addresses would reach no container.
remove_orphaned_bridges() {
  local known bridge name
  # A second engine on this machine would have bridges of its own.
  [ "$(pgrep --count --exact dockerd)" = 1 ] || return 0
  known=$(docker --host "unix://$ENGINE_SOCKET" network ls --no-trunc --quiet)
  for bridge in /sys/class/net/br-*; do
    name=${bridge##*/}
    [[ $name =~ ^br-[0-9a-f]{12}$ && -z $(ls "$bridge/brif") ]] || continue
    grep -q "^${name#br-}" <<<"$known" && continue
    ip link delete "$name"
    say "removed the bridge $name, which an engine that is gone had left"
  done
}

# Undoes `install` and `start`: removes the engine, its links, and all its images, containers and volumes.
remove() {
  local pid link
  has_engine || die "There is no engine below $ENGINE_HOME: nothing was removed."
  if pid=$(cat "$pid_file" 2>/dev/null) && runs_as dockerd "$pid"; then
    # The kernel keeps the bridge of a network when the engine is gone. A later network with the same addresses would reach no
    # container.
    if engine_answers; then
      export DOCKER_HOST="unix://$ENGINE_SOCKET"
      docker ps --all --quiet | xargs --no-run-if-empty docker rm --force >/dev/null
      docker network prune --force >/dev/null
    fi
    kill "$pid"
    while runs_as dockerd "$pid"; do sleep 0.2; done
  elif engine_answers; then
    die "The engine that answers at $ENGINE_SOCKET was not started from this folder: stop it first. Nothing was removed."
  fi
  for link in "$CLIENT_LINK" "$PLUGIN_LINKS"/docker-{compose,buildx}; do
    [[ $(readlink "$link") != "$ENGINE_HOME"/* ]] || rm "$link"
  done
  rm -rf --one-file-system "$ENGINE_HOME"
  find "$ENGINE_DATA" -xdev -mindepth 1 -delete
  # rmdir fails when the folder is a mount point.
  rmdir "$ENGINE_DATA" 2>/dev/null || true
  say "Removed $ENGINE_HOME and $ENGINE_DATA. What apt-get installed stays: apt-get remove runc iptables debootstrap"
}

case ${1:-} in
  plan | install | start | remove) "$1" ;;
  *) die "usage: engine.sh plan | install | start | remove" ;;
esac
