import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sentinelOptions } from '@shop/redis/sentinel.ts';
import Fastify, { type FastifyRequest } from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';

/**
 * `npm run bench` compares a replica of the API with this server: only Fastify, node-postgres and ioredis, with the same
 * round trips to the same stores for each call, and answers of the same length. It verifies no signature, keeps no
 * session, sets no deadline, compares no watermark and measures nothing.
 */
const secret = (file = '') => readFileSync(file, 'utf8').trim();
const url = new URL(process.env.DATABASE_REPLICA_URL ?? '');
url.password = secret(process.env.DATABASE_PASSWORD_FILE);
const pool = new pg.Pool({ connectionString: url.href, max: 20 });
pool.on('error', () => {});

const redis = new Redis({
  ...sentinelOptions({
    sentinels: (process.env.REDIS_SENTINELS ?? '').split(',').map((address) => {
      const [host = '', port] = address.split(':');
      return { host, port: Number(port) };
    }),
    masterName: process.env.REDIS_MASTER_NAME ?? '',
    password: secret(process.env.REDIS_PASSWORD_FILE),
  }),
});
const cache = new Redis(process.env.CACHE_URL ?? '');

const countScript = `local count = redis.call('INCR', KEYS[1])
  if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return count`;
redis.defineCommand('count', { numberOfKeys: 1, lua: countScript });
const count = (request: FastifyRequest): Promise<number> =>
  (redis as unknown as { count(key: string, ttlMs: number): Promise<number> }).count(
    `bare:${request.ip}`,
    1_000,
  );

type Session = { user: { id: string } };
/** The session that the cookie names. Redis has a copy for a minute, as the API makes one; then Postgres is asked. */
async function sessionOf(request: FastifyRequest): Promise<Session> {
  const [, id = ''] = /sid=([^.;]+)/.exec(request.headers.cookie ?? '') ?? [];
  const hash = createHash('sha256').update(id).digest('hex');
  const copy = await redis.get(`session:${hash}`);
  if (copy) return JSON.parse(copy);
  const { rows } = await pool.query({ name: 'session', text: sessionByHash, values: [hash] });
  await redis.set(`session:${hash}`, JSON.stringify(rows[0].session), 'EX', 60);
  return rows[0].session;
}
/** As the API writes it: both sides use the same copy. */
const sessionByHash = `SELECT json_build_object(
    'identity', json_build_object('id', customers.id, 'role', role),
    'user', json_build_object('id', customers.id, 'email', email, 'name', name, 'role', role,
      'createdAt', customers.created_at),
    'loggedInAt', sessions.created_at, 'expiresAt', expires_at,
    'cookie', json_build_object('originalMaxAge', null, 'expires', expires_at)) AS session
  FROM sessions JOIN customers ON customers.id = customer_id WHERE id_hash = $1`;

const productBySlug = `SELECT id, slug, name, description, category, price_cents AS "priceCents", stock, active,
  image_url AS "imageUrl", images, rating_sum AS "ratingSum", review_count AS "reviewCount", created_at AS "createdAt"
  FROM products WHERE slug = $1`;
const orderColumns = `id, number, status, total_cents AS "totalCents", placed_at AS "placedAt", updated_at AS "updatedAt",
  (SELECT json_agg(json_build_object('productId', product_id, 'slug', slug, 'name', name, 'unitPriceCents',
    unit_price_cents, 'quantity', quantity) ORDER BY position) FROM order_lines WHERE order_id = orders.id) AS items`;
const ownOrder = `SELECT ${orderColumns} FROM orders WHERE id = $1 AND customer_id = $2`;
const ownOrders = `SELECT ${orderColumns} FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC, id DESC LIMIT $2`;

const app = Fastify();
app.get('/api/whoami', async (request) => ({ count: await count(request), at: new Date().toISOString() }));
app.get('/api/auth/me', async (request) => {
  await count(request);
  return (await sessionOf(request)).user;
});
app.get<{ Params: { slug: string } }>('/api/products/:slug', async (request, reply) => {
  const { rows } = await pool.query({
    name: 'product_by_slug',
    text: productBySlug,
    values: [request.params.slug],
  });
  if (rows.length === 0) return reply.code(404).send();
  return rows[0];
});
app.get<{ Params: { id: string } }>('/api/orders/:id', async (request, reply) => {
  await count(request);
  const { user } = await sessionOf(request);
  const { rows } = await pool.query({
    name: 'own_order',
    text: ownOrder,
    values: [request.params.id, user.id],
  });
  if (rows.length === 0) return reply.code(404).send();
  return rows[0];
});
app.get('/api/orders', async (request) => {
  await count(request);
  const { user } = await sessionOf(request);
  const { rows } = await pool.query({ name: 'own_orders', text: ownOrders, values: [user.id, 20] });
  return { orders: rows, nextCursor: null };
});

const cartKey = (owner: string) => `cart:customer:${owner}`;
/** The products of a cart and the markers of their last change, as the API reads them from the cache. */
async function productsOf(ids: string[]): Promise<(string | null)[]> {
  return await cache.mget(ids.flatMap((id) => [`product:${id}`, `changed:${id}`]));
}
async function showCart(lines: Record<string, string>) {
  const ids = Object.keys(lines).filter((name) => name !== 'version');
  const products = (await productsOf(ids)).filter((_, at) => at % 2 === 0);
  const items = products.map((text, at) => {
    const { id, slug, name, priceCents, imageUrl, stock } = JSON.parse(text ?? '{}').value ?? {};
    return { id, slug, name, priceCents, imageUrl, stock, quantity: Number(lines[ids[at] ?? '']) };
  });
  return { items, version: lines.version };
}
app.get('/api/cart', async (request) => {
  await count(request);
  const { user } = await sessionOf(request);
  return await showCart(await redis.hgetall(cartKey(user.id)));
});
app.put<{ Params: { id: string }; Body: { quantity: number } }>('/api/cart/items/:id', async (request) => {
  await count(request);
  const { user } = await sessionOf(request);
  await productsOf([request.params.id]);
  const key = cartKey(user.id);
  const replies = await redis
    .pipeline()
    .hset(key, request.params.id, request.body.quantity)
    .hgetall(key)
    .wait(1, 500)
    .exec();
  return await showCart(replies?.[1]?.[1] as Record<string, string>);
});
await app.listen({ port: 3000, host: '0.0.0.0' });
