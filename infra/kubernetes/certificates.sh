#!/bin/bash
# Writes the certificates and kubeconfigs of the cluster to the volume /pki, unless they exist.
# CONTROL_PLANE: its address. NODES: `name=address` of each worker, separated by blanks.
set -euo pipefail
cd /pki
[ ! -e complete ] || exit 0
server=https://$CONTROL_PLANE:6443
days=3650

authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.crt" -subj "/CN=$1" -days "$days" 2>/dev/null
}

# certificate <file> <authority> <subject> [usage] [other names]
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "$3" 2>/dev/null
  { echo "extendedKeyUsage=${4:-clientAuth}"; [ -z "${5:-}" ] || echo "subjectAltName=$5"; } >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$2.crt" -CAkey "$2.key" -CAcreateserial -out "$1.crt" -days "$days" -extfile "$1.ext" 2>/dev/null
  rm "$1.csr" "$1.ext"
}

# kubeconfig <file of a certificate>: writes a kubeconfig with the same name and the suffix .conf
kubeconfig() {
  cat >"$1.conf" <<YAML
apiVersion: v1
kind: Config
clusters: [{ name: shop, cluster: { server: '$server', certificate-authority-data: $(base64 -w0 ca.crt) } }]
users: [{ name: shop, user: { client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key") } }]
contexts: [{ name: shop, context: { cluster: shop, user: shop, namespace: shop } }]
current-context: shop
YAML
}

client() { certificate "$1" ca "$2"; kubeconfig "$1"; }

authority ca
authority front-proxy-ca
openssl genrsa -out service-accounts.key 2048 2>/dev/null
openssl rsa -in service-accounts.key -pubout -out service-accounts.pub 2>/dev/null
certificate apiserver ca /CN=kube-apiserver serverAuth \
  "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:localhost,IP:10.96.0.1,IP:127.0.0.1,IP:$CONTROL_PLANE"
certificate apiserver-kubelet ca /O=system:masters/CN=apiserver-kubelet
certificate front-proxy front-proxy-ca /CN=front-proxy
client admin /O=system:masters/CN=admin
client controllers /CN=system:kube-controller-manager
client scheduler /CN=system:kube-scheduler
client proxy /CN=system:kube-proxy
for node in $NODES; do
  name=${node%=*}
  client "$name" "/O=system:nodes/CN=system:node:$name"
  certificate "$name-serving" ca "/CN=$name" serverAuth "DNS:$name,IP:${node#*=}"
done
touch complete
