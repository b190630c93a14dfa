import { metricNamed, valuesByAddress } from '@shop/autoscaler/metrics.ts';
import type { Topology } from '@shop/docker/topology.ts';
import type { Rate } from '../../shared/snapshot.ts';
import type { RateOf } from '../snapshot.ts';

/** From the two newest samples; they are 15 or 30 s apart, so the window has room for two of either. */
const rate = (series: string) => `sum by (instance) (irate(${series}[90s]))`;
const requests = metricNamed('requests').query;

/**
 * What each tier counts, as queries with one value for each `instance`. One exporter asks both edges: there the address
 * that it asks takes the place of its own. An exporter of PgBouncer has the number of the container that it asks.
 */
const tiers: { unit: Rate['unit']; services: RegExp; query: string }[] = [
  {
    unit: 'requests',
    services: /^edge-\d+$/,
    query:
      'sum by (instance) (label_replace(irate(nginx_http_requests_total[90s]), "instance", "$1", "addr", "http://([^:/]+).*"))',
  },
  { unit: 'requests', services: /^api$/, query: requests('api') },
  { unit: 'requests', services: /^payments$/, query: requests('payments') },
  { unit: 'jobs', services: /^worker$/, query: rate('shop_job_attempts_total') },
  {
    unit: 'queries',
    services: /^pgbouncer$/,
    query:
      'sum by (instance) (label_replace(irate(pgbouncer_stats_queries_pooled_total[90s]), "instance", "pgbouncer-$1", "instance", "exporter-pgbouncer-(.+):.*"))',
  },
  {
    unit: 'connections',
    services: /^haproxy-\d+$/,
    query: rate('haproxy_frontend_sessions_total{proxy!="metrics"}'),
  },
  { unit: 'commits', services: /^db-\d+$/, query: rate('pg_stat_database_xact_commit') },
  {
    unit: 'commands',
    services: /^(redis-\d+|cache)$/,
    query: rate('redis_commands_processed_total{job="redis"}'),
  },
  { unit: 'requests', services: /^minio-\d+$/, query: rate('minio_s3_requests_total{job="minio"}') },
];

/** One question for all tiers: each answer has its own `instance`, so none hides another. */
const everything = {
  name: 'rates',
  unit: '1/s',
  what: 'of each tier',
  query: () => tiers.map(({ query }) => `(${query})`).join(' or '),
};

/** @throws ActionableError when Prometheus does not run or does not answer. */
export async function readRates(topology: Topology): Promise<RateOf> {
  return rateOf(await valuesByAddress(topology, everything, ''));
}

/** @param values by what Prometheus calls the instance: an address, a service, or a short name. */
export const rateOf =
  (values: Map<string, number>): RateOf =>
  ({ name, service, addresses = [] }) => {
    const tier = tiers.find(({ services }) => services.test(service));
    const found = [...addresses, service, name].find((known) => values.has(known));
    if (!tier || found === undefined) return undefined;
    return { perSecond: values.get(found)!, unit: tier.unit };
  };
