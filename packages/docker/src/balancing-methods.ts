/**
 * The methods by which an edge can choose a replica, each with its meaning in a sentence. Each is a file of the same
 * name in infra/edge/nginx/balancing/ (https://nginx.org/en/docs/http/ngx_http_upstream_module.html).
 */
export const balancingMethods = {
  'least-connections': 'the replica with the fewest requests in progress (default)',
  'round-robin': 'each replica in turn, however busy it is',
  'ip-hash': 'always the same replica for the same client address',
  'random-two': 'the less busy of two random replicas',
} as const;

export type BalancingMethod = keyof typeof balancingMethods;
