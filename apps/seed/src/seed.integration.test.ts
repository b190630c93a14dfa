import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { categories, products } from '@shop/catalog/catalog.ts';
import { verifyPassword } from '@shop/passwords/password.ts';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoAccount, seedAccounts } from './accounts.ts';
import { loadCustomers, loadProducts } from './bulk-catalog.ts';
import { loadOrders } from './bulk-orders.ts';
import { seedCatalog } from './catalog.ts';
import { withPrimary } from './connect.ts';
import { readInvariants } from './invariants.ts';
import { makeScratch, type Scratch } from './scratch.ts';

let scratch: Scratch;
let folder: string;

beforeAll(async () => {
  scratch = await makeScratch();
  folder = await mkdtemp(join(tmpdir(), 'seed-'));
});
afterAll(async () => {
  await scratch?.drop();
  if (folder) await rm(folder, { recursive: true });
});

const inShop = <T>(work: (client: pg.Client) => Promise<T>) =>
  withPrimary(scratch.shopUrl, scratch.password, work);
const query = async (text: string) => (await inShop((client) => client.query(text))).rows;
const seedOnce = () =>
  inShop((client) => drizzle(client, { casing: 'snake_case' }).transaction((tx) => seedCatalog(tx)));
const accountsOnce = (file: string) =>
  inShop((client) =>
    drizzle(client, { casing: 'snake_case' }).transaction((tx) => seedAccounts(tx, join(folder, file))),
  );
/** Every column of every row, as one hash. */
const contents = (table: string) =>
  query(`SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM ${table} AS t`);

describe('the seed', () => {
  test('fills an empty shop, and each rating is that of real reviews', async () => {
    expect(await seedOnce()).toMatchObject({ categories: categories.length, products: products.length });
    const wrong = await query(`
      SELECT slug FROM products LEFT JOIN reviews ON product_id = products.id
      GROUP BY products.id HAVING count(rating) <> review_count OR coalesce(sum(rating), 0) <> rating_sum`);
    expect(wrong).toEqual([]);
    expect(await query('SELECT count(DISTINCT rating)::int AS ratings FROM reviews')).toEqual([
      { ratings: 5 },
    ]);
    const early = await query(
      'SELECT 1 FROM reviews JOIN products p ON p.id = product_id WHERE reviews.created_at < p.created_at',
    );
    expect(early).toEqual([]);
    expect(await inShop(readInvariants)).toEqual([]);
  });

  test('changes nothing when it runs again: neither sold stock nor new prices', async () => {
    await query(`UPDATE products SET stock = stock - 1, price_cents = price_cents + 100 WHERE stock > 0`);
    const tables = ['categories', 'products', 'stock_changes', 'reviews', 'customers'];
    const before = await Promise.all(tables.map(contents));
    expect(await seedOnce()).toEqual({ categories: 0, products: 0, reviews: 0, reviewers: 0 });
    expect(await Promise.all(tables.map(contents))).toEqual(before);
    await query(`UPDATE products SET stock = stock + 1 WHERE EXISTS (
      SELECT FROM stock_changes WHERE product_id = products.id AND delta = stock + 1)`);
  });

  test('gives a product that was added to the catalogue later the same id and reviews as from the start', async () => {
    const slug = products[7]!.slug;
    const productAndReviews = () =>
      query(`SELECT p.id, review_count, rating_sum, md5(string_agg(r::text, '' ORDER BY r.id)) FROM products p
        LEFT JOIN reviews r ON r.product_id = p.id WHERE slug = '${slug}' GROUP BY p.id`);
    const before = await productAndReviews();
    for (const table of ['reviews', 'stock_changes'])
      await query(`DELETE FROM ${table} USING products p WHERE product_id = p.id AND slug = '${slug}'`);
    await query(`DELETE FROM products WHERE slug = '${slug}'`);
    expect(await seedOnce()).toMatchObject({ products: 1, reviewers: 0 });
    expect(await productAndReviews()).toEqual(before);
  });
});

describe('the demo accounts', () => {
  const passwordHashes = async () =>
    new Map(
      (await query(`SELECT email, password_hash FROM customers WHERE email LIKE '%@shop.example'`)).map(
        ({ email, password_hash }) => [email, password_hash],
      ),
    );
  const readAccounts = async (file: string): Promise<DemoAccount[]> =>
    JSON.parse(await readFile(join(folder, file), 'utf8'));

  test('log in with the passwords in the file, which a second run leaves alone', async () => {
    expect(await accountsOnce('accounts.json')).toBe(3);
    const accounts = await readAccounts('accounts.json');
    expect(accounts.map(({ role }) => role)).toEqual(['admin', 'customer', 'customer']);
    const hashes = await passwordHashes();
    for (const { email, password } of accounts) {
      expect(password.length).toBeGreaterThanOrEqual(12);
      expect(hashes.get(email)).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
      expect(await verifyPassword(hashes.get(email)!, password)).toBe(true);
    }
    expect(await accountsOnce('accounts.json')).toBe(0);
    expect(await readAccounts('accounts.json')).toEqual(accounts);
    expect(await passwordHashes()).toEqual(hashes);
  });

  test('get new passwords when the file is lost', async () => {
    expect(await accountsOnce('new-accounts.json')).toBe(3);
    const hashes = await passwordHashes();
    for (const { email, password } of await readAccounts('new-accounts.json'))
      expect(await verifyPassword(hashes.get(email)!, password)).toBe(true);
  });
});

// Half a minute where ten other programs share the two cores.
describe('the bulk load', { timeout: 60_000 }, () => {
  const forever = new AbortController().signal;

  test('adds as many as asked for, and money and stock add up on both sides', async () => {
    const stock = await query('SELECT slug, stock FROM products ORDER BY slug');
    const loaded: number[] = [];
    const count = (size: number) => loaded.push(size);
    await loadProducts(scratch, 600, count, forever);
    await loadCustomers(scratch, 50, count, forever);
    await loadOrders(scratch, 5_500, count, forever);
    expect(loaded).toEqual([600, 50, 5_000, 500]);
    expect(await query('SELECT count(*) FROM orders')).toEqual([{ count: 5_500 }]);
    expect(await inShop(readInvariants)).toEqual([]);
    const kept = await query(
      `SELECT slug, stock FROM products WHERE slug !~ '-[0-9]+$' OR slug IN (${products
        .map(({ slug }) => `'${slug}'`)
        .join(',')}) ORDER BY slug`,
    );
    expect(kept).toEqual(stock);
    const totals = 'count(*), sum(captured_cents) AS captured, sum(refunded_cents) AS refunded FROM payments';
    const provider = await withPrimary(scratch.paymentsUrl, scratch.password, (client) =>
      client.query(`SELECT ${totals}`),
    );
    expect(provider.rows).toEqual(await query(`SELECT ${totals}`));
  });

  test('adds to what is there when run again, and stops between batches when told to', async () => {
    const stopping = new AbortController();
    await loadProducts(scratch, 10, () => {}, forever);
    await loadOrders(scratch, 15_000, () => stopping.abort(), stopping.signal);
    expect(await query('SELECT count(*) FROM orders')).toEqual([{ count: 10_500 }]);
    expect(await inShop(readInvariants)).toEqual([]);
  });
});
