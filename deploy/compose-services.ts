import { globSync, readFileSync } from 'node:fs';
import { root } from '@shop/command/folders.ts';
import { parse } from 'yaml';

/** A service of compose by the name that its workload has in the chart: `db` for db-1, db-2 and db-3. */
export type ComposeService = {
  name: string;
  containers: number;
  /** The last part of its path. */
  image: string;
  networks: string[];
  /** Mebibytes. */
  memory: number;
  stopGraceSeconds?: number;
  /** The entrypoint, if compose sets one, and the command. */
  command?: string[];
  /** Settings that do not depend on the machine. */
  environment: Record<string, string>;
};

type Service = {
  image: string;
  scale?: number;
  networks?: string[] | Record<string, unknown>;
  mem_limit: string;
  stop_grace_period?: string;
  entrypoint?: string[];
  command?: string | string[];
  environment?: Record<string, unknown>;
  profiles?: string[];
};

/** Services that the chart leaves out, and why. */
export const leftOut: Record<string, string> = {
  secrets: 'Secrets take the place of its volume: templates/secrets.yaml generates what it does',
  fencer: "on Kubernetes nothing proves a death yet, so Patroni's ttl decides",
  traces: 'a cluster has its own collector, which tracing.endpoint names',
  prometheus: 'a cluster has its own',
  alertmanager: 'as prometheus',
  'exporter-nginx': 'as prometheus',
  'exporter-postgres': 'as prometheus',
  'exporter-redis': 'as prometheus',
  'exporter-pgbouncer': 'as prometheus',
};

/** The services that `docker compose up` runs, from infra/<service>/compose.yml. */
export function composeServices(): ComposeService[] {
  const services = new Map<string, ComposeService>();
  for (const path of globSync('infra/*/compose.yml', { cwd: root, exclude: ['infra/dev/**'] })) {
    const file = parse(readFileSync(`${root}${path}`, 'utf8'), { merge: true });
    for (const [fullName, service] of Object.entries<Service>(file.services)) {
      if (service.profiles) continue;
      const name = fullName.replace(/-\d+$/, '');
      const containers = (services.get(name)?.containers ?? 0) + (service.scale ?? 1);
      services.set(name, { ...read(service), name, containers });
    }
  }
  return [...services.values()];
}

function read(service: Service) {
  const { image, networks = [], mem_limit, stop_grace_period, entrypoint = [], environment = {} } = service;
  const command = [...entrypoint, ...(Array.isArray(service.command) ? service.command : [])];
  return {
    image: image.replace(/^.*\//, ''),
    networks: (Array.isArray(networks) ? networks : Object.keys(networks)).sort(),
    memory: Number.parseInt(mem_limit, 10),
    environment: Object.fromEntries(
      Object.entries(environment)
        .map(([key, value]) => [key, String(value)] as const)
        .filter(([, value]) => !value.includes('${')),
    ),
    ...(stop_grace_period && { stopGraceSeconds: Number.parseInt(stop_grace_period, 10) }),
    ...(command.length > 0 && { command }),
  };
}
