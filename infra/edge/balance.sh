#!/bin/bash
# Sets how this edge chooses a replica of the API: one of the methods in /etc/nginx/balancing/*.conf.
#
#   balance             prints the method that nginx uses now
#   balance NAME        changes the method; no request is dropped
#   balance --at-start  writes the last chosen method; start-edge.sh calls this before nginx runs
set -euo pipefail

# The choice is on the volume, so a new container of this edge keeps it.
chosen=/var/spool/edge/balancing
usual=least-connections

exists() { [[ $1 =~ ^[a-z-]+$ && -f /etc/nginx/balancing/$1.conf ]]; }

write() {
  echo "include balancing/$1.conf;" >/run/nginx/balancing.conf
  echo "default_type text/plain; return 200 '$1';" >/run/nginx/balancing-name.conf
}

# Prints the answer of nginx' worker: the headers, and the method's name in the last line.
running() {
  local answer
  exec 3<>/dev/tcp/127.0.0.1/8090
  printf 'GET /balancing HTTP/1.0\r\n\r\n' >&3
  mapfile -t answer <&3
  echo "${answer[-1]}"
}

switch_to() {
  exists "$1" || { echo "There is no balancing method \"$1\" in this edge's image." >&2; exit 2; }
  local before
  before=$(running)
  write "$1"
  # nginx reports a failed reload only in its log, so the script checks the configuration first.
  nginx -q -t || { write "$before"; exit 1; }
  echo "$1" >"$chosen"
  # A new worker takes new connections. The old worker finishes its requests and ends.
  nginx -s reload
  until [[ $(running) == "$1" ]]; do sleep 0.05; done
}

case ${1:-} in
  '') running ;;
  --at-start)
    name=$(cat "$chosen" 2>/dev/null || true)
    exists "$name" || name=$usual
    write "$name"
    ;;
  *) switch_to "$1" ;;
esac
