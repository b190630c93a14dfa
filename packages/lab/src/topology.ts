import { environmentOf, type Topology } from '@shop/docker/topology.ts';

/**
 * The port of 127.0.0.1 on which the balancer of the labs listens. Below 32768: from there on Linux gives ports to clients, and
 * a client of an earlier test may still have one.
 */
const balancerPort = Number(process.env.SHOP_LAB_PORT ?? 22_000);

/** A compose project of its own: the data and ports of `npm start` and of `npm test` are never touched. */
export function labTopology(): Topology {
  return {
    project: process.env.SHOP_LAB_PROJECT ?? 'shop-lab',
    subnet: process.env.SHOP_LAB_SUBNET ?? '172.29',
    subnetVariable: 'SHOP_LAB_SUBNET',
    ports: {
      SHOP_HTTP_PORT_1: balancerPort + 80,
      SHOP_HTTP_PORT_2: balancerPort + 81,
      SHOP_HTTPS_PORT_1: balancerPort + 443,
      SHOP_HTTPS_PORT_2: balancerPort + 444,
    },
    files: ['docker-compose.yml', 'labs/compose.yml'],
    entrances: [balancerOrigin],
    settings: {
      ...unlimited,
      // A lab has no store for traces.
      OTEL_EXPORTER_OTLP_ENDPOINT: '',
      LAB_PORT: String(balancerPort),
      LAB_LAYER_4_PORT: String(balancerPort + 4),
      LAB_LAYER_7_PORT: String(balancerPort + 7),
      LAB_CDN_1_PORT: String(balancerPort + 11),
      LAB_CDN_2_PORT: String(balancerPort + 12),
      LAB_STAGE_PORT: String(balancerPort + 20),
      LAB_STAGE_PORT_2: String(balancerPort + 21),
      LAB_STAGE_CDN_PORT: String(balancerPort + 22),
    },
  };
}

/** Where the balancer answers. */
export const balancerOrigin = `http://127.0.0.1:${balancerPort}`;
/** Where the shop's own edge answers, in a lab that has it: plainly and under TLS. */
export const edgeOrigin = `http://127.0.0.1:${balancerPort + 80}`;
export const edgeTlsOrigin = `https://127.0.0.1:${balancerPort + 443}`;
/** Where the balancer of lab 04 answers, by the layer at which it works. */
export const proxyOrigins = {
  4: `http://127.0.0.1:${balancerPort + 4}`,
  7: `http://127.0.0.1:${balancerPort + 7}`,
};
/** Where the two points of presence of lab 10 answer. */
export const cdnOrigins = [`http://127.0.0.1:${balancerPort + 11}`, `http://127.0.0.1:${balancerPort + 12}`];
/** Where the stages of labs 00 and 20 answer: at their balancers, or at the app itself, and at their CDN. */
export const stageOrigins = {
  entrances: [`http://127.0.0.1:${balancerPort + 20}`, `http://127.0.0.1:${balancerPort + 21}`],
  cdn: `http://127.0.0.1:${balancerPort + 22}`,
};

/** Limits by address are for people; the load of a lab has one address. */
const unlimited = { LIMIT_REQUESTS_PER_SECOND: '1000000', EDGE_REQUESTS_PER_SECOND: '100000' };

/** What compose reads from the environment for a lab. */
export function labEnvironment(settings: Record<string, string> = {}): Record<string, string> {
  return { ...environmentOf(labTopology()), ...settings };
}

/**
 * The stores that the API needs, each as small as its promises allow: Postgres commits on two nodes, Redis writes on two.
 * Object storage is missing: no lab uploads a picture.
 */
export const stores = [
  ...['etcd-1', 'etcd-2', 'etcd-3', 'db-1', 'db-2', 'haproxy-1', 'pgbouncer'],
  ...['redis-1', 'redis-2', 'sentinel-1', 'sentinel-2', 'sentinel-3', 'cache'],
];

/** How many containers of a service a lab has, where that is not what the shop has. */
export const scales: Partial<Record<string, number>> = { pgbouncer: 1, worker: 1 };

/** One-shots that prepare the databases, in their order; each is harmless to run again. */
export const jobs = ['migrate', 'seed'];

/** What a lab needs beside the stores that every lab has (`stores`). */
export type Extra =
  | 'db-3'
  | 'worker'
  | 'payments'
  | 'mail'
  | 'edge-1'
  | 'edge-2'
  | 'haproxy-2'
  | 'checkout'
  | 'patient'
  | 'prometheus'
  | 'clients'
  | `shard-${1 | 2 | 3 | 4}`
  | 'layers'
  | 'far'
  | `cdn-${1 | 2}`;

/** The services of a lab beside its stores, in the order in which they start. */
export const servicesOf = (extras: Extra[]): string[] => ['balancer', ...extras];
