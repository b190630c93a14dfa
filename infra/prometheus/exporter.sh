#!/bin/bash
# exporter nginx | postgres | redis | pgbouncer <host>: starts that exporter.
#
# Passwords come from secrets/monitoring. The script passes them on in files on a tmpfs, because every user of the machine
# can read arguments and environments of processes.
set -eu
umask 077
secret() { cat "/run/secrets/monitoring/$1"; }

case $1 in
  nginx)
    exec prometheus-nginx-exporter --nginx.scrape-uri=http://edge-1:8090/status --nginx.scrape-uri=http://edge-2:8090/status
    ;;
  postgres)
    # One exporter for all nodes: Prometheus names the node in the URL (/probe?target=…&auth_module=monitor).
    printf 'auth_modules:\n  monitor:\n    type: userpass\n    userpass: { username: monitor, password: %s }\n' \
      "$(secret database-password)" >/tmp/postgres.yml
    # Without the settings of Postgres: they would be nine tenths of the series, and do not change.
    exec prometheus-postgres-exporter --config.file=/tmp/postgres.yml --disable-settings-metrics --log.level=warn
    ;;
  redis)
    # One exporter for all nodes: Prometheus names the node in the URL (/scrape?target=redis://…).
    for target in redis-1:6379 redis-2:6379 redis-3:6379 sentinel-1:26379 sentinel-2:26379 sentinel-3:26379; do
      printf '"redis://%s": "%s"\n' "$target" "$(secret redis-password)"
    done | paste -sd, | sed 's/.*/{ & }/' >/tmp/redis.json
    exec prometheus-redis-exporter -redis.addr= -redis.password-file=/tmp/redis.json -connection-timeout=5s
    ;;
  pgbouncer)
    # The exporter ends if it finds no PgBouncer at its start, so the script waits for it.
    until (: >"/dev/tcp/$2/6432") 2>/dev/null; do sleep 1; done
    printf '%s:6432:pgbouncer:monitor:%s\n' "$2" "$(secret database-password)" >/tmp/pgpass
    PGPASSFILE=/tmp/pgpass exec prometheus-pgbouncer-exporter --log.level=warn \
      --pgBouncer.connectionString="postgres://monitor@$2:6432/pgbouncer?sslmode=disable"
    ;;
esac
