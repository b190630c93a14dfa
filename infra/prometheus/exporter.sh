#!/bin/bash
# exporter nginx | postgres | redis | pgbouncer <host>: starts that exporter.
#
# Passwords come from secrets/monitoring and are handed on in files on a tmpfs: what is in the arguments or in the
# environment, everyone on the machine can read.
set -eu
umask 077
secret() { cat "/run/secrets/monitoring/$1"; }

case $1 in
  nginx)
    exec prometheus-nginx-exporter --nginx.scrape-uri=http://edge-1:8090/status --nginx.scrape-uri=http://edge-2:8090/status
    ;;
  postgres)
    # One process for all nodes: Prometheus names the node (/probe?target=…&auth_module=monitor).
    printf 'auth_modules:\n  monitor:\n    type: userpass\n    userpass: { username: monitor, password: %s }\n' \
      "$(secret database-password)" >/tmp/postgres.yml
    # The 300 settings would be nine tenths of the series, and do not change.
    exec prometheus-postgres-exporter --config.file=/tmp/postgres.yml --disable-settings-metrics --log.level=warn
    ;;
  redis)
    # One process for all nodes: /scrape?target=redis://….
    for target in redis-1:6379 redis-2:6379 redis-3:6379 sentinel-1:26379 sentinel-2:26379 sentinel-3:26379; do
      printf '"redis://%s": "%s"\n' "$target" "$(secret redis-password)"
    done | paste -sd, | sed 's/.*/{ & }/' >/tmp/redis.json
    exec prometheus-redis-exporter -redis.addr= -redis.password-file=/tmp/redis.json -connection-timeout=5s
    ;;
  pgbouncer)
    # It would give up if there were none at its start.
    until (: >"/dev/tcp/$2/6432") 2>/dev/null; do sleep 1; done
    printf '%s:6432:pgbouncer:monitor:%s\n' "$2" "$(secret database-password)" >/tmp/pgpass
    PGPASSFILE=/tmp/pgpass exec prometheus-pgbouncer-exporter --log.level=warn \
      --pgBouncer.connectionString="postgres://monitor@$2:6432/pgbouncer?sslmode=disable"
    ;;
esac
