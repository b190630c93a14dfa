{{/*
The parts that many services share. Every template passes a dict of `root` (the chart's context), `name` (the service) and
the further keys that a helper names.
*/}}

{{/* An image, by its digest if the values have one. name: the last part of its path. */}}
{{- define "shop.image" -}}
{{- $images := .root.Values.images -}}
{{- $digest := index $images.digests .name -}}
{{ $images.prefix }}/{{ .name }}{{ if $digest }}@{{ $digest }}{{ else }}:{{ $images.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end }}

{{/* The labels by which selectors find pods: they never change. */}}
{{- define "shop.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{/* Labels of an object. */}}
{{- define "shop.labels" -}}
{{ include "shop.selector" . }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/version: {{ .root.Values.images.tag | default .root.Chart.AppVersion | quote }}
{{- end }}

{{/* Labels of a pod. networks: which of compose's networks it is in; network-policies.yaml selects by them. */}}
{{- define "shop.podLabels" -}}
{{ include "shop.selector" . }}
app.kubernetes.io/part-of: shop
{{- range .networks }}
network.shop/{{ . }}: 'true'
{{- end }}
{{- end }}

{{/* Settings of a pod. user: the id of the image's user; Kubernetes needs the number to check that it is not root. */}}
{{- define "shop.pod" -}}
# No program of the shop calls the Kubernetes API.
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.images.pullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  # Volumes and secrets belong to this group. When the root of a volume has this group, Kubernetes does not change its files again.
  fsGroup: {{ .user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{/* Settings of a container: the equivalent of infra/hardened.yml under compose. */}}
{{- define "shop.container" -}}
imagePullPolicy: {{ .root.Values.images.pullPolicy }}
securityContext:
  readOnlyRootFilesystem: true
  allowPrivilegeEscalation: false
  capabilities: { drop: [ALL] }
{{- end }}

{{/* For services without data: pods spread evenly over zones and machines, and move soon when a machine is lost. */}}
{{- define "shop.spread" -}}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: { matchLabels: { app.kubernetes.io/name: {{ $.name }}, app.kubernetes.io/instance: {{ $.root.Release.Name }} } }
  {{- end }}
tolerations:
  {{- range list "unreachable" "not-ready" }}
  - { key: node.kubernetes.io/{{ . }}, operator: Exists, effect: NoExecute, tolerationSeconds: {{ $.root.Values.scheduling.evictAfterSeconds }} }
  {{- end }}
{{- end }}

{{/* For services with data: pods on different machines, spread over zones. A pod waits for its machine, which has its volume. */}}
{{- define "shop.apart" -}}
affinity:
  podAntiAffinity:
    {{- if eq .root.Values.scheduling.dataAntiAffinity "required" }}
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector: { matchLabels: { app.kubernetes.io/name: {{ .name }}, app.kubernetes.io/instance: {{ .root.Release.Name }} } }
    {{- else }}
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector: { matchLabels: { app.kubernetes.io/name: {{ .name }}, app.kubernetes.io/instance: {{ .root.Release.Name }} } }
    {{- end }}
topologySpreadConstraints:
  - topologyKey: topology.kubernetes.io/zone
    maxSkew: 1
    whenUnsatisfiable: {{ eq .root.Values.scheduling.dataZoneSpread "required" | ternary "DoNotSchedule" "ScheduleAnyway" }}
    labelSelector: { matchLabels: { app.kubernetes.io/name: {{ .name }}, app.kubernetes.io/instance: {{ .root.Release.Name }} } }
{{- end }}

{{/* Drains of machines and upgrades of the cluster may remove one pod at a time. */}}
{{- define "shop.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels: {{- include "shop.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  # A drain does not wait for a pod that is not ready.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: { matchLabels: { app.kubernetes.io/name: {{ .name }}, app.kubernetes.io/instance: {{ .root.Release.Name }} } }
{{- end }}

{{/*
A Service for each pod, with the pod's name, also while the pod is not ready: the pods find each other by these names.
count: number of pods. ports: list of numbers. headless: the name resolves to the pod's own address; without it, to an address
that stays when the pod gets another one.
*/}}
{{- define "shop.servicePerPod" -}}
{{- range untilStep 1 (int (add .count 1)) 1 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $.name }}-{{ . }}
  labels: {{- include "shop.labels" $ | nindent 4 }}
spec:
  {{- if $.headless }}
  clusterIP: None
  {{- end }}
  publishNotReadyAddresses: true
  selector:
    {{- include "shop.selector" $ | nindent 4 }}
    statefulset.kubernetes.io/pod-name: {{ $.name }}-{{ . }}
  ports:
    {{- range $.ports }}
    - { name: tcp-{{ . }}, port: {{ . }} }
    {{- end }}
{{- end }}
{{- end }}

{{/* The secrets of one audience, in a folder below /run/secrets, as under compose. audience: its name. */}}
{{- define "shop.secretVolume" -}}
- name: secret-{{ .audience }}
  secret: { secretName: {{ include "shop.secretName" . }}, defaultMode: 0440 }
{{- end }}
{{- define "shop.secretMount" -}}
- { name: secret-{{ .audience }}, mountPath: /run/secrets/{{ .audience }}, readOnly: true }
{{- end }}
{{- define "shop.secretName" -}}
{{ index .root.Values.secrets.existing .audience | default .audience }}
{{- end }}

{{/* A template of a volume's claim. storage: its size. */}}
{{- define "shop.claim" -}}
- metadata:
    name: data
  spec:
    accessModes: [ReadWriteOnce]
    {{- with .root.Values.storageClass }}
    storageClassName: {{ . }}
    {{- end }}
    resources: { requests: { storage: {{ .storage }} } }
{{- end }}

{{/* The domain that the cluster appends to the name of a service of this namespace. */}}
{{- define "shop.dnsSuffix" -}}
.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
{{- end }}

{{/* The address of Postgres for migrations and the seed: the primary, past PgBouncer, which does not keep a session's lock. */}}
{{- define "shop.postgresServer" -}}
{{- with .Values.db.external -}}
{{ if .primaryHost }}{{ .primaryHost }}:{{ .port }}{{ else }}haproxy:5000{{ end }}
{{- end -}}
{{- end }}

{{/* Settings of the programs that use all stores. */}}
{{- define "shop.stores" -}}
- { name: NODE_ENV, value: production }
- { name: DATABASE_PRIMARY_URL, value: 'postgres://shop_app@pgbouncer:6432/shop' }
- { name: DATABASE_REPLICA_URL, value: 'postgres://shop_app@pgbouncer:6432/shop_ro' }
- { name: DATABASE_PASSWORD_FILE, value: /run/secrets/app/database-password }
- { name: REDIS_SENTINELS, value: {{ .Values.redis.external.sentinels | default "sentinel-1:26379,sentinel-2:26379,sentinel-3:26379" | quote }} }
- { name: REDIS_MASTER_NAME, value: {{ .Values.redis.external.masterName | quote }} }
- { name: REDIS_PASSWORD_FILE, value: /run/secrets/redis/password }
- { name: CACHE_URL, value: 'redis://cache:6379' }
- { name: S3_ENDPOINT, value: 'http://minio:9000' }
- { name: S3_KEYS_DIR, value: /run/secrets/storage }
{{- end }}

{{/* Where a program sends its spans, as OpenTelemetry names it; without an endpoint no span is made. */}}
{{- define "shop.tracing" -}}
{{- with .Values.tracing }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .endpoint | quote }} }
{{- if .headersSecret }}
- { name: OTEL_EXPORTER_OTLP_HEADERS, valueFrom: { secretKeyRef: { name: {{ .headersSecret }}, key: otlp-headers } } }
{{- end }}
- { name: OTEL_TRACES_SAMPLER, value: {{ .sampler }} }
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ .ratio | quote }} }
{{- end }}
{{- end }}
