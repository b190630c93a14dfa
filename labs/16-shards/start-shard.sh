# Makes an empty database in memory, and serves it to clients that have the password of the shop's application.
set -eu
initdb --pgdata=/data/db --username=shop_app --pwfile=/run/secrets/app/database-password \
  --auth-local=reject --auth-host=scram-sha-256 --no-sync >/dev/null
echo 'host all all samenet scram-sha-256' >>/data/db/pg_hba.conf
exec postgres -D /data/db -c listen_addresses='*' -c shared_buffers=32MB -c max_connections=100
