import { ActionableError } from '@shop/command/actionable-error.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { prometheusOf } from '@shop/docker/prometheus.ts';
import type { Topology } from '@shop/docker/topology.ts';

/** A metric by which replicas are judged. `query` gives one value for each `instance`, which is `address:port`. */
export type Metric = { name: string; unit: string; what: string; query: (service: string) => string };

/**
 * From the two newest samples, as the Metrics Server does for Kubernetes
 * (https://github.com/kubernetes-sigs/metrics-server/blob/master/FAQ.md); Prometheus takes one every 15 s.
 */
const rate = (series: string) => `sum by (instance) (irate(${series}[1m]))`;

/**
 * Zero for a replica that was there for both samples and had no request: otherwise an idle replica would have no value.
 */
const orZero = (query: string, service: string) =>
  `${query} or sum by (instance) ((count_over_time(up{job="${service}"}[35s]) >= 2) * 0)`;

/** Without the requests that Docker and Prometheus send. */
const requests = (series: string, service: string) =>
  orZero(rate(`${series}{job="${service}",route!~"/livez|/readyz|/metrics"}`), service);

export const metrics: Metric[] = [
  {
    name: 'cpu',
    unit: 'cores',
    what: 'processor time: 0.5 is half a core all the time',
    query: (service) => rate(`process_cpu_seconds_total{job="${service}"}`),
  },
  {
    name: 'requests',
    unit: 'requests/s',
    what: 'requests that a replica answers in a second',
    query: (service) => requests('shop_http_request_duration_seconds_count', service),
  },
  {
    name: 'in-progress',
    unit: 'in progress',
    // Little's law: the total time of all requests of one second is the mean number of requests in progress.
    what: 'requests that a replica works on at the same time, on average',
    query: (service) => requests('shop_http_request_duration_seconds_sum', service),
  },
];

/** @throws ActionableError when there is no metric of that name. */
export function metricNamed(name: string): Metric {
  const found = metrics.find((metric) => metric.name === name);
  if (found) return found;
  const names = metrics.map((metric) => metric.name).join(', ');
  throw new ActionableError(`There is no metric "${name}".`, `--metric is one of ${names}`);
}

/**
 * The value of a metric at each replica that Prometheus has a value of, by the replica's address. Prometheus publishes
 * no port, so the query runs in its container, with its own tool.
 *
 * @throws ActionableError when Prometheus does not run or does not answer.
 */
export async function valuesByAddress(
  topology: Topology,
  metric: Metric,
  service: string,
): Promise<Map<string, number>> {
  const prometheus = await prometheusOf(topology);
  const ask = ['promtool', 'query', 'instant', '-o', 'json', 'http://localhost:9090/prometheus'];
  const printed = await execIn(prometheus.name, ...ask, metric.query(service));
  return parseVector(printed);
}

/** A vector as Prometheus' HTTP API writes it: pairs of labels and `[time, "value"]`. */
export function parseVector(json: string): Map<string, number> {
  const vector: { metric: { instance?: string }; value: [number, string] }[] = JSON.parse(json);
  return new Map(
    vector.map(({ metric, value }) => [metric.instance?.replace(/:\d+$/, '') ?? '', Number(value[1])]),
  );
}
