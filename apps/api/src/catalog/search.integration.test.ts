import type { Product, ProductList } from '@shop/contracts/catalog.ts';
import { products } from '@shop/database/schema/products.ts';
import { unique } from '@shop/testing/factories.ts';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeProduct } from '../../testing/factories.ts';

let app: App;
let client: TestClient;
beforeAll(async () => {
  app = await buildTestApp();
  client = new TestClient(app);
});
afterAll(() => app.close());

const list = async (query: Record<string, string>): Promise<ProductList> =>
  (await client.get(`/api/products?${new URLSearchParams(query)}`)).json();

/** Every id from the first page to the last; `between` runs after each page. */
async function walk(query: Record<string, string>, between = async () => {}): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: ProductList = await list(cursor === '' ? query : { ...query, cursor });
    ids.push(...page.items.map(({ id }: Product) => id));
    cursor = page.nextCursor;
    expect(cursor?.length ?? 0).toBeLessThanOrEqual(1_000);
    await between();
  }
  return ids;
}

describe('a search finds a product', () => {
  const names = [
    'Red Gala Apples 1.5 kg',
    'Crème Caramel',
    'Piñata',
    'T-Shirt A4, 500ml (Levi’s)',
    '赤いりんご Tea',
    'ΟΔΟΣ Ёлка Straße Ørsted',
    'حليب ٣',
    '👨‍👩‍👧‍👦 🥐',
    '!!!',
    '1,000 pieces',
    'Running shoes of the year',
  ];

  it.each(names)('%s: by name, words, prefixes, without accents, in other forms and cases', async (name) => {
    const { id, category } = await makeProduct(app, { name });
    const words = name.split(' ').filter((word) => /[\p{L}\p{N}\p{So}]/u.test(word));
    const prefixes = words.flatMap((word) =>
      [...word].map((_, at) => [...word].slice(0, at + 1).join('')).filter((part) => [...part].length >= 2),
    );
    const plain = name.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '');
    const forms = [name, plain, name.normalize('NFD'), name.normalize('NFKC'), name.toUpperCase()];
    for (const q of [...forms, ...words, ...prefixes]) {
      const { items } = await list({ q, category });
      expect([q, items.map((item) => item.id)]).toEqual([q, [id]]);
    }
  });

  it('of the whole catalogue, by its name, each word of it and their beginnings', async () => {
    const { value: missed } = await app.db.primary.transaction((tx) =>
      tx.execute(sql`
        WITH words AS (
          SELECT id, name, word FROM ${products}, regexp_split_to_table(name, '\\s+') AS word WHERE word ~ '[[:alnum:]]'
        ), queries AS (
          SELECT id, name AS q FROM ${products}
          UNION ALL SELECT id, normalize(name, NFD) FROM ${products}
          UNION ALL SELECT id, upper(public.unaccent(name)) FROM ${products}
          UNION ALL SELECT id, left(word, size) FROM words, generate_series(2, length(word)) AS size
            WHERE left(word, size) ~ '[[:alnum:]]'
        )
        SELECT q FROM queries JOIN product_search ON product_id = id WHERE NOT words @@ search_query(q) LIMIT 10`),
    );
    expect(missed.rows).toEqual([]);
  });

  it('and offers what may have been meant, only when that returns more', async () => {
    const word = `qz${unique().replaceAll(/\d/g, 'x')}`;
    const { category } = await makeProduct(app, { name: `Green ${word}` });
    const slips = [
      word.slice(1),
      `${word}k`,
      `${word.slice(0, 4)}w${word.slice(5)}`,
      word.replace('qz', 'zq'),
    ];
    for (const slip of slips) {
      const { items, didYouMean } = await list({ q: `green ${slip}`, category });
      expect([slip, items, didYouMean]).toEqual([slip, [], `green ${word}`]);
    }
    expect((await list({ q: `green ${word}`, category })).didYouMean).toBeNull();
    expect((await list({ q: `green ${word}k`, category: 'none' })).didYouMean).toBeNull();
  });
});

describe('a list', () => {
  it('sorts names as people do, digits as numbers', async () => {
    const category = `category-${unique()}`;
    const sorted = [
      'apple',
      'Apple',
      'Crème Caramel',
      'Crystal',
      'Tea 2',
      'Tea 10',
      'Zebra',
      'zebra crossing',
    ];
    for (const name of sorted.toReversed()) await makeProduct(app, { category, name });
    expect((await list({ category, sort: 'name' })).items.map(({ name }) => name)).toEqual(sorted);
  });

  it.each(['relevance', 'newest', 'price-asc', 'price-desc', 'rating', 'name'])(
    'by %s is walked once, whatever the names hold and while products are added',
    async (sort) => {
      const category = `category-${unique()}`;
      const word = unique();
      const names = [
        '🥐'.repeat(200),
        '🥐'.repeat(199),
        '👨‍👩‍👧‍👦'.repeat(28),
        '"\\'.repeat(100),
        'Ä',
        'a',
        'é'.repeat(200),
      ];
      const made: string[] = [];
      for (const name of [...names, ...names]) {
        made.push((await makeProduct(app, { category, name, description: word, priceCents: 5 })).id);
      }
      const walked = await walk({ category, sort, q: word, limit: '2' }, async () => {
        await makeProduct(app, { category, name: `${names[2]} ${unique()}`.slice(-200), description: word });
      });
      expect(walked.filter((id) => made.includes(id)).sort()).toEqual(made.sort());
      // Off sale again: these names come first in the lists that other suites look at.
      await app.db.primary.transaction((tx) =>
        tx.update(products).set({ active: false }).where(eq(products.category, category)),
      );
    },
  );

  it('holds a product with more ratings than 32 bits can multiply', async () => {
    const { id, category } = await makeProduct(app, { ratingSum: 2_500_000, reviewCount: 500_000 });
    const { items } = await list({ category, sort: 'rating', minRating: '5' });
    expect(items.map((item) => [item.id, item.rating])).toEqual([[id, 5]]);
  });
});
