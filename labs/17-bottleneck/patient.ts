import { pbkdf2Sync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createPool } from '@shop/database/connection.ts';
import type { Fault } from './faults.ts';

/**
 * A small service that shows a customer's newest orders with their lines. LAB_FAULT names its fault; the missing index is a
 * fault of the database. `GET /signals` returns the process's own measurements since the previous call.
 */
const fault = (process.env.LAB_FAULT || 'none') as Fault;

const pool = createPool({
  url: 'postgres://shop_app@pgbouncer:6432/shop',
  password: readFileSync('/run/secrets/app/database-password', 'utf8').trim(),
  maxConnections: fault === 'a pool of two' ? 2 : 10,
  queryTimeoutMs: 30_000,
  waitTimeoutMs: 30_000,
});
const columns = fault === 'a fat answer' ? 'line.*, product.*' : 'line.order_id, product.name, line.quantity';
const linesOfOrders = `SELECT ${columns} FROM bottleneck.lines AS line
  JOIN bottleneck.products AS product ON product.id = line.product_id WHERE line.order_id = ANY($1)`;
const newestOrders = `SELECT id, placed_at FROM bottleneck.orders WHERE customer_id = $1
  ORDER BY placed_at DESC LIMIT 20`;

const loopDelay = monitorEventLoopDelay({ resolution: 10 });
loopDelay.enable();
let requests = 0;
let waitedMs = 0;

async function ordersOf(customer: number): Promise<object> {
  const askedAt = performance.now();
  const client = await pool.acquire();
  waitedMs += performance.now() - askedAt;
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO bottleneck.views (customer_id) VALUES ($1)', [customer]);
    const { rows: orders } = await client.query(newestOrders, [customer]);
    const ids: number[] = orders.map(({ id }) => id);
    const lines: object[] = [];
    const batches = fault === 'a query in a loop' ? ids.map((id) => [id]) : [ids];
    for (const batch of batches) lines.push(...(await client.query(linesOfOrders, [batch])).rows);
    await client.query('COMMIT');
    return { orders, lines };
  } finally {
    client.release();
  }
}

function signals(): object {
  const known = { loopDelayMs: loopDelay.percentile(99) / 1e6, poolWaitMs: waitedMs / Math.max(1, requests) };
  loopDelay.reset();
  requests = 0;
  waitedMs = 0;
  return known;
}

createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://patient');
  try {
    const answer =
      url.pathname === '/signals' ? signals() : await ordersOf(Number(url.searchParams.get('customer')));
    if (url.pathname !== '/signals') requests += 1;
    // Each fifth answer is sealed by a synchronous function, which takes a fifth of a second on a quick core.
    if (fault === 'a blocked event loop' && requests % 5 === 0)
      pbkdf2Sync('seal', 'salt', 600_000, 32, 'sha256');
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}).listen(3000);
