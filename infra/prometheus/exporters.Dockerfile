# Debian's exporters, for programs without metrics in Prometheus' format; `exporter <name>` starts one.
FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends prometheus-nginx-exporter prometheus-pgbouncer-exporter \
      prometheus-postgres-exporter prometheus-redis-exporter \
 && rm -rf /var/lib/apt/lists/*
COPY exporter.sh /usr/local/bin/exporter
USER prometheus
ENTRYPOINT ["exporter"]
