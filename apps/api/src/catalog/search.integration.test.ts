import { readFile } from 'node:fs/promises';
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

  /** A name, and how else people write it: each other way finds it. */
  const spellings: [name: string, ...others: string[]][] = [
    ['Board 2×4', '2x4', '2X4', '2*4', '2 x 4'],
    ['Board 2 x 4', '2×4', '2x4'],
    ['Sugar .5 kg', '0.5 kg', '0,5 kg', '.50 kg'],
    ['Sugar 0.50 kg', '.5 kg', '0.5'],
    ["Pins 1'000", '1000', '1,000', '1.000', '1’000', '1 000', '1\u202f000'],
    ['Pins 1000', "1'000", '1 000', '1,000'],
    ['Pins 10,000.50', '10000.5', '10.000,50', "10'000.50"],
    ['Cups 1½', '1 1/2', '1.5', '1,5', '1½', '1-1/2'],
    ['Cups 1 1/2', '1½', '1.5'],
    ['Cups 2.75', '2¾', '2 3/4', '2.750'],
    ['Müller Öl', 'mueller oel', 'muller ol', 'MÜLLER ÖL', 'Mu\u0308ller'],
    ['Mueller Oel', 'müller öl'],
    ['STRAẞE', 'strasse', 'Straße'],
    ['Ørsted Ærø Århus', 'orsted', 'oersted', 'aero', 'arhus', 'aarhus', 'ærø'],
    ['Aarhus', 'Århus'],
    ['IŞIK İzmir', 'ışık', 'isik', 'izmir', 'IZMIR'],
    ['Łódź Þór đak', 'lodz', 'thor', 'dak'],
    ['ラーメン ひらがな', 'らーめん', 'ﾗｰﾒﾝ', 'ヒラガナ', 'ﾋﾗｶﾞﾅ'],
    ['Οδός', 'ΟΔΟΣ', 'οδοσ'],
    ['Ёлка', 'елка', 'ЕЛКА'],
    ['كِتَاب أحمد', 'كتاب', 'کتاب', 'احمد', 'كـتـاب'],
    ['قهوة مستشفى', 'قهوه', 'مستشفي'],
    ['שָׁלוֹם', 'שלום'],
    ['हिन्दी', 'हिंदी'],
    ['ﬁne œuvre', 'fine', 'oeuvre'],
    ["O'Brien", 'O’Brien', 'OBrien', 'o brien', 'O´Brien', 'Oʼbrien'],
    ['O´Brien', "o'brien", 'obrien'],
    ['Tshirt', 't-shirt', 't shirt', 'T‑Shirt'],
    ['T Shirt', 'tshirt', 't-shirt'],
    ['AT&T', 'at&t', 'at t', 'att'],
    ['M&M', 'm and m', 'm & m'],
    ['C++ 50%', 'c++', '50%', '50 %'],
    ['WD40 H₂O 2㎏', 'wd-40', 'wd 40', 'h2o', '2 kg'],
  ];
  it.each(spellings)('%s: as it may be written otherwise', async (name, ...others) => {
    const { id, category } = await makeProduct(app, { name });
    for (const q of [name, ...others]) {
      expect([q, (await list({ q, category })).items.map((item) => item.id)]).toEqual([q, [id]]);
    }
  });

  it.each([
    ['Tea 1.5 kg', '15'],
    ['Tea 1½', '11'],
    ['Tea 1½', '2.5'],
    ['Tea 42 100', '42.5'],
    ['ガラス', 'カラス'],
    ['Müller', 'moller'],
    ['Levis jeans', 'x jeans'],
  ])('%s: not by %s, which is something else', async (name, q) => {
    // A category is searched, too, and must not have what is asked for.
    const letters = unique().replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!);
    const { category } = await makeProduct(app, { name, category: `category-${letters}` });
    expect((await list({ q, category })).items).toEqual([]);
  });

  it('that is older than the other spellings, once the backfill has run', async () => {
    const { id } = await makeProduct(app, { name: 'Müller 1½' });
    // From the table itself: no cache and no replica is the subject here.
    const found = async () => {
      const { value } = await app.db.primary.transaction((tx) =>
        tx.execute(sql`SELECT FROM product_search
          WHERE product_id = ${id} AND words @@ search_query('mueller 1.5')`),
      );
      return value.rowCount;
    };
    const backfill = await readFile(
      new URL('../../../../packages/database/migrations/backfills/search-spellings.sql', import.meta.url),
      'utf8',
    );
    await app.db.primary.transaction(async (tx) => {
      await tx.execute(sql`UPDATE product_search SET words = '''muller''' WHERE product_id = ${id}`);
      await tx.execute(sql`UPDATE search_refreshes SET after = gen.before
        FROM (SELECT id AS before FROM products WHERE id < ${id} ORDER BY id DESC LIMIT 1) AS gen`);
    });
    expect(await found()).toBe(0);
    for (let changed = 1; changed > 0; ) {
      const { value } = await app.db.primary.transaction((tx) => tx.execute(sql.raw(backfill)));
      changed = value.rowCount ?? 0;
    }
    expect(await found()).toBe(1);
  });

  // Products of other tests have categories of their own, and there may be thousands. Each query is folded once.
  it('of the whole catalogue, by its name, each word of it and their beginnings', {
    timeout: 120_000,
  }, async () => {
    const { value: missed } = await app.db.primary.transaction((tx) =>
      tx.execute(sql`
        WITH catalogue AS (
          SELECT id, name FROM ${products} WHERE category NOT LIKE 'category-%'
        ), words AS (
          SELECT id, word FROM catalogue, regexp_split_to_table(name, '\\s+') AS word WHERE word ~ '[[:alnum:]]'
        ), queries AS (
          SELECT id, name AS q FROM catalogue
          UNION ALL SELECT id, normalize(name, NFD) FROM catalogue
          UNION ALL SELECT id, upper(public.unaccent(name)) FROM catalogue
          UNION ALL SELECT id, left(word, size) FROM words, generate_series(2, length(word)) AS size
            WHERE left(word, size) ~ '[[:alnum:]]'
        ), folded AS MATERIALIZED (
          SELECT q, search_query(q) AS query FROM (SELECT DISTINCT q FROM queries) AS each
        )
        SELECT q FROM queries JOIN folded USING (q) JOIN product_search ON product_id = id
        WHERE NOT words @@ query LIMIT 10`),
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
