import { type Check, fail, notCheckable, numberIn, pass } from '../facts.ts';

/** From the outside in, in milliseconds: each waits longer than the next one. */
const hops = [
  {
    what: 'the edge waits for the API',
    path: 'infra/edge/nginx/proxy-api.conf',
    pattern: /proxy_read_timeout (\d+)s/,
    factor: 1000,
  },
  {
    what: 'a request in the API',
    path: 'apps/api/src/config.ts',
    pattern: /REQUEST_DEADLINE_MS: .*default: ([\d_]+)/,
  },
  {
    what: 'PgBouncer waits for Postgres',
    path: 'infra/pgbouncer/pgbouncer.ini',
    pattern: /^query_timeout = ([\d.]+)/m,
    factor: 1000,
  },
  {
    what: 'the API waits for a query',
    path: 'packages/database/src/database.ts',
    pattern: /primary = createPool\(\{[^}]*queryTimeoutMs: ([\d_]+)/,
  },
  {
    what: 'a query waits for a lock',
    path: 'infra/db/roles.sql',
    pattern: /ALTER ROLE shop_app SET lock_timeout = '(\d+)s'/,
    factor: 1000,
  },
];

export const timeouts: Check = {
  title: 'time-outs get shorter further in, so that the layer with the best error gives up first',
  where: 'ARCHITECTURE.md: How long each hop waits',
  run: (facts) => {
    const times = hops.map((hop) => ({ ...hop, ms: numberIn(facts, hop) }));
    const unknown = times.find(({ ms }) => ms === undefined);
    if (unknown) return notCheckable(`${unknown.path} no longer says how long ${unknown.what}`);
    const tell = ({ what, ms }: (typeof times)[number]) => `${what}: ${ms! / 1000} s`;
    for (const [index, hop] of times.entries()) {
      const outer = times[index - 1];
      if (outer && outer.ms! <= hop.ms!)
        return fail(`${tell(outer)} is not longer than ${tell(hop)} (${hop.path})`);
    }
    return pass(times.map(tell).join(' > '));
  },
};
