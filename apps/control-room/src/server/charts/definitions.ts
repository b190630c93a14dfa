import { metricNamed } from '@shop/autoscaler/metrics.ts';
import type { Chart } from '../../shared/charts.ts';

/** A chart, and the query that gives its lines. Each series must have a label `name`. */
export type Definition = Omit<Chart, 'lines' | 'leftOut'> & { query: string };

/**
 * Two samples are in each window: Prometheus takes one of the shop's own programs every 15 s, and of the others every
 * 30 s. A plain selector would repeat a sample for five minutes, so a Prometheus that was silent would show calm.
 */
const [own, others] = ['[50s]', '[80s]'];

/** The instance without its port. The page shows the name of the container that has this address. */
const byInstance = (query: string, label = 'instance') =>
  `label_replace(${query}, "name", "$1", "${label}", "([^:]+).*")`;
const named = (name: string, query: string) => `label_replace(${query}, "name", "${name}", "", "")`;
const either = (...queries: string[]) => queries.map((query) => `(${query})`).join(' or ');

const requests = metricNamed('requests').query('api');
/** Requests of people: Docker and Prometheus send the others. */
const people = 'job="api",route!~"/livez|/readyz|/metrics"';
const answered = `shop_http_request_duration_seconds_count{${people}`;

/** Zero while a program of this kind answers Prometheus, and no data while none does. */
const zeroWhileUp = (job: string) => `sum(last_over_time(up{job="${job}"}${own}) == 1) * 0`;
const orZero = (query: string, job: string) => `(${query} or on () ${zeroWhileUp(job)})`;

/** One choice for the whole window: the busiest routes of each moment would be many. */
const busiestRoutes = `topk(4, sum by (method, route) (rate(${answered}}[15m] @ end())) > 0)`;
const quantile = (share: number) =>
  `label_join(1000 * histogram_quantile(${share}, sum by (method, route, le) (rate(shop_http_request_duration_seconds_bucket{${people}}[1m])) and on (method, route) ${busiestRoutes}), "name", " ", "method", "route")`;

const cpu = (series: string) => `100 * rate(${series}${others})`;
const redisNodes = 'job="redis",instance!~"sentinel-.+"';

export const definitions: Definition[] = [
  {
    id: 'requests',
    title: 'Requests by replica',
    unit: 'requests/s',
    note: 'Answered by each API replica, without health checks.',
    query: byInstance(requests),
  },
  {
    id: 'errors',
    title: 'Errors',
    unit: 'answers/s',
    note: 'Answers of the API, and runs of a job that failed and are repeated.',
    query: either(
      named('5xx', orZero(`sum(rate(${answered},status=~"5.."}[1m]))`, 'api')),
      named('429, refused', orZero(`sum(rate(${answered},status="429"}[1m]))`, 'api')),
      named('failed jobs', orZero('sum(rate(shop_job_attempts_total{outcome="failed"}[1m]))', 'worker')),
    ),
  },
  {
    id: 'cpu',
    title: 'Processor by container',
    unit: '% of a core',
    note: 'The busiest that tell Prometheus. nginx, PgBouncer, HAProxy and Postgres do not; the map has them.',
    query: either(
      byInstance(cpu('process_cpu_seconds_total{job=~"api|worker|payments|etcd|alertmanager"}')),
      // Prometheus reads its own metrics at localhost, which is no container's name.
      named('prometheus', cpu('process_cpu_seconds_total{job="prometheus"}')),
      byInstance(
        `${cpu(`redis_cpu_user_seconds_total{job="redis"}`)} + ${cpu(`redis_cpu_sys_seconds_total{job="redis"}`)}`,
      ),
      byInstance(cpu('minio_node_process_cpu_total_seconds'), 'server'),
    ),
  },
  ...[0.5, 0.95, 0.99].map((share) => ({
    id: `p${share * 100}`,
    title: `p${share * 100} by route`,
    unit: 'ms',
    note: `${share * 100} % of the answers took no longer. The four routes with the most requests.`,
    query: quantile(share),
  })),
  {
    id: 'replication',
    title: 'Replication lag by node',
    unit: 's',
    note: 'How old the newest commit is that a database node has not replayed; 0 on the primary.',
    query: byInstance(`last_over_time(pg_replication_lag_seconds${others})`),
  },
  {
    id: 'hits',
    title: 'Hit ratios',
    unit: '%',
    top: 100,
    note: 'Redis nodes: keys that were found. Edges: requests that needed no API replica, health checks included.',
    query: either(
      byInstance(
        `100 * rate(redis_keyspace_hits_total{${redisNodes}}${others}) / (rate(redis_keyspace_hits_total{${redisNodes}}${others}) + rate(redis_keyspace_misses_total{${redisNodes}}${others}))`,
      ),
      named(
        'edges',
        `100 * clamp_min(1 - ${orZero(`sum(rate(${answered}}[2m]))`, 'api')} / on () sum(rate(nginx_http_requests_total[2m])), 0)`,
      ),
    ),
  },
  {
    id: 'pools',
    title: 'Waits for a pool',
    unit: 'clients',
    note: 'How many wait for a database connection, on average: at PgBouncer, and inside the API.',
    query: either(
      `label_join(sum by (database, at) (label_replace(rate(pgbouncer_stats_client_wait_seconds_total{database!="pgbouncer"}${others}), "at", "PgBouncer", "", "")), "name", " ", "at", "database")`,
      `label_join(sum by (pool, at) (label_replace(last_over_time(shop_database_pool{state="waiting"}${own}), "at", "API", "", "")), "name", " ", "at", "pool")`,
    ),
  },
  {
    id: 'queues',
    title: 'Depth of the queues',
    unit: 'events',
    note: 'Events of the outbox whose effect is not done: on the way to a queue, in it, or in work.',
    query: either(
      named('all', orZero(`max(sum by (instance) (last_over_time(shop_outbox_waiting${own})))`, 'worker')),
      `label_replace(max by (topic) (last_over_time(shop_outbox_waiting${own})), "name", "$1", "topic", "(.+)")`,
    ),
  },
  {
    id: 'event-loop',
    title: 'Event-loop delay',
    unit: 'ms',
    note: 'p99 of each API replica and worker since the measurement before.',
    query: byInstance(`1000 * last_over_time(nodejs_eventloop_lag_p99_seconds{job=~"api|worker"}${own})`),
  },
];
