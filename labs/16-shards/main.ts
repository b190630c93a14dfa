import { readFileSync } from 'node:fs';
import pg from 'pg';
import { scenarios } from './scenarios.ts';

/**
 * Customers of a shop whose orders are on several shards. Runs in the container `clients`; prints one line of JSON.
 *
 *     node main.ts <scenario> <shards> <seconds>
 */
const [scenario = '', count = '1', seconds = '1'] = process.argv.slice(2);
const play = scenarios[scenario];
if (!play) throw new Error(`no scenario "${scenario}": there are ${Object.keys(scenarios).join(', ')}`);

/** Enough to keep a tenth of a processor busy. */
const connectionsAShard = 6;

const password = readFileSync('/run/secrets/app/database-password', 'utf8').trim();
const pools = Array.from({ length: Number(count) }, (_, at) => {
  const server = { host: `shard-${at + 1}`, user: 'shop_app', database: 'postgres', password };
  const limits = { max: connectionsAShard, connectionTimeoutMillis: 5_000, query_timeout: 10_000 };
  const pool = new pg.Pool({ ...server, ...limits });
  // A shard that goes away breaks the idle connections to it; the next query says so.
  pool.on('error', () => {});
  return pool;
});
console.log(JSON.stringify(await play(pools, Number(seconds))));
await Promise.all(pools.map((pool) => pool.end()));
