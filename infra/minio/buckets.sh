#!/bin/sh
# One-shot: the buckets, who may do what with them, and when staged uploads expire. Every step sets a state and
# none depends on the one before, so it is safe to run again, also after it was stopped half-way.
set -eu

nodes='minio-1 minio-2 minio-3 minio-4'

# A cluster that has only just formed refuses writes for a moment, and a node may have missed what was set.
if [ "${1:-}" != once ]; then
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    timeout 60 "$0" once && exit 0
    sleep 2
  done
  echo "gave up: what failed last is above; all of $nodes have to be up and agree" >&2
  exit 1
fi

secret() { cat "/run/secrets/minio/$1"; }
MC_HOST_shop="http://$(secret root-user):$(secret root-password)@minio-1:9000"
export MC_HOST_shop MC_CONFIG_DIR=/tmp/mc

# user <name>: the key pair <name>-access-key, <name>-secret-key, allowed what policies/<name>.json says and no more.
# The pair goes through standard input, not through the arguments, which everyone on the machine can list.
user() {
  printf '%s\n%s\n' "$(secret "$1-access-key")" "$(secret "$1-secret-key")" | mc --quiet admin user add shop
  mc --quiet admin policy create shop "$1" "/etc/minio/$1.json"
  # Attaching it twice is an error.
  mc --json admin user info shop "$(secret "$1-access-key")" | grep -q "\"policyName\":\"$1\"" ||
    mc --quiet admin policy attach shop "$1" --user "$(secret "$1-access-key")"
}

# allows <node>: whether this node lets in the API, the edges and the worker. Nodes tell each other what was set once,
# and one that cannot be reached in that moment goes on without it for up to 15 minutes: seen as pictures that one node
# of four refused. Setting all of it again tells it again.
allows() {
  MC_HOST_signer="http://$(secret signer-access-key):$(secret signer-secret-key)@$1:9000"
  MC_HOST_app="http://$(secret app-access-key):$(secret app-secret-key)@$1:9000"
  MC_HOST_anybody="http://$1:9000"
  export MC_HOST_signer MC_HOST_app MC_HOST_anybody
  echo "$1: the signer puts an upload, the app a picture, and anybody reads it"
  echo probe | timeout 10 mc --quiet pipe signer/uploads/uploads/.probe >/dev/null
  echo probe | timeout 10 mc --quiet pipe app/media/.probe >/dev/null
  timeout 10 mc --quiet cat anybody/media/.probe >/dev/null
}

mc ready shop
# A cluster that has all of this is left as it is: started again it takes reads at once, and no writes for ten seconds.
configuration=$(cat "$0" /etc/minio/*.json /run/secrets/minio/* | sha256sum)
[ "$(mc cat shop/uploads/.configuration 2>/dev/null)" != "$configuration" ] || exit 0
# `uploads` is private: what browsers have put (uploads/<id>/<random>) and the originals (originals/<sha256>).
# `media` holds the pictures that everybody may get, if they know the name: it cannot be listed.
mc --quiet mb --ignore-existing shop/uploads shop/media
mc --quiet anonymous set-json /etc/minio/media-anonymous.json shop/media
# What was put and never completed goes after a day; an upload can be completed for 15 minutes.
mc --quiet ilm import shop/uploads </etc/minio/uploads-lifecycle.json
user signer
user app
for node in $nodes; do allows "$node"; done
printf '%s\n' "$configuration" | mc --quiet pipe shop/uploads/.configuration
