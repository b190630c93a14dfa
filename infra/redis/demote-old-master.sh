#!/bin/bash
# Sentinel runs this for each of its events; it acts on two of them, so that a master that is paused and wakes during
# its own failover acknowledges nothing that will be thrown away. For a second it would else go on with the replica
# that has not yet been told of the change: `min-replicas-to-write` is content, even WAIT 1 is (743, 1105 and 862
# acknowledged writes were lost in three runs with a pause of 2 s).
#
#   +try-failover    no replica has been chosen yet: whatever the old master takes after this waits. The pause ends by
#                    itself, so a failover that comes to nothing leaves a master that works.
#   +selected-slave  the order that Sentinel itself gives ten seconds after an old master is back is given now.
#
# An order waits in the sleeper's socket, so it is read before a replica can confirm another write. What may be left are
# writes without WAIT that a waking master finds beside it (80 in one run of five, counted before the pause was asked
# for and not since). A dead master refuses the connection.
set -eu

case $1 in
  +try-failover)
    # master <name> <ip> <port>
    read -r _ _ old_ip old_port _ <<<"$2"
    # Longer than the rest of a failover takes.
    order='CLIENT PAUSE 3000 WRITE'
    ;;
  +selected-slave)
    # slave <name> <ip> <port> @ <master> <ip> <port>
    read -r _ _ new_ip new_port _ _ old_ip old_port <<<"$2"
    order=$(printf '%s\r\n' MULTI "REPLICAOF $new_ip $new_port" 'CONFIG REWRITE' \
      'CLIENT KILL TYPE normal' 'CLIENT KILL TYPE pubsub' 'CLIENT UNPAUSE' EXEC)
    ;;
  *) exit 0 ;;
esac
password=$(</run/secrets/redis/password)
export old_ip old_port order password

give() {
  exec 3<>"/dev/tcp/$old_ip/$old_port"
  printf '%s\r\n' "AUTH $password" "$order" QUIT >&3
  # Until the answers are read: closing before would reset the connection, and the order with it.
  cat <&3 >/dev/null
}
export -f give

# A master that was cut off may be reachable again before the failover is over.
for _ in 1 2 3; do
  timeout 2 bash -euc give 2>/dev/null && exit 0
  sleep 0.3
done
exit 0
