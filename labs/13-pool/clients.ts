import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/**
 * Clients of the database that open a connection each, as a program without a pool does, and then query products until the
 * time is over. All clients begin at the same moment, when each has a connection or a refusal.
 *
 *     node clients.ts <count> <seconds> <host:port>
 *
 * Prints one line of JSON: the number of refused clients and the number of answered queries.
 */
const [count = '1', seconds = '1', address = ''] = process.argv.slice(2);
const password = readFileSync('/run/secrets/app/database-password', 'utf8').trim();
const [host, port] = address.split(':');
const settings = { host, port: Number(port), user: 'shop_app', database: 'shop', password };
const question = {
  name: 'product',
  text: 'SELECT name, price_cents FROM products ORDER BY random() LIMIT 1',
};

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: 30_000 });
  // When a connection breaks later, its next query fails.
  client.on('error', () => {});
  await client.connect();
  return client;
}

const attempts = await Promise.allSettled(Array.from({ length: Number(count) }, connected));
const clients = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
for (const attempt of attempts) {
  if (attempt.status === 'rejected') console.error(String(attempt.reason));
}

const ending = new AbortController();
let answered = 0;
const asking = clients.map(async (client) => {
  while (!ending.signal.aborted) {
    await client.query(question);
    answered += 1;
  }
});
await sleep(Number(seconds) * 1000);
ending.abort();
const perSecond = answered / Number(seconds);
await Promise.all(asking);
await Promise.all(clients.map((client) => client.end()));
console.log(JSON.stringify({ refused: attempts.length - clients.length, perSecond }));
