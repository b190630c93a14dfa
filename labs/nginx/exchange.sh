#!/bin/bash
# exchange.sh FILE: the balancer reloads with FILE of the folder labs/. No request is dropped: the old worker of nginx finishes
# its requests. The script waits until that worker has ended, because it still answers on open connections.
set -euo pipefail

master=$(cat /run/nginx/nginx.pid)
before=$(<"/proc/$master/task/$master/children")
cp "/labs/$1" /run/nginx/lab.conf
nginx -q -t -c /labs/nginx/nginx.conf
nginx -c /labs/nginx/nginx.conf -s reload
for worker in $before; do
  while [[ -d /proc/$worker ]]; do sleep 0.05; done
done
