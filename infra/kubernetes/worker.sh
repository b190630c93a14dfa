#!/bin/bash
# A worker: containerd, kubelet and kube-proxy. There is no overlay network: each node has a network for its pods, and
# routes to the networks of the other nodes.
# NODES: `name=address` of each worker, separated by blanks. ZONE: the worker's zone. NODE_MEMORY_GIB: memory for its pods.
set -uo pipefail
name=$(hostname)
address=$(hostname -i)

# The kubelet sets these kernel parameters for the whole machine, which it shares here. So this function makes them appear
# as set, in files of this container.
pretend() {
  local file=/run/pretended-${1//\//-}
  echo "$2" >"$file"
  mount --bind "$file" "/proc/sys/$1"
}
pretend vm/overcommit_memory 1
pretend kernel/panic 10
pretend kernel/panic_on_oops 1
mount --make-rshared /

index=0
for node in $NODES; do
  index=$((index + 1))
  if [ "${node%=*}" = "$name" ]; then own=$index; else ip route replace "10.244.$index.0/24" via "${node#*=}"; fi
done
# A pod that is gone has no route. By the default route, what is sent to it would leave the cluster, and a gateway outside
# may answer: at a power cut, calls got an empty 404 from one.
ip route replace unreachable 10.244.0.0/16
mkdir -p /etc/cni/net.d /data/containerd /data/kubelet
cat >/etc/cni/net.d/10-pods.conflist <<JSON
{ "cniVersion": "1.0.0", "name": "pods", "plugins": [
  { "type": "ptp", "ipMasq": false, "mtu": 1500, "ipam": { "type": "host-local", "dataDir": "/run/cni",
    "ranges": [[{ "subnet": "10.244.$own.0/24" }]], "routes": [{ "dst": "0.0.0.0/0" }] } },
  { "type": "portmap", "capabilities": { "portMappings": true } }] }
JSON
# The folders of the volumes of pods (infra/kubernetes/addons.yaml).
for volume in $(seq 8); do install -d -m 0777 "/data/volumes/$volume"; done

mkdir -p /etc/containerd/certs.d/registry:5000
echo 'server = "http://registry:5000"' >/etc/containerd/certs.d/registry:5000/hosts.toml
containerd --config /etc/kubernetes/containerd.toml --log-level warn &
until ctr version >/dev/null 2>&1; do sleep 0.2; done

# A node sees the memory of the whole machine. The kubelet reserves all but NODE_MEMORY_GIB, so the scheduler sees only that.
total_kib=$(awk '/MemTotal/ { print $2 }' /proc/meminfo)
reserved_kib=$((total_kib - NODE_MEMORY_GIB * 1024 * 1024))
[ "$reserved_kib" -gt 0 ] || reserved_kib=0
sed "s/@NAME@/$name/; s/@RESERVED@/${reserved_kib}Ki/" /etc/kubernetes/kubelet.yaml >/run/kubelet.yaml
kube kubelet --config /run/kubelet.yaml --kubeconfig "/pki/$name.conf" --root-dir /data/kubelet --node-ip "$address" \
  --hostname-override "$name" --node-labels "topology.kubernetes.io/zone=$ZONE" --v 0 &
kube kube-proxy --config /etc/kubernetes/kube-proxy.yaml --hostname-override "$name" --v 0 &
wait -n
echo 'one of the programs of the worker ended' >&2
exit 1
