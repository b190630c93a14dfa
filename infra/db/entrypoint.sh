#!/bin/sh
# Writes Patroni's configuration, with this node's name and the passwords (hex digits), to a tmpfs, then runs Patroni.
#
#   CLIENT_NETWORK  addresses that may log in with a password, as in pg_hba.conf: this node's own networks unless it is set
set -eu
secret() { cat "/run/secrets/postgres/$1-password"; }

umask 077
sed -e "s/%NODE%/$HOSTNAME/" \
  -e "s|%CLIENTS%|${CLIENT_NETWORK:-samenet}|" \
  -e "s/%RESTAPI_PASSWORD%/$(secret restapi)/" \
  -e "s/%SUPERUSER_PASSWORD%/$(secret superuser)/" \
  -e "s/%REPLICATION_PASSWORD%/$(secret replication)/" \
  -e "s/%REWIND_PASSWORD%/$(secret rewind)/" \
  /etc/patroni/patroni.yml >"$PATRONICTL_CONFIG_FILE"
exec /etc/patroni/patroni-fresh-dns.py "$PATRONICTL_CONFIG_FILE"
