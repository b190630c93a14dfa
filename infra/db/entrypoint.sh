#!/bin/sh
# Writes Patroni's configuration with this node's name and the passwords (hex digits) into memory, becomes Patroni.
set -eu
secret() { cat "/run/secrets/postgres/$1-password"; }

umask 077
sed -e "s/%NODE%/$HOSTNAME/" \
  -e "s/%RESTAPI_PASSWORD%/$(secret restapi)/" \
  -e "s/%SUPERUSER_PASSWORD%/$(secret superuser)/" \
  -e "s/%REPLICATION_PASSWORD%/$(secret replication)/" \
  -e "s/%REWIND_PASSWORD%/$(secret rewind)/" \
  /etc/patroni/patroni.yml >"$PATRONICTL_CONFIG_FILE"
exec /etc/patroni/patroni-fresh-dns.py "$PATRONICTL_CONFIG_FILE"
