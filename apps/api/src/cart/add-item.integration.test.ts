import { randomUUID } from 'node:crypto';
import { maxLines } from '@shop/contracts/cart.ts';
import { maxQuantity } from '@shop/contracts/values.ts';
import { eventually } from '@shop/testing/eventually.ts';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeProduct, signUp } from '../../testing/factories.ts';
import { callKey, maxKeys } from './call-key.ts';
import { changeCart, keepAnswer, mergeCarts } from './cart.repository.ts';

let app: App;
beforeAll(async () => {
  app = await buildTestApp();
});
afterAll(() => app.close());

const keyed = (key: string) => ({ 'idempotency-key': key });
const add = (client: TestClient, productId: string, quantity: number, key?: string) =>
  client.post('/api/cart/items', { productId, quantity }, key ? keyed(key) : {});
/** How long the cart of `owner` still remembers a key. */
async function secondsToLive(owner: string, field: string) {
  const [ttl] = (await app.redis.call('HTTL', `cart-calls:${owner}`, 'FIELDS', '1', field)) as [number];
  return ttl;
}
const quantities = async (client: TestClient) =>
  (await client.get('/api/cart')).json().items.map(({ quantity }: { quantity: number }) => quantity);

describe('POST /api/cart/items', () => {
  it('adds, shows the cart, and says how many did not fit', async () => {
    const guest = new TestClient(app);
    const product = await makeProduct(app, { priceCents: 100, stock: 1 });
    const first = await add(guest, product.id, 60);
    expect([first.statusCode, first.json()]).toEqual([
      200,
      expect.objectContaining({
        totalCents: 6_000,
        currency: 'EUR',
        notAdded: 0,
        version: expect.any(String),
      }),
    ]);
    const second = await add(guest, product.id.toUpperCase(), 60);
    expect(second.json()).toMatchObject({ items: [{ quantity: maxQuantity }], notAdded: 21 });
    expect((await add(guest, product.id, 5)).json()).toMatchObject({ notAdded: 5 });
  });

  it('sums what fifty calls add at once on two replicas', async () => {
    const other = await buildTestApp();
    const { client } = await signUp(app);
    const there = new TestClient(other);
    for (const [name, value] of client.cookies) there.cookies.set(name, value);
    const product = await makeProduct(app);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        add(n % 2 ? client : there, product.id, 1, n % 3 ? randomUUID() : undefined),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(50).fill(200));
    expect(await quantities(client)).toEqual([50]);
    await other.close();
  });

  it('adds once under one key, ten times at once or later, and gives the first answer again', async () => {
    const { client } = await signUp(app);
    const [product, key] = [await makeProduct(app), randomUUID()];
    await Promise.all(Array.from({ length: 10 }, () => add(client, product.id, 3, key)));
    expect(await quantities(client)).toEqual([3]);
    const [second, later] = [randomUUID(), await makeProduct(app)];
    const first = await add(client, product.id, 97, second);
    expect(first.json()).toMatchObject({ notAdded: 1 });
    await add(client, later.id, 1);
    const again = await add(client, product.id, 97, second);
    expect(again.body).toBe(first.body);
    expect(again.headers).toMatchObject({
      'idempotency-replayed': 'true',
      'content-type': first.headers['content-type'],
    });
    expect(await quantities(client)).toEqual([maxQuantity, 1]);
  });

  it('refuses the key for another body', async () => {
    const { client } = await signUp(app);
    const [product, key] = [await makeProduct(app), randomUUID()];
    await add(client, product.id, 1, key);
    const response = await add(client, product.id, 2, key);
    expect(response.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    expect(await quantities(client)).toEqual([1]);
  });

  it('remembers its key when the cart is emptied, ordered and merged', async () => {
    const { client, user, password } = await signUp(app);
    const product = await makeProduct(app);
    const [emptied, ordered, merged] = [randomUUID(), randomUUID(), randomUUID()];
    await add(client, product.id, 1, emptied);
    await client.delete('/api/cart');
    await add(client, product.id, 1, emptied);
    expect(await quantities(client)).toEqual([]);

    await add(client, product.id, 2, ordered);
    const order = await client.post('/api/orders', {}, keyed(randomUUID()));
    expect(order.statusCode).toBe(201);
    await eventually(5_000, async () => expect(await quantities(client)).toEqual([]));
    await add(client, product.id, 2, ordered);
    expect(await quantities(client)).toEqual([]);

    const guest = new TestClient(app);
    await add(guest, product.id, 4, merged);
    const before = guest.copy();
    await guest.post('/api/auth/login', { email: user.email, password });
    for (const one of [guest, before]) await add(one, product.id, 4, merged);
    expect(await quantities(guest)).toEqual([4]);
    expect(await quantities(before)).toEqual([]);
  });

  it('answers a repetition although the product is no longer sold', async () => {
    const { client } = await signUp(app);
    const [product, key] = [await makeProduct(app), randomUUID()];
    const first = await add(client, product.id, 1, key);
    const gone = await makeProduct(app, { active: false });
    // A product that is gone has no price; the cart shows what it had when the key was new.
    expect((await add(client, gone.id, 1)).json()).toMatchObject({ code: 'not-found' });
    expect((await add(client, product.id, 1, key)).body).toBe(first.body);
  });

  it.each([
    [{ quantity: 1 }, '/body/productId'],
    [{ productId: 'teapot', quantity: 1 }, '/body/productId'],
    [{ productId: uuid(), quantity: 0 }, '/body/quantity'],
    [{ productId: uuid(), quantity: 100 }, '/body/quantity'],
    [{ productId: uuid(), quantity: 1, price: 1 }, '/body/price'],
  ])('refuses the body %j', async (body, path) => {
    const response = await new TestClient(app).post('/api/cart/items', body);
    expect(response.json()).toMatchObject({ status: 422, code: 'validation-failed', errors: [{ path }] });
  });

  it('has room for 50 lines', async () => {
    const guest = new TestClient(app);
    const { category } = await makeProduct(app);
    const all = await Promise.all(Array.from({ length: maxLines + 1 }, () => makeProduct(app, { category })));
    for (const { id } of all.slice(0, maxLines)) await add(guest, id, 1);
    const refused = await add(guest, all[maxLines]!.id, 1);
    expect(refused.json()).toMatchObject({ status: 422, errors: [{ path: '/body/productId' }] });
    expect((await add(guest, all[0]!.id, 1)).statusCode).toBe(200);
  });

  it('bounds the keys that a cart remembers, each for a day', async () => {
    const owner = `customer:${uuid()}`;
    const productId = uuid();
    const call = (n: number) =>
      callKey({
        owner,
        route: 'POST /api/cart/items',
        key: `key-${n}`,
        bodyHash: 'hash',
        commitReplays: true,
      });
    for (let from = 0; from < maxKeys; from += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          changeCart(
            app.redisDurable,
            { owner, key: call(from + n) },
            { operation: 'set', productId, quantity: 1 },
          ),
        ),
      );
    }
    const change = { operation: 'add', productId, quantity: 1 } as const;
    expect((await changeCart(app.redisDurable, { owner, key: call(maxKeys) }, change)).outcome).toBe(
      'exhausted',
    );
    expect((await changeCart(app.redisDurable, { owner, key: call(0) }, change)).outcome).toBe('replayed');
    const ttl = await secondsToLive(owner, call(0).field);
    expect(ttl).toBeGreaterThan(86_000);
    expect(ttl).toBeLessThanOrEqual(86_400);
  });

  it('has keys that live no longer for a login or a first answer', async () => {
    const [guest, customer] = [`session:${uuid()}`, `customer:${uuid()}`];
    const key = { field: randomUUID(), bodyHash: 'hash', ttlSeconds: 600, made: 'client' } as const;
    await changeCart(
      app.redisDurable,
      { owner: guest, key },
      { operation: 'add', productId: uuid(), quantity: 1 },
    );
    await keepAnswer(app.redis, { owner: guest, key }, 'answer');
    await mergeCarts(app.redisDurable, { guest, customer });
    for (const owner of [guest, customer]) {
      const ttl = await secondsToLive(owner, key.field);
      expect([owner, ttl > 0, ttl <= 600]).toEqual([owner, true, true]);
    }
  });
});

it('an addition that arrives after the guest’s login is refused, and counts once with the new cookie', async () => {
  const { id } = await makeProduct(app);
  const shopper = new TestClient(app);
  await add(shopper, id, 1);
  const late = shopper.copy();
  await signUp(app, shopper);
  const key = uuid();
  for (let time = 1; time <= 2; time += 1) {
    const refused = await add(late, id, 2, key);
    expect([refused.statusCode, refused.json().code, refused.headers['retry-after']]).toEqual([
      ...[409, 'session-changed', '1'],
    ]);
  }
  expect(await quantities(late)).toEqual([]);
  for (let time = 1; time <= 2; time += 1) expect((await add(shopper, id, 2, key)).statusCode).toBe(200);
  expect(await quantities(shopper)).toEqual([3]);
});
