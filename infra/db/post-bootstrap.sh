#!/bin/sh
# Patroni runs this once, when it creates the cluster. $1: connection string of the superuser.
set -eu
secret() { cat "/run/secrets/postgres/$1-password"; }

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$1" \
  --set migrator_password="$(secret migrator)" --set app_password="$(secret app)" \
  --set payments_password="$(secret payments)" --set monitor_password="$(secret monitor)" \
  --file /etc/patroni/roles.sql
