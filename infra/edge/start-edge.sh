#!/bin/bash
# Writes what depends on the environment, then becomes nginx.
#
#   EDGE_ORIGINS              comma list: the origins of both edges, which trust each other within one scheme
#   EDGE_REQUESTS_PER_SECOND  from one address, beyond which the edge answers 429 before the API counts anything
#   EDGE_CONNECTIONS          requests of one address that are served at once
#   APP_SUBNET                who may read the status
#   BROKEN_VARIANT            a mechanism to switch off, for the test that claims it; refused unless SHOP_ENVIRONMENT=test
set -euo pipefail

# The files in which a variant leaves something out are read from /run, where they are edited; usually not at all.
case ${BROKEN_VARIANT:-} in
  edge-repeats-nothing) edit='s/proxy_next_upstream .*/proxy_next_upstream off;/; /= @again/d; /= @unsent/d' ;;
  edge-resolves-once) edit='s/ resolve / /' ;;
  edge-buffers-nothing) edit='s/include proxy-api.conf;/& proxy_request_buffering off; proxy_buffering off;/' ;;
  # Only the location of what has no key ends its list there.
  edge-repeats-what-has-no-key) edit='s/proxy_next_upstream error timeout;/proxy_next_upstream error timeout http_503 non_idempotent;/' ;;
  edge-knows-one-place) edit='s/minio$second_place/minio/' ;;
  *) edit='' ;;
esac
if [[ $edit && ${SHOP_ENVIRONMENT:-production} == production ]]; then
  echo "BROKEN_VARIANT=$BROKEN_VARIANT breaks a promise on purpose: refused in production" >&2
  exit 1
fi
for file in api storage upstreams; do sed "$edit" "/etc/nginx/$file.conf" >"/run/nginx/$file.conf"; done

IFS=, read -ra origins <<<"$EDGE_ORIGINS"

of_scheme() {
  local origin
  for origin in "${origins[@]}"; do
    if [[ $origin == "$1"://* ]]; then printf ' %s' "$origin"; fi
  done
}

first_of_scheme() {
  local first
  read -r first _ < <(of_scheme "$1"; echo)
  printf '%s' "$first"
}

cat >/run/nginx/settings.conf <<CONF
map \$http_origin \$listed_origin {
  default '';
$(printf "  '%s' \$http_origin;\n" "${origins[@]}")
}
map "\$scheme://\$http_host" \$known_origin {
  default '';
$(for origin in "${origins[@]}"; do echo "  '$origin' '$origin';"; done)
}
map \$scheme \$first_origin {
  http '$(first_of_scheme http)';
  https '$(first_of_scheme https)';
}
map \$scheme \$edge_origins {
  http '$(of_scheme http)';
  https '$(of_scheme https)';
}

limit_req_zone \$binary_remote_addr zone=requests:1m rate=${EDGE_REQUESTS_PER_SECOND}r/s;
# A second's worth may come at once.
limit_req zone=requests burst=${EDGE_REQUESTS_PER_SECOND} nodelay;
limit_conn_zone \$binary_remote_addr zone=connections:1m;
limit_conn connections ${EDGE_CONNECTIONS};
CONF

cat >/run/nginx/app-network.conf <<CONF
allow 127.0.0.1;
allow ${APP_SUBNET};
deny all;
CONF

# What an edge that was killed left behind.
find /var/spool/edge -type f -delete
exec nginx -g 'daemon off;'
