import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Queue } from 'bullmq';
import fastify, { type FastifyRequest } from 'fastify';
import { databaseAt, type Query } from './database.ts';
import { picturesAt } from './pictures.ts';
import { redisAt } from './redis.ts';
import { type Session, sessionsAt } from './sessions.ts';

/**
 * A shop of one page of code, the same in every stage of growth. The environment alone says where it keeps what:
 *
 * DATABASE  a file, or postgres://…          READS     a replica that answers reads, if there is one
 * SESSIONS  a Redis; in the process without  CACHE     a Redis with copies of the catalogue, if there is one
 * PICTURES  a folder, or http://…            QUEUE     a Redis with orders to confirm; in the request without
 */
const { DATABASE = '', READS, SESSIONS, PICTURES = '', CACHE, QUEUE } = process.env;

const database = databaseAt(DATABASE);
const replica = READS ? databaseAt(READS) : undefined;
const sessions = sessionsAt(SESSIONS);
const pictures = picturesAt(PICTURES);
const cache = CACHE ? redisAt(CACHE) : undefined;
const confirmations = QUEUE ? new Queue('confirmations', { connection: redisAt(QUEUE) }) : undefined;
confirmations?.on('error', () => {});

/** A read that may be a moment old: the replica answers it, and while it is down the database does. */
const read: Query = (text, values) =>
  replica ? replica<never>(text, values).catch(() => database(text, values)) : database(text, values);

async function products(): Promise<object[]> {
  const copy = await cache?.get('products').catch(() => null);
  if (copy) return JSON.parse(copy);
  const rows = await read<object>('SELECT id, name, cents FROM products ORDER BY id');
  await cache?.set('products', JSON.stringify(rows), 'EX', 5).catch(() => {});
  return rows;
}

async function placeOrder(customer: string, product: number): Promise<string> {
  const id = randomUUID();
  const insert = 'INSERT INTO orders (id, customer, product, confirmed) VALUES ($1, $2, $3, $4)';
  await database(insert, [id, customer, product, confirmations ? 0 : 1]);
  // The order is kept, and so the shopper gets it, also when the queue is down. Then nothing confirms it: an outbox would
  // (docs/patterns.md).
  await confirmations?.add('confirm', { id }).catch(() => {});
  return id;
}

// While it closes it serves what still arrives on open connections.
const app = fastify({ bodyLimit: 1_000_000, return503OnClosing: false });
app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);
app.addHook('onRequest', async (_request, reply) => void reply.header('x-served-by', hostname()));

const idOf = ({ headers }: FastifyRequest) => /\bsid=([\w-]+)/.exec(headers.cookie ?? '')?.[1] ?? '';
/** @throws 401 for a guest. */
async function sessionOf(request: FastifyRequest): Promise<Session> {
  const session = await sessions.get(idOf(request));
  if (!session) throw Object.assign(new Error('sign in first'), { statusCode: 401 });
  return session;
}

app.get('/products', products);
app.post<{ Body: { name: string } }>('/session', async ({ body }, reply) => {
  await database('INSERT INTO customers (name) VALUES ($1) ON CONFLICT DO NOTHING', [body.name]);
  const id = randomUUID();
  await sessions.set(id, { customer: body.name, cart: [] });
  return reply.code(201).header('set-cookie', `sid=${id}; HttpOnly; Path=/`).send({});
});
app.get('/session', sessionOf);
app.put<{ Params: { product: string } }>('/cart/:product', async (request) => {
  const { customer, cart } = await sessionOf(request);
  const session = { customer, cart: [...cart.slice(-9), Number(request.params.product)] };
  await sessions.set(idOf(request), session);
  return session;
});
app.post<{ Body: { product: number } }>('/orders', async (request, reply) => {
  const { customer } = await sessionOf(request);
  return reply.code(201).send({ id: await placeOrder(customer, request.body.product) });
});
app.get('/orders', async (request) => {
  const { customer } = await sessionOf(request);
  return await read('SELECT id, product, confirmed FROM orders WHERE customer = $1', [customer]);
});
app.put<{ Params: { name: string }; Body: Buffer }>('/pictures/:name', async (request, reply) => {
  await sessionOf(request);
  await pictures.put(request.params.name, request.body);
  return reply.code(204).send();
});
app.get<{ Params: { name: string } }>('/pictures/:name', async ({ params }, reply) => {
  const picture = await pictures.get(params.name);
  return picture ? reply.type('application/octet-stream').send(picture) : reply.code(404).send({});
});
// Requests in progress finish first.
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
await app.listen({ host: '0.0.0.0', port: 3000 });
