import { randomBytes } from 'node:crypto';
import type { Product, ProductList } from '@shop/contracts/catalog.ts';
import { products } from '@shop/database/schema/products.ts';
import { eventually } from '@shop/testing/eventually.ts';
import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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

/** Consonants only: one word to the full-text search, and without a vowel there is no ending that it would cut off. */
const aWord = () =>
  randomBytes(8)
    .toString('hex')
    .replaceAll(/./g, (digit) => 'bcdfghjklmnpqrtv'.charAt(Number.parseInt(digit, 16)));
const names = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name);

async function change(id: string, values: Partial<typeof products.$inferInsert>, lists = false) {
  const { watermark } = await app.db.primary.transaction((tx) =>
    tx.update(products).set(values).where(eq(products.id, id)),
  );
  await app.catalog.invalidate([id], watermark, { lists });
}

/** Every page from the first to the last. */
async function walk(query: string, limit: number): Promise<Product[]> {
  const items: Product[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: ProductList = (
      await client.get(`/api/products?${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`)
    ).json();
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

describe('GET /api/products/:slug', () => {
  it('answers the product, by slug and by id', async () => {
    const made = await makeProduct(app, { ratingSum: 13, reviewCount: 3 });
    const expected = {
      id: made.id,
      slug: made.slug,
      name: made.name,
      description: made.description,
      category: made.category,
      priceCents: made.priceCents,
      currency: 'EUR',
      stock: made.stock,
      imageUrl: made.imageUrl,
      images: made.images,
      rating: 4.3,
      reviewCount: 3,
      createdAt: made.createdAt.toISOString(),
    };
    for (const name of [made.slug, made.id, made.id.toUpperCase(), made.slug]) {
      const response = await client.get(`/api/products/${name}`);
      expect([response.statusCode, response.json()]).toEqual([200, expected]);
      expect(response.headers['cache-control']).toBe('public, max-age=0, s-maxage=1');
    }
    expect((await makeProduct(app)).reviewCount).toBe(0);
  });

  it('has no rating without reviews', async () => {
    const { slug } = await makeProduct(app);
    expect((await client.get(`/api/products/${slug}`)).json().rating).toBeNull();
  });

  it.each(['no-such-product', uuid(), 'Not-A-Slug', '%F0%9F%A5%90', 'a%2Fb', '%00', 'x'.repeat(150)])(
    'answers 404 for %s',
    async (name) => {
      const response = await client.get(`/api/products/${name}`);
      expect([response.statusCode, response.json().code]).toEqual([404, 'not-found']);
      expect(response.headers['cache-control']).toBe('no-store');
    },
  );

  it('answers 404 for an inactive product, which is in no list either', async () => {
    const { id, slug, category } = await makeProduct(app);
    expect((await client.get(`/api/products?category=${category}`)).json().items).toHaveLength(1);
    await change(id, { active: false });
    expect((await client.get(`/api/products/${slug}`)).statusCode).toBe(404);
    expect((await client.get(`/api/products/${id}`)).statusCode).toBe(404);
    expect((await client.get(`/api/products?category=${category}`)).json().items).toEqual([]);
  });

  it('is not shared with others when the session has just written', async () => {
    const { slug } = await makeProduct(app);
    const writer = new TestClient(app);
    writer.cookies.set('watermark', 'forged');
    const response = await writer.get(`/api/products/${slug}`);
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toBe('private, no-store');
  });
});

describe('GET /api/products', () => {
  it('is empty for an unknown category and a search without letters', async () => {
    // Other tests make products whose names are nothing but such characters.
    const { category } = await makeProduct(app);
    const without = ['%F0%9F%A5%90', "'|!%26:*()"].map((q) => `category=${category}&q=${q}`);
    for (const query of ['category=nothing', 'category=', ...without]) {
      const response = await client.get(`/api/products?${query}`);
      expect([query, response.statusCode, response.json()]).toEqual([
        query,
        200,
        { items: [], nextCursor: null, didYouMean: null },
      ]);
    }
  });

  it.each([
    ['limit=0', '/query/limit'],
    ['limit=101', '/query/limit'],
    ['limit=ten', '/query/limit'],
    ['sort=cheapest', '/query/sort'],
    [`q=${'x'.repeat(201)}`, '/query/q'],
    ['q=a%00b', '/query/q'],
    ['q=a&q=b', '/query/q'],
    ['category=%00', '/query/category'],
    ['minPriceCents=-1', '/query/minPriceCents'],
    ['maxPriceCents=cheap', '/query/maxPriceCents'],
    ['minPriceCents=200&maxPriceCents=100', '/query/maxPriceCents'],
    ['minRating=0', '/query/minRating'],
    ['minRating=4.5', '/query/minRating'],
    ['inStock=perhaps', '/query/inStock'],
  ])('refuses ?%s', async (query, path) => {
    const response = await client.get(`/api/products?${query}`);
    expect([response.statusCode, response.json().code]).toEqual([422, 'validation-failed']);
    expect(response.json().errors[0].path).toBe(path);
  });

  it('goes on where it was when the last product of a page gets another name', async () => {
    const category = `category-${aWord()}`;
    // Three bytes for each of 200 characters.
    const [first, ...others] = await Promise.all(
      ['\u4e00', '\u4e8c', '\u4e94'].map((start) =>
        makeProduct(app, { category, name: start + '\u660e'.repeat(199) }),
      ),
    );
    const query = `/api/products?category=${category}&sort=name&limit=1`;
    const page = (await client.get(query)).json();
    expect(page.items).toMatchObject([{ id: first!.id }]);
    expect(page.nextCursor.length).toBeLessThanOrEqual(1_000);
    await change(first!.id, { name: '\u9f8d'.repeat(200) }, true);
    const next = (await client.get(`${query}&cursor=${page.nextCursor}`)).json();
    expect(next.items).toMatchObject([{ id: others[0]!.id }]);
  });

  describe('with ten products of which many are equal', () => {
    const category = `category-${aWord()}`;
    const word = aWord();
    beforeAll(async () => {
      for (let at = 0; at < 10; at += 1) {
        await makeProduct(app, {
          category,
          name: `${'ABC'[at % 3]} ${word}`,
          slug: `${word}-${at}`,
          description: at === 4 ? `${word} ${word} ${word}` : 'A pot.',
          priceCents: 100 * (at % 3),
          reviewCount: at % 2,
          ratingSum: (at % 2) * 4,
          // Half of them in the same microsecond.
          createdAt: new Date(1_700_000_000_000 + 1000 * Math.floor(at / 5)),
        });
      }
    });

    const by = {
      newest: ({ createdAt }: Product) => -Date.parse(createdAt),
      'price-asc': ({ priceCents }: Product) => priceCents,
      'price-desc': ({ priceCents }: Product) => -priceCents,
      rating: ({ rating }: Product) => -(rating ?? 0),
      name: ({ name }: Product) => name.charCodeAt(0),
      relevance: () => 0,
    };

    it.each(Object.keys(by) as (keyof typeof by)[])('pages by %s repeat and skip nothing', async (sort) => {
      const query = `category=${category}&q=${word}&sort=${sort}`;
      const whole = await walk(query, 100);
      expect(new Set(whole.map(({ id }) => id)).size).toBe(10);
      const values = whole.map(by[sort]);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      for (const limit of [1, 3, 5, 10]) {
        expect((await walk(query, limit)).map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
      }
    });

    it('sorts by relevance with a search, else by age', async () => {
      const searched = await client.get(`/api/products?q=${word}`);
      expect(searched.json().items[0].slug).toBe(`${word}-4`);
      const listed = (await client.get(`/api/products?category=${category}`)).json();
      const newest = (await client.get(`/api/products?category=${category}&sort=newest`)).json();
      expect(names(listed)).toEqual(names(newest));
    });

    it('has 20 products on a page unless asked otherwise', async () => {
      await Promise.all(Array.from({ length: 12 }, () => makeProduct(app, { category })));
      const page: ProductList = (await client.get(`/api/products?category=${category}`)).json();
      expect(page.items).toHaveLength(20);
      expect(page.nextCursor).not.toBeNull();
    });

    it('refuses a cursor that is not of this list', async () => {
      const page = (await client.get(`/api/products?category=${category}&sort=name&limit=2`)).json();
      for (const query of [
        `category=${category}&sort=name&cursor=${page.nextCursor}x`,
        `category=${category}&sort=newest&cursor=${page.nextCursor}`,
        `sort=name&cursor=${page.nextCursor}`,
        `category=${category}&sort=name&q=pot&cursor=${page.nextCursor}`,
        `category=${category}&sort=name&cursor=`,
      ]) {
        const response = await client.get(`/api/products?${query}`);
        expect([query, response.statusCode, response.json().code]).toEqual([query, 400, 'invalid-cursor']);
      }
    });
  });
});

describe('the filters of a list', () => {
  const category = `category-${aWord()}`;
  beforeAll(async () => {
    await makeProduct(app, { category, name: 'cheap', priceCents: 100, ratingSum: 10, reviewCount: 2 });
    // Shown as 4.0, though a little less.
    await makeProduct(app, { category, name: 'fair', priceCents: 200, ratingSum: 79, reviewCount: 20 });
    await makeProduct(app, {
      category,
      name: 'dear',
      priceCents: 300,
      ratingSum: 3,
      reviewCount: 1,
      stock: 0,
    });
    await makeProduct(app, { category, name: 'new', priceCents: 400 });
  });
  const listed = async (query: string) =>
    names((await client.get(`/api/products?category=${category}&sort=price-asc&${query}`)).json());

  it.each([
    ['', ['cheap', 'fair', 'dear', 'new']],
    ['minPriceCents=200', ['fair', 'dear', 'new']],
    ['maxPriceCents=200', ['cheap', 'fair']],
    ['minPriceCents=200&maxPriceCents=300', ['fair', 'dear']],
    ['minPriceCents=401', []],
    ['minRating=3', ['cheap', 'fair', 'dear']],
    ['minRating=4', ['cheap', 'fair']],
    ['minRating=5', ['cheap']],
    ['inStock=true', ['cheap', 'fair', 'new']],
    ['inStock=false', ['cheap', 'fair', 'dear', 'new']],
    ['inStock=true&minRating=3&maxPriceCents=150', ['cheap']],
  ])('?%s', async (query, expected) => {
    expect(await listed(query)).toEqual(expected);
  });

  it('hold from page to page, and a cursor belongs to them', async () => {
    const query = `category=${category}&sort=price-asc&inStock=true`;
    expect(names({ items: await walk(query, 1) })).toEqual(['cheap', 'fair', 'new']);
    const { nextCursor } = (await client.get(`/api/products?${query}&limit=1`)).json();
    const other = await client.get(
      `/api/products?category=${category}&sort=price-asc&minRating=1&cursor=${nextCursor}`,
    );
    expect([other.statusCode, other.json().code]).toEqual([400, 'invalid-cursor']);
  });

  it('show what has just been put on sale, whichever replica lags', async () => {
    const shelf = `category-${aWord()}`;
    const { name } = await makeProduct(app, { category: shelf });
    const reads = vi.spyOn(app.db, 'replica');
    const response = await client.get(`/api/products?category=${shelf}&inStock=true`);
    expect(names(response.json())).toEqual([name]);
    expect(reads.mock.calls.flat()).not.toEqual([]);
    // A replica that has not replayed the last change of the lists is not asked.
    expect(reads.mock.calls.flat()).not.toContain('any');
    reads.mockRestore();
  });

  it('leave out at once what was sold out, and bring it back', async () => {
    const shelf = `category-${aWord()}`;
    const { id, name } = await makeProduct(app, { category: shelf, stock: 1 });
    const there = async () =>
      names((await client.get(`/api/products?category=${shelf}&inStock=true`)).json());
    expect(await there()).toEqual([name]);
    await change(id, { stock: 0 });
    expect(await there()).toEqual([]);
    await change(id, { stock: 1 });
    await vi.waitFor(async () => expect(await there()).toEqual([name]), 10_000);
  });
});

describe('a search', () => {
  it('finds beginnings and other forms of words in name, category and description, all of them together', async () => {
    const [one, other, category] = [aWord(), aWord(), `category-${aWord()}`];
    const made = await makeProduct(app, {
      name: `${one} running`,
      description: `with ${other} berries`,
      category,
    });
    for (const q of [
      one,
      one.slice(0, 5),
      `${one} runs`,
      `${other.slice(0, 6)} berry ${one.toUpperCase()}`,
      `the ${one} with`,
      category.slice(0, 20),
    ]) {
      const { items } = (await client.get(`/api/products?q=${encodeURIComponent(q)}`)).json();
      expect([q, names({ items })]).toEqual([q, [made.name]]);
    }
    const { items } = (await client.get(`/api/products?q=${one}+${aWord()}`)).json();
    expect(items).toEqual([]);
  });

  it('for a stop word alone finds what begins so', async () => {
    const { slug } = await makeProduct(app, { name: `Thermos ${aWord()}` });
    const { items } = (await client.get('/api/products?q=the&sort=newest&limit=100')).json();
    expect(items.map((product: Product) => product.slug)).toContain(slug);
  });

  it.each(["it's", 'a & b', '!!', "'; DROP TABLE products --", 'a:*B <-> c', '\\', '½ ²'])(
    'takes %s as words',
    async (q) => {
      const response = await client.get(`/api/products?q=${encodeURIComponent(q)}`);
      expect(response.statusCode).toBe(200);
    },
  );

  it('suggests at most eight products', async () => {
    const word = aWord();
    const { category } = await makeProduct(app, { name: word });
    await Promise.all(
      Array.from({ length: 9 }, (_, at) => makeProduct(app, { category, name: `${word} ${at}` })),
    );
    const response = await client.get(`/api/products/suggestions?q=${word.slice(0, 8)}`);
    expect(response.statusCode).toBe(200);
    const { items } = response.json();
    expect(items).toHaveLength(8);
    expect(items[0]).toEqual({
      slug: expect.any(String),
      name: expect.stringContaining(word),
      category,
      imageUrl: '/pictures/cherry-red-teapot-1-2-l-640.webp',
    });
    for (const nothing of ['', '?q=', '?q=%27%7C%26', `?q=${aWord()}`]) {
      expect((await client.get(`/api/products/suggestions${nothing}`)).json()).toEqual({ items: [] });
    }
    expect((await client.get('/api/products/suggestions?q=%00')).statusCode).toBe(422);
  });
});

describe('GET /api/categories', () => {
  it('counts the products that can be seen', async () => {
    const { id, category } = await makeProduct(app);
    await makeProduct(app, { category });
    await makeProduct(app, { category, active: false });
    const count = async () => {
      const { items } = (await client.get('/api/categories')).json();
      return items.find((one: { id: string }) => one.id === category);
    };
    expect(await count()).toEqual({
      id: category,
      name: category,
      productCount: 2,
      imageUrl: '/pictures/cherry-red-teapot-1-2-l-640.webp',
    });
    await change(id, { active: false }, true);
    expect((await count()).productCount).toBe(1);
  });
});

describe('GET /api/categories/:id', () => {
  it('shows one as the list does', async () => {
    const { category } = await makeProduct(app);
    const response = await client.get(`/api/categories/${category}`);
    expect(response.statusCode).toBe(200);
    const { items } = (await client.get('/api/categories')).json();
    expect(items).toContainEqual(response.json());
  });

  it.each(['nothing', 'no_id', '%C3%A4'])('answers 404 for %s', async (id) => {
    const response = await client.get(`/api/categories/${id}`);
    expect(response.json()).toMatchObject({ status: 404, code: 'not-found' });
  });
});

describe('without its cache', () => {
  it('the catalogue answers the same', async () => {
    const made = await makeProduct(app);
    const uncached = await buildTestApp({ catalogCache: false });
    const direct = new TestClient(uncached);
    for (const path of [
      `/api/products/${made.slug}`,
      `/api/products?category=${made.category}`,
      '/api/categories',
    ]) {
      // Another file may make a product between the two reads, which changes the list of categories.
      await eventually(15_000, async () => {
        const [uncachedAnswer, answer] = [await direct.get(path), await client.get(path)];
        expect([uncachedAnswer.statusCode, answer.statusCode]).toEqual([200, 200]);
        expect(uncachedAnswer.json()).toEqual(answer.json());
      });
    }
    await uncached.close();
  });
});
