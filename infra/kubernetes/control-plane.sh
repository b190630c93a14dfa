#!/bin/bash
# The control plane: etcd and three programs of Kubernetes. The script ends when one of them ends.
# CONTROL_PLANE: its own address. NODES: `name=address` of each worker, separated by blanks.
set -uo pipefail
cd /pki

# Routes to the pods of each node: the API server calls metrics-server, which is a pod.
index=0
for node in $NODES; do
  index=$((index + 1))
  ip route replace "10.244.$index.0/24" via "${node#*=}"
done
# What is sent to a pod that is gone stays here, as on the workers.
ip route replace unreachable 10.244.0.0/16

# Without fsync: this cluster is for experiments, so a power cut may destroy its state, and the disk has less work.
etcd --data-dir /var/lib/etcd --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --log-level warn --unsafe-no-fsync &

GOMEMLIMIT=400MiB kube kube-apiserver --etcd-servers http://127.0.0.1:2379 --advertise-address "$CONTROL_PLANE" --secure-port 6443 \
  --service-cluster-ip-range 10.96.0.0/16 --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged \
  --client-ca-file ca.crt --tls-cert-file apiserver.crt --tls-private-key-file apiserver.key \
  --kubelet-certificate-authority ca.crt --kubelet-client-certificate apiserver-kubelet.crt --kubelet-client-key apiserver-kubelet.key \
  --kubelet-preferred-address-types InternalIP --service-account-issuer https://kubernetes.default.svc \
  --service-account-key-file service-accounts.pub --service-account-signing-key-file service-accounts.key \
  --requestheader-client-ca-file front-proxy-ca.crt --requestheader-allowed-names front-proxy \
  --requestheader-extra-headers-prefix X-Remote-Extra- --requestheader-group-headers X-Remote-Group \
  --requestheader-username-headers X-Remote-User --proxy-client-cert-file front-proxy.crt --proxy-client-key-file front-proxy.key \
  --enable-aggregator-routing --profiling=false --v 0 &

# The other two programs end when they find no API server, so the script waits for it.
until curl --silent --fail --insecure --output /dev/null https://127.0.0.1:6443/readyz; do sleep 0.3; done

# A node counts as lost after 10 s of silence (default 50 s), and the autoscaler checks every 5 s (default 15 s): experiments
# take only minutes. `infra/kubernetes/README.md` lists every value that is not the default.
kube kube-controller-manager --kubeconfig controllers.conf --authentication-kubeconfig controllers.conf \
  --authorization-kubeconfig controllers.conf --service-cluster-ip-range 10.96.0.0/16 --root-ca-file ca.crt \
  --service-account-private-key-file service-accounts.key --cluster-signing-cert-file ca.crt --cluster-signing-key-file ca.key \
  --use-service-account-credentials --leader-elect=false --node-monitor-period 1s --node-monitor-grace-period 10s \
  --horizontal-pod-autoscaler-sync-period 5s --horizontal-pod-autoscaler-initial-readiness-delay 5s \
  --horizontal-pod-autoscaler-cpu-initialization-period 15s &
kube kube-scheduler --kubeconfig scheduler.conf --authentication-kubeconfig scheduler.conf --authorization-kubeconfig scheduler.conf \
  --leader-elect=false &
wait -n
echo 'one of the programs of the control plane ended' >&2
exit 1
