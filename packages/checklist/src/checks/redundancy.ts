import { type Check, type Facts, fail, pass, serviceOf } from '../facts.ts';

/** How many healthy containers a tier needs to survive the loss of one; three where a majority must remain. */
const tiers: Record<string, { service: RegExp; least: number }> = {
  edge: { service: /^edge-\d+$/, least: 2 },
  api: { service: /^api$/, least: 2 },
  worker: { service: /^worker$/, least: 2 },
  pgbouncer: { service: /^pgbouncer$/, least: 2 },
  haproxy: { service: /^haproxy-\d+$/, least: 2 },
  db: { service: /^db-\d+$/, least: 3 },
  etcd: { service: /^etcd-\d+$/, least: 3 },
  redis: { service: /^redis-\d+$/, least: 3 },
  sentinel: { service: /^sentinel-\d+$/, least: 3 },
  // Erasure coding over four nodes: a write needs three.
  minio: { service: /^minio-\d+$/, least: 4 },
};

const healthy = ({ containers }: Facts) =>
  containers.filter(
    ({ State }) => State.Status === 'running' && (State.Health?.Status ?? 'healthy') === 'healthy',
  );

export const redundancy: Check = {
  title: 'each tier that a shopper needs goes on without one of its containers',
  where: 'docker-compose.yml',
  run: (facts) => {
    const names = healthy(facts).map(serviceOf);
    const counts = Object.entries(tiers).map(([tier, { service, least }]) => {
      const count = names.filter((name) => service.test(name)).length;
      return {
        words: `${tier} ${count}`,
        short: count < least && `${tier} has ${count} of at least ${least}`,
      };
    });
    const short = counts.flatMap(({ short }) => short || []);
    if (short.length > 0) return fail(`too few healthy containers: ${short.join(', ')}`);
    return pass(
      `${counts.map(({ words }) => words).join(', ')}; cache, payments, mail and fencer are single by decision`,
    );
  },
};

export const machines: Check = {
  title: 'the containers are spread over several machines',
  where: 'docs/honest-limits.md',
  run: ({ machines, containers }) => {
    if (machines.length > 1) return pass(`${containers.length} containers on ${machines.join(', ')}`);
    return fail(`one machine runs all ${containers.length}: when it fails, everything does`);
  },
};
