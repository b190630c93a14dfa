#!/bin/bash
# Starts a single Postgres without standby, in the image of the shop's own Postgres. Only the peer reaches it.
set -eu
data=/var/lib/postgresql/17
if [ ! -s "$data/PG_VERSION" ]; then
  initdb --pgdata="$data" --auth=trust --encoding=UTF8 --data-checksums \
    --locale=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8
  echo 'host all all all trust' >>"$data/pg_hba.conf"
fi
# Memory: four times the shop's 64 MB. As in the shop, queries are neither compiled nor spread over processes; the rest
# are Postgres' defaults, so each commit is flushed to the disk.
exec postgres -D "$data" --listen-addresses='*' --shared-buffers=256MB \
  --jit=off --max-parallel-workers-per-gather=0
