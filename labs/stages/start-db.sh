#!/bin/bash
# Makes the database at the first start, and serves it.
set -eu
data=/var/lib/postgresql/db
if [[ ! -e $data/ready ]]; then
  rm -rf "$data"
  initdb --pgdata="$data" --username=shop --auth=trust --no-sync >/dev/null
  printf 'host all all samenet trust\nhost replication all samenet trust\n' >>"$data/pg_hba.conf"
  pg_ctl -D "$data" -w -o '-c listen_addresses=' start >/dev/null
  psql -qU shop -d postgres -v ON_ERROR_STOP=1 -f /stages/app/schema.sql
  pg_ctl -D "$data" -w stop >/dev/null
  touch "$data/ready"
fi
exec postgres -D "$data" -c listen_addresses='*' -c shared_buffers=32MB
