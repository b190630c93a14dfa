#!/bin/bash
# Copies the database at the first start, and follows it.
set -eu
data=/var/lib/postgresql/db
until [[ -e $data/ready ]]; do
  rm -rf "$data"
  pg_basebackup --host=db --username=shop --pgdata="$data" --write-recovery-conf --checkpoint=fast --no-sync || sleep 0.5
done
exec postgres -D "$data" -c listen_addresses='*' -c shared_buffers=32MB
