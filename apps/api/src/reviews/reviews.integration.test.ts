import { randomUUID } from 'node:crypto';
import { products } from '@shop/database/schema/products.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeOrder, makeProduct, type SignedUp, signUp } from '../../testing/factories.ts';

let app: App;
beforeAll(async () => {
  app = await buildTestApp();
});
afterAll(() => app.close());

const review = { rating: 4, text: 'Pours well.' };
const pathOf = (product: { id: string }) => `/api/products/${product.id}/reviews`;

async function aBuyer(product: typeof products.$inferSelect): Promise<SignedUp> {
  const buyer = await signUp(app);
  await makeOrder(app, buyer.user.id, product);
  return buyer;
}

async function anUpload(
  customerId: string,
  values: Partial<typeof uploads.$inferInsert> = {},
): Promise<string> {
  const id = uuid();
  await app.db.primary.transaction((tx) =>
    tx.insert(uploads).values({
      id,
      customerId,
      purpose: 'review',
      filename: 'teapot.png',
      contentType: 'image/png',
      sizeBytes: 1,
      status: 'ready',
      sha256: 'ab'.repeat(32),
      stagedKey: `uploads/${id}/x`,
      expiresAt: new Date(),
      ...values,
    }),
  );
  return id;
}

describe('POST /api/products/:id/reviews', () => {
  it('answers 201 to a buyer, shows it at once, and counts it in the rating of the product', async () => {
    const product = await makeProduct(app);
    const { client, user } = await aBuyer(product);
    const uploadId = await anUpload(user.id, { objectName: 'name-2' });
    const response = await client.post(pathOf(product), { ...review, uploadId });
    expect(response.statusCode).toBe(201);
    expect(response.json()).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      productId: product.id,
      ...review,
      authorName: user.name,
      imageUrl: '/media/name-2-large.webp',
      createdAt: expect.stringMatching(/Z$/),
    });
    expect((await client.get(pathOf(product))).json()).toEqual({
      items: [response.json()],
      nextCursor: null,
    });
    expect((await client.get(`/api/products/${product.slug}`)).json()).toMatchObject({
      rating: 4,
      reviewCount: 1,
    });
  });

  it('answers the first answer again for its key', async () => {
    const product = await makeProduct(app);
    const { client } = await aBuyer(product);
    const headers = { 'idempotency-key': randomUUID() };
    const first = await client.post(pathOf(product), review, headers);
    const again = await client.post(pathOf(product), review, headers);
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await client.post(pathOf(product), { ...review, rating: 1 }, headers);
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });

  it('answers 409 already-reviewed, also to ten at once, and counts one', async () => {
    const product = await makeProduct(app);
    const { client } = await aBuyer(product);
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.post(pathOf(product), review)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, ...Array(9).fill(409)]);
    expect((await client.post(pathOf(product), review)).json()).toMatchObject({ code: 'already-reviewed' });
    const { value } = await app.db.primary.transaction((tx) =>
      tx.select().from(products).where(eq(products.id, product.id)),
    );
    expect(value[0]).toMatchObject({ ratingSum: 4, reviewCount: 1, ratingSort: 4000 });
  });

  it('answers 403 not-a-buyer without an own paid or shipped order with the product', async () => {
    const [product, other] = [await makeProduct(app), await makeProduct(app)];
    const { client, user } = await signUp(app);
    const refused = async () => {
      expect((await client.post(pathOf(product), review)).json()).toMatchObject({
        status: 403,
        code: 'not-a-buyer',
      });
    };
    await refused();
    await makeOrder(app, user.id, other);
    await aBuyer(product);
    for (const status of ['placed', 'cancelled', 'payment-failed'] as const) {
      await makeOrder(app, user.id, product, { status });
    }
    await refused();
    await makeOrder(app, user.id, product, { status: 'shipped' });
    expect((await client.post(pathOf(product), review)).statusCode).toBe(201);
  });

  it('answers 409 upload-not-ready for a picture that cannot be shown, and writes nothing', async () => {
    const product = await makeProduct(app);
    const { client, user } = await aBuyer(product);
    const stranger = await signUp(app);
    const unusable = [
      await anUpload(user.id, { status: 'pending', sha256: null }),
      await anUpload(user.id, { status: 'processing', sha256: null }),
      await anUpload(user.id, { status: 'rejected' }),
      await anUpload(user.id, { purpose: 'product' }),
      await anUpload(stranger.user.id),
      randomUUID(),
    ];
    for (const uploadId of unusable) {
      const response = await client.post(pathOf(product), { ...review, uploadId });
      expect(response.json()).toMatchObject({ status: 409, code: 'upload-not-ready' });
    }
    expect((await client.get(pathOf(product))).json().items).toEqual([]);
  });

  it('answers 401 to guests and 404 for products that are not there', async () => {
    const product = await makeProduct(app, { active: false });
    expect((await new TestClient(app).post(pathOf(product), review)).statusCode).toBe(401);
    const { client } = await aBuyer(product);
    for (const id of [product.id, randomUUID(), 'nothing']) {
      const response = await client.post(pathOf({ id }), review);
      expect(response.json()).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  it.each([
    ['no star', { rating: 0 }, '/body/rating'],
    ['six stars', { rating: 6 }, '/body/rating'],
    ['half a star', { rating: 3.5 }, '/body/rating'],
    ['stars in quotes', { rating: '4' }, '/body/rating'],
    ['no text', { text: '' }, '/body/text'],
    ['a text of 2001', { text: 'x'.repeat(2001) }, '/body/text'],
    ['a NUL', { text: 'a\u0000' }, '/body/text'],
    ['an upload that is no id', { uploadId: 'x' }, '/body/uploadId'],
    ['an unknown field', { productId: randomUUID() }, '/body/productId'],
  ])('refuses %s and names it', async (_case, change, path) => {
    const { client } = await signUp(app);
    const response = await client.post(pathOf({ id: randomUUID() }), { ...review, ...change });
    expect(response.json()).toMatchObject({ status: 422, code: 'validation-failed', errors: [{ path }] });
  });
});

describe('GET /api/products/:id/reviews', () => {
  it('lists newest first, page by page, each once', async () => {
    const product = await makeProduct(app);
    const ids: string[] = [];
    const buyers = await Promise.all(Array.from({ length: 5 }, () => aBuyer(product)));
    for (const { client } of buyers) ids.unshift((await client.post(pathOf(product), review)).json().id);
    const { client } = buyers.at(-1)!;
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `?limit=2&cursor=${encodeURIComponent(cursor)}` : '?limit=2';
      const page = (await client.get(pathOf(product) + query)).json();
      seen.push(...page.items.map((item: { id: string }) => item.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids);
  });

  it('answers 400 invalid-cursor for a cursor of another product and for a forged one', async () => {
    const [product, other] = [await makeProduct(app), await makeProduct(app)];
    for (let n = 0; n < 2; n += 1) await (await aBuyer(product)).client.post(pathOf(product), review);
    const client = new TestClient(app);
    const { nextCursor } = await expect
      .poll(async () => (await client.get(`${pathOf(product)}?limit=1`)).json(), { timeout: 5_000 })
      .toMatchObject({ nextCursor: expect.any(String) })
      .then(async () => (await client.get(`${pathOf(product)}?limit=1`)).json());
    for (const path of [
      `${pathOf(other)}?cursor=${nextCursor}`,
      `${pathOf(product)}?cursor=${nextCursor}x`,
      `${pathOf(product)}?cursor=x`,
    ]) {
      expect((await client.get(path)).json()).toMatchObject({ status: 400, code: 'invalid-cursor' });
    }
    const bad = await client.get(`${pathOf(product)}?limit=101`);
    expect(bad.json()).toMatchObject({ status: 422, errors: [{ path: '/query/limit' }] });
  });

  it('answers 404 for products that are not there', async () => {
    const { id } = await makeProduct(app, { active: false });
    const client = (await signUp(app)).client;
    for (const one of [id, randomUUID(), 'nothing']) {
      expect((await client.get(pathOf({ id: one }))).json()).toMatchObject({
        status: 404,
        code: 'not-found',
      });
    }
  });
});
