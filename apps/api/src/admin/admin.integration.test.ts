import { mails, payments } from '@shop/database/schema/orders.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeOrder, makeProduct, signUp, signUpAdmin } from '../../testing/factories.ts';

let app: App;
let admin: TestClient;
let adminId: string;
let category: string;
beforeAll(async () => {
  app = await buildTestApp();
  const signedUp = await signUpAdmin(app);
  admin = signedUp.client;
  adminId = signedUp.user.id;
  category = (await makeProduct(app)).category;
});
afterAll(() => app.close());

const keyed = (key: string) => ({ 'idempotency-key': key });
const aSlug = () => `teapot-${uuid().slice(-12)}`;
const aProduct = (overrides: object = {}) => ({
  slug: aSlug(),
  name: 'Teapot',
  description: 'A pot for tea.',
  category,
  priceCents: 1_999,
  stock: 7,
  ...overrides,
});

async function anUpload(values: Partial<typeof uploads.$inferInsert> = {}): Promise<string> {
  const id = uuid();
  const sha256 = 'a'.repeat(64);
  await app.db.primary.transaction((tx) =>
    tx.insert(uploads).values({
      ...{ id, customerId: adminId, purpose: 'product', filename: 'pot.png', contentType: 'image/png' },
      ...{ sizeBytes: 10, status: 'ready', stagedKey: 'none', sha256, expiresAt: new Date(), ...values },
    }),
  );
  return id;
}

describe('a session that is no admin', () => {
  const calls = [
    ['GET', '/api/admin/session'],
    ['GET', '/api/admin/products'],
    ['GET', `/api/admin/products/${uuid()}`],
    ['GET', `/api/admin/products/${uuid()}/price-changes`],
    ['POST', '/api/admin/products'],
    ['PATCH', `/api/admin/products/${uuid()}`],
    ['POST', `/api/admin/products/${uuid()}/stock`],
    ['GET', `/api/admin/products/${uuid()}/stock-changes`],
    ['GET', '/api/admin/orders'],
    ['GET', `/api/admin/orders/${uuid()}`],
    ['POST', `/api/admin/orders/${uuid()}/ship`],
    ['GET', '/api/admin/uploads'],
    ['GET', '/api/admin/queues'],
    ['GET', '/api/admin/queues/api/queues'],
  ] as const;

  it.each(calls)('is refused by %s %s', async (method, path) => {
    const guest = await new TestClient(app).send(method, path);
    expect([guest.statusCode, guest.json().code]).toEqual([401, 'not-authenticated']);
    const { client } = await signUp(app);
    const customer = await client.send(method, path);
    expect([customer.statusCode, customer.json().code]).toEqual([403, 'not-admin']);
  });

  it('is refused before its body is checked', async () => {
    const response = await new TestClient(app).post('/api/admin/products', '{"broken');
    expect(response.statusCode).toBe(401);
  });
});

describe('GET /api/admin/session', () => {
  it('answers 204 for an admin', async () => {
    const response = await admin.get('/api/admin/session');
    expect([response.statusCode, response.body]).toEqual([204, '']);
    expect(response.headers['cache-control']).toBe('no-store');
  });
});

describe('POST /api/admin/products', () => {
  it('answers 201; the product is for sale at once, and its first stock is written down', async () => {
    const body = aProduct();
    const response = await admin.post('/api/admin/products', body);
    expect(response.statusCode).toBe(201);
    const product = response.json();
    expect(product).toEqual({
      ...body,
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      currency: 'EUR',
      // Its category's, as it has none of its own.
      imageUrl: '/pictures/cherry-red-teapot-1-2-l-640.webp',
      images: [],
      rating: null,
      reviewCount: 0,
      active: true,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const { active: _, ...shown } = product;
    for (const client of [admin, new TestClient(app)]) {
      expect((await client.get(`/api/products/${body.slug}`)).json()).toEqual(shown);
      const { items } = (await client.get(`/api/products?category=${category}`)).json();
      expect(items).toContainEqual(shown);
    }
    const changes = (await admin.get(`/api/admin/products/${product.id}/stock-changes`)).json();
    expect(changes.items).toEqual([
      expect.objectContaining({ delta: 7, reason: 'initial', stockAfter: 7, orderId: null }),
    ]);
  });

  it('accepts a stock of 0', async () => {
    const response = await admin.post('/api/admin/products', aProduct({ stock: 0 }));
    expect([response.statusCode, response.json().stock]).toEqual([201, 0]);
  });

  it('with a key makes one product', async () => {
    const [key, body] = [uuid(), aProduct()];
    const first = await admin.post('/api/admin/products', body, keyed(key));
    const again = await admin.post('/api/admin/products', body, keyed(key));
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await admin.post('/api/admin/products', aProduct(), keyed(key));
    expect([other.statusCode, other.json().code]).toEqual([422, 'idempotency-key-reused']);
    const malformed = await admin.post('/api/admin/products', aProduct(), keyed('ä'));
    expect([malformed.statusCode, malformed.json().code]).toEqual([400, 'idempotency-key-invalid']);
  });

  it('answers 409 slug-taken, and the key can be used again', async () => {
    const [key, body] = [uuid(), aProduct()];
    await admin.post('/api/admin/products', body);
    const taken = await admin.post('/api/admin/products', { ...body, name: 'Other' }, keyed(key));
    expect([taken.statusCode, taken.json().code]).toEqual([409, 'slug-taken']);
    expect((await admin.post('/api/admin/products', aProduct(), keyed(key))).statusCode).toBe(201);
  });

  it('shows the picture of an upload', async () => {
    const uploadId = await anUpload({ objectName: 'name-2' });
    const product = (await admin.post('/api/admin/products', aProduct({ uploadId }))).json();
    const large = '/media/name-2-large.webp';
    expect(product.imageUrl).toBe(large);
    expect(product.images.map(({ url }: { url: string }) => url)).toContain(large);
  });

  it('answers 409 upload-not-ready for a picture that cannot be used', async () => {
    const { user } = await signUp(app);
    for (const uploadId of [
      await anUpload({ status: 'processing', sha256: null }),
      await anUpload({ status: 'rejected', reason: 'not-an-image' }),
      await anUpload({ purpose: 'review' }),
      await anUpload({ customerId: user.id }),
      uuid(),
    ]) {
      const response = await admin.post('/api/admin/products', aProduct({ uploadId }));
      expect([response.statusCode, response.json().code]).toEqual([409, 'upload-not-ready']);
    }
  });

  it.each([
    [{ slug: 'Teapot' }, '/body/slug'],
    [{ slug: 'tea--pot' }, '/body/slug'],
    [{ slug: '' }, '/body/slug'],
    [{ slug: 'x'.repeat(101) }, '/body/slug'],
    [{ slug: 'suggestions' }, '/body/slug'],
    [{ slug: uuid() }, '/body/slug'],
    [{ name: '' }, '/body/name'],
    [{ name: 'x'.repeat(201) }, '/body/name'],
    [{ name: 'a\u0000b' }, '/body/name'],
    [{ description: 'x'.repeat(5_001) }, '/body/description'],
    [{ category: 'no-such-category' }, '/body/category'],
    [{ priceCents: -1 }, '/body/priceCents'],
    [{ priceCents: 10_000_001 }, '/body/priceCents'],
    [{ priceCents: 1.5 }, '/body/priceCents'],
    [{ priceCents: '100' }, '/body/priceCents'],
    [{ stock: -1 }, '/body/stock'],
    [{ stock: 1_000_001 }, '/body/stock'],
    [{ uploadId: 'x' }, '/body/uploadId'],
    [{ active: false }, '/body/active'],
    [{ rating: 5 }, '/body/rating'],
  ])('refuses %j', async (wrong, path) => {
    const response = await admin.post('/api/admin/products', aProduct(wrong));
    expect([response.statusCode, response.json().code]).toEqual([422, 'validation-failed']);
    expect(response.json().errors[0].path).toBe(path);
  });

  it('refuses a body without a field, and one that is no JSON', async () => {
    const { name: _, ...nameless } = aProduct();
    const response = await admin.post('/api/admin/products', nameless);
    expect([response.statusCode, response.json().errors[0].path]).toEqual([422, '/body/name']);
    const broken = await admin.post('/api/admin/products', '{"slug"');
    expect([broken.statusCode, broken.json().code]).toEqual([400, 'invalid-json']);
  });
});

describe('PATCH /api/admin/products/:id', () => {
  it('changes the named fields, for every session at once', async () => {
    const made = await makeProduct(app, { category });
    const guest = new TestClient(app);
    await guest.get(`/api/products/${made.slug}`);
    await guest.get(`/api/products?category=${category}`);
    const change = { slug: aSlug(), name: 'Kettle', priceCents: 5, uploadId: await anUpload() };
    const response = await admin.patch(`/api/admin/products/${made.id}`, change);
    expect(response.statusCode).toBe(200);
    const { uploadId: _, ...fields } = change;
    expect(response.json()).toMatchObject({ ...fields, description: made.description, stock: made.stock });
    for (const client of [admin, guest]) {
      expect((await client.get(`/api/products/${change.slug}`)).json()).toMatchObject(fields);
      expect((await client.get(`/api/products/${made.slug}`)).statusCode).toBe(404);
      const { items } = (await client.get(`/api/products?category=${category}&limit=100`)).json();
      expect(items).toContainEqual(expect.objectContaining(fields));
    }
  });

  it('takes a product out of the catalogue and brings it back', async () => {
    const { id, slug } = await makeProduct(app, { category });
    const guest = new TestClient(app);
    for (const [active, status] of [
      [false, 404],
      [true, 200],
    ] as const) {
      const response = await admin.patch(`/api/admin/products/${id}`, { active });
      expect([response.statusCode, response.json().active]).toEqual([200, active]);
      expect((await guest.get(`/api/products/${slug}`)).statusCode).toBe(status);
      expect((await admin.get(`/api/products/${slug}`)).statusCode).toBe(status);
    }
  });

  it('with a key gives the first answer again', async () => {
    const { id } = await makeProduct(app, { category });
    const key = uuid();
    const first = await admin.patch(`/api/admin/products/${id}`, { priceCents: 1 }, keyed(key));
    await admin.patch(`/api/admin/products/${id}`, { priceCents: 2 });
    const again = await admin.patch(`/api/admin/products/${id}`, { priceCents: 1 }, keyed(key));
    expect(again.body).toBe(first.body);
    expect((await admin.get(`/api/products/${id}`)).json().priceCents).toBe(2);
  });

  it('answers 404, 409 and 422', async () => {
    const [one, other] = [await makeProduct(app, { category }), await makeProduct(app, { category })];
    const path = `/api/admin/products/${one.id}`;
    for (const id of [uuid(), 'teapot']) {
      expect((await admin.patch(`/api/admin/products/${id}`, { name: 'x' })).json().code).toBe('not-found');
    }
    expect((await admin.patch(path, { slug: other.slug })).json().code).toBe('slug-taken');
    expect((await admin.patch(path, { uploadId: uuid() })).json().code).toBe('upload-not-ready');
    for (const [body, where] of [
      [{ stock: 5 }, '/body/stock'],
      [{ category: 'nothing' }, '/body/category'],
      [{ active: 'no' }, '/body/active'],
      [{ name: null }, '/body/name'],
    ] as const) {
      const response = await admin.patch(path, body);
      expect([response.statusCode, response.json().errors[0].path]).toEqual([422, where]);
    }
  });
});

describe('the products of the admin', () => {
  const list = async (query: string) => {
    const response = await admin.get(`/api/admin/products?${query}`);
    expect(response.statusCode).toBe(200);
    return response.json() as { items: { id: string; active: boolean }[]; nextCursor: string | null };
  };
  const ids = async (query: string) => (await list(query)).items.map(({ id }) => id);

  it('are found by id and by part of name or slug, for sale or not', async () => {
    const word = uuid().slice(-12);
    const shown = await makeProduct(app, {
      category,
      name: `Big ${word.toUpperCase()}`,
      slug: `one-${word}`,
    });
    const hidden = await makeProduct(app, { category, name: 'Small', slug: `two-${word}-x`, active: false });
    // The newest come first.
    expect(await ids(`q=${word}`)).toEqual([hidden.id, shown.id]);
    expect(await ids(`q=${word}&status=active`)).toEqual([shown.id]);
    expect(await ids(`q=${word}&status=inactive`)).toEqual([hidden.id]);
    expect(await ids(`q=${encodeURIComponent(`big ${word}`)}`)).toEqual([shown.id]);
    expect(await ids(`q=${hidden.id}`)).toEqual([hidden.id]);
    expect(await ids(`q=${uuid()}`)).toEqual([]);
    const [item] = (await list(`q=${hidden.id}`)).items;
    expect(item).toMatchObject({ name: 'Small', stock: 100, active: false, category });
    const one = await admin.get(`/api/admin/products/${hidden.id}`);
    expect([one.statusCode, one.json()]).toEqual([200, item]);
  });

  it('are found as shoppers find them: without accents, in other forms and cases, with other punctuation', async () => {
    const word = uuid().slice(-12);
    const { id } = await makeProduct(app, {
      category,
      name: `Crème Piñata-${word} 1.5 kg`,
      slug: `sweet-${uuid()}`,
    });
    for (const q of [
      `creme pinata ${word}`,
      `CRÈME PIÑATA-${word} 1,5 KG`,
      `Crème Piñata-${word}`.normalize('NFD'),
      `${word} ｃｒｅｍｅ`,
      `pinat ${word}`,
    ])
      expect([q, await ids(new URLSearchParams({ q }).toString())]).toEqual([q, [id]]);
    for (const q of ['%', '_', `${word}%`, `creme_pinata ${word}x`])
      expect(await ids(new URLSearchParams({ q, status: 'inactive' }).toString())).toEqual([]);
  });

  it('come in pages that repeat and skip nothing, also when made at the same moment', async () => {
    const word = uuid().slice(-12);
    const createdAt = new Date();
    const made = await Promise.all(
      Array.from({ length: 5 }, (_, at) =>
        makeProduct(app, { category, name: `${word} ${at}`, slug: `${word}-${at}`, createdAt }),
      ),
    );
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await list(`q=${word}&limit=2${cursor && `&cursor=${cursor}`}`);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(found).toEqual(
      made
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
  });

  it.each([
    ['status=sold', '/query/status'],
    [`q=${'x'.repeat(101)}`, '/query/q'],
    ['limit=0', '/query/limit'],
  ])('refuse ?%s', async (query, path) => {
    const response = await admin.get(`/api/admin/products?${query}`);
    expect([response.statusCode, response.json().errors[0].path]).toEqual([422, path]);
  });

  it('are 404 when there is none', async () => {
    for (const path of [uuid(), 'teapot', `${uuid()}/price-changes`]) {
      const response = await admin.get(`/api/admin/products/${path}`);
      expect([response.statusCode, response.json().code]).toEqual([404, 'not-found']);
    }
  });
});

describe('the price of a product', () => {
  it('has a history with the admin, the old and the new price of each change', async () => {
    const { id } = await makeProduct(app, { category, priceCents: 100 });
    const path = `/api/admin/products/${id}`;
    expect((await admin.get(`${path}/price-changes`)).json()).toEqual({ items: [], nextCursor: null });
    const key = uuid();
    await admin.patch(path, { priceCents: 150 }, keyed(key));
    await admin.patch(path, { priceCents: 150 }, keyed(key));
    await admin.patch(path, { priceCents: 150, name: 'Kettle' });
    await admin.patch(path, { priceCents: 120 });
    const { items } = (await admin.get(`${path}/price-changes`)).json();
    const changedBy = (await admin.get('/api/auth/me')).json().email;
    expect(items).toEqual(
      [
        { beforeCents: 150, afterCents: 120 },
        { beforeCents: 100, afterCents: 150 },
      ].map((change) => ({
        ...change,
        changedBy,
        id: expect.any(String),
        createdAt: expect.stringMatching(/Z$/),
      })),
    );
    const first = (await admin.get(`${path}/price-changes?limit=1`)).json();
    const second = (await admin.get(`${path}/price-changes?limit=1&cursor=${first.nextCursor}`)).json();
    expect([...first.items, ...second.items]).toEqual(items);
  });

  it('has a history that is a chain, also when ten admins change it at once', async () => {
    const { id } = await makeProduct(app, { category, priceCents: 100 });
    const path = `/api/admin/products/${id}`;
    const changes = Array.from({ length: 10 }, (_, n) => admin.patch(path, { priceCents: 200 + n }));
    for (const { statusCode } of await Promise.all(changes)) expect(statusCode).toBe(200);
    const { items } = (await admin.get(`${path}/price-changes`)).json();
    const oldestFirst: { beforeCents: number; afterCents: number }[] = items.reverse();
    const [before, after] = [
      oldestFirst.map(({ beforeCents }) => beforeCents),
      oldestFirst.map(({ afterCents }) => afterCents),
    ];
    expect(before).toHaveLength(10);
    expect(before).toEqual([100, ...after.slice(0, -1)]);
  });

  it('is not written down when the change is refused', async () => {
    const [one, other] = [await makeProduct(app, { category }), await makeProduct(app, { category })];
    const refused = await admin.patch(`/api/admin/products/${one.id}`, { priceCents: 1, slug: other.slug });
    expect(refused.json().code).toBe('slug-taken');
    expect((await admin.get(`/api/admin/products/${one.id}/price-changes`)).json().items).toEqual([]);
  });
});

describe('the stock of a product', () => {
  const stockPath = (id: string) => `/api/admin/products/${id}/stock`;

  it('is changed by a difference, shows at once, and every change is written down', async () => {
    const { id, slug } = await makeProduct(app, { stock: 10 });
    const guest = new TestClient(app);
    await guest.get(`/api/products/${slug}`);
    expect((await admin.post(stockPath(id), { delta: 5, reason: 'delivery' })).json().stock).toBe(15);
    const response = await admin.post(stockPath(id), { delta: -15, reason: 'water damage' });
    expect([response.statusCode, response.json().stock]).toEqual([200, 0]);
    for (const client of [admin, guest]) {
      expect((await client.get(`/api/products/${slug}`)).json().stock).toBe(0);
    }
    const firstPage = (await admin.get(`/api/admin/products/${id}/stock-changes?limit=2`)).json();
    expect(firstPage.items).toEqual([
      {
        id: expect.any(String),
        delta: -15,
        reason: 'water damage',
        orderId: null,
        stockAfter: 0,
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
      expect.objectContaining({ delta: 5, reason: 'delivery', stockAfter: 15 }),
    ]);
    const cursor = firstPage.nextCursor;
    const secondPage = (await admin.get(`/api/admin/products/${id}/stock-changes?cursor=${cursor}`)).json();
    expect(secondPage).toMatchObject({ items: [{ delta: 10, reason: 'initial' }], nextCursor: null });
    const { id: otherId } = await makeProduct(app);
    const elsewhere = await admin.get(`/api/admin/products/${otherId}/stock-changes?cursor=${cursor}`);
    expect([elsewhere.statusCode, elsewhere.json().code]).toEqual([400, 'invalid-cursor']);
  });

  it('with a key changes once', async () => {
    const { id } = await makeProduct(app, { stock: 10 });
    const key = uuid();
    for (let time = 1; time <= 3; time += 1) {
      const response = await admin.post(stockPath(id), { delta: 1, reason: 'delivery' }, keyed(key));
      expect(response.json().stock).toBe(11);
    }
    expect((await admin.get(`/api/products/${id}`)).json().stock).toBe(11);
  });

  it('has records that are a chain, also when ten admins change it at once', async () => {
    const { id } = await makeProduct(app, { stock: 10 });
    const changes = Array.from({ length: 10 }, (_, n) =>
      admin.post(stockPath(id), { delta: n + 1, reason: 'delivery' }),
    );
    for (const { statusCode } of await Promise.all(changes)) expect(statusCode).toBe(200);
    const { items } = (await admin.get(`/api/admin/products/${id}/stock-changes`)).json();
    const latestFirst: { delta: number; stockAfter: number }[] = items;
    expect(latestFirst).toHaveLength(11);
    const stockBefore = latestFirst.map(({ delta, stockAfter }) => stockAfter - delta);
    expect(stockBefore).toEqual([...latestFirst.slice(1).map(({ stockAfter }) => stockAfter), 0]);
  });

  it('never goes below zero: 409 stock-negative, nothing written', async () => {
    const { id } = await makeProduct(app, { stock: 3 });
    const response = await admin.post(stockPath(id), { delta: -4, reason: 'theft' });
    expect([response.statusCode, response.json().code]).toEqual([409, 'stock-negative']);
    const { items } = (await admin.get(`/api/admin/products/${id}/stock-changes`)).json();
    expect(items).toHaveLength(1);
  });

  it('answers 404 and 422', async () => {
    const { id } = await makeProduct(app, { stock: 1_000_000 });
    for (const unknown of [uuid(), 'teapot']) {
      expect((await admin.post(stockPath(unknown), { delta: 1, reason: 'x' })).statusCode).toBe(404);
      expect((await admin.get(`/api/admin/products/${unknown}/stock-changes`)).statusCode).toBe(404);
    }
    for (const [body, where] of [
      [{ delta: 0, reason: 'x' }, '/body/delta'],
      [{ delta: 1.5, reason: 'x' }, '/body/delta'],
      [{ delta: 2_000_000, reason: 'x' }, '/body/delta'],
      [{ delta: 1, reason: 'over the limit' }, '/body/delta'],
      [{ delta: -1, reason: '' }, '/body/reason'],
      [{ delta: -1 }, '/body/reason'],
    ] as const) {
      const response = await admin.post(stockPath(id), body);
      expect([response.statusCode, response.json().errors[0].path]).toEqual([422, where]);
    }
    expect((await admin.get(`/api/admin/products/${id}/stock-changes?limit=0`)).statusCode).toBe(422);
  });
});

describe('the orders of all customers', () => {
  const idsOf = async (query: string) => {
    const response = await admin.get(`/api/admin/orders?${query}`);
    expect(response.statusCode).toBe(200);
    return response.json().items.map(({ id }: { id: string }) => id);
  };

  it('are found by number, mail, id and status, newest first', async () => {
    const { user } = await signUp(app);
    const product = await makeProduct(app);
    const paid = await makeOrder(app, user.id, product, { quantity: 2 });
    const cancelled = await makeOrder(app, user.id, product, { status: 'cancelled' });
    await refresh();
    const mail = encodeURIComponent(user.email.toUpperCase());
    expect(await idsOf(`q=${mail}`)).toEqual([cancelled.id, paid.id]);
    expect(await idsOf(`q=${mail}&status=paid`)).toEqual([paid.id]);
    expect(await idsOf(`q=${user.email.slice(0, 15)}`)).toEqual([cancelled.id, paid.id]);
    expect(await idsOf(`q=%20${paid.number}%20`)).toEqual([paid.id]);
    expect(await idsOf(`q=${paid.id}`)).toEqual([paid.id]);
    expect(await idsOf(`q=${uuid()}`)).toEqual([]);
    expect(await idsOf('q=%25')).toEqual([]);
    // Other files order meanwhile: without a search only the order among ours is known.
    const ours = (await idsOf('limit=100')).filter((id: string) => [paid.id, cancelled.id].includes(id));
    expect(ours).toEqual([cancelled.id, paid.id]);
    const page = (await admin.get(`/api/admin/orders?q=${mail}&limit=1`)).json();
    expect(page.items[0]).toMatchObject({
      id: cancelled.id,
      customer: { id: user.id, email: user.email, name: user.name },
    });
    const next = `/api/admin/orders?q=${mail}&limit=1&cursor=${page.nextCursor}`;
    expect((await admin.get(next)).json()).toMatchObject({ items: [{ id: paid.id }], nextCursor: null });
    expect((await admin.get(`${next}&status=paid`)).json().code).toBe('invalid-cursor');
  });

  it('refuses an unknown status and a search that is too long', async () => {
    for (const [query, path] of [
      ['status=lost', '/query/status'],
      [`q=${'x'.repeat(255)}`, '/query/q'],
      ['limit=101', '/query/limit'],
    ]) {
      const response = await admin.get(`/api/admin/orders?${query}`);
      expect([response.statusCode, response.json().errors[0].path]).toEqual([422, path]);
    }
  });

  it('one is shown with its payment, mails and jobs', async () => {
    const { user } = await signUp(app);
    const order = await makeOrder(app, user.id, await makeProduct(app));
    await refresh();
    const before = (await admin.get(`/api/admin/orders/${order.id}`)).json();
    expect(before).toMatchObject({ payment: null, mails: [], jobs: [] });
    const [eventId, now] = [uuid(), new Date()];
    await app.db.primary.transaction(async (tx) => {
      await tx
        .insert(payments)
        .values({ orderId: order.id, capturedCents: 1_999, reference: 'r-1', capturedAt: now });
      await tx.insert(mails).values({
        ...{ messageId: `<order-${order.id}@shop.example>`, orderId: order.id, kind: 'order-confirmation' },
        ...{ recipient: user.email, subject: 'Your order', sentAt: now },
      });
      await tx.insert(outbox).values({
        ...{ id: eventId, topic: 'payment.capture', orderId: order.id, payload: { orderId: order.id } },
        ...{
          publishCount: 1,
          attemptCount: 2,
          claimedAt: now,
          doneAt: now,
          lastError: 'the provider was away',
        },
      });
    });
    await refresh();
    const response = await admin.get(`/api/admin/orders/${order.id}`);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      id: order.id,
      number: order.number,
      status: 'paid',
      customer: { email: user.email },
      payment: {
        capturedCents: 1_999,
        refundedCents: 0,
        reference: 'r-1',
        failureReason: null,
        capturedAt: now.toISOString(),
        refundedAt: null,
      },
      mails: [{ kind: 'order-confirmation', recipient: user.email, sentAt: now.toISOString() }],
      jobs: [
        {
          id: eventId,
          topic: 'payment.capture',
          attempts: 2,
          done: true,
          lastError: 'the provider was away',
        },
      ],
    });
  });

  it('ships a paid order, changes nothing the second time, and refuses any other order', async () => {
    const { user, client } = await signUp(app);
    const product = await makeProduct(app);
    const order = await makeOrder(app, user.id, product);
    const first = await admin.post(`/api/admin/orders/${order.id}/ship`);
    expect([first.statusCode, first.json().status]).toEqual([200, 'shipped']);
    // With this cookie, the admin's next read sees the change on any replica.
    expect(first.cookies.map(({ name }) => name)).toContain('watermark');
    expect(first.json().updatedAt).not.toBe(order.updatedAt.toISOString());
    const again = await admin.post(`/api/admin/orders/${order.id}/ship`, {});
    expect([again.statusCode, again.json()]).toEqual([200, first.json()]);
    expect((await admin.get(`/api/admin/orders/${order.id}`)).json().status).toBe('shipped');
    expect((await client.post(`/api/orders/${order.id}/cancel`)).json().code).toBe('order-not-cancellable');
    for (const status of ['placed', 'cancelled', 'payment-failed'] as const) {
      const { id } = await makeOrder(app, user.id, product, { status });
      const response = await admin.post(`/api/admin/orders/${id}/ship`);
      expect([response.statusCode, response.json().code]).toEqual([409, 'order-not-shippable']);
    }
  });

  it('answers 404 for an unknown one', async () => {
    for (const id of [uuid(), '100001']) {
      expect((await admin.get(`/api/admin/orders/${id}`)).statusCode).toBe(404);
      expect((await admin.post(`/api/admin/orders/${id}/ship`)).statusCode).toBe(404);
    }
  });
});

describe('the uploads of all customers', () => {
  it('are listed by status, newest first', async () => {
    const { user } = await signUp(app);
    const older = await anUpload({ status: 'rejected', reason: 'too-large', customerId: user.id });
    const newer = await anUpload({ status: 'rejected', reason: 'not-an-image', sha256: null });
    const ready = await anUpload();
    await refresh();
    const page = (await admin.get('/api/admin/uploads?status=rejected&limit=1')).json();
    expect(page.items).toEqual([
      expect.objectContaining({ id: newer, status: 'rejected', reason: 'not-an-image', urls: null }),
    ]);
    const next = await admin.get(`/api/admin/uploads?status=rejected&limit=1&cursor=${page.nextCursor}`);
    expect(next.json().items[0]).toMatchObject({ id: older, reason: 'too-large' });
    expect((await admin.get('/api/admin/uploads?limit=1')).json().items[0].id).toBe(ready);
    expect((await admin.get(`/api/admin/uploads?cursor=${page.nextCursor}`)).json().code).toBe(
      'invalid-cursor',
    );
    expect((await admin.get('/api/admin/uploads?status=lost')).json().errors[0].path).toBe('/query/status');
  });
});

describe('the board of the queues', () => {
  it('shows them to an admin, without a way to change them', async () => {
    const page = await admin.get('/api/admin/queues');
    expect([page.statusCode, page.headers['content-type']]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
    const { queues } = (await admin.get('/api/admin/queues/api/queues')).json();
    expect(queues.map(({ name }: { name: string }) => name)).toEqual(['payments', 'mails', 'pictures']);
    const script = /src="([^"]+\.js)"/.exec(page.body)?.[1];
    expect((await admin.get(`/api/admin/queues/${script?.replace(/^.*static/, 'static')}`)).statusCode).toBe(
      200,
    );
    const paused = await admin.put('/api/admin/queues/api/queues/mails/pause');
    expect(paused.statusCode).toBeGreaterThanOrEqual(400);
    expect(paused.statusCode).toBeLessThan(500);
  });

  it('answers refusals like every other call', async () => {
    const headers = { origin: 'https://elsewhere.example' };
    const foreign = await admin.put('/api/admin/queues/api/queues/mails/pause', {}, headers);
    expect(foreign.json()).toMatchObject({ status: 403, code: 'cross-origin' });
    const token = await admin.get('/api/admin/queues', { authorization: 'Bearer none' });
    expect(token.json()).toMatchObject({ status: 401, code: 'access-token-invalid' });
    const nothing = await admin.get('/api/admin/queues/api/queues/mails/none');
    expect(nothing.statusCode).toBe(404);
  });
});

/** Gives the admin's session a watermark behind what the factories wrote past the API. */
async function refresh(): Promise<void> {
  const { id } = await makeProduct(app, { category });
  expect((await admin.patch(`/api/admin/products/${id}`, {})).statusCode).toBe(200);
}
