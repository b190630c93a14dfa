#!/bin/sh
# One-shot: creates the buckets, their users and policies, and the expiry of staged uploads. Each step sets a state and
# depends on no other step, so it is safe to run again, also after it was stopped half-way.
set -eu

nodes='minio-1 minio-2 minio-3 minio-4'

# A new cluster refuses writes for a moment, and a node may have missed a setting. So the script tries again.
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

# user <name>: a user with the keys <name>-access-key and <name>-secret-key, and the rights of policies/<name>.json.
# The keys go through standard input, because every user of the machine can list the arguments of a process.
user() {
  printf '%s\n%s\n' "$(secret "$1-access-key")" "$(secret "$1-secret-key")" | mc --quiet admin user add shop
  mc --quiet admin policy create shop "$1" "/etc/minio/$1.json"
  # mc reports an error when a policy is attached twice.
  mc --json admin user info shop "$(secret "$1-access-key")" | grep -q "\"policyName\":\"$1\"" ||
    mc --quiet admin policy attach shop "$1" --user "$(secret "$1-access-key")"
}

# allows <node>: whether this node accepts the API, the edges and the worker. A node announces a setting to the others
# once. A node that is unreachable at that moment misses the setting for up to 15 minutes: in one run, one node of four
# refused pictures. Setting everything again announces it again.
allows() {
  MC_HOST_signer="http://$(secret signer-access-key):$(secret signer-secret-key)@$1:9000"
  MC_HOST_app="http://$(secret app-access-key):$(secret app-secret-key)@$1:9000"
  MC_HOST_anonymous="http://$1:9000"
  export MC_HOST_signer MC_HOST_app MC_HOST_anonymous
  echo "$1: the signer puts an upload, the app a picture, and a client without keys reads it"
  echo probe | timeout 10 mc --quiet pipe signer/uploads/uploads/.probe >/dev/null
  echo probe | timeout 10 mc --quiet pipe app/media/.probe >/dev/null
  timeout 10 mc --quiet cat anonymous/media/.probe >/dev/null
}

mc ready shop
# A cluster that has this configuration stays as it is: after a restart it accepts reads at once, but no writes for ten
# seconds.
configuration=$(cat "$0" /etc/minio/*.json /run/secrets/minio/* | sha256sum)
[ "$(mc cat shop/uploads/.configuration 2>/dev/null)" != "$configuration" ] || exit 0
# `uploads` is private: it holds the uploads of browsers (uploads/<id>/<random>) and the originals (originals/<sha256>).
# `media` holds the public pictures: a client may read an object whose name it knows, and cannot list the bucket.
mc --quiet mb --ignore-existing shop/uploads shop/media
mc --quiet anonymous set-json /etc/minio/media-anonymous.json shop/media
# MinIO deletes uncompleted uploads after a day; a client can complete an upload within 15 minutes.
mc --quiet ilm import shop/uploads </etc/minio/uploads-lifecycle.json
user signer
user app
for node in $nodes; do allows "$node"; done
printf '%s\n' "$configuration" | mc --quiet pipe shop/uploads/.configuration
