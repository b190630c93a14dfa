#!/bin/sh
# Starts one Sentinel. Its configuration is written once and then belongs to Sentinel, which keeps in it who the
# master is and in which epoch: a file made anew at each start would elect the first master again, and the newer
# data of its successor would be wiped.
set -eu

own_config=/data/sentinel.conf
if [ ! -s "$own_config" ]; then
  password=$(cat /run/secrets/redis/password)
  umask 077
  # Quorum 2 of 3. Sentinels remember addresses, not names: every address here is fixed.
  printf 'requirepass %s\nsentinel monitor %s %s 6379 2\nsentinel auth-pass %s %s\n' \
    "$password" "$REDIS_MASTER_NAME" "$FIRST_MASTER" "$REDIS_MASTER_NAME" "$password" >"$own_config.new"
  mv "$own_config.new" "$own_config"
fi
exec redis-sentinel "$own_config" --include /etc/redis/sentinel.conf
