import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import pg from 'pg';

/**
 * bench/bench.ts compares the API's product detail with this server: only Fastify and node-postgres, with the same
 * prepared query through the same PgBouncer. It has no session, no limits, no deadline and no read-your-writes.
 */
const url = new URL(process.env.DATABASE_REPLICA_URL ?? '');
url.password = readFileSync(process.env.DATABASE_PASSWORD_FILE ?? '', 'utf8').trim();
const pool = new pg.Pool({ connectionString: url.href, max: 20 });
pool.on('error', () => {});

const text = `SELECT id, slug, name, description, category, price_cents AS "priceCents", stock, active,
  image_url AS "imageUrl", images, rating_sum AS "ratingSum", review_count AS "reviewCount", created_at AS "createdAt"
  FROM products WHERE slug = $1`;

const app = Fastify();
app.get<{ Params: { slug: string } }>('/api/products/:slug', async (request, reply) => {
  const { rows } = await pool.query({ name: 'product_by_slug', text, values: [request.params.slug] });
  if (rows.length === 0) return reply.code(404).send();
  return rows[0];
});
await app.listen({ port: 3000, host: '0.0.0.0' });
