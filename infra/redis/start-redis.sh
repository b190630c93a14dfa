#!/bin/sh
# Starts one Redis node in the role that the Sentinels give it.
#
# A node does not use the role that it had before: a killed master would come back as a second master for the ten
# seconds that Sentinel takes to demote it. So the node first asks a majority of the Sentinels. Then
#   - a node that is to be a replica waits until its master answers;
#   - a node that is to be the master waits, while a replica is up, until the Sentinels promote that replica: the data of
#     the replica is at least as new as the node's own file.
# After a power cut no other node is up: the last master starts at once, and the others copy from it.
set -eu

own_config=/data/redis.conf
# The address by which Sentinels and other nodes reach this node. On Kubernetes it is the fixed address of a Service.
address_of() { getent ahostsv4 "$1" | awk '{ print $1; exit }'; }
own_ip=$(if [ -n "${ANNOUNCE_NAME:-}" ]; then address_of "$ANNOUNCE_NAME"; else hostname -i; fi)
if [ -z "$own_ip" ]; then echo "no address for $ANNOUNCE_NAME yet" >&2; exit 1; fi
REDISCLI_AUTH=$(cat /run/secrets/redis/password)
export REDISCLI_AUTH

# The script writes this file once. Later, Redis and Sentinel rewrite it.
if [ ! -s "$own_config" ]; then
  umask 077
  printf 'requirepass %s\nmasterauth %s\n' "$REDISCLI_AUTH" "$REDISCLI_AUTH" >"$own_config.new"
  mv "$own_config.new" "$own_config"
fi

# A paused or isolated peer never answers: each peer has one second.
ask() { timeout 1 redis-cli --no-auth-warning "$@" 2>/dev/null; }

# Prints the master's address in the newest epoch of the Sentinels; prints nothing unless a majority answers.
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

# Longer than any failover. After this time the node follows the Sentinels' answer whichever nodes are up, because the
# Sentinels cannot elect a replica that is down.
patience_s=15
started=$(date +%s)
until master=$(master_by_sentinels) && [ -n "$master" ] && { settled || [ $(($(date +%s) - started)) -ge $patience_s ]; }; do
  sleep 0.2
done

if [ "$master" = "$own_ip" ]; then replicaof='no one'; else replicaof="$master 6379"; fi
echo "starting as the Sentinels say: replica of $replicaof"
exec redis-server "$own_config" --replicaof "$replicaof" --replica-announce-ip "$own_ip" --include /etc/redis/redis.conf
