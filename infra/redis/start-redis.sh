#!/bin/sh
# Starts one Redis node in the role that the Sentinels give it.
#
# A node does not trust its own memory of its role: the master that was killed would come back as a second master
# for the ten seconds that Sentinel takes to demote it. So it asks a majority of the Sentinels first, and then
#   - a node that is to be a replica waits for its master to answer;
#   - the node that is to be the master, while replicas are up, waits for them to be given another master: what
#     they hold is at least as new as its own file.
# After a power cut no other node is up, so the last master starts at once and the others copy from it.
set -eu

own_config=/data/redis.conf
own_ip=$(hostname -i)
REDISCLI_AUTH=$(cat /run/secrets/redis/password)
export REDISCLI_AUTH

# Written once: Redis and Sentinel rewrite it from then on.
if [ ! -s "$own_config" ]; then
  umask 077
  printf 'requirepass %s\nmasterauth %s\n' "$REDISCLI_AUTH" "$REDISCLI_AUTH" >"$own_config.new"
  mv "$own_config.new" "$own_config"
fi

# A peer that is paused or cut off never answers: give each one second.
ask() { timeout 1 redis-cli --no-auth-warning "$@" 2>/dev/null; }

# The master's address by the newest epoch among the Sentinels; nothing unless a majority answers.
master_by_sentinels() {
  for sentinel in $SENTINELS; do
    ask -h "$sentinel" -p 26379 sentinel master "$REDIS_MASTER_NAME" |
      awk '$0 == "ip" { getline ip } $0 == "config-epoch" { getline epoch } END { if (epoch != "") print epoch, ip }'
  done | sort -n | awk -v majority=2 '{ ip = $2 } END { if (NR >= majority) print ip }'
}

any_peer_is_up() {
  for peer in $PEERS; do
    [ "$peer" != "$(hostname)" ] && ask -h "$peer" ping | grep -q PONG && return 0
  done
  return 1
}

settled() {
  if [ "$master" = "$own_ip" ]; then ! any_peer_is_up; else ask -h "$master" ping | grep -q PONG; fi
}

# Longer than any failover. Then the Sentinels' word stands, whichever nodes are up: they cannot elect a replica that is down.
patience_s=15
started=$(date +%s)
until master=$(master_by_sentinels) && [ -n "$master" ] && { settled || [ $(($(date +%s) - started)) -ge $patience_s ]; }; do
  sleep 0.2
done

if [ "$master" = "$own_ip" ]; then replicaof='no one'; else replicaof="$master 6379"; fi
echo "starting as the Sentinels say: replica of $replicaof"
exec redis-server "$own_config" --replicaof "$replicaof" --include /etc/redis/redis.conf
