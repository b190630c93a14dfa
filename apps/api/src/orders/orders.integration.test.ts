import { maxPriceCents } from '@shop/contracts/values.ts';
import { idempotencyKeys } from '@shop/database/schema/idempotency-keys.ts';
import { orderLines, orders } from '@shop/database/schema/orders.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { products } from '@shop/database/schema/products.ts';
import { stockChanges } from '@shop/database/schema/stock-changes.ts';
import { and, eq, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp, noRedis } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeOrder, makeProduct, type SignedUp, signUp } from '../../testing/factories.ts';

let app: App;
beforeAll(async () => {
  app = await buildTestApp();
});
afterAll(() => app.close());

const read = async <T>(work: Parameters<typeof app.db.primary.transaction<T>>[0]): Promise<T> =>
  (await app.db.primary.transaction(work)).value;

const stockOf = async (id: string) =>
  (await read((tx) => tx.select({ stock: products.stock }).from(products).where(eq(products.id, id))))[0]
    ?.stock;

/** The promise of the stock's book: what was written down adds up to what is there. */
const bookedStockOf = async (id: string) =>
  await read(async (tx) => {
    const [row] = await tx
      .select({ sum: sql<number>`sum(${stockChanges.delta})::int` })
      .from(stockChanges)
      .where(eq(stockChanges.productId, id));
    return row?.sum;
  });

const ordersWith = async (productId: string) =>
  await read((tx) => tx.select().from(orderLines).where(eq(orderLines.productId, productId)));

const eventsOf = async (orderId: string) =>
  await read((tx) => tx.select().from(outbox).where(eq(outbox.orderId, orderId)));

const place = (client: TestClient, body: object | string, key: string = uuid()) =>
  client.post('/api/orders', body, { 'idempotency-key': key });

const lines = (...pairs: [productId: string, quantity: number][]) => ({
  items: pairs.map(([productId, quantity]) => ({ productId, quantity })),
});

describe('POST /api/orders', () => {
  it('answers 201 with the order and its address, and takes the stock', async () => {
    const { client } = await signUp(app);
    const teapot = await makeProduct(app, { stock: 10, priceCents: 1_250 });
    const cup = await makeProduct(app, { stock: 10, priceCents: 300 });
    const response = await place(client, lines([teapot.id, 2], [cup.id, 6]));
    expect(response.statusCode).toBe(201);
    const order = response.json();
    expect(response.headers.location).toBe(`/api/orders/${order.id}`);
    expect(response.headers['idempotency-replayed']).toBeUndefined();
    expect(order).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      number: expect.stringMatching(/^\d{6,9}$/),
      status: 'placed',
      items: [
        {
          productId: teapot.id,
          slug: teapot.slug,
          name: teapot.name,
          unitPriceCents: 1_250,
          quantity: 2,
          lineTotalCents: 2_500,
        },
        {
          productId: cup.id,
          slug: cup.slug,
          name: cup.name,
          unitPriceCents: 300,
          quantity: 6,
          lineTotalCents: 1_800,
        },
      ],
      totalCents: 4_300,
      currency: 'EUR',
      placedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: order.placedAt,
    });
    expect(await stockOf(teapot.id)).toBe(8);
    expect(await bookedStockOf(teapot.id)).toBe(8);
    expect((await eventsOf(order.id)).map(({ topic }) => topic).sort()).toEqual([
      'mail.order-confirmation',
      'payment.capture',
    ]);
    const { status: _s, updatedAt: _u, ...unchanging } = order;
    expect((await client.get(`/api/orders/${order.id}`)).json()).toMatchObject(unchanging);
  });

  it('keeps the price at the time of the order', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app, { priceCents: 500 });
    const { id } = (await place(client, lines([product.id, 1]))).json();
    await read((tx) => tx.update(products).set({ priceCents: 900 }).where(eq(products.id, product.id)));
    expect((await client.get(`/api/orders/${id}`)).json()).toMatchObject({ totalCents: 500 });
  });

  it('takes ids in capital letters', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app);
    const response = await place(client, lines([product.id.toUpperCase(), 1]));
    expect(response.json()).toMatchObject({ items: [{ productId: product.id }] });
  });

  it('answers 401 to a guest before the body is checked', async () => {
    const response = await place(new TestClient(app), { nonsense: true });
    expect(response.statusCode).toBe(401);
    expect(response.json().code).toBe('not-authenticated');
  });

  it.each([
    ['without a key', {}, 'idempotency-key-required'],
    ['with an empty key', { 'idempotency-key': '' }, 'idempotency-key-invalid'],
    ['with a key of 256 characters', { 'idempotency-key': 'k'.repeat(256) }, 'idempotency-key-invalid'],
    ['with a key that is not printable', { 'idempotency-key': 'schlüssel' }, 'idempotency-key-invalid'],
  ])('refuses a call %s', async (_, headers, code) => {
    const { client } = await signUp(app);
    const response = await client.post('/api/orders', lines([uuid(), 1]), headers);
    expect(response.statusCode).toBe(400);
    expect(response.json().code).toBe(code);
  });

  it.each([
    ['no lines', { items: [] }, '/body/items'],
    ['51 lines', lines(...Array.from({ length: 51 }, (): [string, number] => [uuid(), 1])), '/body/items'],
    ['no quantity', { items: [{ productId: uuid() }] }, '/body/items/0/quantity'],
    ['quantity 0', lines([uuid(), 0]), '/body/items/0/quantity'],
    ['quantity 100', lines([uuid(), 100]), '/body/items/0/quantity'],
    ['quantity 1.5', lines([uuid(), 1.5]), '/body/items/0/quantity'],
    ['a quantity in quotes', { items: [{ productId: uuid(), quantity: '1' }] }, '/body/items/0/quantity'],
    ['an id that is none', lines(['teapot', 1]), '/body/items/0/productId'],
    ['an unknown product', lines([uuid(), 1]), '/body/items/0/productId'],
    ['an unknown field', { coupon: 'FREE' }, '/body/coupon'],
    [
      'an unknown field in a line',
      { items: [{ productId: uuid(), quantity: 1, price: 0 }] },
      '/body/items/0/price',
    ],
    ['a list for a body', '[]', '/body'],
  ])('refuses %s with 422 and the path', async (_, body, path) => {
    const { client } = await signUp(app);
    const response = await place(client, body);
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ code: 'validation-failed', errors: [{ path }] });
  });

  it('names the line of an inactive and of a repeated product', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app);
    const gone = await makeProduct(app, { active: false });
    const inactive = await place(client, lines([product.id, 1], [gone.id, 1]));
    expect(inactive.json()).toMatchObject({ status: 422, errors: [{ path: '/body/items/1/productId' }] });
    const repeated = await place(client, lines([product.id, 1], [product.id.toUpperCase(), 1]));
    expect(repeated.json()).toMatchObject({ status: 422, errors: [{ path: '/body/items/1/productId' }] });
    expect(await stockOf(product.id)).toBe(100);
  });

  it('refuses a total that no client could hold', async () => {
    const { client } = await signUp(app);
    // The dearest that the contract allows: the catalogue shows them to the other suites, too.
    const palace = () => makeProduct(app, { priceCents: maxPriceCents });
    const palaces = [await palace(), await palace(), await palace()];
    const response = await place(client, lines(...palaces.map(({ id }): [string, number] => [id, 99])));
    expect(response.json()).toMatchObject({ status: 422, errors: [{ path: '/body/items' }] });
    for (const { id } of palaces) expect(await stockOf(id)).toBe(100);
  });

  it('names every short line and takes nothing', async () => {
    const { client } = await signUp(app);
    const plenty = await makeProduct(app, { stock: 50 });
    const few = await makeProduct(app, { stock: 2 });
    const none = await makeProduct(app, { stock: 0 });
    const response = await place(client, lines([plenty.id, 5], [few.id, 3], [none.id, 1]));
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({
      code: 'out-of-stock',
      products: [
        { productId: few.id, name: few.name, requested: 3, available: 2 },
        { productId: none.id, name: none.name, requested: 1, available: 0 },
      ],
    });
    expect(await stockOf(plenty.id)).toBe(50);
    expect(await stockOf(few.id)).toBe(2);
  });
});

describe('POST /api/orders with {}', () => {
  const put = (client: TestClient, productId: string, quantity: number) =>
    client.put(`/api/cart/items/${productId}`, { quantity });
  const cartOf = async (client: TestClient) => (await client.get('/api/cart')).json().items;

  it('orders the cart and empties it; given lines leave it alone', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app, { priceCents: 700 });
    await put(client, product.id, 3);
    expect((await place(client, lines([product.id, 1]))).statusCode).toBe(201);
    expect(await cartOf(client)).toHaveLength(1);
    const response = await place(client, {});
    expect(response.statusCode).toBe(201);
    expect(response.json()).toMatchObject({
      totalCents: 2_100,
      items: [{ productId: product.id, quantity: 3 }],
    });
    expect(await cartOf(client)).toEqual([]);
  });

  it('refuses an empty cart', async () => {
    const { client } = await signUp(app);
    const response = await place(client, {});
    expect(response.statusCode).toBe(422);
    expect(response.json().code).toBe('cart-empty');
  });

  it('replays for an empty cart, and never empties newer items', async () => {
    const { client } = await signUp(app);
    const [first, second] = [await makeProduct(app), await makeProduct(app)];
    await put(client, first.id, 1);
    const key = uuid();
    const placed = await place(client, {}, key);
    expect(placed.statusCode).toBe(201);
    const onEmpty = await place(client, {}, key);
    expect(onEmpty.rawPayload.equals(placed.rawPayload)).toBe(true);
    await put(client, second.id, 2);
    const onNewer = await place(client, {}, key);
    expect(onNewer.headers['idempotency-replayed']).toBe('true');
    expect(onNewer.rawPayload.equals(placed.rawPayload)).toBe(true);
    expect(await cartOf(client)).toMatchObject([{ productId: second.id, quantity: 2 }]);
  });

  it('counts a product that is no longer sold as out of stock', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app);
    await put(client, product.id, 1);
    await read((tx) => tx.update(products).set({ active: false }).where(eq(products.id, product.id)));
    const response = await place(client, {});
    expect(response.json()).toMatchObject({
      code: 'out-of-stock',
      products: [{ productId: product.id, requested: 1, available: 0 }],
    });
  });
});

describe('Idempotency-Key', () => {
  it('gives the first answer again, byte for byte, whatever has happened to the order since', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app, { stock: 10 });
    const key = uuid();
    const first = await place(client, lines([product.id, 4]), key);
    const { id } = first.json();
    expect((await client.post(`/api/orders/${id}/cancel`)).json().status).toBe('cancelled');
    const again = await place(client, `{"items":[{ "quantity":4, "productId":"${product.id}" }]}`, key);
    expect(again.statusCode).toBe(201);
    expect(again.rawPayload.equals(first.rawPayload)).toBe(true);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers.location).toBe(first.headers.location);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect(await stockOf(product.id)).toBe(10);
    expect(await ordersWith(product.id)).toHaveLength(1);
  });

  it('refuses another body under the same key', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app, { stock: 10 });
    const key = uuid();
    await place(client, lines([product.id, 1]), key);
    const response = await place(client, lines([product.id, 2]), key);
    expect(response.statusCode).toBe(422);
    expect(response.json().code).toBe('idempotency-key-reused');
    expect(await stockOf(product.id)).toBe(9);
  });

  it('belongs to one customer', async () => {
    const [one, other] = [await signUp(app), await signUp(app)];
    const product = await makeProduct(app, { stock: 10 });
    const key = uuid();
    const first = await place(one.client, lines([product.id, 1]), key);
    const second = await place(other.client, lines([product.id, 1]), key);
    expect(second.statusCode).toBe(201);
    expect(second.json().id).not.toBe(first.json().id);
  });

  it('is free again after a day', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app, { stock: 10 });
    const key = uuid();
    const first = await place(client, lines([product.id, 1]), key);
    const madeHoursAgo = (hours: number) =>
      read((tx) =>
        tx
          .update(idempotencyKeys)
          .set({ createdAt: new Date(Date.now() - hours * 3_600_000) })
          .where(eq(idempotencyKeys.key, key)),
      );
    await madeHoursAgo(23);
    expect((await place(client, lines([product.id, 1]), key)).body).toBe(first.body);
    await madeHoursAgo(25);
    const next = await place(client, lines([product.id, 2]), key);
    expect([next.statusCode, next.json().id === first.json().id]).toEqual([201, false]);
    expect(await stockOf(product.id)).toBe(7);
  });

  it('does not store a refusal', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app, { stock: 0 });
    const key = uuid();
    expect((await place(client, lines([product.id, 1]), key)).statusCode).toBe(409);
    await read((tx) => tx.update(products).set({ stock: 1 }).where(eq(products.id, product.id)));
    expect((await place(client, lines([product.id, 1]), key)).statusCode).toBe(201);
  });

  it('makes one order of twenty calls at once', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app, { stock: 100 });
    const key = uuid();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => place(client.copy(), lines([product.id, 1]), key)),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(201));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(19);
    expect(await stockOf(product.id)).toBe(99);
    expect(await ordersWith(product.id)).toHaveLength(1);
  });

  it('answers 409 with Retry-After to a concurrent duplicate of a slow call', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app, { stock: 10 });
    const key = uuid();
    // Holds the product, so that the first call is in progress until the duplicate is answered. Not idle meanwhile: Postgres
    // ends a transaction that is idle for two seconds.
    let isAnswered = false;
    const held = Promise.withResolvers<void>();
    const holding = app.db.primary.transaction(async (tx) => {
      await tx.execute(sql`SELECT 1 FROM ${products} WHERE id = ${product.id} FOR UPDATE`);
      held.resolve();
      while (!isAnswered) await tx.execute(sql`SELECT pg_sleep(0.1)`);
    });
    await held.promise;
    const first = place(client.copy(), lines([product.id, 1]), key);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const from = performance.now();
    const duplicate = await place(client.copy(), lines([product.id, 1]), key).finally(() => {
      isAnswered = true;
    });
    const waitedMs = performance.now() - from;
    expect(duplicate.statusCode).toBe(409);
    expect(duplicate.json().code).toBe('request-in-progress');
    expect(Number(duplicate.headers['retry-after'])).toBeGreaterThan(0);
    expect(waitedMs).toBeGreaterThan(1_900);
    expect((await first).statusCode).toBe(201);
    await holding;
    expect((await place(client, lines([product.id, 1]), key)).body).toBe((await first).body);
    expect(await stockOf(product.id)).toBe(9);
  });
});

describe('orders at once', () => {
  it('sells the last five exactly five times', async () => {
    const shoppers: SignedUp[] = [];
    // One after the other: twenty hashes at once are more than a busy machine admits.
    while (shoppers.length < 20) shoppers.push(await signUp(app));
    const product = await makeProduct(app, { stock: 5 });
    const answers = await Promise.all(shoppers.map(({ client }) => place(client, lines([product.id, 1]))));
    const sold = answers.filter(({ statusCode }) => statusCode === 201);
    const refused = answers.filter(({ statusCode }) => statusCode === 409);
    expect([sold.length, refused.length]).toEqual([5, 15]);
    expect(new Set(sold.map((answer) => answer.json().number)).size).toBe(5);
    expect(await stockOf(product.id)).toBe(0);
    expect(await bookedStockOf(product.id)).toBe(0);
    expect(await ordersWith(product.id)).toHaveLength(5);
  });

  it('do not deadlock when they name their products in different orders', async () => {
    const { client } = await signUp(app);
    const made = [await makeProduct(app), await makeProduct(app), await makeProduct(app)];
    const [a, b, c] = made.map(({ id }) => id) as [string, string, string];
    const baskets = [lines([a, 1], [b, 1], [c, 1]), lines([c, 1], [b, 1], [a, 1]), lines([b, 1], [a, 1])];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => place(client.copy(), baskets[n % 3] as object)),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(30).fill(201));
    expect(await Promise.all([a, b, c].map(stockOf))).toEqual([70, 70, 80]);
  });
});

describe('GET /api/orders', () => {
  it('lists own orders, newest first, page by page', async () => {
    const [{ client }, other] = [await signUp(app), await signUp(app)];
    const product = await makeProduct(app);
    const placed: string[] = [];
    for (let n = 0; n < 5; n += 1) placed.unshift((await place(client, lines([product.id, 1]))).json().id);
    await place(other.client, lines([product.id, 1]));

    const seen: string[] = [];
    let cursor: string | null = '';
    const sizes: number[] = [];
    while (cursor !== null) {
      const page = await client.get(
        `/api/orders?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      expect(page.statusCode).toBe(200);
      const { items, nextCursor } = page.json() as { items: { id: string }[]; nextCursor: string | null };
      seen.push(...items.map(({ id }) => id));
      sizes.push(items.length);
      cursor = nextCursor;
    }
    expect(seen).toEqual(placed);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('ends without a cursor when the last page is full', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app);
    await place(client, lines([product.id, 1]));
    expect((await client.get('/api/orders?limit=1')).json().nextCursor).toBeNull();
    expect((await (await signUp(app)).client.get('/api/orders')).json()).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it('refuses guests, tampered cursors, those of others, and limits out of range', async () => {
    const [{ client }, other] = [await signUp(app), await signUp(app)];
    const product = await makeProduct(app);
    for (let n = 0; n < 2; n += 1) await place(client, lines([product.id, 1]));
    const { nextCursor } = (await client.get('/api/orders?limit=1')).json();
    expect((await new TestClient(app).get('/api/orders')).statusCode).toBe(401);
    for (const [shopper, cursor] of [
      [client, `${nextCursor}x`],
      [client, 'nonsense'],
      [other.client, nextCursor],
    ] as const) {
      const response = await shopper.get(`/api/orders?cursor=${encodeURIComponent(cursor)}`);
      expect([response.statusCode, response.json().code]).toEqual([400, 'invalid-cursor']);
    }
    for (const limit of ['0', '101', 'many', '1.5']) {
      const response = await client.get(`/api/orders?limit=${limit}`);
      expect(response.json()).toMatchObject({ status: 422, errors: [{ path: '/query/limit' }] });
    }
  });
});

describe('GET /api/orders/:id', () => {
  it("shows no other customer's", async () => {
    const [{ client }, other] = [await signUp(app), await signUp(app)];
    const product = await makeProduct(app);
    const { id } = (await place(client, lines([product.id, 1]))).json();
    expect((await client.get(`/api/orders/${id}`)).statusCode).toBe(200);
    expect((await other.client.get(`/api/orders/${id}`)).json().code).toBe('not-found');
    expect((await new TestClient(app).get(`/api/orders/${id}`)).statusCode).toBe(401);
    expect((await client.get(`/api/orders/${uuid()}`)).statusCode).toBe(404);
    expect((await client.get('/api/orders/100001')).statusCode).toBe(404);
  });
});

describe('POST /api/orders/:id/cancel', () => {
  const cancel = (client: TestClient, id: string) => client.post(`/api/orders/${id}/cancel`);

  it('cancels and returns the stock once, also when asked ten times at once and again', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app, { stock: 10 });
    const { id } = (await place(client, lines([product.id, 4]))).json();
    expect(await stockOf(product.id)).toBe(6);
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(client.copy(), id)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(200));
    expect((await cancel(client, id)).json().status).toBe('cancelled');
    expect(await stockOf(product.id)).toBe(10);
    expect(await bookedStockOf(product.id)).toBe(10);
    expect((await client.get(`/api/orders/${id}`)).json().status).toBe('cancelled');
  });

  it('asks for the refund of a paid order once', async () => {
    const { client, user } = await signUp(app);
    const product = await makeProduct(app);
    const { id } = await makeOrder(app, user.id, product, { status: 'paid' });
    await Promise.all(Array.from({ length: 5 }, () => cancel(client.copy(), id)));
    expect((await eventsOf(id)).map(({ topic }) => topic)).toEqual(['payment.refund']);
  });

  it.each(['shipped', 'payment-failed'] as const)('refuses an order that is %s', async (status) => {
    const { client, user } = await signUp(app);
    const { id } = await makeOrder(app, user.id, await makeProduct(app), { status });
    const response = await cancel(client, id);
    expect([response.statusCode, response.json().code]).toEqual([409, 'order-not-cancellable']);
    expect((await client.get(`/api/orders/${id}`)).json().status).toBe(status);
  });

  it("answers 404 for another customer's order", async () => {
    const [{ user }, other] = [await signUp(app), await signUp(app)];
    const { id } = await makeOrder(app, user.id, await makeProduct(app), { status: 'placed' });
    expect((await cancel(other.client, id)).statusCode).toBe(404);
    expect((await cancel(other.client, 'nonsense')).statusCode).toBe(404);
    expect((await cancel(new TestClient(app), id)).statusCode).toBe(401);
    const [order] = await read((tx) =>
      tx
        .select()
        .from(orders)
        .where(and(eq(orders.id, id))),
    );
    expect(order?.status).toBe('placed');
  });
});

describe('without Redis', () => {
  it('an order is placed, and one from the cart is replayed', async () => {
    const { client } = await signUp(app);
    const product = await makeProduct(app, { stock: 10 });
    await client.put(`/api/cart/items/${product.id}`, { quantity: 2 });
    const key = uuid();
    const placed = await place(client, {}, key);
    expect(placed.statusCode).toBe(201);

    const cutOff = await buildTestApp({ redis: noRedis });
    try {
      const there = new TestClient(cutOff);
      for (const [name, value] of client.cookies) there.cookies.set(name, value);
      const replayed = await place(there, {}, key);
      expect(replayed.body).toBe(placed.body);
      expect((await place(there, lines([product.id, 1]))).statusCode).toBe(201);
      expect(await stockOf(product.id)).toBe(7);
    } finally {
      await cutOff.close();
    }
  });
});
