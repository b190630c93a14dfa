import { maxLines } from '@shop/contracts/cart.ts';
import { products } from '@shop/database/schema/products.ts';
import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeProduct, signUp } from '../../testing/factories.ts';
import { serverCallKey } from './call-key.ts';
import { type CartLine, changeCart, mergeCarts, readCart, unwrittenVersion } from './cart.repository.ts';

let app: App;
beforeAll(async () => {
  app = await buildTestApp();
});
afterAll(() => app.close());

const itemPath = (productId: string) => `/api/cart/items/${productId}`;
const emptyCart = { items: [], totalCents: 0, currency: 'EUR', version: expect.any(String) };
const setItem = (owner: string, line: CartLine) =>
  changeCart(app.redisDurable, { owner, key: serverCallKey() }, { operation: 'set', ...line });
const clearIfVersion = async (owner: string, version: string) =>
  (
    await changeCart(
      app.redisDurable,
      { owner, key: serverCallKey(), ifMatch: [version] },
      { operation: 'clear' },
    )
  ).outcome === 'done';

async function change(productId: string, values: Partial<typeof products.$inferInsert>) {
  const { watermark } = await app.db.primary.transaction((tx) =>
    tx.update(products).set(values).where(eq(products.id, productId)),
  );
  await app.catalog.invalidate([productId], watermark);
}

describe('a cart', () => {
  it('of a guest who never put anything into it is empty, and starts no session', async () => {
    const guest = new TestClient(app);
    for (const response of [
      await guest.get('/api/cart'),
      await guest.delete('/api/cart'),
      await guest.delete(itemPath(uuid())),
    ]) {
      expect([response.statusCode, response.json()]).toEqual([200, emptyCart]);
      expect(response.headers['set-cookie']).toBeUndefined();
      expect(response.headers['cache-control']).toBe('no-store');
    }
  });

  it('sets quantities, keeps the order of its lines, and shows today’s prices', async () => {
    const guest = new TestClient(app);
    const [tea, pot] = [
      await makeProduct(app, { priceCents: 250 }),
      await makeProduct(app, { priceCents: 1_999 }),
    ];
    await guest.put(itemPath(tea.id), { quantity: 1 });
    await guest.put(itemPath(pot.id), { quantity: 2 });
    // Sets, does not add; an id in capitals is the same id.
    const response = await guest.put(itemPath(tea.id.toUpperCase()), { quantity: 3 });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      items: [
        {
          productId: tea.id,
          slug: tea.slug,
          name: tea.name,
          imageUrl: tea.imageUrl,
          priceCents: 250,
          quantity: 3,
          lineTotalCents: 750,
          available: true,
        },
        expect.objectContaining({ productId: pot.id, quantity: 2, lineTotalCents: 3_998 }),
      ],
      totalCents: 4_748,
      currency: 'EUR',
      version: expect.any(String),
    });
    await change(tea.id, { priceCents: 300 });
    expect((await guest.get('/api/cart')).json().totalCents).toBe(4_898);
  });

  it('takes more than the stock, and says what is not available', async () => {
    const guest = new TestClient(app);
    const product = await makeProduct(app, { stock: 2 });
    const available = async (response = guest.get('/api/cart')) => (await response).json().items[0].available;
    expect(await available(guest.put(itemPath(product.id), { quantity: 3 }))).toBe(false);
    expect(await available(guest.put(itemPath(product.id), { quantity: 2 }))).toBe(true);
    await change(product.id, { stock: 1 });
    expect(await available()).toBe(false);
    await change(product.id, { stock: 50, active: false });
    expect(await available()).toBe(false);
  });

  it('removes a line and empties, also when nothing is there', async () => {
    const guest = new TestClient(app);
    const [tea, pot] = [await makeProduct(app), await makeProduct(app)];
    await guest.put(itemPath(tea.id), { quantity: 1 });
    await guest.put(itemPath(pot.id), { quantity: 1 });
    for (let time = 1; time <= 2; time += 1) {
      const response = await guest.delete(itemPath(tea.id));
      expect(response.statusCode).toBe(200);
      expect(response.json().items).toEqual([expect.objectContaining({ productId: pot.id })]);
    }
    for (let time = 1; time <= 2; time += 1) {
      const response = await guest.delete('/api/cart');
      expect([response.statusCode, response.json()]).toEqual([200, emptyCart]);
    }
  });

  it('belongs to its session alone', async () => {
    const [one, other] = [new TestClient(app), new TestClient(app)];
    const product = await makeProduct(app);
    await one.put(itemPath(product.id), { quantity: 1 });
    expect((await other.get('/api/cart')).json()).toEqual(emptyCart);
  });

  it('refuses unknown, inactive and malformed products', async () => {
    const guest = new TestClient(app);
    const inactive = await makeProduct(app, { active: false });
    for (const id of [uuid(), inactive.id, 'teapot', '%00']) {
      const response = await guest.put(itemPath(id), { quantity: 1 });
      expect([id, response.statusCode, response.json().code]).toEqual([id, 404, 'not-found']);
    }
    expect((await guest.delete(itemPath('teapot'))).statusCode).toBe(404);
  });

  it.each([
    [{ quantity: 0 }, '/body/quantity'],
    [{ quantity: 100 }, '/body/quantity'],
    [{ quantity: 1.5 }, '/body/quantity'],
    [{ quantity: '1' }, '/body/quantity'],
    [{}, '/body/quantity'],
    [{ quantity: 1, price: 1 }, '/body/price'],
  ])('refuses the body %j', async (body, path) => {
    const product = await makeProduct(app);
    const response = await new TestClient(app).put(itemPath(product.id), body);
    expect([response.statusCode, response.json().code]).toEqual([422, 'validation-failed']);
    expect(response.json().errors[0].path).toBe(path);
  });

  it('has at most 50 lines, whose quantities can still be changed', async () => {
    const guest = new TestClient(app);
    const category = (await makeProduct(app)).category;
    const all = await Promise.all(Array.from({ length: maxLines + 1 }, () => makeProduct(app, { category })));
    const fitting = all.slice(0, maxLines);
    for (const { id } of fitting) await guest.put(itemPath(id), { quantity: 1 });
    const refused = await guest.put(itemPath(all[maxLines]!.id), { quantity: 1 });
    expect([refused.statusCode, refused.json().code]).toEqual([422, 'validation-failed']);
    const changed = await guest.put(itemPath(all[0]!.id), { quantity: 2 });
    expect(changed.statusCode).toBe(200);
    expect(changed.json().items.map((line: { productId: string }) => line.productId)).toEqual(
      fitting.map(({ id }) => id),
    );
  });
});

describe('at login', () => {
  it('the guest’s quantities are added to the customer’s, up to 99, once', async () => {
    const { user, password } = await signUp(app);
    const [tea, pot] = [await makeProduct(app), await makeProduct(app)];
    const logIn = async (guestItems: [string, number][]) => {
      const client = new TestClient(app);
      for (const [id, quantity] of guestItems) await client.put(itemPath(id), { quantity });
      expect((await client.post('/api/auth/login', { email: user.email, password })).statusCode).toBe(200);
      const { items } = (await client.get('/api/cart')).json();
      return items.map((line: { productId: string; quantity: number }) => [line.productId, line.quantity]);
    };
    expect(await logIn([[tea.id, 60]])).toEqual([[tea.id, 60]]);
    expect(
      await logIn([
        [pot.id, 2],
        [tea.id, 60],
      ]),
    ).toEqual([
      [tea.id, 99],
      [pot.id, 2],
    ]);
    expect(await logIn([])).toEqual([
      [tea.id, 99],
      [pot.id, 2],
    ]);
  });

  it('merging twice adds once, and what does not fit beside the customer’s lines is named', async () => {
    const [guest, customer] = [`session:${uuid()}`, `customer:${uuid()}`];
    const ids = Array.from({ length: maxLines }, () => uuid());
    for (const productId of ids) await setItem(customer, { productId, quantity: 1 });
    const known = ids[7]!;
    await setItem(guest, { productId: known, quantity: 4 });
    const tooMany = { productId: uuid(), quantity: 1 };
    await setItem(guest, tooMany);
    for (let time = 1; time <= 2; time += 1) {
      expect(await mergeCarts(app.redisDurable, { guest, customer })).toEqual([tooMany]);
    }
    const { items } = await readCart(app.redis, customer);
    expect(items.map(({ productId }) => productId)).toEqual(ids);
    expect(items[7]).toEqual({ productId: known, quantity: 5 });
    expect(await readCart(app.redis, guest)).toEqual({ version: unwrittenVersion, items: [] });
  });
});

describe('a version', () => {
  it('is new after every write, so clearing an ordered cart again never takes newer items', async () => {
    const owner = `customer:${uuid()}`;
    const line = { productId: uuid(), quantity: 1 };
    await setItem(owner, line);
    const ordered = (await readCart(app.redis, owner)).version;
    expect(await clearIfVersion(owner, ordered)).toBe(true);
    expect((await readCart(app.redis, owner)).items).toEqual([]);
    await setItem(owner, line);
    expect(await clearIfVersion(owner, ordered)).toBe(false);
    expect((await readCart(app.redis, owner)).items).toEqual([line]);
  });

  it('that was changed since is not cleared', async () => {
    const owner = `customer:${uuid()}`;
    const line = { productId: uuid(), quantity: 1 };
    await setItem(owner, line);
    const { version } = await readCart(app.redis, owner);
    await setItem(owner, { ...line, quantity: 2 });
    expect(await clearIfVersion(owner, version)).toBe(false);
  });

  it('is forgotten with the cart: guests after 7 days, customers after 30', async () => {
    for (const [owner, days] of [
      [`session:${uuid()}`, 7],
      [`customer:${uuid()}`, 30],
    ] as const) {
      await setItem(owner, { productId: uuid(), quantity: 1 });
      const ttlDays = (await app.redis.ttl(`cart:${owner}`)) / 86_400;
      expect(ttlDays).toBeGreaterThan(days - 0.1);
      expect(ttlDays).toBeLessThanOrEqual(days);
    }
  });
});
