#!/bin/sh
# Generates every secret of the shop. It is safe to run again: existing secrets stay, missing ones are added.
# Each audience has a folder that only its group can read; a container joins the group by `group_add`.
set -eu
umask 077
cd /run/secrets

# folder <name> <gid>
folder() { [ -d "$1" ] || { mkdir "$1"; chgrp "$2" "$1"; chmod 750 "$1"; }; }

# keep <path>: writes stdin to the file unless it exists. The rename makes the file complete or absent, even after a
# power cut.
keep() {
  if [ -e "$1" ]; then cat >/dev/null; return; fi
  rm -f "$1.new"
  cat >"$1.new"
  chgrp "$(stat -c %g "$(dirname "$1")")" "$1.new"
  chmod 440 "$1.new"
  sync "$1.new"
  mv "$1.new" "$1"
  echo "made $1"
}

password() { openssl rand -hex 24 | tr -d '\n' | keep "$1"; }
copy() { keep "$2" <"$1"; }

folder postgres 7001
folder pgbouncer 7002
folder app 7003
folder migrate 7004
folder payments 7005
folder redis 7006
folder minio 7007
folder storage 7008
folder monitoring 7009
folder tls 7010

# Postgres: the superuser and Patroni's roles, then one role for each program. Each program's folder gets a copy.
for name in superuser replication rewind restapi migrator app payments monitor; do password "postgres/$name-password"; done
copy postgres/migrator-password migrate/database-password
copy postgres/app-password app/database-password
copy postgres/payments-password payments/database-password
copy postgres/monitor-password monitoring/database-password

# PgBouncer logs in for its clients, so it needs the passwords; their SCRAM verifiers are not enough.
for role in app:shop_app payments:payments_app monitor:monitor; do
  printf '"%s" "%s"\n' "${role#*:}" "$(cat "postgres/${role%%:*}-password")"
done | keep pgbouncer/userlist.txt

password app/cookie-secret
password app/token-secret

password redis/password
copy redis/password app/redis-password
copy redis/password monitoring/redis-password

# Object storage: `signer` may only put objects, because browsers get its signatures; `app` reads and copies.
printf shop-root | keep minio/root-user
password minio/root-password
printf shop-signer | keep storage/signer-access-key
printf shop-app | keep storage/app-access-key
password storage/signer-secret-key
password storage/app-secret-key
for key in signer-access-key signer-secret-key app-access-key app-secret-key; do copy "storage/$key" "minio/$key"; done

# The edges' key and certificate belong together. The script keeps the certificate last, so a certificate means that
# both are there.
if [ ! -e tls/edge.crt ]; then
  rm -f tls/edge.key
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext extendedKeyUsage=serverAuth \
    -keyout /tmp/edge.key -out /tmp/edge.crt 2>/dev/null
  keep tls/edge.key </tmp/edge.key
  keep tls/edge.crt </tmp/edge.crt
fi
