#!/bin/bash
# Writes the files that depend on the environment, then runs nginx.
#
#   EDGE_ORIGINS              comma list: the origins of both edges, which trust each other within one scheme
#   EDGE_REQUESTS_PER_SECOND  limit for one address; above it the edge answers 429 and the API sees no request
#   EDGE_CONNECTIONS          limit of concurrent requests for one address
#   APP_SUBNET                the network that may read the status
#   DNS_SUFFIX                the domain that a cluster appends to a service's name, because nginx uses no search list;
#                             empty under compose
#   BROKEN_VARIANT            the mechanism to switch off, for a test; refused unless SHOP_ENVIRONMENT=test
set -euo pipefail

# nginx reads these two files from /run, so that a variant can edit them. Without a variant they are plain copies.
case ${BROKEN_VARIANT:-} in
  edge-repeats-nothing) edit='s/proxy_next_upstream .*/proxy_next_upstream off;/; /= @again/d; /= @unsent/d' ;;
  edge-resolves-once) edit='s/ resolve / /' ;;
  edge-buffers-nothing) edit='s/include proxy-api.conf;/& proxy_request_buffering off; proxy_buffering off;/' ;;
  # These patterns match only the locations for calls without a key: their first round and their second.
  edge-repeats-what-has-no-key) edit='s/proxy_next_upstream error timeout;/proxy_next_upstream error timeout http_503 non_idempotent;/; s/= @unsent;/= @again;/' ;;
  edge-knows-one-place) edit='s/minio$second_place/minio/' ;;
  *) edit='' ;;
esac
if [[ $edit && ${SHOP_ENVIRONMENT:-production} == production ]]; then
  echo "BROKEN_VARIANT=$BROKEN_VARIANT breaks a promise on purpose: refused in production" >&2
  exit 1
fi
# Docker's own DNS server (127.0.0.11), or a cluster's.
dns_server=$(awk '$1 == "nameserver" { print $2; exit }' /etc/resolv.conf)
names="s/%DNS_SERVER%/$dns_server/; s/%DNS_SUFFIX%/${DNS_SUFFIX:-}/"
for file in api storage upstreams; do sed "$names; $edit" "/etc/nginx/$file.conf" >"/run/nginx/$file.conf"; done

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
# The requests of one second may arrive at once.
limit_req zone=requests burst=${EDGE_REQUESTS_PER_SECOND} nodelay;
limit_conn_zone \$binary_remote_addr zone=connections:1m;
limit_conn connections ${EDGE_CONNECTIONS};
CONF

cat >/run/nginx/app-network.conf <<CONF
allow 127.0.0.1;
allow ${APP_SUBNET};
deny all;
CONF

# The files of an edge that was killed.
find /var/spool/edge -type f ! -name balancing -delete

balance --at-start
exec nginx -g 'daemon off;'
