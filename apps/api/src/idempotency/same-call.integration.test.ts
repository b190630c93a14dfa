/** A call is the same however its address and the ids in its body are written: it happens once for its key. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import type { TestClient } from '../../testing/client.ts';
import { makeProduct, signUpAdmin } from '../../testing/factories.ts';

let app: App;
let admin: TestClient;
beforeAll(async () => {
  app = await buildTestApp();
  admin = (await signUpAdmin(app)).client;
});
afterAll(() => app.close());

const replayed = 'idempotency-replayed';

describe('a keyed call in another spelling', () => {
  it('changes the stock once', async () => {
    const { id } = await makeProduct(app, { stock: 10 });
    const headers = { 'idempotency-key': randomUUID() };
    const body = { delta: 5, reason: 'delivery' };
    const first = await admin.post(`/api/admin/products/${id}/stock`, body, headers);
    expect(first.json()).toMatchObject({ stock: 15 });
    for (const path of [
      `/api/admin/products/${id.toUpperCase()}/stock`,
      `/api/admin/products/%3${id[0]}${id.slice(1)}/stock`,
      `/api/%61dmin/products/${id}/%73tock?again=1`,
    ]) {
      const again = await admin.post(path, body, headers);
      expect([path, again.body, again.headers[replayed]]).toEqual([path, first.body, 'true']);
    }
  });

  it('places one order, and adds to the cart once', async () => {
    const { id } = await makeProduct(app, { stock: 10 });
    const headers = { 'idempotency-key': randomUUID() };
    for (const [path, bodyOf] of [
      ['/api/orders', (productId: string) => ({ items: [{ productId, quantity: 1 }] })],
      ['/api/cart/items', (productId: string) => ({ productId, quantity: 1 })],
    ] as const) {
      const first = await admin.post(path, bodyOf(id), headers);
      expect([200, 201]).toContain(first.statusCode);
      for (const [spelt, productId] of [
        [path, id.toUpperCase()],
        [path.replace('/api', '/%61pi'), id],
      ] as const) {
        const again = await admin.post(spelt, bodyOf(productId), headers);
        expect([spelt, again.body, again.headers[replayed]]).toEqual([spelt, first.body, 'true']);
      }
    }
  });

  it('sets the cart once, whatever version it was decided on', async () => {
    const { id } = await makeProduct(app, { stock: 10 });
    await admin.delete('/api/cart');
    const { version } = (await admin.get('/api/cart')).json();
    const headers = { 'idempotency-key': randomUUID(), 'if-match': `"${version}"` };
    for (const productId of [id, id.toUpperCase()]) {
      const { statusCode } = await admin.put(`/api/cart/items/${productId}`, { quantity: 7 }, headers);
      expect([productId, statusCode]).toEqual([productId, 200]);
    }
  });
});
