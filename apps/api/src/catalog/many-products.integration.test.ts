import type { Product, ProductList } from '@shop/contracts/catalog.ts';
import { products } from '@shop/database/schema/products.ts';
import { unique } from '@shop/testing/factories.ts';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeProduct } from '../../testing/factories.ts';
import { findProductPage } from './product-pages.repository.ts';
import { few } from './query-words.ts';
import { blockSize, walks } from './relevance-blocks.ts';

/** Hold `common`, and were made first. Every hundredth costs 1 cent, the others 500. */
const commonCount = few + 100;
const category = `category-${unique()}`;
const word = unique().replaceAll(/[^a-z]/g, (sign) => 'ghijklmnop'[Number(sign)] ?? 'q');
const common = `common${word}`;
const other = `other${word}`;

/** A statement has 7 s: a slow machine needs more for all of them at once. Each attempt would begin again. */
const rowsAtOnce = 500;

const app: App = await buildTestApp();
const client = new TestClient(app);
/**
 * Newer than those. They do not hold `common`, fill more than one short walk, and are more than what the shop has of
 * others: a search that looks at all of them looks at more than one that meets those others on its way.
 */
const otherCount = walks.first + 100 + (await countOthers());
beforeAll(async () => {
  await makeProduct(app, { category, name: `A template of ${category}`, description: 'None of the words' });
  await makeMany(commonCount, common, '2020-01-01');
  await makeMany(otherCount, other, '2021-01-01');
}, 600_000);
afterAll(async () => {
  // On a topology that is kept, they would be among the others of the next run.
  while (await deletePieces());
  await app.db.primary.transaction((tx) =>
    tx.update(products).set({ active: false }).where(eq(products.category, category)),
  );
  await app.close();
}, 600_000);

async function makeMany(count: number, held: string, from: string): Promise<void> {
  for (let first = 1; first <= count; first += rowsAtOnce) {
    const last = Math.min(count, first + rowsAtOnce - 1);
    const { watermark } = await app.db.primary.transaction((tx) =>
      tx.execute(sql`
        INSERT INTO products (id, slug, name, description, category, price_cents, stock, image_url, images, created_at)
        SELECT gen_random_uuid(), ${held} || '-' || n, 'Piece ' || n, ${held}::text || CASE WHEN n % 7 = 0 THEN ' ' || ${held} ELSE '' END,
          ${category}, CASE WHEN n % 100 = 0 THEN 1 ELSE 500 END, 10, '/x.webp', '[]', ${from}::timestamptz + n / 3 * interval '1 second'
        FROM generate_series(${first}::int, ${last}::int) AS n`),
    );
    await app.catalog.invalidate([], watermark, { lists: true });
  }
}

/** @returns how many it deleted. */
async function deletePieces(): Promise<number> {
  const { value } = await app.db.primary.transaction((tx) =>
    tx.execute(sql`
      DELETE FROM products WHERE id IN (
        SELECT id FROM products WHERE category = ${category} AND name LIKE 'Piece %' LIMIT ${rowsAtOnce})`),
  );
  return value.rowCount ?? 0;
}

/** Every id from the first page to the last; a product that does not count is added after each of the first pages. */
async function walk(query: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const parameters = new URLSearchParams({ category, limit: '100', ...query, ...(cursor && { cursor }) });
    const page: ProductList = (await client.get(`/api/products?${parameters}`)).json();
    ids.push(...page.items.map(({ id }: Product) => id));
    cursor = page.nextCursor;
    if (ids.length < 300)
      await makeProduct(app, { category, name: `Later ${unique()}`, description: 'Not meant' });
  }
  return ids;
}

/**
 * Products of all other categories, from other files and the seed. Until Postgres has statistics of ours, it may walk over
 * the newest of the whole shop, and these are among them.
 */
async function countOthers(): Promise<number> {
  const { value } = await app.db.primary.transaction((tx) =>
    tx.execute<{ count: number }>(sql`
      SELECT count(*)::int AS count FROM product_search WHERE category <> ${category}`),
  );
  return value.rows[0]?.count ?? Number.NaN;
}

/** How many rows of `product_search` one page reads, by Postgres' own account of the transaction. */
async function looksOf(q: string, filters: object = {}): Promise<number> {
  const { value } = await app.db.primary.transaction(async (tx) => {
    const page = await findProductPage(tx, { q, sort: 'relevance', limit: 25, ...filters });
    expect(page).toHaveLength(25);
    return await tx.execute<{ looks: number }>(sql`
      SELECT seq_tup_read + idx_tup_fetch AS looks FROM pg_stat_xact_user_tables WHERE relname = 'product_search'`);
  });
  return value.rows[0]?.looks ?? Number.NaN;
}

describe('a search for a word of many products', () => {
  it.each([
    ['relevance', 'the oldest products', common, commonCount],
    ['relevance', 'the newest products', other, otherCount],
    ['newest', 'the oldest products', common, commonCount],
    ['price-asc', 'the oldest products', common, commonCount],
    ['rating', 'the oldest products', common, commonCount],
    ['name', 'the oldest products', common, commonCount],
  ])('by %s finds each of %s once', async (sort, _, q, count) => {
    const ids = await walk({ q, sort });
    expect([ids.length, new Set(ids).size]).toEqual([count, count]);
  });

  it('finds each of the few that the other filters leave', async () => {
    const ids = await walk({ q: common, maxPriceCents: '1' });
    expect([ids.length, new Set(ids).size]).toEqual([commonCount / 100, commonCount / 100]);
  });

  it('ranks a block of them, those first that hold the word twice', async () => {
    const page: ProductList = (
      await client.get(`/api/products?${new URLSearchParams({ q: other, category, limit: '20' })}`)
    ).json();
    expect(page.items.map(({ description }) => description)).toEqual(Array(20).fill(`${other} ${other}`));
  });

  it('looks at no more of them than a block', { timeout: 180_000 }, async () => {
    const others = await countOthers();
    // Until autovacuum has given Postgres statistics of so many new products, it may read and sort all of the category.
    await expect
      .poll(() => looksOf(other, { category }), { timeout: 150_000, interval: 1_000 })
      // Another file may add products meanwhile.
      .toBeLessThanOrEqual(blockSize + others + 50);
  });

  it('looks at a few of the others when the newest do not hold it', { timeout: 180_000 }, async () => {
    // A short walk and a long one, and in between a look at the few.
    const walked = walks.first + otherCount + blockSize + 2 * (await countOthers());
    await expect
      .poll(() => looksOf(common, { category }), { timeout: 150_000, interval: 1_000 })
      .toBeLessThanOrEqual(walked + few + 1 + 50);
  });
});
