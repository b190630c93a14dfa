#!/bin/sh
# Starts one Sentinel. The script writes its configuration once. Sentinel then keeps the master and the epoch in that
# file. A new file at each start would name the first master again, and the newer data of its successor would be lost.
set -eu

own_config=/data/sentinel.conf
address_of() { getent ahostsv4 "$1" | awk '{ print $1; exit }'; }
if [ ! -s "$own_config" ]; then
  password=$(cat /run/secrets/redis/password)
  umask 077
  # Sentinels store addresses, not names, so every address here is fixed. FIRST_MASTER may be a name with a fixed address.
  first_master=$(address_of "$FIRST_MASTER")
  if [ -z "$first_master" ]; then echo "no address for $FIRST_MASTER yet" >&2; exit 1; fi
  # Quorum 2 of 3.
  printf 'requirepass %s\nsentinel monitor %s %s 6379 2\nsentinel auth-pass %s %s\n' \
    "$password" "$REDIS_MASTER_NAME" "$first_master" "$REDIS_MASTER_NAME" "$password" >"$own_config.new"
  # On Kubernetes, the other Sentinels reach the address of this pod's Service and not the pod's own.
  if [ -n "${ANNOUNCE_NAME:-}" ]; then
    own_ip=$(address_of "$ANNOUNCE_NAME")
    if [ -z "$own_ip" ]; then echo "no address for $ANNOUNCE_NAME yet" >&2; exit 1; fi
    printf 'sentinel announce-ip %s\n' "$own_ip" >>"$own_config.new"
  fi
  mv "$own_config.new" "$own_config"
fi
exec redis-sentinel "$own_config" --include /etc/redis/sentinel.conf
